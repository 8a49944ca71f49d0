/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/** Tiers one after the other: batches, the hop from tier to tier, and the join of the slow path. */
package io.serveflow.cascade;
