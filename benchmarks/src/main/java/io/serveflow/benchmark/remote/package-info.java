/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */

/** What it costs to have another process score the slow tier, and what becomes of its absence. */
package io.serveflow.benchmark.remote;
