/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
/** Bytes to lines, whatever is in them, and what is wrong with a line that cannot be read. */
package io.serveflow.sensor.line;
