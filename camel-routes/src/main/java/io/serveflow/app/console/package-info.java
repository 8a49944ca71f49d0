/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/**
 * What the servers for people and monitoring answer: the console page, health, and whom they
 * refuse.
 */
package io.serveflow.app.console;
