/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.crafting;

import io.serveflow.model.TierCalibration;
import io.serveflow.training.calibration.Calibration;
import io.serveflow.training.calibration.HopPolicy;
import io.serveflow.training.calibration.TierCalibrationFit;
import io.serveflow.training.data.Dataset;
import io.serveflow.training.fold.CrossFit;
import io.serveflow.training.fold.OutOfFold;
import io.serveflow.training.score.Objective;
import io.serveflow.training.score.Outcome;
import io.serveflow.training.score.TierWaits;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Chooses the tiers of a cascade among candidates, as the ServeFlow paper crafts its cascades: from
 * what each candidate costs and how well it scores, the combination that serves an objective best.
 *
 * <p>All is found on out-of-fold scores, the same on which the result is then reported. To choose
 * among some twenty candidates on them makes the result of the choice look a little too good; the
 * report of the paper does the same.
 */
public final class Crafting {

    /** What a combination may lose against one of fewer tiers, for the work that it saves. */
    private static final double NEGLIGIBLE = 0.002;

    /** A first tier is worth its hop where it computes in this share of the next one's time. */
    private static final double MUCH_CHEAPER = 0.5;

    private final Dataset data;
    private final List<Candidate> candidates;
    private final CrossFit scores;
    private final Objective objective;

    /**
     * Of each candidate, fitted once: to fit them anew for each combination would take most of the
     * time, and what is chosen is measured with its own in the end.
     */
    private final Map<Candidate, TierCalibration> calibrations = new HashMap<>();

    /**
     * @param candidates at least one that reads one packet
     * @param scores of the candidates, in their order
     */
    public Crafting(
            final Dataset data,
            final List<Candidate> candidates,
            final CrossFit scores,
            final Objective objective) {
        this.data = data;
        this.candidates = candidates;
        this.scores = scores;
        this.objective = objective;
    }

    private record Combination(List<Candidate> tiers, Outcome outcome) {}

    /** The chosen candidates, the fastest first. */
    public List<Candidate> choose() {
        final Outcome best =
                candidates.stream()
                        .max(Comparator.comparingDouble(Candidate::macroF1))
                        .map(Crafting::alone)
                        .orElseThrow();
        final List<Combination> pairs = new ArrayList<>();
        for (final Candidate fast : front(1)) {
            pairs.add(judged(List.of(fast)));
            for (final Candidate slow : slow()) {
                pairs.add(judged(List.of(fast, slow)));
            }
        }
        final Combination pair = objective.best(pairs, Combination::outcome, best);
        return fastest(pair, best).map(Combination::tiers).orElse(pair.tiers());
    }

    /** A candidate as the only tier, of which the waits are not looked at. */
    private static Outcome alone(final Candidate candidate) {
        return new Outcome(candidate.macroF1(), candidate.evaluation().accuracy(), 1, 0);
    }

    /** The same with a cheaper tier before it, if one hardly loses anything. */
    private Optional<Combination> fastest(final Combination pair, final Outcome best) {
        final Candidate fast = pair.tiers().get(0);
        final List<Combination> longer =
                front(1).stream()
                        .filter(
                                first ->
                                        first.computeMicros() < MUCH_CHEAPER * fast.computeMicros())
                        .map(
                                first -> {
                                    final List<Candidate> tiers = new ArrayList<>(List.of(first));
                                    tiers.addAll(pair.tiers());
                                    return judged(tiers);
                                })
                        .filter(
                                three ->
                                        three.outcome().macroF1()
                                                        > pair.outcome().macroF1() - NEGLIGIBLE
                                                && three.outcome().escalated()
                                                        < pair.outcome().escalated()
                                                                + 10 * NEGLIGIBLE)
                        .toList();
        return longer.isEmpty()
                ? Optional.empty()
                : Optional.of(objective.best(longer, Combination::outcome, best));
    }

    /** The candidates of so many packets that no cheaper one of as many surpasses. */
    private List<Candidate> front(final int packets) {
        final List<Candidate> alike =
                candidates.stream().filter(candidate -> candidate.packets() == packets).toList();
        return alike.stream().filter(candidate -> candidate.isOnFront(alike)).toList();
    }

    /** The best candidate of each number of packets above one, if more packets made it better. */
    private List<Candidate> slow() {
        final List<Candidate> slow = new ArrayList<>();
        double best = 0;
        for (final int packets :
                candidates.stream().mapToInt(Candidate::packets).distinct().sorted().toArray()) {
            final Candidate top =
                    candidates.stream()
                            .filter(candidate -> candidate.packets() == packets)
                            .max(Comparator.comparingDouble(Candidate::macroF1))
                            .orElseThrow();
            if (packets > 1 && top.macroF1() > best) {
                slow.add(top);
            }
            best = Math.max(best, top.macroF1());
        }
        return slow;
    }

    private Combination judged(final List<Candidate> tiers) {
        final CrossFit theirs = scores.ofTiers(tiers.stream().map(candidates::indexOf).toList());
        final TierWaits waits =
                TierWaits.of(
                        data.flows(), tiers.stream().map(tier -> tier.plan().features()).toList());
        final Calibration.Aim aim =
                new Calibration.Aim(
                        tiers.stream().mapToDouble(tier -> tier.plan().cost()).toArray(),
                        objective,
                        HopPolicy.WHERE_IT_PAYS,
                        Optional.of(tiers.stream().map(this::calibration).toList()));
        return new Combination(
                tiers,
                Outcome.of(
                        OutOfFold.of(data, theirs, waits, aim).cascade(),
                        data.labels(),
                        data.names().size(),
                        waits));
    }

    private TierCalibration calibration(final Candidate candidate) {
        return calibrations.computeIfAbsent(
                candidate,
                key ->
                        new TierCalibrationFit(data.labels(), data.folds())
                                .fit(scores.raw().get(candidates.indexOf(key))));
    }
}
