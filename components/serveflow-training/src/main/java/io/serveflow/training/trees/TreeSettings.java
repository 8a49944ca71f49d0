/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.trees;

import java.util.ArrayList;
import java.util.List;

/**
 * How to grow boosted trees.
 *
 * @param rounds boosting rounds; 1 makes one decision tree a class
 * @param depth most splits between a root and a leaf
 * @param learningRate factor on the leaves of each round
 * @param minSplitLoss what a split must gain to be kept; larger makes smaller trees
 * @param columns share of the columns that each tree may use, above 0 to 1
 * @param minChildWeight least sum of Hessians in a leaf; larger is smoother
 * @param lambda L2 penalty on leaf values
 * @param balance 0 weighs every flow the same, 1 every class the same; between them a class weighs
 *     a power of its rarity
 * @param groupBalance 0 weighs every flow of a class the same, 1 every group of it the same,
 *     however many flows of the class it holds; between them a group weighs a power of its size
 * @param leading the trees that come before these
 * @param patience rounds without a better answer on held-out groups after which growing ends, so
 *     that {@code rounds} is the most; 0 grows all of them
 */
public record TreeSettings(
        int rounds,
        int depth,
        double learningRate,
        double minSplitLoss,
        double columns,
        double minChildWeight,
        double lambda,
        double balance,
        double groupBalance,
        LeadingTrees leading,
        int patience) {

    private static final double MOST_REGULAR = 1e6;

    /**
     * @throws IllegalArgumentException if a setting is outside its limits; names all that are
     */
    public TreeSettings {
        final List<String> faults = new ArrayList<>();
        requireWithin(faults, "rounds", rounds, 1, 10_000);
        requireWithin(faults, "depth", depth, 1, 32);
        requireWithin(faults, "learningRate", learningRate, Double.MIN_VALUE, 1);
        requireWithin(faults, "minSplitLoss", minSplitLoss, 0, MOST_REGULAR);
        requireWithin(faults, "columns", columns, Double.MIN_VALUE, 1);
        requireWithin(faults, "minChildWeight", minChildWeight, 0, MOST_REGULAR);
        requireWithin(faults, "lambda", lambda, 0, MOST_REGULAR);
        requireWithin(faults, "balance", balance, 0, 1);
        requireWithin(faults, "groupBalance", groupBalance, 0, 1);
        requireWithin(faults, "leading rounds", leading.rounds(), 0, 10_000);
        requireWithin(faults, "leading depth", leading.depth(), 1, 32);
        requireWithin(faults, "leading learningRate", leading.learningRate(), Double.MIN_VALUE, 1);
        requireWithin(faults, "leading columns", leading.columns(), Double.MIN_VALUE, 1);
        requireWithin(faults, "patience", patience, 0, 10_000);
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
    }

    /** Settings that keep every split that gains anything and grow all rounds. */
    public TreeSettings(
            final int rounds,
            final int depth,
            final double learningRate,
            final double columns,
            final double minChildWeight,
            final double lambda,
            final double balance) {
        this(
                rounds,
                depth,
                learningRate,
                0,
                columns,
                minChildWeight,
                lambda,
                balance,
                0,
                LeadingTrees.NONE,
                0);
    }

    private static void requireWithin(
            final List<String> faults,
            final String name,
            final double value,
            final double least,
            final double most) {
        if (!(value >= least && value <= most)) {
            faults.add(
                    name
                            + " must be "
                            + number(least)
                            + " to "
                            + number(most)
                            + ", was "
                            + number(value));
        }
    }

    /** Whole numbers as a person writes them. */
    private static String number(final double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e9
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    /** These settings with another number of rounds. */
    public TreeSettings withRounds(final int number) {
        return new TreeSettings(
                number,
                depth,
                learningRate,
                minSplitLoss,
                columns,
                minChildWeight,
                lambda,
                balance,
                groupBalance,
                leading,
                patience);
    }

    /** These settings with another gain that a split must have. */
    public TreeSettings withMinSplitLoss(final double gain) {
        return new TreeSettings(
                rounds,
                depth,
                learningRate,
                gain,
                columns,
                minChildWeight,
                lambda,
                balance,
                groupBalance,
                leading,
                patience);
    }

    /** These settings with another patience. */
    public TreeSettings withPatience(final int number) {
        return new TreeSettings(
                rounds,
                depth,
                learningRate,
                minSplitLoss,
                columns,
                minChildWeight,
                lambda,
                balance,
                groupBalance,
                leading,
                number);
    }

    /** These settings, behind trees that see nothing but names and ports. */
    public TreeSettings behind(final LeadingTrees first) {
        return new TreeSettings(
                rounds,
                depth,
                learningRate,
                minSplitLoss,
                columns,
                minChildWeight,
                lambda,
                balance,
                groupBalance,
                first,
                patience);
    }

    /** These settings with other weights of groups. */
    public TreeSettings withGroupBalance(final double weight) {
        return new TreeSettings(
                rounds,
                depth,
                learningRate,
                minSplitLoss,
                columns,
                minChildWeight,
                lambda,
                balance,
                weight,
                leading,
                patience);
    }
}
