/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.pcap;

import java.util.concurrent.TimeUnit;

/**
 * How fast a capture is replayed, in seconds of the capture a second.
 *
 * @param factor infinite for as fast as the route takes it
 */
record ReplaySpeed(double factor) {

    private static final double LEAST = 0.001;
    private static final double MOST = 1_000_000;

    /**
     * Reads the option.
     *
     * @throws IllegalArgumentException if it is neither {@code full}, {@code recorded} nor a factor
     */
    static ReplaySpeed parse(final String text) {
        return switch (text) {
            case "full" -> new ReplaySpeed(Double.POSITIVE_INFINITY);
            case "recorded" -> new ReplaySpeed(1);
            default -> new ReplaySpeed(factor(text));
        };
    }

    private static double factor(final String text) {
        try {
            final double factor = Double.parseDouble(text);
            if (factor >= LEAST && factor <= MOST) {
                return factor;
            }
        } catch (final NumberFormatException e) {
            // Said below, as for a number out of bounds.
        }
        throw new IllegalArgumentException(
                "speed must be full, recorded or a factor of 0.001 to 1000000, was " + text);
    }

    boolean isFull() {
        return Double.isInfinite(factor);
    }

    /** How long a time of the capture takes in the replay. */
    long nanosOf(final long captureMicros) {
        return (long) (TimeUnit.MICROSECONDS.toNanos(captureMicros) / factor);
    }

    /** How much time of the capture passes in a time of the replay. */
    long captureMicros(final long nanos) {
        return (long) (nanos / 1e3 * factor);
    }
}
