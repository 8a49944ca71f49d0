/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.cascade;

import io.serveflow.ledger.Reason;

/** Called when a join begins to refuse flows because of load, and when it refuses none any more. */
public interface SlowLoadListener {

    /** A listener that does nothing. */
    SlowLoadListener NONE =
            new SlowLoadListener() {
                @Override
                public void refusing(
                        final Reason reason, final double delaySeconds, final double threshold) {}

                @Override
                public void takingAll(final long refused) {}
            };

    /**
     * The first flow is refused. Called by the thread that brings it; must be quick and must not
     * throw.
     *
     * @param reason why that flow is refused
     * @param delaySeconds how long flows that are ready are expected to wait for the slow tier
     * @param threshold the uncertainty from which on flows are taken
     */
    void refusing(Reason reason, double delaySeconds, double threshold);

    /**
     * No flow has been refused for some seconds.
     *
     * @param refused how many were before
     */
    void takingAll(long refused);
}
