/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor;

import java.util.concurrent.TimeUnit;

/**
 * When the packets of a capture are due. Time steps back in a capture put no packet off: a short
 * one comes of packets out of order, a long one of captures put together, after which the time goes
 * on from where it was.
 */
final class ReplayPace {

    private static final long LONG_STEP_MICROS = TimeUnit.MINUTES.toMicros(1);

    private final ReplaySpeed speed;
    private final long startNanos;
    private boolean started;
    private long firstMicros;
    private long latestMicros;
    private long stepsBack;

    /**
     * @param startNanos when the first packet is due
     */
    ReplayPace(final ReplaySpeed speed, final long startNanos) {
        this.speed = speed;
        this.startNanos = startNanos;
    }

    /** When the next packet is due, by the clock of the start. */
    long due(final long packetMicros) {
        if (!started) {
            started = true;
            firstMicros = packetMicros;
            latestMicros = packetMicros;
        }
        final long passed = packetMicros + stepsBack - latestMicros;
        if (passed < -LONG_STEP_MICROS) {
            stepsBack -= passed;
        } else if (passed > 0) {
            latestMicros += passed;
        }
        return startNanos + speed.nanosOf(latestMicros - firstMicros);
    }
}
