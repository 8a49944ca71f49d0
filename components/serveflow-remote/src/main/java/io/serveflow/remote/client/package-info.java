/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/** Asks servers of the Open Inference Protocol v2 to score for a tier. */
package io.serveflow.remote.client;
