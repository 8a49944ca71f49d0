/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/**
 * The routes that run: what they share, their files, the beans that they name, and the start and
 * the stop.
 */
package io.serveflow.app.run;
