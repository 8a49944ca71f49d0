/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/** What the originator of a flow says of itself, read from the flow's first packets. */
package io.serveflow.handshake;
