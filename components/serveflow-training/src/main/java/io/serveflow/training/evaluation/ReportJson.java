/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.drift.DriftReport;
import io.serveflow.training.data.LabelledCaptures;
import io.serveflow.training.evaluation.Measurements.CascadeMeasurement;
import io.serveflow.training.evaluation.Measurements.Occluded;
import io.serveflow.training.evaluation.Measurements.TierMeasurement;
import io.serveflow.training.evaluation.Measurements.Waiting;
import io.serveflow.training.score.Evaluation;
import io.serveflow.training.tier.TierCost;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** An evaluation as JSON. */
final class ReportJson {

    private static final double SCORE_PLACES = 1e4;
    private static final double TIME_PLACES = 1e4;

    private final Measurements m;

    private ReportJson(final Measurements measurements) {
        this.m = measurements;
    }

    static String of(final Measurements measurements) {
        return new ReportJson(measurements).report().toPrettyString() + "\n";
    }

    private ObjectNode report() {
        final ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("task", m.bundle().task());
        final ObjectNode bundle = root.putObject("bundle");
        bundle.put("name", m.bundle().name());
        bundle.put("version", m.bundle().version());
        root.put("flows", m.sample().size());
        root.put("classes", m.bundle().labels().size());
        root.put("groups", m.sample().groupCount());
        final ArrayNode warnings = root.putArray("warnings");
        m.warnings().forEach(warnings::add);
        addCounts(root.putObject("data"), m.counts());
        root.put("kind", m.kind().name().toLowerCase(Locale.ROOT));
        root.put("batch", TierCost.BATCH);
        final ArrayNode tiers = root.putArray("tiers");
        m.tiers().forEach(tier -> add(tiers.addObject(), tier));
        add(root.putObject("cascade"), m.cascade());
        final ObjectNode slow = root.putObject("slowOnly");
        addScores(slow, m.slowest().score());
        addLatency(slow, m.slowOnly());
        final ObjectNode endings = slow.putObject("waitEnds");
        m.endings().forEach((ending, n) -> endings.put(ending.name().toLowerCase(Locale.ROOT), n));
        putWait(root, "speedupMedian", time(m.speedup()));
        putWait(root, "speedupMedianToLastPacket", time(m.speedupToLastPacket()));
        m.vote().ifPresent(vote -> root.set("vote", vote.json()));
        addAssignment(root);
        addConfusion(root.putObject("confusion"));
        addClasses(root.putArray("perClass"));
        final ObjectNode baselines = root.putObject("baselines");
        baselines.put("folds", m.baselines().folds());
        m.baselines()
                .scores()
                .forEach(
                        (name, score) -> addScores(baselines.putObject(name), score).remove("ece"));
        final ArrayNode occlusions = root.putArray("occlusions");
        m.occluded().forEach(occluded -> add(occlusions.addObject(), occluded));
        m.drift().ifPresent(drift -> add(root.putObject("drift"), drift));
        return root;
    }

    private static void addCounts(final ObjectNode node, final LabelledCaptures.Counts counts) {
        node.put("labelRows", counts.rows());
        node.put("unreadableRows", counts.unreadableRows());
        node.put("rowsWithoutClass", counts.rowsWithoutClass());
        node.put("captures", counts.captures());
        node.put("missingCaptures", counts.missingCaptures());
        node.put("rowsWithoutCapture", counts.rowsWithoutCapture());
        node.put("rowsWithoutFlow", counts.rowsWithoutFlow());
        node.put("flowsWithoutRow", counts.flowsWithoutRow());
        node.put("deadLetters", counts.deadLetters());
    }

    private static void add(final ObjectNode node, final TierMeasurement tier) {
        node.put("name", tier.spec().name());
        node.put("packets", tier.spec().features().packets());
        node.put("model", tier.model());
        node.put("features", tier.spec().features().encoder());
        addScores(node, tier.score());
        node.put("featureMicros", time(tier.cost().featureMicros()));
        node.put("inferenceMicros", time(tier.cost().inferenceMicros()));
        node.put("aloneMicros", time(tier.cost().aloneMicros()));
        addReliability(node, tier.score());
    }

    private void add(final ObjectNode node, final CascadeMeasurement cascade) {
        addScores(node, cascade.score());
        final ObjectNode shares = node.putObject("decidedBy");
        for (int i = 0; i < m.tiers().size(); i++) {
            shares.put(m.tiers().get(i).spec().name(), score(cascade.decidedBy()[i]));
        }
        addLatency(node, cascade.waiting());
        putWait(node, "under16ms", score(cascade.waiting().full().soon()));
        node.put("unclassified", score(cascade.unclassified()));
        addReliability(node, cascade.score());
    }

    /** What is made of waits is null where they are not known. */
    private void putWait(final ObjectNode node, final String name, final double value) {
        if (m.kind().timed()) {
            node.put(name, value);
        } else {
            node.putNull(name);
        }
    }

    private void addLatency(final ObjectNode node, final Waiting waiting) {
        if (!m.kind().timed()) {
            node.putNull("latencyMs");
            node.putNull("latencyToLastPacketMs");
            return;
        }
        addQuantiles(node.putObject("latencyMs"), waiting.full());
        addQuantiles(node.putObject("latencyToLastPacketMs"), waiting.toLastPacket());
    }

    private static void addQuantiles(final ObjectNode node, final Latencies latencies) {
        node.put("p50", time(latencies.quantile(0.5)));
        node.put("p95", time(latencies.quantile(0.95)));
        node.put("p99", time(latencies.quantile(0.99)));
    }

    /** The hop to the slowest tier, the dear one; all hops are in {@code hops}. */
    private void addAssignment(final ObjectNode root) {
        final ArrayNode assignment = root.putArray("assignment");
        final ArrayNode hops = root.putArray("hops");
        for (final EscalationCurve hop : m.hops()) {
            final ObjectNode node = hops.addObject();
            node.put("from", hop.from());
            node.put("to", hop.to());
            node.put("fixed", score(hop.fixed()));
            node.put("broken", score(hop.broken()));
            final ObjectNode operating = node.putObject("operatingPoint");
            operating.put("escalated", score(hop.operating().escalated()));
            operating.put("macroF1", score(hop.operating().macroF1()));
            putWait(operating, "latencyP50Ms", time(hop.operating().latencyMillis()));
            final ObjectNode errors = node.putObject("errorsMovedByHalf");
            hop.movedErrors().forEach((policy, share) -> errors.put(policy.id(), score(share)));
            addPoints(node.putArray("assignment"), hop.points());
        }
        if (!m.hops().isEmpty()) {
            addPoints(assignment, m.hops().get(m.hops().size() - 1).points());
            final ObjectNode operating = root.putObject("operatingPoint");
            operating.put("escalated", score(m.cascade().decidedBy()[m.tiers().size() - 1]));
            operating.put("macroF1", score(m.cascade().score().macroF1()));
            putWait(operating, "latencyP50Ms", time(m.cascade().waiting().full().quantile(0.5)));
        }
    }

    private void addPoints(final ArrayNode node, final List<EscalationCurve.Point> points) {
        for (final EscalationCurve.Point point : points) {
            final ObjectNode entry = node.addObject();
            entry.put("policy", point.policy().id());
            entry.put("escalated", score(point.escalated()));
            entry.put("macroF1", score(point.macroF1()));
            putWait(entry, "latencyP50Ms", time(point.latencyMillis()));
        }
    }

    private void addConfusion(final ObjectNode node) {
        final Confusion confusion = Confusion.of(m.sample(), m.cascade().answers().predicted());
        final ArrayNode labels = node.putArray("labels");
        m.sample().names().forEach(labels::add);
        final ArrayNode matrix = node.putArray("matrix");
        for (final int[] row : confusion.answers()) {
            final ArrayNode cells = matrix.addArray();
            Arrays.stream(row).forEach(cells::add);
        }
        final ArrayNode unanswered = node.putArray("unanswered");
        Arrays.stream(confusion.unanswered()).forEach(unanswered::add);
    }

    private void addClasses(final ArrayNode node) {
        final int[] groups = m.sample().groupsByClass();
        final int[] captures = m.sample().capturesByClass();
        final List<Evaluation> predicted =
                PredictedClasses.eachClass(m.sample(), m.cascade().answers());
        for (int c = 0; c < groups.length; c++) {
            final Evaluation.ClassScore score = m.cascade().score().classes().get(c);
            final ObjectNode entry = node.addObject();
            entry.put("label", m.sample().names().get(c));
            entry.put("known", c < m.sample().known());
            entry.put("support", score.support());
            entry.put("groups", groups[c]);
            entry.put("captures", captures[c]);
            entry.put("precision", score(score.precision()));
            entry.put("recall", score(score.recall()));
            entry.put("f1", score(score.f1()));
            entry.put("slowOnlyF1", score(m.slowest().score().classes().get(c).f1()));
            final Evaluation ports = m.baselines().scores().get(Baselines.PORT_TABLE);
            if (ports != null) {
                entry.put("portTableF1", score(ports.classes().get(c).f1()));
            }
            entry.put("answers", predicted.get(c).flows());
            entry.put("ece", score(predicted.get(c).ece()));
        }
    }

    private void add(final ObjectNode node, final Occluded occluded) {
        node.put("occluded", occluded.occlusion().id());
        node.put("macroF1", score(occluded.cascade().macroF1()));
        node.put("weightedF1", score(occluded.cascade().weightedF1()));
        node.put("accuracy", score(occluded.cascade().accuracy()));
        final ObjectNode tiers = node.putObject("tiers");
        for (int i = 0; i < m.tiers().size(); i++) {
            final ObjectNode tier = tiers.putObject(m.tiers().get(i).spec().name());
            tier.put("macroF1", score(occluded.tiers().get(i).macroF1()));
            tier.put("accuracy", score(occluded.tiers().get(i).accuracy()));
        }
    }

    private static void add(final ObjectNode node, final DriftReport drift) {
        node.put("state", drift.state().id());
        node.put("text", drift.text());
        final ObjectNode distributions = node.putObject("distributions");
        for (final DriftReport.Distance distance : drift.distances()) {
            final ObjectNode entry = distributions.putObject(distance.distribution());
            entry.put("state", distance.state().id());
            entry.put("psi", score(distance.divergence().psi()));
            entry.put("js", score(distance.divergence().js()));
        }
    }

    private static ObjectNode addScores(final ObjectNode node, final Evaluation evaluation) {
        node.put("macroF1", score(evaluation.macroF1()));
        node.put("weightedF1", score(evaluation.weightedF1()));
        node.put("accuracy", score(evaluation.accuracy()));
        node.put("ece", score(evaluation.ece()));
        return node;
    }

    private static void addReliability(final ObjectNode node, final Evaluation evaluation) {
        final ArrayNode bins = node.putArray("reliability");
        for (final Evaluation.Bin bin : evaluation.bins()) {
            final ObjectNode entry = bins.addObject();
            entry.put("answers", bin.answers());
            entry.put("confidence", score(bin.confidence()));
            entry.put("accuracy", score(bin.accuracy()));
        }
    }

    private static double score(final double value) {
        return Math.round(value * SCORE_PLACES) / SCORE_PLACES;
    }

    private static double time(final double value) {
        return Math.round(value * TIME_PLACES) / TIME_PLACES;
    }
}
