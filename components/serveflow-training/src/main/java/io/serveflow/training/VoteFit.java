/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

import io.serveflow.host.Evidence;
import io.serveflow.model.VoteRule;
import io.serveflow.model.VoteRule.Combination;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Fits how the flows of a host are counted: the power and the damping under which the hosts' own
 * labels are most probable.
 */
final class VoteFit {

    private static final int DAMPINGS = 20;
    private static final double LEAST_POWER = 0.01;
    private static final double MOST_POWER = 10;
    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;
    private static final double PRECISION = 1e-3;
    private static final double PLACES = 1e3;

    private final Combination combination;
    private final int windowSeconds;
    private final List<Evidence> evidence = new ArrayList<>();
    private final List<Integer> labels = new ArrayList<>();

    VoteFit(
            final List<Electorate> hosts,
            final Map<String, Integer> numbers,
            final Combination combination,
            final int windowSeconds) {
        this.combination = combination;
        this.windowSeconds = windowSeconds;
        for (final Electorate host : hosts) {
            evidence.add(host.evidence(combination, numbers, Integer.MAX_VALUE));
            labels.add(host.label());
        }
    }

    /**
     * The rule with the least log loss, its numbers with three decimals. At a given damping the
     * loss is convex in the power, so a golden-section search closes in on its minimum.
     */
    VoteRule fit() {
        VoteRule best = rule(1, 0);
        double least = Double.POSITIVE_INFINITY;
        for (int step = 0; step <= DAMPINGS; step++) {
            final VoteRule rule = fit((double) step / DAMPINGS);
            final double loss = logLoss(rule);
            if (loss < least) {
                least = loss;
                best = rule;
            }
        }
        return best;
    }

    /** Mean negative logarithm of the right label's probability; 0 of no hosts. */
    double logLoss(final VoteRule rule) {
        double sum = 0;
        for (int i = 0; i < labels.size(); i++) {
            sum -=
                    Math.log(
                            Math.max(
                                    Double.MIN_NORMAL,
                                    evidence.get(i).probabilities(rule)[labels.get(i)]));
        }
        return labels.isEmpty() ? 0 : sum / labels.size();
    }

    private VoteRule fit(final double damping) {
        double low = Math.log(LEAST_POWER);
        double high = Math.log(MOST_POWER);
        while (high - low > PRECISION) {
            final double left = high - GOLDEN * (high - low);
            final double right = low + GOLDEN * (high - low);
            if (logLoss(rule(Math.exp(left), damping)) <= logLoss(rule(Math.exp(right), damping))) {
                high = right;
            } else {
                low = left;
            }
        }
        return rule(Math.round(PLACES * Math.exp((low + high) / 2)) / PLACES, damping);
    }

    private VoteRule rule(final double power, final double damping) {
        return new VoteRule(combination, power, damping, windowSeconds);
    }
}
