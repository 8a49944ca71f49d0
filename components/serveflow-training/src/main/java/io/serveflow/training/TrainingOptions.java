/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

import io.serveflow.feature.Mask;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What to train on, what to train and where to put it.
 *
 * @param task the question that the labels answer, such as {@code service}
 * @param source the labelled flows
 * @param out the folder of the new bundle; empty, missing or an older bundle
 * @param folds how many folds the flows are dealt out to for the test, 3 to 20: the thresholds of a
 *     fold are found on the others, by one of them and tried on another
 * @param seed decides the folds and the trees
 * @param name the bundle's name
 * @param version the bundle's version
 * @param dataNote what the captures are and under which licence, for the bundle's card; one
 *     paragraph
 * @param tiers one plan a tier, the fastest first; if they are crafted, the candidates
 * @param crafted whether the tiers are chosen among the candidates
 * @param split what is kept together in one fold
 * @param leftOut how many applications are left out one by one, to see what is said of what was
 *     never seen; 0 to 100
 * @param objective what the thresholds are chosen for
 */
public record TrainingOptions(
        String task,
        LabelSource source,
        Path out,
        int folds,
        long seed,
        String name,
        String version,
        String dataNote,
        List<TierPlan> tiers,
        boolean crafted,
        Split split,
        int leftOut,
        Objective objective) {

    /** What is kept together in one fold. */
    public enum Split {
        /** A group of captures, so that flows are tested whose captures no model has seen. */
        GROUP,
        /**
         * A flow. Flows of one capture are alike in ways that no other capture shares, and a model
         * recognises them, so this shows how much a result can lie.
         */
        FLOW
    }

    private static final int MOST_TIERS = 4;
    private static final int MOST_LEFT_OUT = 100;
    private static final int MOST_CANDIDATES = 100;
    private static final int FOLDS = 5;
    private static final int LEAST_FOLDS = 3;
    private static final int MOST_FOLDS = 20;

    /**
     * @throws IllegalArgumentException if options do not fit; names all of them
     */
    public TrainingOptions {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(out, "out");
        Objects.requireNonNull(dataNote, "dataNote");
        Objects.requireNonNull(split, "split");
        Objects.requireNonNull(objective, "objective");
        tiers = List.copyOf(tiers);
        final List<String> faults = new ArrayList<>();
        requireWord(faults, "task", task);
        requireWord(faults, "name", name);
        requireWord(faults, "version", version);
        if (folds < LEAST_FOLDS || folds > MOST_FOLDS) {
            faults.add("folds must be " + LEAST_FOLDS + " to " + MOST_FOLDS + ", were " + folds);
        }
        if (leftOut < 0 || leftOut > MOST_LEFT_OUT) {
            faults.add("leftOut must be 0 to " + MOST_LEFT_OUT + ", was " + leftOut);
        }
        final int most = crafted ? MOST_CANDIDATES : MOST_TIERS;
        if (tiers.isEmpty() || tiers.size() > most) {
            faults.add("tiers must be 1 to " + most + ", were " + tiers.size());
        }
        if (crafted && tiers.stream().noneMatch(tier -> tier.features().packets() == 1)) {
            faults.add("a candidate at least must read one packet");
        }
        if (tiers.stream().map(TierPlan::name).distinct().count() != tiers.size()) {
            faults.add("tiers must have different names");
        }
        if (source.labels().isEmpty()) {
            faults.add("labels are needed");
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
    }

    private static void requireWord(
            final List<String> faults, final String option, final String value) {
        if (!value.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
            faults.add(
                    option
                            + " must be 1 to 64 letters, digits, '.', '_' or '-', was '"
                            + value
                            + "'");
        }
    }

    /** As the other defaults, for captures. */
    public static TrainingOptions defaults(
            final String task, final Path labels, final Path captures, final Path out) {
        return defaults(task, LabelSource.captures(labels, captures), out);
    }

    /** The default tiers for the source, 5 folds, seed 1, version 1, named after the task. */
    public static TrainingOptions defaults(
            final String task, final LabelSource source, final Path out) {
        return new TrainingOptions(
                task,
                source,
                out,
                FOLDS,
                1,
                "serveflow-" + task,
                "1",
                "The labelled flows of whoever trained this bundle.",
                source.kind().defaultTiers(),
                false,
                Split.GROUP,
                0,
                Objective.DEFAULT);
    }

    public TrainingOptions withFolds(final int number) {
        return new TrainingOptions(
                task, source, out, number, seed, name, version, dataNote, tiers, crafted, split,
                leftOut, objective);
    }

    public TrainingOptions withSeed(final long number) {
        return new TrainingOptions(
                task, source, out, folds, number, name, version, dataNote, tiers, crafted, split,
                leftOut, objective);
    }

    public TrainingOptions withName(final String word) {
        return new TrainingOptions(
                task, source, out, folds, seed, word, version, dataNote, tiers, crafted, split,
                leftOut, objective);
    }

    public TrainingOptions withVersion(final String word) {
        return new TrainingOptions(
                task, source, out, folds, seed, name, word, dataNote, tiers, crafted, split,
                leftOut, objective);
    }

    public TrainingOptions withDataNote(final String paragraph) {
        return new TrainingOptions(
                task, source, out, folds, seed, name, version, paragraph, tiers, crafted, split,
                leftOut, objective);
    }

    public TrainingOptions withTiers(final List<TierPlan> plans) {
        return new TrainingOptions(
                task, source, out, folds, seed, name, version, dataNote, plans, crafted, split,
                leftOut, objective);
    }

    public TrainingOptions withObjective(final Objective aim) {
        return new TrainingOptions(
                task, source, out, folds, seed, name, version, dataNote, tiers, crafted, split,
                leftOut, aim);
    }

    /** These options with tiers that are chosen among candidates. */
    public TrainingOptions withCandidates(final List<TierPlan> plans) {
        return new TrainingOptions(
                task, source, out, folds, seed, name, version, dataNote, plans, true, split,
                leftOut, objective);
    }

    public TrainingOptions withSplit(final Split kept) {
        return new TrainingOptions(
                task, source, out, folds, seed, name, version, dataNote, tiers, crafted, kept,
                leftOut, objective);
    }

    public TrainingOptions withLeftOut(final int applications) {
        return new TrainingOptions(
                task,
                source,
                out,
                folds,
                seed,
                name,
                version,
                dataNote,
                tiers,
                crafted,
                split,
                applications,
                objective);
    }

    /**
     * These options with tiers of many rounds that end early where held-out groups gain nothing.
     *
     * @param rounds see {@link TreeSettings#patience()}
     */
    public TrainingOptions withPatience(final int rounds) {
        return withTiers(tiers.stream().map(tier -> tier.withPatience(rounds)).toList());
    }

    /**
     * These options with tiers that see fields which are masked by default, because they tell who
     * and when and not what.
     */
    public TrainingOptions unmasked(final Set<Mask> shown) {
        return withTiers(tiers.stream().map(tier -> tier.unmasked(shown)).toList());
    }

    /** These options with tiers that see no port. */
    public TrainingOptions withoutPorts() {
        return withTiers(tiers.stream().map(TierPlan::withoutPorts).toList());
    }

    /** These options with another number of rounds for every boosted tier. */
    public TrainingOptions withRounds(final int rounds) {
        return withTiers(tiers.stream().map(tier -> tier.withRounds(rounds)).toList());
    }
}
