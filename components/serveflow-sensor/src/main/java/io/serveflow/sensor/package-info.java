/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/** What sensors write and how it is read: Zeek logs, Suricata EVE and captures, as flow records. */
package io.serveflow.sensor;
