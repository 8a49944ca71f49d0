/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/** What sensors say of how a flow begins, as the handshake that it makes. */
package io.serveflow.sensor.handshake;
