/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/** The Camel consumer {@code serveflow-kafka}: sensor lines from Kafka, none lost. */
package io.serveflow.camel.kafka;
