/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/** Where in the kept bytes of a packet its transport header and its payload are. */
package io.serveflow.packet;
