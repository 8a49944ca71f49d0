/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.vote;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.host.Evidence;
import io.serveflow.model.VoteRule;
import io.serveflow.training.score.Evaluation;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * How well captures and hosts are known by the votes of their flows.
 *
 * @param captures where all flows of a capture vote
 * @param hosts where the flows of one host in one window vote, as they do when a bundle is deployed
 */
public record VoteScores(Scores captures, Scores hosts) {

    /** After how many flows of a host or capture it is asked what it is. */
    private static final List<Integer> FLOWS = List.of(1, 3, 5, 10);

    private static final double PLACES = 1e4;

    /**
     * The scores of votes.
     *
     * @param flowsPerVote flows of the median vote
     * @param first by number of flows, the scores when only the first so many of each have voted;
     *     those with fewer count with what they have
     * @param all the scores when all have voted
     */
    public record Scores(int flowsPerVote, Map<Integer, Evaluation> first, Evaluation all) {}

    /**
     * Counts votes.
     *
     * @param names the labels that are voted on, and after them those that only flows have
     * @param known how many labels are voted on
     * @param rules the rule by which the flows of a fold are counted
     */
    public static VoteScores of(
            final List<Ballot> ballots,
            final List<String> names,
            final int known,
            final IntFunction<VoteRule> rules,
            final int windowSeconds) {
        final Map<String, Integer> numbers = numbers(names.subList(0, known));
        return new VoteScores(
                scores(Electorate.captures(ballots), numbers, names.size(), rules),
                scores(Electorate.hosts(ballots, windowSeconds), numbers, names.size(), rules));
    }

    /** The index of each label. */
    static Map<String, Integer> numbers(final List<String> names) {
        final Map<String, Integer> numbers = new HashMap<>();
        names.forEach(name -> numbers.put(name, numbers.size()));
        return numbers;
    }

    private static Scores scores(
            final List<Electorate> votes,
            final Map<String, Integer> numbers,
            final int classes,
            final IntFunction<VoteRule> rules) {
        final Map<Integer, Evaluation> first = new LinkedHashMap<>();
        FLOWS.forEach(most -> first.put(most, score(votes, numbers, classes, rules, most)));
        final int[] flows =
                votes.stream().mapToInt(vote -> vote.ballots().size()).sorted().toArray();
        return new Scores(
                flows.length == 0 ? 0 : flows[flows.length / 2],
                first,
                score(votes, numbers, classes, rules, Integer.MAX_VALUE));
    }

    private static Evaluation score(
            final List<Electorate> votes,
            final Map<String, Integer> numbers,
            final int classes,
            final IntFunction<VoteRule> rules,
            final int most) {
        final int[] actual = new int[votes.size()];
        final int[] predicted = new int[votes.size()];
        final double[] confidence = new double[votes.size()];
        for (int i = 0; i < actual.length; i++) {
            final Electorate vote = votes.get(i);
            final VoteRule rule = rules.apply(vote.fold());
            final Evidence evidence = vote.evidence(rule.combination(), numbers, most);
            final double[] probabilities = evidence.probabilities(rule);
            int best = 0;
            for (int label = 1; label < probabilities.length; label++) {
                best = probabilities[label] > probabilities[best] ? label : best;
            }
            actual[i] = vote.label();
            predicted[i] = evidence.isUnknown() ? Evaluation.NO_ANSWER : best;
            confidence[i] = probabilities[best];
        }
        return Evaluation.of(actual, predicted, confidence, classes);
    }

    /** For programs: the scores of captures, and in {@code hosts} those of hosts. */
    public ObjectNode json() {
        final ObjectNode root = JsonNodeFactory.instance.objectNode();
        add(root, "capture", captures);
        add(root.putObject("hosts"), "host", hosts);
        return root;
    }

    private static void add(final ObjectNode node, final String unit, final Scores scores) {
        node.put("unit", unit);
        node.put("votes", scores.all().flows());
        node.put("flowsPerVote", scores.flowsPerVote());
        node.put("accuracy", rounded(scores.all().accuracy()));
        node.put("macroF1", rounded(scores.all().macroF1()));
        node.put("ece", rounded(scores.all().ece()));
        final ArrayNode byFlows = node.putArray("byFlows");
        scores.first()
                .forEach(
                        (flows, evaluation) -> {
                            final ObjectNode entry = byFlows.addObject();
                            entry.put("flows", flows);
                            entry.put("accuracy", rounded(evaluation.accuracy()));
                            entry.put("macroF1", rounded(evaluation.macroF1()));
                            entry.put("ece", rounded(evaluation.ece()));
                        });
    }

    private static double rounded(final double value) {
        return Math.round(value * PLACES) / PLACES;
    }
}
