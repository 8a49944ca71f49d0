/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.load;

import java.util.List;

/**
 * When each flow begins: some phases of a steady rate each, one after the other. Flows do not wait
 * for one another, so a flow that nobody could take yet is late from its time here on.
 */
public record Schedule(List<Phase> phases) {

    private static final double NANOS = 1e9;

    /**
     * @param rate flows a second
     * @param seconds how long
     */
    public record Phase(double rate, double seconds) {

        private long flows() {
            return Math.round(rate * seconds);
        }
    }

    public Schedule {
        phases = List.copyOf(phases);
        for (final Phase phase : phases) {
            if (!(phase.rate() > 0) || !(phase.seconds() >= 0)) {
                throw new IllegalArgumentException(
                        "a phase needs a rate above 0 and a time, not " + phase);
            }
        }
    }

    /** How many flows there are. */
    public long flows() {
        return phases.stream().mapToLong(Phase::flows).sum();
    }

    /** When the last phase ends, nanoseconds from the beginning. */
    public long endNanos() {
        return Math.round(phases.stream().mapToDouble(Phase::seconds).sum() * NANOS);
    }

    /** When a phase begins, nanoseconds from the beginning. */
    public long beginNanos(final int phase) {
        return Math.round(
                phases.subList(0, phase).stream().mapToDouble(Phase::seconds).sum() * NANOS);
    }

    /** When a flow begins, nanoseconds from the beginning. */
    public long nanos(final long flow) {
        long before = 0;
        double seconds = 0;
        for (final Phase phase : phases) {
            if (flow < before + phase.flows()) {
                return Math.round((seconds + (flow - before) / phase.rate()) * NANOS);
            }
            before += phase.flows();
            seconds += phase.seconds();
        }
        return Math.round(seconds * NANOS);
    }

    /** How many flows have begun at a time. */
    public long begun(final long nanos) {
        long before = 0;
        double left = nanos / NANOS;
        for (final Phase phase : phases) {
            if (left < 0) {
                return before;
            }
            if (left < phase.seconds()) {
                return before + Math.min(phase.flows(), (long) (left * phase.rate()) + 1);
            }
            before += phase.flows();
            left -= phase.seconds();
        }
        return before;
    }

    /** The phase that a flow is in. */
    public int phase(final long flow) {
        long before = 0;
        for (int i = 0; i < phases.size(); i++) {
            before += phases.get(i).flows();
            if (flow < before) {
                return i;
            }
        }
        return phases.size() - 1;
    }
}
