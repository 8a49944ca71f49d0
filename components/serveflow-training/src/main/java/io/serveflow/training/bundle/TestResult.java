/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.bundle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.training.crafting.Candidate;
import io.serveflow.training.data.DataKind;
import io.serveflow.training.fold.LeftOut;
import io.serveflow.training.fold.NamesResult;
import io.serveflow.training.score.Answers;
import io.serveflow.training.score.Evaluation;
import io.serveflow.training.score.Gain;
import io.serveflow.training.tier.TierPlan;
import io.serveflow.training.vote.VoteResult;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a bundle and its baselines reach on flows whose groups nothing was trained, calibrated or
 * chosen on: every flow of the data once, answered out of its fold.
 *
 * @param flows what was answered
 * @param tiers each tier answering all flows by itself
 * @param cascade all tiers together
 * @param baselines what the cascade is compared with
 * @param parity largest difference between the trainers' probabilities and the exported models'
 * @param candidates what the tiers were chosen among; none if they were stated
 * @param leftOut what is said of applications that were left out
 * @param names what names are worth, if a tier reads them
 * @param vote what votes over the flows of hosts reach, if the bundle has such votes
 */
public record TestResult(
        Flows flows,
        List<TierResult> tiers,
        CascadeResult cascade,
        Baselines baselines,
        double parity,
        List<Candidate> candidates,
        List<LeftOut> leftOut,
        Optional<NamesResult> names,
        Optional<VoteResult> vote) {

    /**
     * What was answered.
     *
     * @param kind what the flows were read from
     * @param labels the names of the classes
     * @param groups how many groups hold each class
     */
    public record Flows(DataKind kind, List<String> labels, int[] groups) {}

    /**
     * What all tiers reach together.
     *
     * @param byFold the same for each fold apart
     * @param decidedBy share of the flows that each tier answers
     * @param waited how long flows wait for the cascade and for the last tier, if times are known
     * @param unknown share of the flows whose answer is withheld; they count as wrong
     */
    public record CascadeResult(
            Evaluation evaluation,
            List<Evaluation> byFold,
            List<Double> decidedBy,
            Optional<Waits> waited,
            double unknown) {}

    /**
     * What the cascade is compared with.
     *
     * @param majority the commonest label for every flow
     * @param portTable the commonest label of transport and responder port, if ports are known
     * @param withoutPorts the last tier trained and tested in the same way but blind to ports, if
     *     it is not so anyhow
     * @param gain the cascade's accuracy against the port table's; against the first tier's where
     *     no ports are known
     */
    public record Baselines(
            Evaluation majority,
            Optional<Evaluation> portTable,
            Optional<Evaluation> withoutPorts,
            Gain gain) {}

    /**
     * What one tier reaches by itself.
     *
     * @param errorsMoved see {@link Answers#errorsInUnsureHalf}
     */
    public record TierResult(TierPlan tier, Evaluation evaluation, double errorsMoved) {}

    /** How long flows wait for the cascade, and would for the last tier. */
    public record Waits(Waited cascade, Waited slowOnly) {}

    /**
     * How long flows wait for packets; computing is not counted.
     *
     * @param soon the share of the flows that wait for less than 16 ms
     */
    public record Waited(double medianMillis, double millis95, double soon) {

        private static final long SOON_MICROS = 16_000;

        public static Waited of(final long[] micros) {
            final long[] sorted = micros.clone();
            Arrays.sort(sorted);
            return new Waited(
                    sorted[sorted.length / 2] / 1e3,
                    sorted[(int) (sorted.length * 0.95)] / 1e3,
                    (double) Arrays.stream(sorted).filter(wait -> wait < SOON_MICROS).count()
                            / sorted.length);
        }
    }

    private static final double PLACES = 1e4;

    /** The last tier answering every flow. */
    Evaluation slowOnly() {
        return tiers.get(tiers.size() - 1).evaluation();
    }

    /** The {@code metrics} of {@code bundle.json}; shares and scores with four decimals. */
    public ObjectNode json() {
        final ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("part", "out-of-fold");
        root.put("flows", cascade.evaluation().flows());
        root.put("classes", flows.labels().size());
        final ArrayNode alone = root.putArray("tiers");
        for (final TierResult result : tiers) {
            final ObjectNode entry = alone.addObject();
            entry.put("name", result.tier().name());
            entry.put("packets", result.tier().features().packets());
            add(entry, result.evaluation());
            entry.put("errorsMovedByHalf", rounded(result.errorsMoved()));
        }
        final ObjectNode whole = root.putObject("cascade");
        add(whole, cascade.evaluation());
        final ObjectNode shares = whole.putObject("decidedBy");
        for (int i = 0; i < tiers.size(); i++) {
            shares.put(tiers.get(i).tier().name(), rounded(cascade.decidedBy().get(i)));
        }
        whole.put("unclassified", rounded(cascade.unknown()));
        cascade.waited().ifPresent(waits -> add(whole, waits.cascade()));
        final ArrayNode folds = root.putArray("folds");
        cascade.byFold().forEach(fold -> add(folds.addObject(), fold).put("flows", fold.flows()));
        final ObjectNode slow = add(root.putObject("slowOnly"), slowOnly());
        cascade.waited().ifPresent(waits -> add(slow, waits.slowOnly()));
        baselines
                .portTable()
                .ifPresent(table -> add(root.putObject("portTable"), table).remove("ece"));
        final ObjectNode difference =
                root.putObject(
                        baselines.portTable().isPresent()
                                ? "gainOverPortTable"
                                : "gainOverFirstTier");
        difference.put("accuracy", rounded(baselines.gain().accuracy()));
        difference.put("low", rounded(baselines.gain().low()));
        difference.put("high", rounded(baselines.gain().high()));
        add(root.putObject("majority"), baselines.majority()).remove("ece");
        baselines.withoutPorts().ifPresent(blind -> add(root.putObject("slowWithoutPorts"), blind));
        root.put("parity", parity);
        if (!candidates.isEmpty()) {
            final ArrayNode compared = root.putArray("candidates");
            for (final Candidate candidate : candidates) {
                final ObjectNode entry = compared.addObject();
                entry.put("name", candidate.plan().name());
                entry.put("packets", candidate.packets());
                add(entry, candidate.evaluation());
                entry.put("featureMicros", rounded(candidate.cost().featureMicros()));
                entry.put("inferenceMicros", rounded(candidate.cost().inferenceMicros()));
                entry.put("medianWaitMs", candidate.medianWaitMicros() / 1e3);
                entry.put("front", candidate.isOnFront(candidates));
            }
        }
        if (!leftOut.isEmpty()) {
            final ArrayNode applications = root.putArray("leftOut");
            for (final LeftOut application : leftOut) {
                final ObjectNode entry = applications.addObject();
                entry.put("application", application.application());
                entry.put("label", flows.labels().get(application.label()));
                entry.put("flows", application.flows());
                add(entry.putObject("known"), application.known());
                add(entry.putObject("unseen"), application.unseen());
            }
        }
        names.ifPresent(result -> root.set("names", json(result)));
        vote.ifPresent(result -> root.set("vote", result.json()));
        final ObjectNode classes = root.putObject("perClass");
        for (int c = 0; c < flows.labels().size(); c++) {
            final Evaluation.ClassScore score = cascade.evaluation().classes().get(c);
            final ObjectNode entry = classes.putObject(flows.labels().get(c));
            entry.put("support", score.support());
            entry.put("groups", flows.groups()[c]);
            entry.put("precision", rounded(score.precision()));
            entry.put("recall", rounded(score.recall()));
            entry.put("f1", rounded(score.f1()));
            final Evaluation.ClassTrust trust = cascade.evaluation().trust().get(c);
            entry.put("answers", trust.answers());
            entry.put("confidence", rounded(trust.confidence()));
            entry.put("ece", rounded(trust.ece()));
            entry.put("slowOnlyF1", rounded(slowOnly().classes().get(c).f1()));
            if (baselines.portTable().isPresent()) {
                entry.put(
                        "portTableF1", rounded(baselines.portTable().get().classes().get(c).f1()));
            }
        }
        return root;
    }

    private ObjectNode json(final NamesResult result) {
        final ObjectNode root = JsonNodeFactory.instance.objectNode();
        add(root.putObject("table"), result.table()).remove("ece");
        add(root.putObject("slowWithoutNames"), result.withoutNames());
        final ArrayNode parts = root.putArray("parts");
        for (final NamesResult.Part part : result.parts()) {
            final ObjectNode entry = parts.addObject();
            entry.put("flows", part.flows());
            entry.put("that", part.words());
            entry.put("cascade", rounded(part.cascade()));
            entry.put("table", rounded(part.table()));
        }
        final ArrayNode cuts = root.putArray("cuts");
        for (final NamesResult.Cut cut : result.cuts()) {
            add(cuts.addObject().put("holds", cut.words()), cut.slow());
        }
        final ObjectNode recall = root.putObject("recallWithoutNames");
        for (int c = 0; c < flows.labels().size(); c++) {
            recall.put(
                    flows.labels().get(c),
                    rounded(result.withoutNames().classes().get(c).recall()));
        }
        return root;
    }

    private static ObjectNode add(final ObjectNode node, final Evaluation evaluation) {
        node.put("macroF1", rounded(evaluation.macroF1()));
        node.put("weightedF1", rounded(evaluation.weightedF1()));
        node.put("accuracy", rounded(evaluation.accuracy()));
        node.put("ece", rounded(evaluation.ece()));
        return node;
    }

    private static void add(final ObjectNode node, final Waited waited) {
        final ObjectNode waits = node.putObject("waitMs");
        waits.put("p50", rounded(waited.medianMillis()));
        waits.put("p95", rounded(waited.millis95()));
        node.put("waitUnder16ms", rounded(waited.soon()));
    }

    private static void add(final ObjectNode node, final LeftOut.Said said) {
        node.put("right", rounded(said.right()));
        node.put("unknown", rounded(said.unknown()));
        node.put("wrong", rounded(said.wrong()));
    }

    private static double rounded(final double value) {
        return Math.round(value * PLACES) / PLACES;
    }
}
