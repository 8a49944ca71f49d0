/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.batch;

/**
 * The time of a source: it goes on only as far as the source has given out all that came meanwhile.
 *
 * <p>Whoever waits for a record that is still to come from a source waits by this clock. By any
 * other one the wait would go on, and end in vain, while the source cannot be read, or is not.
 * Differences have a meaning; a reading alone has none. For use by any thread.
 */
@FunctionalInterface
public interface SourceClock {

    /** The clock of sources that are read as time passes. */
    SourceClock SYSTEM = System::nanoTime;

    /** Nanoseconds, never less than before. */
    long nanos();
}
