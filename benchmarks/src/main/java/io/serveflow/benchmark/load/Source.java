/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.load;

/** How load reaches the application. */
public enum Source {
    /** A log that a process of its own writes and {@code serveflow-tail} follows. */
    file,
    /** A topic that a process of its own produces to and {@code serveflow-kafka} consumes. */
    kafka,
    /** Lines in the memory of the application's own process. */
    memory
}
