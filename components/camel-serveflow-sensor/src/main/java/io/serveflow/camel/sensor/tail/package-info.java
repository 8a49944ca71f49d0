/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/**
 * Follows log files through every way of rotation, and keeps the position in them over restarts.
 */
package io.serveflow.camel.sensor.tail;
