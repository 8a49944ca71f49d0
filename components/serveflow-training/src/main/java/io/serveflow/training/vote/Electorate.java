/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.vote;

import io.serveflow.host.Evidence;
import io.serveflow.host.OwnHost;
import io.serveflow.model.VoteRule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The flows that vote together: those of a capture, or of a host of a capture within a window.
 *
 * @param ballots in the order in which their flows began
 * @param label the label that most of them have; of two as common the first
 */
record Electorate(List<Ballot> ballots, int label) {

    /** The flows of each capture. */
    static List<Electorate> captures(final List<Ballot> ballots) {
        return by(ballots, ballot -> Optional.of(ballot.capture()));
    }

    /** The flows of each host of each capture in each window; flows without a host are left out. */
    static List<Electorate> hosts(final List<Ballot> ballots, final int windowSeconds) {
        final long length = TimeUnit.SECONDS.toMicros(windowSeconds);
        return by(
                ballots,
                ballot ->
                        OwnHost.of(ballot.flow().tuple())
                                .map(
                                        host ->
                                                List.of(
                                                        ballot.capture(),
                                                        host,
                                                        Math.floorDiv(
                                                                ballot.flow().startMicros(),
                                                                length))));
    }

    private static List<Electorate> by(
            final List<Ballot> ballots, final Function<Ballot, Optional<?>> key) {
        final Map<Object, List<Ballot>> parts = new LinkedHashMap<>();
        ballots.forEach(
                ballot ->
                        key.apply(ballot)
                                .ifPresent(
                                        of ->
                                                parts.computeIfAbsent(of, k -> new ArrayList<>())
                                                        .add(ballot)));
        return parts.values().stream().map(Electorate::of).toList();
    }

    private static Electorate of(final List<Ballot> ballots) {
        final Map<Integer, Integer> counts = new HashMap<>();
        ballots.forEach(ballot -> counts.merge(ballot.label(), 1, Integer::sum));
        final int most =
                counts.entrySet().stream()
                        .max(
                                Map.Entry.<Integer, Integer>comparingByValue()
                                        .thenComparing(
                                                Map.Entry.<Integer, Integer>comparingByKey()
                                                        .reversed()))
                        .orElseThrow()
                        .getKey();
        return new Electorate(
                ballots.stream()
                        .sorted(Comparator.comparingLong(ballot -> ballot.flow().startMicros()))
                        .toList(),
                most);
    }

    /** The fold that they are in, which is one where flows of a capture are kept together. */
    int fold() {
        return ballots.get(0).fold();
    }

    /** What the first so many say together. */
    Evidence evidence(
            final VoteRule.Combination combination,
            final Map<String, Integer> numbers,
            final int most) {
        final Evidence evidence = new Evidence(combination, numbers.size());
        ballots.stream()
                .limit(most)
                .forEach(
                        ballot ->
                                evidence.add(
                                        ballot.flow().tuple(),
                                        ballot.withheld(),
                                        ballot.top(),
                                        numbers));
        return evidence;
    }
}
