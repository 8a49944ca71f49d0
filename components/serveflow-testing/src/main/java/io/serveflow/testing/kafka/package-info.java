/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/** A real Kafka broker on this machine, for tests and benchmarks. */
package io.serveflow.testing.kafka;
