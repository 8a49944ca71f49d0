/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.bundle;

import io.serveflow.feature.ContextReach;
import io.serveflow.feature.FeatureSpec;
import io.serveflow.feature.Mask;
import io.serveflow.model.BundleManifest;
import io.serveflow.model.HopThreshold;
import io.serveflow.model.TierSpec;
import io.serveflow.training.bundle.TestResult.TierResult;
import io.serveflow.training.data.DataKind;
import io.serveflow.training.fold.LeftOut;
import io.serveflow.training.fold.NamesResult;
import io.serveflow.training.score.Evaluation;
import io.serveflow.training.score.Gain;
import io.serveflow.training.vote.VoteScores;
import java.util.ArrayList;
import java.util.Collections;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes a bundle's {@code CARD.md}: what it was made of, what it reaches and where it fails. */
public final class ModelCard {

    /** The card's file inside a bundle. */
    public static final String FILE = "CARD.md";

    /** A class below this F1 is named as one that the bundle does not know. */
    /** By how much a recall has to fall to be in the card. */
    private static final double WORTH_SAYING = 0.02;

    private static final double POOR = 0.5;

    /** With fewer flows or groups than these a class's F1 is mostly chance. */
    private static final int FEW_FLOWS = 20;

    private static final int FEW_GROUPS = 5;

    private ModelCard() {}

    /**
     * The card in Markdown.
     *
     * @param dataNote what the training data is and under which licence; one paragraph
     */
    public static String of(
            final BundleManifest manifest, final String dataNote, final TestResult result) {
        return """
        # %s %s

        Answers the task `%s` for one %s at a time with one of %d labels: %s.

        ## Made of

        %s

        %s. Features: %s.

        ## What it reaches

        Measured on all %d %s, each once: they were assigned to %s folds by group (%s), and each \
        fold was answered by %s, calibrations, thresholds and tables that come from the other \
        folds only. The models in this bundle are trained on all folds, with calibrations and \
        thresholds from the same scores, so on %s of the same kinds they should do no worse; on \
        other networks, measure.%s

        %s
        The cascade decides %s. %s

        %s
        ## Thresholds

        %s
        ## By label

        The cascade%s. What is of one group is much alike, so a label is known as well as its \
        groups are many. The confidence is the mean of the answers that say the label; where it is \
        above the precision they are too sure.

        %s
        %s%s## Where it fails

        %s%s
        ## Not meant for

        - Blocking, billing or judging people by its answer alone. It sees %s, and they can be \
        made to look like anything.
        - Networks unlike those of its %s: measure it on labelled \
        traffic of your own first, or train on it (`serveflow train`).
        - Finding attacks. No label says anything about malice.
        - Traffic that is not TCP or UDP.
        %s\
        """
                .formatted(
                        manifest.name(),
                        manifest.version(),
                        manifest.task(),
                        result.flows().kind() == DataKind.SESSIONS ? "session" : "network flow",
                        manifest.labels().size(),
                        String.join(", ", manifest.labels()),
                        dataNote.strip(),
                        parts(manifest, result.flows().kind()),
                        features(manifest),
                        result.cascade().evaluation().flows(),
                        result.flows().kind().unit(),
                        manifest.training().get("split").get("folds").asText(),
                        result.flows().kind() == DataKind.CAPTURES
                                ? "captures that have something in common"
                                : "what has something in common",
                        models(result),
                        result.flows().kind().words(),
                        waits(result.flows().kind()),
                        overall(result),
                        shares(result),
                        verdict(result),
                        spread(result),
                        thresholds(manifest),
                        result.baselines().portTable().isPresent()
                                ? ", compared with the F1 of the table of transport and port (the"
                                        + " commonest training label of transport and responder"
                                        + " port)"
                                : "",
                        perClass(result),
                        names(result),
                        hosts(manifest, result),
                        failures(result),
                        leftOut(result),
                        result.flows().kind().withPorts()
                                ? "headers"
                                : "sizes and times of packets",
                        result.flows().kind().words(),
                        serving(manifest));
    }

    /** What names are worth; nothing if no tier reads them. */
    private static String names(final TestResult result) {
        if (result.names().isEmpty()) {
            return "";
        }
        final NamesResult names = result.names().get();
        final Table parts = new Table("flows that", "flows", "cascade right", "name table right");
        for (final NamesResult.Part part : names.parts()) {
            parts.row(
                    part.words(),
                    Integer.toString(part.flows()),
                    percent(part.cascade()),
                    percent(part.table()));
        }
        final Evaluation whole = last(result).evaluation();
        final Table held = new Table("records that hold", "accuracy", "macro F1");
        held.row("all that was captured", number(whole.accuracy()), number(whole.macroF1()));
        for (final NamesResult.Cut cut : names.cuts()) {
            held.row(cut.words(), number(cut.slow().accuracy()), number(cut.slow().macroF1()));
        }
        final Table labels = new Table("label", "recall", "recall without names");
        for (int c = 0; c < result.flows().labels().size(); c++) {
            final double with = whole.classes().get(c).recall();
            final double without = names.withoutNames().classes().get(c).recall();
            if (with - without >= WORTH_SAYING) {
                labels.row(result.flows().labels().get(c), number(with), number(without));
            }
        }
        return """
        ## Names

        A table of what the host that a flow asks for is known for has by itself an accuracy of %s \
        and a macro F1 of %s. A label rests on a name where the application is a protocol with \
        something behind it (`TLS.NetFlix`) and most flows of the protocol alone have another \
        label.

        %s
        Trained without names, `%s` reaches an accuracy of %s and a macro F1 of %s. Labels that \
        lose by it:

        %s
        `%s`, as it ships, asked about records that hold less; larger ones than were captured are \
        not known:

        %s
        """
                .formatted(
                        number(names.table().accuracy()),
                        number(names.table().macroF1()),
                        parts,
                        last(result).tier().name(),
                        number(names.withoutNames().accuracy()),
                        number(names.withoutNames().macroF1()),
                        labels,
                        last(result).tier().name(),
                        held);
    }

    /** What the tiers are, in the plural. */
    private static String models(final TestResult result) {
        return result.tiers().stream()
                .map(tier -> tier.tier().trainer().words().models())
                .distinct()
                .collect(Collectors.joining(", "));
    }

    /** What is not known of how long the flows were waited for. */
    private static String waits(final DataKind kind) {
        return kind.timed()
                ? ""
                : " When packets came is not known of "
                        + kind.words()
                        + ", so nothing is said of how long an answer takes.";
    }

    /** What a tier needs that records at packet 1 do not have. */
    private static String serving(final BundleManifest manifest) {
        final List<ContextReach> reaches =
                manifest.tiers().stream().map(TierSpec::features).map(ContextReach::of).toList();
        final ContextReach furthest = reaches.get(reaches.size() - 1);
        return switch (furthest.unit()) {
            case PACKETS -> "";
            case PAYLOADS ->
                    """
                    - The shipped routes, which ask at packet 1: these tiers read packets with \
                    payload, of which packet 1 of a TCP flow is none. Use `serveflow classify` on \
                    captures, or routes of your own that ask on context records which hold the \
                    packets up to the last of %s (Zeek: `ServeFlow::depth`).
                    """
                            .formatted(furthest);
            case SECONDS ->
                    """
                    - Routes: sensors send the first packets of a flow, and these tiers read %s. \
                    Use `serveflow classify` on captures, where each flow is one session; what a \
                    client does over several flows at once it does not see together there.
                    """
                            .formatted(furthest);
        };
    }

    private static String parts(final BundleManifest manifest, final DataKind kind) {
        final var split = manifest.training().get("split");
        return "Trained on %d %s in %d groups, seed %s"
                .formatted(
                        split.get("flows").asInt(),
                        kind.unit(),
                        split.get("groups").asInt(),
                        manifest.training().get("seed").asText());
    }

    private static String features(final BundleManifest manifest) {
        return manifest.tiers().stream()
                .map(
                        tier ->
                                "`%s` reads `%s` of %s%s"
                                        .formatted(
                                                tier.name(),
                                                tier.features().encoder(),
                                                ContextReach.of(tier.features()),
                                                without(tier.features())))
                .collect(Collectors.joining("; "));
    }

    /** What is masked, where there is something to mask. */
    private static String without(final FeatureSpec features) {
        return ContextReach.of(features).unit() != ContextReach.Unit.PACKETS
                ? ""
                : " without "
                        + features.mask().stream()
                                .sorted()
                                .map(Mask::id)
                                .collect(Collectors.joining(", "));
    }

    private static String overall(final TestResult result) {
        final Table table = new Table("answers by", "accuracy", "macro F1", "weighted F1", "ECE");
        table.row("always the commonest label", result.baselines().majority(), false);
        result.baselines()
                .portTable()
                .ifPresent(ports -> table.row("table of transport and port", ports, false));
        for (final TierResult tier : result.tiers()) {
            table.row("`" + tier.tier().name() + "` alone", tier.evaluation(), true);
        }
        table.row("**the cascade**", result.cascade().evaluation(), true);
        return table.toString();
    }

    /** How far the folds are apart, and what the ports contribute. */
    private static String spread(final TestResult result) {
        final DoubleSummaryStatistics accuracy =
                result.cascade().byFold().stream()
                        .mapToDouble(Evaluation::accuracy)
                        .summaryStatistics();
        final DoubleSummaryStatistics macroF1 =
                result.cascade().byFold().stream()
                        .mapToDouble(Evaluation::macroF1)
                        .summaryStatistics();
        return "Fold by fold the cascade's accuracy is %s to %s and its macro F1 %s to %s.%s\n"
                .formatted(
                        number(accuracy.getMin()),
                        number(accuracy.getMax()),
                        number(macroF1.getMin()),
                        number(macroF1.getMax()),
                        result.baselines()
                                .withoutPorts()
                                .map(
                                        blind ->
                                                " Trained without ports, `%s` reaches an accuracy of %s and a macro F1 of %s."
                                                        .formatted(
                                                                last(result).tier().name(),
                                                                number(blind.accuracy()),
                                                                number(blind.macroF1())))
                                .orElse(
                                        result.flows().kind().withPorts()
                                                ? " No tier reads a port."
                                                : ""));
    }

    private static TierResult last(final TestResult result) {
        return result.tiers().get(result.tiers().size() - 1);
    }

    private static String shares(final TestResult result) {
        final List<String> shares = new ArrayList<>();
        for (int i = 0; i < result.tiers().size(); i++) {
            shares.add(
                    "%s of the flows in `%s`"
                            .formatted(
                                    percent(result.cascade().decidedBy().get(i)),
                                    result.tiers().get(i).tier().name()));
        }
        return String.join(", ", shares);
    }

    private static String verdict(final TestResult result) {
        final Gain gain = result.baselines().gain();
        if (result.baselines().portTable().isEmpty()) {
            return "Against `%s` alone that is %s accuracy (95 %% interval %s to %s, groups resampled)%s."
                    .formatted(
                            result.tiers().get(0).tier().name(),
                            signed(gain.accuracy()),
                            signed(gain.low()),
                            signed(gain.high()),
                            gain.low() > 0 ? "" : ": waiting for more is not shown to help");
        }
        return ("Against the port table that is %s accuracy (95 %% interval %s to %s, groups"
                        + " resampled) and %s macro F1%s.")
                .formatted(
                        signed(gain.accuracy()),
                        signed(gain.low()),
                        signed(gain.high()),
                        signed(
                                result.cascade().evaluation().macroF1()
                                        - result.baselines().portTable().get().macroF1()),
                        gain.low() > 0
                                ? ""
                                : ": on captures like these the cascade is not shown to be right"
                                        + " more often than a table of ports");
    }

    private static String thresholds(final BundleManifest manifest) {
        final StringBuilder lines = new StringBuilder();
        for (int i = 0; i < manifest.hops().size(); i++) {
            final HopThreshold hop = manifest.hops().get(i);
            lines.append(
                    "- `%s` to `%s`: when the %s of its answer is above %s.\n"
                            .formatted(
                                    manifest.tiers().get(i).name(),
                                    manifest.tiers().get(i + 1).name(),
                                    hop.score().id(),
                                    hop.perClass()
                                            ? byLabel(manifest.labels(), hop.values())
                                            : number(hop.values()[0])));
        }
        return lines.isEmpty() ? "There is one tier and no hop.\n" : lines.toString();
    }

    /** No uncertainty is above 1, so flows that are said to be of such a label stay. */
    private static String byLabel(final List<String> labels, final double[] thresholds) {
        return "the threshold of its label: "
                + IntStream.range(0, thresholds.length)
                        .mapToObj(
                                i ->
                                        labels.get(i)
                                                + " "
                                                + (thresholds[i] >= 1
                                                        ? "never"
                                                        : number(thresholds[i])))
                        .collect(Collectors.joining(", "));
    }

    private static String perClass(final TestResult result) {
        final List<String> columns =
                new ArrayList<>(
                        List.of(
                                "label",
                                result.flows().kind().unit(),
                                "groups",
                                "confidence",
                                "precision",
                                "recall",
                                "F1"));
        if (result.baselines().portTable().isPresent()) {
            columns.add("port table F1");
        }
        final Table table = new Table(columns.toArray(String[]::new));
        for (int c = 0; c < result.flows().labels().size(); c++) {
            final Evaluation.ClassScore score = result.cascade().evaluation().classes().get(c);
            final List<String> cells = new ArrayList<>();
            cells.add(result.flows().labels().get(c));
            if (score.support() == 0) {
                cells.addAll(List.of("0", "0"));
                cells.addAll(Collections.nCopies(columns.size() - cells.size(), ""));
            } else {
                cells.add(Integer.toString(score.support()));
                cells.add(Integer.toString(result.flows().groups()[c]));
                cells.add(number(result.cascade().evaluation().trust().get(c).confidence()));
                cells.add(number(score.precision()));
                cells.add(number(score.recall()));
                cells.add(number(score.f1()));
                if (result.baselines().portTable().isPresent()) {
                    cells.add(number(result.baselines().portTable().get().classes().get(c).f1()));
                }
            }
            table.row(cells.toArray(String[]::new));
        }
        return table.toString();
    }

    /** What votes over the flows of hosts reach; empty if the bundle has none. */
    private static String hosts(final BundleManifest manifest, final TestResult result) {
        if (result.vote().isEmpty() || manifest.vote().isEmpty()) {
            return "";
        }
        final VoteScores scores = result.vote().get().scores();
        final Table table =
                new Table("after", "captures right", "macro F1", "hosts right", "macro F1");
        scores.captures()
                .first()
                .forEach(
                        (flows, captures) ->
                                table.row(
                                        flows + (flows == 1 ? " flow" : " flows"),
                                        number(captures.accuracy()),
                                        number(captures.macroF1()),
                                        number(scores.hosts().first().get(flows).accuracy()),
                                        number(scores.hosts().first().get(flows).macroF1())));
        table.row(
                "**all flows**",
                number(scores.captures().all().accuracy()),
                number(scores.captures().all().macroF1()),
                number(scores.hosts().all().accuracy()),
                number(scores.hosts().all().macroF1()));
        return """
        ## Hosts

        Flows of one host vote on what it is, within windows of %d seconds. Measured out of fold \
        on %d captures, all flows of each (half of them with %d flows or more), and on the %d \
        hosts in them, as a deployed bundle sees them (%d flows or more). The label to find is \
        that of most flows, so a phone that asks a device counts as right when it is called that \
        device: a host is known by what it talks to as much as by what it is. The confidence of a vote is off by %s (captures) and %s (hosts) on \
        average (ECE).

        %s
        Other ways to count, captures and hosts right: %s.

        """
                .formatted(
                        manifest.vote().get().windowSeconds(),
                        scores.captures().all().flows(),
                        scores.captures().flowsPerVote(),
                        scores.hosts().all().flows(),
                        scores.hosts().flowsPerVote(),
                        number(scores.captures().all().ece()),
                        number(scores.hosts().all().ece()),
                        table,
                        result.vote().get().compared().stream()
                                .map(
                                        one ->
                                                "%s %s and %s"
                                                        .formatted(
                                                                one.way(),
                                                                number(one.captures()),
                                                                number(one.hosts())))
                                .collect(Collectors.joining("; ")));
    }

    private static String failures(final TestResult result) {
        final List<String> poor = new ArrayList<>();
        final List<String> unsure = new ArrayList<>();
        for (int c = 0; c < result.flows().labels().size(); c++) {
            final Evaluation.ClassScore score = result.cascade().evaluation().classes().get(c);
            if (score.support() > 0 && score.f1() < POOR) {
                poor.add("%s (%s)".formatted(result.flows().labels().get(c), number(score.f1())));
            }
            if (score.support() < FEW_FLOWS || result.flows().groups()[c] < FEW_GROUPS) {
                unsure.add(
                        "%s (%d of %d)"
                                .formatted(
                                        result.flows().labels().get(c),
                                        score.support(),
                                        result.flows().groups()[c]));
            }
        }
        final StringBuilder lines = new StringBuilder();
        if (!poor.isEmpty()) {
            lines.append(
                    "- Do not rely on these labels, their F1 is below %s: %s.\n"
                            .formatted(POOR, String.join(", ", poor)));
        }
        if (!unsure.isEmpty()) {
            lines.append(
                    "- Too few test flows (below %d) or groups (below %d) to say much of: %s.\n"
                            .formatted(FEW_FLOWS, FEW_GROUPS, String.join(", ", unsure)));
        }
        lines.append(
                ("- A flow that is none of the labels often gets one of them all the same. An"
                     + " answer is withheld, and the label is `unknown`, only where fewer than one"
                     + " such answer in four was right: here for %s of the flows, which count as"
                     + " wrong.\n")
                        .formatted(percent(result.cascade().unknown())));
        lines.append(
                "- Its confidence is off by %s on average (ECE) on groups it has not seen.\n"
                        .formatted(number(result.cascade().evaluation().ece())));
        return lines.toString();
    }

    /** What is said of applications that no training flow was of. */
    private static String leftOut(final TestResult result) {
        if (result.leftOut().isEmpty()) {
            return "";
        }
        final Table table =
                new Table(
                        "application",
                        "label",
                        "flows",
                        "right",
                        "right, unseen",
                        "withheld, unseen",
                        "wrong, unseen");
        for (final LeftOut one : result.leftOut()) {
            table.row(
                    one.application(),
                    result.flows().labels().get(one.label()),
                    Integer.toString(one.flows()),
                    percent(one.known().right()),
                    percent(one.unseen().right()),
                    percent(one.unseen().unknown()),
                    percent(one.unseen().wrong()));
        }
        return """

        ### Applications that it has never seen

        Each was left out of the training once, with all its captures. For comparison, how often the \
        cascade is right when other captures of the application are known.

        %s\
        """
                .formatted(table);
    }

    private static String number(final double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private static String signed(final double value) {
        return String.format(Locale.ROOT, "%+.3f", value);
    }

    private static String percent(final double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    /** A Markdown table. */
    private static final class Table {

        private final StringBuilder text = new StringBuilder();

        Table(final String... columns) {
            row(columns);
            text.append("|---".repeat(columns.length)).append("|\n");
        }

        void row(final String... cells) {
            text.append("| ").append(String.join(" | ", cells)).append(" |\n");
        }

        void row(final String name, final Evaluation evaluation, final boolean confident) {
            row(
                    name,
                    number(evaluation.accuracy()),
                    number(evaluation.macroF1()),
                    number(evaluation.weightedF1()),
                    confident ? number(evaluation.ece()) : "");
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
