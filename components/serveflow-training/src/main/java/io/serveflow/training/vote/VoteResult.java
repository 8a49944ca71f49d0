/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.vote;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.model.VoteRule;
import io.serveflow.model.VoteRule.Combination;
import io.serveflow.training.data.Dataset;
import io.serveflow.training.data.Folds;
import io.serveflow.training.fold.OutOfFold;
import io.serveflow.training.notice.TrainingException;
import io.serveflow.training.score.Evaluation;
import io.serveflow.verdict.Verdict.LabelProbability;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How the flows of a host are to be counted, and how well that does on captures that neither the
 * models nor the rule knew: the rule under which a fold is tested is fitted on the others.
 *
 * @param rule fitted on all folds, for the bundle
 * @param scores out of fold
 * @param compared both combinations, that of the rule first, and the commonest label of the flows
 */
public record VoteResult(VoteRule rule, VoteScores scores, List<Compared> compared) {

    private static final String MAJORITY = "majority";
    private static final double PLACES = 1e4;

    /** Less than a whole flow, however many there are. */
    private static final double SURER = 1e-6;

    /**
     * One way to count.
     *
     * @param captures share of the captures that it is right about, out of fold
     * @param hosts share of the hosts that it is right about, out of fold
     */
    public record Compared(String way, double captures, double hosts) {}

    /**
     * Fits and tests the rules of both combinations, and chooses that under which the labels of the
     * hosts are more probable out of fold.
     *
     * @throws TrainingException if no flow has a host
     */
    public static VoteResult of(
            final Dataset data, final OutOfFold answers, final int windowSeconds) {
        final List<Ballot> ballots = ballots(data, answers);
        final List<Electorate> hosts = Electorate.hosts(ballots, windowSeconds);
        if (hosts.isEmpty()) {
            throw new TrainingException(
                    "No labelled flow has an end that is a host, so there is nothing to vote on;"
                            + " train without --vote.");
        }
        final Map<String, Integer> numbers = VoteScores.numbers(data.names());
        final List<Trial> trials =
                Arrays.stream(Combination.values())
                        .map(way -> Trial.of(way, hosts, numbers, data.folds(), windowSeconds))
                        .sorted(Comparator.comparingDouble(Trial::loss))
                        .toList();
        final List<VoteScores> scores = new ArrayList<>();
        final List<Compared> compared = new ArrayList<>();
        for (final Trial trial : trials) {
            final VoteScores reached =
                    VoteScores.of(
                            ballots,
                            data.names(),
                            data.names().size(),
                            trial.rules::get,
                            windowSeconds);
            scores.add(reached);
            compared.add(
                    new Compared(
                            trial.combination.id(),
                            reached.captures().all().accuracy(),
                            reached.hosts().all().accuracy()));
        }
        compared.add(
                new Compared(
                        MAJORITY,
                        majority(Electorate.captures(ballots), data.names()),
                        majority(hosts, data.names())));
        return new VoteResult(
                new VoteFit(hosts, numbers, trials.get(0).combination, windowSeconds).fit(),
                scores.get(0),
                List.copyOf(compared));
    }

    private static List<Ballot> ballots(final Dataset data, final OutOfFold answers) {
        return IntStream.range(0, data.labels().length)
                .mapToObj(
                        row ->
                                new Ballot(
                                        data.flows().get(row),
                                        data.captures().get(row),
                                        data.labels()[row],
                                        data.folds().foldOf()[row],
                                        answers.cascade().predicted()[row] == Evaluation.NO_ANSWER,
                                        Ballot.top(data.names(), answers.given()[row], 0)))
                .toList();
    }

    /** How often the label that most flows are said to have is right; of two the surer one. */
    private static double majority(final List<Electorate> votes, final List<String> names) {
        int right = 0;
        for (final Electorate vote : votes) {
            final Map<String, Double> counts = new TreeMap<>();
            for (final Ballot ballot : vote.ballots()) {
                final LabelProbability first = ballot.top().get(0);
                counts.merge(first.label(), 1 + SURER * first.probability(), Double::sum);
            }
            final String most =
                    Collections.max(counts.entrySet(), Map.Entry.comparingByValue()).getKey();
            right += most.equals(names.get(vote.label())) ? 1 : 0;
        }
        return (double) right / votes.size();
    }

    /**
     * A combination with the rules that were fitted without each fold.
     *
     * @param loss mean log loss of the hosts, each under the rule of its fold
     */
    private record Trial(Combination combination, List<VoteRule> rules, double loss) {

        static Trial of(
                final Combination combination,
                final List<Electorate> hosts,
                final Map<String, Integer> numbers,
                final Folds folds,
                final int windowSeconds) {
            final List<VoteRule> rules = new ArrayList<>();
            double loss = 0;
            for (int fold = 0; fold < folds.count(); fold++) {
                final int tested = fold;
                final Map<Boolean, List<Electorate>> parts =
                        hosts.stream()
                                .collect(Collectors.partitioningBy(host -> host.fold() == tested));
                final VoteRule rule =
                        new VoteFit(parts.get(false), numbers, combination, windowSeconds).fit();
                rules.add(rule);
                loss +=
                        parts.get(true).size()
                                * new VoteFit(parts.get(true), numbers, combination, windowSeconds)
                                        .logLoss(rule);
            }
            return new Trial(combination, List.copyOf(rules), loss / hosts.size());
        }
    }

    /** The {@code vote} of a bundle's metrics. */
    public ObjectNode json() {
        final ObjectNode root = scores.json();
        final ArrayNode ways = root.putArray("compared");
        for (final Compared one : compared) {
            final ObjectNode entry = ways.addObject();
            entry.put("way", one.way());
            entry.put("captures", Math.round(one.captures() * PLACES) / PLACES);
            entry.put("hosts", Math.round(one.hosts() * PLACES) / PLACES);
        }
        return root;
    }
}
