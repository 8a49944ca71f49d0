/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/** What moves through a route: batches of flow records with their verdicts, and their receipts. */
package io.serveflow.batch;
