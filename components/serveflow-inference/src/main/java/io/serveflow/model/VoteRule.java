/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import java.util.Objects;

/**
 * How the verdicts on the flows of one host become a verdict on the host.
 *
 * <p>Flows of one service are much alike, so that ten of them tell hardly more than one: each
 * service that the host uses has one vote, that of its average flow. Services are alike less, but
 * alike: with a damping of 0.5, four of them count as two. A host is a label with a probability in
 * proportion to {@code exp(power * evidence / services^damping)}, the evidence being summed over
 * services.
 *
 * @param power how much the vote of a single service counts, above 0
 * @param damping how much less each further service counts: 0 as much as the first, 1 nothing
 * @param windowSeconds flows that begin within a window of this length vote together
 */
public record VoteRule(Combination combination, double power, double damping, int windowSeconds) {

    /** The longest window, in seconds. */
    public static final int LONGEST_SECONDS = 86_400;

    /** What the flows of a service say of a label together. */
    public enum Combination {
        /** The mean of the logarithms of its probabilities. */
        PRODUCT("product"),
        /** The logarithm of the mean of its probabilities. */
        MEAN("mean");

        private final String id;

        Combination(final String id) {
            this.id = id;
        }

        /** The name in {@code bundle.json}. */
        public String id() {
            return id;
        }

        /**
         * The combination with a name.
         *
         * @throws IllegalArgumentException if there is none
         */
        public static Combination named(final String id) {
            for (final Combination combination : values()) {
                if (combination.id.equals(id)) {
                    return combination;
                }
            }
            throw new IllegalArgumentException(
                    "unknown combination '" + id + "'; known are product, mean");
        }
    }

    public VoteRule {
        Objects.requireNonNull(combination, "combination");
        if (!(power > 0 && power <= 100)) {
            throw new IllegalArgumentException(
                    "power must be above 0 and at most 100, was " + power);
        }
        if (!(damping >= 0 && damping <= 1)) {
            throw new IllegalArgumentException("damping must be 0 to 1, was " + damping);
        }
        if (windowSeconds < 1 || windowSeconds > LONGEST_SECONDS) {
            throw new IllegalArgumentException(
                    "windowSeconds must be 1 to " + LONGEST_SECONDS + ", was " + windowSeconds);
        }
    }
}
