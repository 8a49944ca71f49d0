/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import java.nio.FloatBuffer;
import java.util.BitSet;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Whoever scores for a tier: rows of features in, raw class probabilities out. In this process or
 * elsewhere; at once or later.
 *
 * <p>What makes rows of flows, what calibrates probabilities and what decides by them stands
 * outside. Safe for use by many threads.
 */
public interface TierScorer extends AutoCloseable {

    /** How many features a row has. */
    int columns();

    /** How many probabilities a row gets. */
    int classes();

    /**
     * How many rows it is best given at once, at most: few where they are to stay in a cache, many
     * where each call goes over a network.
     */
    int rows();

    /**
     * Begins to score rows and returns; {@code end} is called, once, when they are scored, by this
     * thread before it returns or by another one at any time.
     *
     * <p>Probabilities do not depend on which rows are scored together. Both buffers are direct and
     * belong to the scorer until it tells the end; it leaves their positions wherever it likes. It
     * writes no features: others may read the same ones.
     *
     * @param n how many rows, at least 1
     * @param features {@code n * columns} values from the buffer's position to its limit
     * @param probabilities room for {@code n * classes} values from position to limit; those of
     *     rows that fail are not looked at
     * @throws RuntimeException if it cannot even begin; {@code end} is not called then
     */
    void score(int n, FloatBuffer features, FloatBuffer probabilities, End end);

    /** Frees what it holds. Called once, when nothing is being scored. */
    @Override
    void close();

    /** Called when rows are scored. */
    @FunctionalInterface
    interface End {

        /** Called once for each {@link TierScorer#score}. */
        void scored(Outcome outcome);
    }

    /**
     * How a scoring ended.
     *
     * @param nanos what it cost: the time that was spent computing, without waiting for a turn or
     *     for a network where that is known
     * @param failed the rows without an answer; not to be changed
     * @param failure why there are such rows; there if and only if there are
     */
    record Outcome(long nanos, BitSet failed, Optional<RuntimeException> failure) {

        private static final BitSet NONE = new BitSet(0);

        public Outcome {
            Objects.requireNonNull(failed, "failed");
            if (failed.isEmpty() == failure.isPresent()) {
                throw new IllegalArgumentException(
                        "rows that failed need a reason, and only those; rows "
                                + failed
                                + " failed because of "
                                + failure);
            }
        }

        /** Every row is scored. */
        public static Outcome complete(final long nanos) {
            return new Outcome(nanos, NONE, Optional.empty());
        }

        /** Some rows, or all, have no probabilities. */
        public static Outcome partial(
                final long nanos, final BitSet failed, final RuntimeException failure) {
            return new Outcome(nanos, failed, Optional.of(failure));
        }

        /** None of n rows has probabilities. */
        public static Outcome failure(
                final long nanos, final int n, final RuntimeException failure) {
            final BitSet all = new BitSet(n);
            all.set(0, n);
            return partial(nanos, all, failure);
        }

        /** Whether every row is scored. */
        public boolean isComplete() {
            return failed.isEmpty();
        }
    }

    /**
     * Opens scorers for the models of bundles; found by {@link java.util.ServiceLoader}, so that a
     * jar on the class path is all that another kind of model takes.
     */
    interface Provider {

        /** Opens each tier with the first of those on the class path that opens it. */
        Provider INSTALLED =
                new Provider() {
                    @Override
                    public boolean opens(final TierSpec tier) {
                        return find(tier).isPresent();
                    }

                    @Override
                    public TierScorer open(
                            final TierSpec tier, final int classes, final byte[] model) {
                        return find(tier)
                                .orElseThrow(
                                        () ->
                                                new BundleException(
                                                        "tier "
                                                                + tier.name()
                                                                + ": nothing here scores with a"
                                                                + " file like "
                                                                + tier.file()
                                                                + "; put a jar on the class path"
                                                                + " that does, or export the model"
                                                                + " to ONNX"))
                                .open(tier, classes, model);
                    }

                    private Optional<Provider> find(final TierSpec tier) {
                        return ServiceLoader.load(Provider.class, TierScorer.class.getClassLoader())
                                .stream()
                                .map(ServiceLoader.Provider::get)
                                .filter(provider -> provider.opens(tier))
                                .findFirst();
                    }
                };

        /** Whether it scores with the model of such a tier. */
        boolean opens(TierSpec tier);

        /**
         * Opens the scorer of a tier.
         *
         * @param classes how many labels the tier's bundle has
         * @param model the content of the tier's file
         * @throws BundleException if it is no model for that tier
         */
        TierScorer open(TierSpec tier, int classes, byte[] model);
    }
}
