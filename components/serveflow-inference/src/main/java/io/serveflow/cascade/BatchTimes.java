/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.cascade;

/**
 * How long batches take that one caller after the other gives away: so much for each, and so much
 * for every flow in it. Both are a straight line through the latest dozen batches, in which older
 * ones count less; where those are all of about one size, it keeps its slope.
 *
 * <p>For one thread at a time.
 */
final class BatchTimes {

    /** What a batch counts for when the next one comes. */
    private static final double KEPT = 0.8;

    /** Variance of sizes, in squares of their mean, from which on a slope can be seen. */
    private static final double LEAST_VARIANCE = 1.0 / 256;

    /** Batches are of one size when one has less than so many times the flows of the other. */
    private static final double ALIKE = 1.5;

    /** So many times the time is more than chance. */
    private static final double OTHER = 2;

    private double weight;
    private double flows;
    private double seconds;
    private double flowsSquared;
    private double flowsBySeconds;

    private double perFlow;
    private double perBatch;

    /** Adds a batch of at least one flow. */
    void add(final int size, final double took) {
        scaleIfOtherTier(size, took);
        weight = KEPT * weight + 1;
        flows = KEPT * flows + size;
        seconds = KEPT * seconds + took;
        flowsSquared = KEPT * flowsSquared + (double) size * size;
        flowsBySeconds = KEPT * flowsBySeconds + size * took;
        final double meanFlows = flows / weight;
        final double meanSeconds = seconds / weight;
        final double variance = flowsSquared / weight - meanFlows * meanFlows;
        if (variance > LEAST_VARIANCE * meanFlows * meanFlows) {
            final double covariance = flowsBySeconds / weight - meanFlows * meanSeconds;
            perFlow = Math.max(0, covariance / variance);
        }
        /* No batch takes less than its flows do: a tier that has become faster is seen at once. */
        perFlow = Math.min(perFlow, Math.min(took / size, meanSeconds / meanFlows));
        perBatch = Math.min(took, Math.max(0, meanSeconds - perFlow * meanFlows));
    }

    /**
     * Where a batch takes far more or less than others of its size did, the tier has become slower
     * or faster: what is known is taken to be so many times as long.
     */
    private void scaleIfOtherTier(final int size, final double took) {
        final double meanFlows = flows / weight;
        final double times = took / of(size);
        if (size > meanFlows / ALIKE
                && size < meanFlows * ALIKE
                && (times > OTHER || times < 1 / OTHER)
                && Double.isFinite(times)) {
            seconds *= times;
            flowsBySeconds *= times;
            perFlow *= times;
        }
    }

    /** Seconds that each flow takes. */
    double perFlow() {
        return perFlow;
    }

    /** Seconds that a batch takes, however many flows are in it. */
    double perBatch() {
        return perBatch;
    }

    /** Seconds that a batch is expected to take. */
    double of(final int size) {
        return perBatch + perFlow * size;
    }

    /**
     * Seconds that so many flows are expected to take in full batches; what is less than one has
     * its part of the time of a whole one, as it goes with others.
     */
    double of(final double size, final int fullBatch) {
        return size * (perFlow + perBatch / fullBatch);
    }
}
