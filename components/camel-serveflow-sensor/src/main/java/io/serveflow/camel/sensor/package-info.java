/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/**
 * Camel consumers that follow what sensors write, as batches of flow records, and commit their
 * position in it only when every flow read up to there is acknowledged.
 */
package io.serveflow.camel.sensor;
