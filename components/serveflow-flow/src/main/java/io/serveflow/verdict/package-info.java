/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/** The answers of the tiers, and the documents that carry them. */
package io.serveflow.verdict;
