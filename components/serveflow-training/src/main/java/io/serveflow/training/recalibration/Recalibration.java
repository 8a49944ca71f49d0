/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.recalibration;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.drift.Reference;
import io.serveflow.model.BundleManifest;
import io.serveflow.model.HopThreshold;
import io.serveflow.model.TierCalibration;
import io.serveflow.training.calibration.Calibration;
import io.serveflow.training.data.Dataset;
import io.serveflow.training.score.Answers;
import io.serveflow.training.score.Evaluation;
import io.serveflow.training.score.Objective;
import io.serveflow.training.score.Outcome;
import io.serveflow.training.score.TierWaits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What calibrating a bundle anew changes.
 *
 * @param bundle the bundle as it is
 * @param labelled whether answers were compared with labels, and not with the last tier's answers
 * @param reference what the chosen calibration answers here, with which live traffic is compared
 * @param before what the bundle comes to as it is
 * @param after what it comes to, measured on groups that the choice was not made on
 * @param changed the share of the flows that get another label
 */
public record Recalibration(
        BundleManifest bundle,
        boolean labelled,
        int flows,
        int groups,
        Objective objective,
        Calibration current,
        Calibration chosen,
        Reference reference,
        Measured before,
        Measured after,
        double changed) {

    /** The scores of a cascade, and how many of its flows each tier decides. */
    record Measured(
            Evaluation evaluation, Outcome outcome, List<Double> decidedBy, double unknown) {

        static Measured of(final Answers answers, final Dataset data, final TierWaits waits) {
            final int classes = data.names().size();
            final List<Double> decidedBy = new ArrayList<>();
            for (int tier = 0; tier < waits.moves().length; tier++) {
                decidedBy.add(answers.share(tier));
            }
            return new Measured(
                    Evaluation.of(
                            data.labels(), answers.predicted(), answers.confidence(), classes),
                    Outcome.of(answers, data.labels(), classes, waits),
                    decidedBy,
                    answers.unknown());
        }
    }

    /** A table of what changes, in plain text. */
    public String text() {
        final StringBuilder text = new StringBuilder();
        text.append(
                "%s %s on %d flows of %d groups, compared with %s%n"
                        .formatted(
                                bundle.name(),
                                bundle.version(),
                                flows,
                                groups,
                                labelled
                                        ? "their labels"
                                        : "the answers of its last tier, as there are no labels"));
        text.append("aim: %s%n%n".formatted(objective.text()));
        row(text, "", "as it is", "calibrated");
        final String of = labelled ? "" : " (agreement)";
        row(text, "accuracy" + of, before.evaluation.accuracy(), after.evaluation.accuracy());
        row(text, "macro F1" + of, before.evaluation.macroF1(), after.evaluation.macroF1());
        if (labelled) {
            row(text, "calibration error", before.evaluation.ece(), after.evaluation.ece());
        }
        row(
                text,
                "flows that wait for packets",
                before.outcome.escalated(),
                after.outcome.escalated());
        row(
                text,
                "mean wait, ms",
                whole(before.outcome.meanMillis()),
                whole(after.outcome.meanMillis()));
        row(text, "answers withheld", before.unknown, after.unknown);
        for (int tier = 0; tier < bundle.tiers().size(); tier++) {
            row(
                    text,
                    "decided by " + bundle.tiers().get(tier).name(),
                    before.decidedBy.get(tier),
                    after.decidedBy.get(tier));
        }
        for (int tier = 0; tier < bundle.tiers().size(); tier++) {
            row(
                    text,
                    "temperature of " + bundle.tiers().get(tier).name(),
                    current.tiers().get(tier).temperature(),
                    chosen.tiers().get(tier).temperature());
            row(
                    text,
                    "confidence map of " + bundle.tiers().get(tier).name(),
                    map(current.tiers().get(tier)),
                    map(chosen.tiers().get(tier)));
        }
        for (int hop = 0; hop < bundle.hops().size(); hop++) {
            row(
                    text,
                    "%s moves on above".formatted(bundle.tiers().get(hop).name()),
                    threshold(current.hops().get(hop)),
                    threshold(chosen.hops().get(hop)));
        }
        text.append(
                String.format(
                        Locale.ROOT, "%n%.1f %% of the flows get another label.%n", 100 * changed));
        return text.toString();
    }

    /** The same for programs. */
    public ObjectNode json() {
        final ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("flows", flows);
        root.put("groups", groups);
        root.put("labelled", labelled);
        root.put("objective", objective.text());
        root.put("changed", changed);
        measured(root.putObject("before"), before);
        measured(root.putObject("after"), after);
        return root;
    }

    private static void measured(final ObjectNode node, final Measured measured) {
        node.put("accuracy", measured.evaluation.accuracy());
        node.put("macroF1", measured.evaluation.macroF1());
        node.put("ece", measured.evaluation.ece());
        node.put("escalated", measured.outcome.escalated());
        if (!Double.isNaN(measured.outcome.meanMillis())) {
            node.put("meanWaitMs", measured.outcome.meanMillis());
        }
    }

    private static String map(final TierCalibration calibration) {
        return calibration
                .confidence()
                .map(map -> "%d knots".formatted(map.from().length))
                .orElse("none");
    }

    private static String threshold(final HopThreshold hop) {
        final double[] values = hop.values();
        return hop.perClass()
                ? number(Arrays.stream(values).min().orElseThrow())
                        + " to "
                        + number(Arrays.stream(values).max().orElseThrow())
                : number(values[0]);
    }

    private static void row(
            final StringBuilder text, final String name, final double before, final double after) {
        row(text, name, number(before), number(after));
    }

    private static void row(
            final StringBuilder text, final String name, final String before, final String after) {
        text.append("%-30s %22s %22s%n".formatted(name, before, after));
    }

    private static String whole(final double value) {
        return Double.isNaN(value) ? "unknown" : String.format(Locale.ROOT, "%.0f", value);
    }

    private static String number(final double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
