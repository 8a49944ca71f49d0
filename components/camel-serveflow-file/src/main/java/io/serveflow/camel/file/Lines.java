/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.file;

/**
 * Verdict documents that came together, one a line.
 *
 * @param bytes whole lines with their ends, in UTF-8; shared, not copied, and not to be written to
 * @param documents how many lines these are
 */
record Lines(byte[] bytes, int documents) {}
