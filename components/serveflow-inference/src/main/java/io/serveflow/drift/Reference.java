/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.drift;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a bundle answered, and for what traffic, when it was made: the distributions that those of
 * live traffic are compared with.
 *
 * @param labels answers that stand, by the bundle's labels in their order, then those withheld
 * @param confidence the same answers by their confidence, in ten bins of equal width
 * @param tiers the same answers by the tier that gave them
 * @param features of the flows that were answered
 */
public record Reference(Counts labels, Counts confidence, Counts tiers, List<OfFeature> features) {

    static final int CONFIDENCE_BINS = 10;

    /**
     * The distribution of a feature. Flows of which it is not known are not in it.
     *
     * @param counts one bin more than edges
     */
    public record OfFeature(PacketFeature feature, Edges edges, Counts counts) {

        public OfFeature {
            Objects.requireNonNull(feature, "feature");
            if (counts.bins() != edges.bins()) {
                throw new IllegalArgumentException(
                        "the edges of "
                                + feature.id()
                                + " need "
                                + edges.bins()
                                + " counts, one more than edges, there are "
                                + counts.bins());
            }
        }
    }

    public Reference {
        features = List.copyOf(features);
        if (confidence.bins() != CONFIDENCE_BINS) {
            throw new IllegalArgumentException(
                    "confidence needs "
                            + CONFIDENCE_BINS
                            + " counts, there are "
                            + confidence.bins());
        }
        if (labels.total() != confidence.total() || labels.total() != tiers.total()) {
            throw new IllegalArgumentException(
                    "labels, confidence and tiers count the same flows, but come to "
                            + labels.total()
                            + ", "
                            + confidence.total()
                            + " and "
                            + tiers.total());
        }
        if (features.stream().map(OfFeature::feature).distinct().count() != features.size()) {
            throw new IllegalArgumentException("two distributions are of the same feature");
        }
        for (final OfFeature feature : features) {
            if (feature.counts().total() > labels.total()) {
                throw new IllegalArgumentException(
                        feature.feature().id()
                                + " counts "
                                + feature.counts().total()
                                + " flows, more than the "
                                + labels.total()
                                + " that there are");
            }
        }
    }

    /** How many flows it is made of. */
    public long flows() {
        return labels.total();
    }

    /**
     * @throws IllegalArgumentException if a reference does not fit so many labels and tiers
     */
    public static void requireFit(
            final Optional<Reference> reference, final int labels, final int tiers) {
        if (reference.isPresent() && reference.get().labels.bins() != labels + 1) {
            throw new IllegalArgumentException(
                    "reference.labels: the reference of a bundle with "
                            + labels
                            + " labels needs "
                            + (labels + 1)
                            + " counts of labels, the last of withheld answers, there are "
                            + reference.get().labels.bins());
        }
        if (reference.isPresent() && reference.get().tiers.bins() != tiers) {
            throw new IllegalArgumentException(
                    "reference.tiers: the reference of a bundle with "
                            + tiers
                            + " tiers needs as many counts of tiers, there are "
                            + reference.get().tiers.bins());
        }
    }
}
