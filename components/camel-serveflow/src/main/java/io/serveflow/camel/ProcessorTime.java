/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.OptionalLong;

/**
 * The processor time that a thread spends from here on, which other programs and threads on the
 * machine do not add to.
 */
final class ProcessorTime {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final long thread = Thread.currentThread().getId();
    private final long began = now();

    /**
     * What was spent so far, in nanoseconds; empty where another thread asks, or where the platform
     * does not say.
     */
    OptionalLong spent() {
        final long ended = now();
        return began < 0 || ended < 0 || Thread.currentThread().getId() != thread
                ? OptionalLong.empty()
                : OptionalLong.of(ended - began);
    }

    private static long now() {
        return THREADS.isCurrentThreadCpuTimeSupported() ? THREADS.getCurrentThreadCpuTime() : -1;
    }
}
