/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.drift;

import io.serveflow.flow.ClientHello;
import io.serveflow.flow.FlowRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The distributions that are compared, with their bins one after the other, so that one row of
 * counters holds them all.
 */
final class Distributions {

    private static final int LABELS = 0;
    private static final int CONFIDENCE = 1;
    private static final int TIERS = 2;
    private static final int FEATURES = 3;

    private final PacketFeature[] features;
    private final Edges[] edges;
    private final String[] names;
    private final Hellos hellos = new Hellos();

    /** Whether a feature is of hellos; without one, none is looked for. */
    private final boolean ofHellos;

    /** Where each distribution begins, and behind them where the last one ends. */
    private final int[] starts;

    /** Takes a flow into a bin. */
    @FunctionalInterface
    interface Bins {

        void add(int bin);
    }

    /**
     * @param labels how many there are
     * @param tiers how many there are
     * @param features the features with their edges
     */
    Distributions(
            final int labels,
            final int tiers,
            final List<PacketFeature> features,
            final List<Edges> edges) {
        this.features = features.toArray(PacketFeature[]::new);
        this.edges = edges.toArray(Edges[]::new);
        this.ofHellos = features.stream().anyMatch(PacketFeature::isOfHello);
        final List<String> ids = new ArrayList<>(List.of("labels", "confidence", "tiers"));
        final List<Integer> sizes =
                new ArrayList<>(List.of(labels + 1, Reference.CONFIDENCE_BINS, tiers));
        features.forEach(feature -> ids.add(feature.id()));
        edges.forEach(between -> sizes.add(between.bins()));
        this.names = ids.toArray(String[]::new);
        this.starts = new int[names.length + 1];
        for (int i = 0; i < names.length; i++) {
            starts[i + 1] = starts[i] + sizes.get(i);
        }
    }

    /** Those that a new reference has. */
    static Distributions ofNew(final int labels, final int tiers) {
        final List<PacketFeature> features = List.of(PacketFeature.values());
        return new Distributions(
                labels, tiers, features, features.stream().map(PacketFeature::edges).toList());
    }

    /** Those that a reference has. */
    static Distributions of(final Reference reference) {
        return new Distributions(
                reference.labels().bins() - 1,
                reference.tiers().bins(),
                reference.features().stream().map(Reference.OfFeature::feature).toList(),
                reference.features().stream().map(Reference.OfFeature::edges).toList());
    }

    int size() {
        return names.length;
    }

    String name(final int distribution) {
        return names[distribution];
    }

    List<String> names() {
        return List.of(names);
    }

    /** How many bins all have together. */
    int bins() {
        return starts[names.length];
    }

    /** The counts of one distribution among those of all. */
    long[] of(final int distribution, final long[] all) {
        return Arrays.copyOfRange(all, starts[distribution], starts[distribution + 1]);
    }

    /**
     * Takes a flow into one bin of each distribution; without making an object, but for a flow
     * whose hello is read out of its packets.
     *
     * @param label index of the label; below 0 for an answer that is withheld
     * @param tier index of the tier that answered
     */
    void count(
            final FlowRecord flow,
            final int label,
            final double confidence,
            final int tier,
            final Bins bins) {
        bins.add(label < 0 ? starts[LABELS + 1] - 1 : starts[LABELS] + label);
        bins.add(starts[CONFIDENCE] + confidenceBin(confidence));
        bins.add(starts[TIERS] + tier);
        final Optional<ClientHello> hello = ofHellos ? hellos.of(flow) : Optional.empty();
        for (int i = 0; i < features.length; i++) {
            final int value;
            if (features[i].isOfHello()) {
                value = hello.isPresent() ? features[i].of(hello.get()) : PacketFeature.ABSENT;
            } else {
                value = features[i].of(flow);
            }
            if (value != PacketFeature.ABSENT) {
                bins.add(starts[FEATURES + i] + edges[i].bin(value));
            }
        }
    }

    /**
     * The reference of these counts. Features that no flow has are left out.
     *
     * @throws IllegalArgumentException if there are no flows
     */
    Reference reference(final long[] all) {
        final List<Reference.OfFeature> known = new ArrayList<>();
        for (int i = 0; i < features.length; i++) {
            final long[] counts = of(FEATURES + i, all);
            if (Arrays.stream(counts).sum() > 0) {
                known.add(new Reference.OfFeature(features[i], edges[i], new Counts(counts)));
            }
        }
        return new Reference(
                new Counts(of(LABELS, all)),
                new Counts(of(CONFIDENCE, all)),
                new Counts(of(TIERS, all)),
                known);
    }

    /** The counts of a reference in the order of these distributions. */
    Counts of(final Reference reference, final int distribution) {
        return switch (distribution) {
            case LABELS -> reference.labels();
            case CONFIDENCE -> reference.confidence();
            case TIERS -> reference.tiers();
            default -> reference.features().get(distribution - FEATURES).counts();
        };
    }

    private static int confidenceBin(final double confidence) {
        final int bin = (int) (confidence * Reference.CONFIDENCE_BINS);
        return Math.max(0, Math.min(Reference.CONFIDENCE_BINS - 1, bin));
    }
}
