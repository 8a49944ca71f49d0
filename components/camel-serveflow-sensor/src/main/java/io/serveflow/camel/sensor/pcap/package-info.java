/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/** Replays captures, at once or at the speed at which they were recorded. */
package io.serveflow.camel.sensor.pcap;
