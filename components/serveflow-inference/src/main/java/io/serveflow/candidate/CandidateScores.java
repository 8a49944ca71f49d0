/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.candidate;

/**
 * How a tier of a candidate does on flows that the tier of the bundle in use has answered. Safe for
 * use by many threads.
 */
public final class CandidateScores {

    private static final int BINS = 10;

    /* Guarded by this; of each bin of confidences, what came into it. */
    private final long[] flowsOfBin = new long[BINS];
    private final long[] agreedOfBin = new long[BINS];
    private final double[] confidenceOfBin = new double[BINS];
    private long timed;
    private long nanos;

    /**
     * What was found so far; numbers that need a flow are NaN before the first.
     *
     * @param flows how many flows both have answered
     * @param agreed how many of them have the same label from both
     * @param confidence mean confidence of the candidate
     * @param calibrationError how far the candidate's confidence is from how often it agrees: the
     *     expected calibration error over 10 bins, 0 to 1, with the label in use taken for right
     * @param secondsPerFlow what an answer of the candidate costs, features included
     */
    public record Report(
            long flows,
            long agreed,
            double confidence,
            double calibrationError,
            double secondsPerFlow) {

        /** Share of the flows that have the same label from both. */
        public double agreement() {
            return (double) agreed / flows;
        }
    }

    /**
     * Adds a flow.
     *
     * @param agrees whether both gave it the same label
     * @param confidence of the candidate's answer, 0 to 1
     */
    public synchronized void add(final boolean agrees, final double confidence) {
        final int bin = Math.min(BINS - 1, Math.max(0, (int) (confidence * BINS)));
        flowsOfBin[bin]++;
        agreedOfBin[bin] += agrees ? 1 : 0;
        confidenceOfBin[bin] += confidence;
    }

    /** Adds what answers of the candidate have cost. */
    public synchronized void addCost(final long flows, final long spentNanos) {
        timed += flows;
        nanos += spentNanos;
    }

    /** What was found so far. */
    public synchronized Report report() {
        long flows = 0;
        long agreed = 0;
        double confidence = 0;
        double apart = 0;
        for (int bin = 0; bin < BINS; bin++) {
            flows += flowsOfBin[bin];
            agreed += agreedOfBin[bin];
            confidence += confidenceOfBin[bin];
            apart += Math.abs(confidenceOfBin[bin] - agreedOfBin[bin]);
        }
        return new Report(flows, agreed, confidence / flows, apart / flows, nanos / 1e9 / timed);
    }
}
