/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/** Takes what sensors write to a socket, which nobody can give again. */
package io.serveflow.camel.sensor.socket;
