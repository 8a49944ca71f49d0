/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/**
 * The demo: the whole product on this machine, with a server of its own and the shipped sensor
 * logs.
 */
package io.serveflow.app.demo;
