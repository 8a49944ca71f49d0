/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/** What log shippers, container engines and zeek-kafka put around a sensor's line. */
package io.serveflow.sensor.envelope;
