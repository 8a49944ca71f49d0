/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.vote;

import io.serveflow.host.Evidence;
import io.serveflow.model.VoteRule;
import io.serveflow.model.VoteRule.Combination;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Fits how the flows of a host are counted: the power and the damping under which the hosts' own
 * labels are most probable.
 */
final class VoteFit {

    private static final int DAMPINGS = 10;
    private static final double LEAST_POWER = 0.01;
    private static final double MOST_POWER = 10;
    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;
    private static final double PRECISION = 2e-3;
    private static final double PLACES = 1e3;

    /** What a label counts that is all but ruled out. */
    private static final double MOST_LOSS = 700;

    private final Combination combination;
    private final int windowSeconds;
    private final List<Host> hosts = new ArrayList<>();

    /**
     * A host, whose probabilities under any rule follow from those under the plainest one.
     *
     * @param logs the logarithm of each label's probability with power 1 and without damping
     */
    private record Host(double[] logs, int services, int label) {

        double logLoss(final VoteRule rule) {
            final double scale = rule.power() / Math.pow(services, rule.damping());
            double sum = 0;
            for (final double log : logs) {
                sum += Math.exp(scale * (log - logs[label]));
            }
            return Math.min(MOST_LOSS, Math.log(sum));
        }
    }

    VoteFit(
            final List<Electorate> electorates,
            final Map<String, Integer> numbers,
            final Combination combination,
            final int windowSeconds) {
        this.combination = combination;
        this.windowSeconds = windowSeconds;
        for (final Electorate electorate : electorates) {
            final Evidence evidence = electorate.evidence(combination, numbers, Integer.MAX_VALUE);
            hosts.add(
                    new Host(
                            Arrays.stream(evidence.probabilities(rule(1, 0)))
                                    .map(share -> Math.log(Math.max(Double.MIN_NORMAL, share)))
                                    .toArray(),
                            evidence.services(),
                            electorate.label()));
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
        return hosts.stream().mapToDouble(host -> host.logLoss(rule)).average().orElse(0);
    }

    private VoteRule fit(final double damping) {
        double low = Math.log(LEAST_POWER);
        double high = Math.log(MOST_POWER);
        double left = high - GOLDEN * (high - low);
        double right = low + GOLDEN * (high - low);
        double lossLeft = logLoss(rule(Math.exp(left), damping));
        double lossRight = logLoss(rule(Math.exp(right), damping));
        while (high - low > PRECISION) {
            if (lossLeft <= lossRight) {
                high = right;
                right = left;
                lossRight = lossLeft;
                left = high - GOLDEN * (high - low);
                lossLeft = logLoss(rule(Math.exp(left), damping));
            } else {
                low = left;
                left = right;
                lossLeft = lossRight;
                right = low + GOLDEN * (high - low);
                lossRight = logLoss(rule(Math.exp(right), damping));
            }
        }
        return rule(Math.round(PLACES * Math.exp((low + high) / 2)) / PLACES, damping);
    }

    private VoteRule rule(final double power, final double damping) {
        return new VoteRule(combination, power, damping, windowSeconds);
    }
}
