/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/** The TSV form in which Zeek's ASCII writer writes any of its logs. */
package io.serveflow.sensor.tsv;
