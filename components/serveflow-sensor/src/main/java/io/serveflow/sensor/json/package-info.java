/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/** What the readers of JSON lines share: plain text, numbers, base64 and signature keys. */
package io.serveflow.sensor.json;
