/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/** What the readers of packets share, be they in lines or in captures. */
package io.serveflow.sensor.packet;
