/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

import io.serveflow.feature.Mask;
import io.serveflow.training.bundle.About;
import io.serveflow.training.data.LabelSource;
import io.serveflow.training.data.Split;
import io.serveflow.training.score.Objective;
import io.serveflow.training.tier.TierFamily;
import io.serveflow.training.tier.TierPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What to train on, what to train and where to put it.
 *
 * @param about what the bundle says of itself
 * @param source the labelled flows
 * @param out the folder of the new bundle; empty, missing or an older bundle
 * @param testing how the result is measured
 * @param tiers what is trained
 * @param objective what the thresholds are chosen for
 * @param seed decides the folds and what is random in training
 */
public record TrainingOptions(
        About about,
        LabelSource source,
        Path out,
        Testing testing,
        Tiers tiers,
        Objective objective,
        long seed) {

    /**
     * How the result is measured.
     *
     * @param folds how many folds the flows are assigned to, 3 to 20: the thresholds of a fold are
     *     found on the others, by one of them and tried on another
     * @param split what is kept together in one fold
     * @param leftOut how many applications are left out one by one, to see what is said of what was
     *     never seen; 0 to 100
     */
    public record Testing(int folds, Split split, int leftOut) {

        public Testing {
            Objects.requireNonNull(split, "split");
        }
    }

    /**
     * What is trained.
     *
     * @param plans one plan a tier, the fastest first; if they are crafted, the candidates
     * @param crafted whether the tiers are chosen among the candidates
     */
    public record Tiers(List<TierPlan> plans, boolean crafted) {

        public Tiers {
            plans = List.copyOf(plans);
        }

        private Tiers with(final UnaryOperator<TierPlan> change) {
            return new Tiers(plans.stream().map(change).toList(), crafted);
        }
    }

    /** How many folds there are where no number is stated. */
    public static final int FOLDS = 5;

    /** The seed where none is stated. */
    public static final long SEED = 1;

    /** The bundle's version where none is stated. */
    public static final String VERSION = "1";

    /** What is said of the data where nothing is stated. */
    public static final String DATA_NOTE = "The labelled flows of whoever trained this bundle.";

    private static final int MOST_TIERS = 4;
    private static final int MOST_LEFT_OUT = 100;
    private static final int MOST_CANDIDATES = 100;
    private static final int LEAST_FOLDS = 3;
    private static final int MOST_FOLDS = 20;

    /**
     * @throws IllegalArgumentException if options do not fit; names all of them
     */
    public TrainingOptions {
        Objects.requireNonNull(about, "about");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(out, "out");
        Objects.requireNonNull(testing, "testing");
        Objects.requireNonNull(tiers, "tiers");
        Objects.requireNonNull(objective, "objective");
        final List<String> faults = new ArrayList<>(about.faults());
        if (testing.folds() < LEAST_FOLDS || testing.folds() > MOST_FOLDS) {
            faults.add(
                    "--folds must be "
                            + LEAST_FOLDS
                            + " to "
                            + MOST_FOLDS
                            + ", was "
                            + testing.folds());
        }
        if (testing.leftOut() < 0 || testing.leftOut() > MOST_LEFT_OUT) {
            faults.add("--leave-out must be 0 to " + MOST_LEFT_OUT + ", was " + testing.leftOut());
        }
        requireFit(faults, tiers);
        if (source.labels().isEmpty()) {
            faults.add("labels are needed");
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
    }

    private static void requireFit(final List<String> faults, final Tiers tiers) {
        final List<TierPlan> plans = tiers.plans();
        final int most = tiers.crafted() ? MOST_CANDIDATES : MOST_TIERS;
        if (plans.isEmpty() || plans.size() > most) {
            faults.add("tiers must be 1 to " + most + ", were " + plans.size());
        }
        if (tiers.crafted() && plans.stream().noneMatch(tier -> tier.features().packets() == 1)) {
            faults.add("a candidate at least must read one packet");
        }
        if (plans.stream().map(TierPlan::name).distinct().count() != plans.size()) {
            faults.add("tiers must have different names");
        }
    }

    /** As the other defaults, of trees and for captures. */
    public static TrainingOptions defaults(
            final String task, final Path labels, final Path captures, final Path out) {
        return defaults(Families.TREES, task, LabelSource.captures(labels, captures), out);
    }

    /** The default tiers of a family for the source, named after the task. */
    public static TrainingOptions defaults(
            final TierFamily family, final String task, final LabelSource source, final Path out) {
        return new TrainingOptions(
                new About(task, "serveflow-" + task, VERSION, DATA_NOTE),
                source,
                out,
                new Testing(FOLDS, Split.GROUP, 0),
                new Tiers(family.defaults(source.kind()), false),
                Objective.DEFAULT,
                SEED);
    }

    private TrainingOptions with(final About other) {
        return new TrainingOptions(other, source, out, testing, tiers, objective, seed);
    }

    private TrainingOptions with(final Testing other) {
        return new TrainingOptions(about, source, out, other, tiers, objective, seed);
    }

    private TrainingOptions with(final Tiers other) {
        return new TrainingOptions(about, source, out, testing, other, objective, seed);
    }

    public TrainingOptions withFolds(final int number) {
        return with(new Testing(number, testing.split(), testing.leftOut()));
    }

    public TrainingOptions withSplit(final Split kept) {
        return with(new Testing(testing.folds(), kept, testing.leftOut()));
    }

    public TrainingOptions withLeftOut(final int applications) {
        return with(new Testing(testing.folds(), testing.split(), applications));
    }

    public TrainingOptions withSeed(final long number) {
        return new TrainingOptions(about, source, out, testing, tiers, objective, number);
    }

    public TrainingOptions withName(final String word) {
        return with(new About(about.task(), word, about.version(), about.dataNote()));
    }

    public TrainingOptions withVersion(final String word) {
        return with(new About(about.task(), about.name(), word, about.dataNote()));
    }

    public TrainingOptions withDataNote(final String paragraph) {
        return with(new About(about.task(), about.name(), about.version(), paragraph));
    }

    public TrainingOptions withObjective(final Objective aim) {
        return new TrainingOptions(about, source, out, testing, tiers, aim, seed);
    }

    public TrainingOptions withTiers(final List<TierPlan> plans) {
        return with(new Tiers(plans, tiers.crafted()));
    }

    /** These options with tiers that are chosen among candidates. */
    public TrainingOptions withCandidates(final List<TierPlan> plans) {
        return with(new Tiers(plans, true));
    }

    /**
     * These options with tiers of many rounds that end early where held-out groups gain nothing.
     *
     * @param rounds see {@link io.serveflow.training.tier.TierTrainer#patience()}
     */
    public TrainingOptions withPatience(final int rounds) {
        return with(tiers.with(tier -> tier.withPatience(rounds)));
    }

    /**
     * These options with tiers that see fields which are masked by default, because they identify
     * who and when and not what.
     */
    public TrainingOptions unmasked(final Set<Mask> shown) {
        return with(tiers.with(tier -> tier.unmasked(shown)));
    }

    /** These options with tiers that see no port. */
    public TrainingOptions withoutPorts() {
        return with(tiers.with(TierPlan::withoutPorts));
    }

    /** These options with tiers that see no host name. */
    public TrainingOptions withoutNames() {
        return with(tiers.with(TierPlan::withoutNames));
    }

    /** These options with another number of rounds for every tier that can have another. */
    public TrainingOptions withRounds(final int rounds) {
        return with(tiers.with(tier -> tier.withRounds(rounds)));
    }
}
