/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/** Serves tiers to others by the Open Inference Protocol v2. */
package io.serveflow.remote.server;
