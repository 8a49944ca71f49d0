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
                public void refusing(final Reason reason, final Figures figures) {}

                @Override
                public void takingAll(final long refused) {}
            };

    /**
     * The first flow is refused. Called by the thread that brings it; must be quick and must not
     * throw.
     *
     * @param reason why that flow is refused
     * @param figures at that moment, of which the reason says which explain it
     */
    void refusing(Reason reason, Figures figures);

    /**
     * How it stands with a join.
     *
     * @param delaySeconds how long flows that are ready are expected to wait for the slow tier
     * @param threshold the uncertainty from which on flows are taken at that delay
     * @param flows how many are held
     * @param maxFlows most that may be
     * @param flowsOfSource how many of them the source of the refused flow has
     * @param maxFlowsOfSource most that it may have beside what others hold
     * @param readyOfSource how many of its flows are ready for the slow tier
     * @param maxReadyOfSource most that may be; 0 for any number
     */
    record Figures(
            double delaySeconds,
            double threshold,
            int flows,
            int maxFlows,
            int flowsOfSource,
            int maxFlowsOfSource,
            int readyOfSource,
            int maxReadyOfSource) {

        /** Whether the source has as many ready flows as it may. */
        public boolean isReadyFull() {
            return maxReadyOfSource > 0 && readyOfSource >= maxReadyOfSource;
        }

        /** The uncertainty from which on flows are taken while so many are held. */
        public double thresholdOfPlaces() {
            return Math.max(0, Math.min(1, 2.0 * flows / maxFlows - 1));
        }
    }

    /**
     * No flow has been refused for some seconds.
     *
     * @param refused how many were before
     */
    void takingAll(long refused);
}
