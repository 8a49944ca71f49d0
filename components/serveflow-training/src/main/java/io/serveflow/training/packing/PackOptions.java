/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.packing;

import io.serveflow.training.bundle.About;
import io.serveflow.training.data.LabelSource;
import io.serveflow.training.score.Objective;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What to make a bundle of.
 *
 * @param classes the names of the models' classes, in the order of their columns
 * @param tiers the fastest first
 * @param thresholds the uncertainty above which a flow moves on, one a hop, 0 to 1; none if they
 *     are fitted
 * @param fitting what calibrations and thresholds are fitted on; if absent the models'
 *     probabilities stay as they are
 * @param out the folder of the new bundle; empty, missing or an older bundle
 */
public record PackOptions(
        About about,
        List<String> classes,
        List<PackedTier> tiers,
        List<Double> thresholds,
        Optional<Fitting> fitting,
        Path out) {

    private static final int MOST_TIERS = 4;

    /**
     * What calibrations and thresholds are fitted on.
     *
     * @param source the flows; where they have no labels, the last tier's answers stand for them
     * @param seed decides the folds
     */
    public record Fitting(LabelSource source, Objective objective, long seed) {

        public Fitting {
            Objects.requireNonNull(source, "source");
            Objects.requireNonNull(objective, "objective");
        }
    }

    /**
     * @throws IllegalArgumentException if options do not fit; names all of them
     */
    public PackOptions {
        Objects.requireNonNull(out, "out");
        classes = List.copyOf(classes);
        tiers = List.copyOf(tiers);
        thresholds = List.copyOf(thresholds);
        final List<String> faults = new ArrayList<>(about.faults());
        if (classes.size() < 2) {
            faults.add("at least 2 class names are needed, there are " + classes.size());
        }
        final Set<String> seen = new HashSet<>();
        for (final String name : classes) {
            if (name.isBlank()) {
                faults.add("a class name is empty");
            } else if (!seen.add(name)) {
                faults.add("two classes are named '" + name + "'");
            }
        }
        if (tiers.isEmpty() || tiers.size() > MOST_TIERS) {
            faults.add("tiers must be 1 to " + MOST_TIERS + ", were " + tiers.size());
        }
        if (tiers.stream().map(PackedTier::name).distinct().count() != tiers.size()) {
            faults.add("tiers must have different names");
        }
        requireThresholds(faults, tiers.size() - 1, thresholds, fitting.isPresent());
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
    }

    private static void requireThresholds(
            final List<String> faults,
            final int hops,
            final List<Double> thresholds,
            final boolean fitted) {
        if (fitted && !thresholds.isEmpty()) {
            faults.add("--threshold is fitted where flows are given; give one or the other");
        }
        if (!fitted && hops >= 0 && thresholds.size() != hops) {
            faults.add(
                    (hops + 1)
                            + " tiers need "
                            + hops
                            + " --threshold, one from each tier to the next, there are "
                            + thresholds.size()
                            + "; or give flows to fit them on");
        }
        for (final double threshold : thresholds) {
            if (!(threshold >= 0 && threshold <= 1)) {
                faults.add("--threshold must be 0 to 1, was " + threshold);
            }
        }
    }
}
