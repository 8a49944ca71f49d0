/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/** What a sensor says of a flow that is over, as the record that it makes. */
package io.serveflow.sensor.summary;
