/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.cascade;

/**
 * How long batches take that one caller after the other gives away: so much for each, and so much
 * for every flow in it. Both are a straight line through the latest batches, in which older ones
 * count less; where those are all of about one size, it keeps its slope.
 *
 * <p>For one thread at a time.
 */
final class BatchTimes {

    /** Variance of sizes, in squares of their mean, from which on a slope can be seen. */
    private static final double LEAST_VARIANCE = 1.0 / 256;

    /** Batches are of one size when one has less than so many times the flows of the other. */
    private static final double ALIKE = 1.5;

    /** So many times the time is more than chance. */
    private static final double OTHER = 2;

    private final double kept;
    private double weight;
    private double flows;
    private double seconds;
    private double flowsSquared;
    private double flowsBySeconds;

    private double perFlow;
    private double perBatch;

    /**
     * @param kept what a batch counts for when the next one has come, 0 to 1
     */
    BatchTimes(final double kept) {
        this.kept = kept;
    }

    /** Adds a batch of at least one flow. */
    void add(final int size, final double took) {
        scaleIfOtherTier(size, took);
        weight = kept * weight + 1;
        flows = kept * flows + size;
        seconds = kept * seconds + took;
        flowsSquared = kept * flowsSquared + (double) size * size;
        flowsBySeconds = kept * flowsBySeconds + size * took;
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

    /** How many flows the latest batches had on average; 0 before the first. */
    double meanFlows() {
        return weight == 0 ? 0 : flows / weight;
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
