/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.drift;

import io.serveflow.flow.FlowRecord;

/**
 * Counts the answers for flows into a {@link Reference}.
 *
 * <p>Not safe for use by more than one thread.
 */
public final class ReferenceCounter {

    private final Distributions distributions;
    private final long[] counts;

    /**
     * @param labels how many labels the bundle has
     * @param tiers how many tiers it has
     */
    public ReferenceCounter(final int labels, final int tiers) {
        this(Distributions.ofNew(labels, tiers));
    }

    private ReferenceCounter(final Distributions distributions) {
        this.distributions = distributions;
        this.counts = new long[distributions.bins()];
    }

    /** A counter into the bins of a reference, to be compared with it. */
    public static ReferenceCounter like(final Reference reference) {
        return new ReferenceCounter(Distributions.of(reference));
    }

    /**
     * Counts an answer that stands.
     *
     * @param flow a record with at least packet 1, or a summary
     * @param label index of the label; below 0 for an answer that is withheld
     * @param confidence of the answer, also of one that is withheld
     * @param tier index of the tier that gave it
     */
    public ReferenceCounter add(
            final FlowRecord flow, final int label, final double confidence, final int tier) {
        distributions.count(flow, label, confidence, tier, bin -> counts[bin]++);
        return this;
    }

    /**
     * The reference of all that was counted.
     *
     * @throws IllegalArgumentException if nothing was
     */
    public Reference reference() {
        return distributions.reference(counts);
    }

    /** How far all that was counted is from a reference, whose {@link #like} this must be. */
    public DriftReport against(final Reference reference) {
        return DriftReport.of(distributions, reference, counts, 1);
    }
}
