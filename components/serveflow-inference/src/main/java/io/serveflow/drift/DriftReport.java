/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.drift;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How far live traffic is from a reference, distribution by distribution.
 *
 * @param flows how many flows were compared
 * @param least how many are needed to say anything
 * @param distances one a distribution that enough flows have
 */
public record DriftReport(long flows, long least, List<Distance> distances) {

    /** How far one distribution is from its reference. */
    public record Distance(String distribution, Divergence divergence) {

        /** What that means. */
        public DriftState state() {
            return DriftState.of(divergence);
        }
    }

    public DriftReport {
        distances = List.copyOf(distances);
    }

    static DriftReport of(
            final Distributions distributions,
            final Reference reference,
            final long[] counts,
            final long least) {
        final List<Distance> distances = new ArrayList<>();
        long flows = 0;
        for (int i = 0; i < distributions.size(); i++) {
            final long[] seen = distributions.of(i, counts);
            long total = 0;
            for (final long count : seen) {
                total += count;
            }
            flows = Math.max(flows, total);
            if (total >= least) {
                distances.add(
                        new Distance(
                                distributions.name(i),
                                Divergence.between(
                                        distributions.of(reference, i), new Counts(seen))));
            }
        }
        return new DriftReport(flows, least, distances);
    }

    /** The distance of a distribution, if enough flows have it. */
    public Optional<Distance> of(final String distribution) {
        return distances.stream()
                .filter(distance -> distance.distribution().equals(distribution))
                .findFirst();
    }

    /** The distribution that has drifted furthest: the worst state, then the highest index. */
    public Optional<Distance> worst() {
        return distances.stream()
                .max(
                        Comparator.comparing(Distance::state)
                                .thenComparingDouble(distance -> distance.divergence().psi()));
    }

    /** The state of the distribution that has drifted furthest. */
    public DriftState state() {
        return worst().map(Distance::state).orElse(DriftState.TOO_FEW);
    }

    /** One line for people, such as {@code drifted: labels PSI 0.41, ...}. */
    public String text() {
        return worst().map(this::text)
                .orElseGet(
                        () ->
                                DriftState.TOO_FEW.words()
                                        + ": "
                                        + flows
                                        + " of the "
                                        + least
                                        + " that are needed");
    }

    private String text(final Distance worst) {
        return String.format(
                Locale.ROOT,
                "%s: %s PSI %.2f, Jensen-Shannon %.2f over %d flows",
                worst.state().words(),
                worst.distribution(),
                worst.divergence().psi(),
                worst.divergence().js(),
                flows);
    }
}
