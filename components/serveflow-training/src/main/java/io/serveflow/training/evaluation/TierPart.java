/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import static io.serveflow.training.evaluation.page.Wording.count;
import static io.serveflow.training.evaluation.page.Wording.difference;
import static io.serveflow.training.evaluation.page.Wording.digits;
import static io.serveflow.training.evaluation.page.Wording.list;
import static io.serveflow.training.evaluation.page.Wording.micros;
import static io.serveflow.training.evaluation.page.Wording.millis;
import static io.serveflow.training.evaluation.page.Wording.percent;
import static io.serveflow.training.evaluation.page.Wording.score;
import static io.serveflow.training.evaluation.page.Wording.times;

import io.serveflow.training.evaluation.Measurements.TierMeasurement;
import io.serveflow.training.evaluation.page.Caption;
import io.serveflow.training.evaluation.page.Table;
import io.serveflow.training.evaluation.page.Table.Cell;
import io.serveflow.training.evaluation.page.Table.Weight;
import io.serveflow.training.score.Evaluation;
import io.serveflow.training.tier.TierCost;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The tables of the ServeFlow paper: each tier by itself, what it costs, and all as a cascade. */
final class TierPart {

    private TierPart() {}

    static List<DomContent> of(final Measurements m) {
        final List<DomContent> parts = new ArrayList<>(List.of(scores(m), costs(m)));
        parts.add(cascade(m));
        if (!m.hops().isEmpty()) {
            parts.add(deciders(m));
        }
        return List.copyOf(parts);
    }

    private static DomContent scores(final Measurements m) {
        final Table table =
                Table.of("", Reads.head(m), "macro-F1", "weighted F1", "accuracy", "ECE", "model");
        for (final TierMeasurement tier : m.tiers()) {
            addScores(
                    table,
                    Weight.PLAIN,
                    tier.spec().name(),
                    Reads.cell(m, tier),
                    tier.score(),
                    tier.model());
        }
        if (!m.hops().isEmpty()) {
            addScores(
                    table,
                    Weight.STRONG,
                    "cascade",
                    Reads.span(m),
                    m.cascade().score(),
                    m.tiers().size() + " tiers");
        }
        return table.with(
                new Caption(
                        scoreFinding(m),
                        "Each tier is asked of every "
                                + m.kind().one()
                                + ", as if it were alone. Macro-F1 is the mean over the classes"
                                + " that have "
                                + m.unit()
                                + ", weighted F1 the mean over the "
                                + m.unit()
                                + ". ECE, the expected calibration error, is how far the confidence"
                                + " is from the share of right answers; 0 is best. The paper states"
                                + " weighted F1."));
    }

    private static String scoreFinding(final Measurements m) {
        if (m.hops().isEmpty()) {
            return "The only tier, "
                    + m.slowest().spec().name()
                    + ", reaches macro-F1 "
                    + score(m.slowest().score().macroF1())
                    + " from "
                    + Reads.of(m.slowest())
                    + ".";
        }
        final TierMeasurement first = m.tiers().get(0);
        final TierMeasurement best =
                m.tiers().stream()
                        .max(Comparator.comparingDouble(tier -> tier.score().macroF1()))
                        .orElseThrow();
        return "The first tier, "
                + first.spec().name()
                + ", has macro-F1 "
                + score(first.score().macroF1())
                + " from "
                + Reads.of(first)
                + "; the best one alone, "
                + best.spec().name()
                + ", has "
                + score(best.score().macroF1())
                + " from "
                + Reads.of(best)
                + "; the cascade has "
                + score(m.cascade().score().macroF1())
                + ", "
                + difference(m.cascade().score().macroF1() - best.score().macroF1())
                + " against that one."
                + (m.slowest().score().macroF1() >= best.score().macroF1()
                        ? ""
                        : " The last tier, "
                                + m.slowest().spec().name()
                                + ", is not the best one here.");
    }

    private static DomContent costs(final Measurements m) {
        final Table table =
                Table.of(
                        "",
                        Reads.head(m),
                        "features, µs a " + m.kind().one(),
                        "inference, µs a " + m.kind().one(),
                        "both, µs a " + m.kind().one(),
                        "both for one alone, µs");
        for (final TierMeasurement tier : m.tiers()) {
            final TierCost cost = tier.cost();
            table.row(
                    Weight.PLAIN,
                    tier.spec().name(),
                    Reads.cell(m, tier),
                    digits(cost.featureMicros()),
                    digits(cost.inferenceMicros()),
                    digits(ComputeCost.of(tier)),
                    digits(cost.aloneMicros()));
        }
        if (!m.hops().isEmpty()) {
            table.row(
                    Weight.STRONG,
                    "cascade, mean",
                    Reads.span(m),
                    "–",
                    "–",
                    digits(ComputeCost.ofCascade(m)),
                    "–");
        }
        return table.with(
                new Caption(
                        costFinding(m),
                        "One thread of the machine that evaluated, after a warm-up. The share"
                                + " of a batch of "
                                + TierCost.BATCH
                                + ", and what the same costs for one that is in no batch, as in"
                                + " the paper. Times differ from run to run."));
    }

    private static String costFinding(final Measurements m) {
        final double slow = ComputeCost.of(m.slowest());
        if (m.hops().isEmpty()) {
            return m.slowest().spec().name()
                    + " takes "
                    + micros(slow)
                    + " a "
                    + m.kind().one()
                    + " to compute.";
        }
        final double cascade = ComputeCost.ofCascade(m);
        return "The cascade computes "
                + micros(cascade)
                + " a "
                + m.kind().one()
                + " on average, "
                + m.slowest().spec().name()
                + " on every "
                + m.kind().one()
                + " "
                + micros(slow)
                + (cascade < slow
                        ? ", " + times(slow / cascade) + " as much."
                        : m.kind().timed()
                                ? "; what the cascade saves here is waiting, not computing."
                                : "; the cascade saves no computing here.");
    }

    private static DomContent cascade(final Measurements m) {
        final List<String> heads = new ArrayList<>(List.of("", "macro-F1", "weighted F1"));
        if (m.kind().timed()) {
            final String unit = m.canBeSoon() ? ", ms" : ", s";
            heads.addAll(List.of("p50" + unit, "p95" + unit, "p99" + unit));
        }
        if (m.canBeSoon()) {
            heads.add("under 16 ms");
        }
        heads.add("unclassified");
        final Table table = Table.of(heads.toArray(String[]::new));
        if (!m.hops().isEmpty()) {
            addWaiting(
                    table,
                    m,
                    Weight.STRONG,
                    "cascade",
                    m.cascade().score(),
                    m.cascade().waiting().full(),
                    percent(m.cascade().unclassified()));
        }
        addWaiting(
                table,
                m,
                Weight.PLAIN,
                m.slowest().spec().name() + " only",
                m.slowest().score(),
                m.slowOnly().full(),
                m.hops().isEmpty() ? percent(m.cascade().unclassified()) : "–");
        return table.with(
                new Caption(
                        m.kind().timed() ? waitingFinding(m) : change(m),
                        (m.kind().timed() ? waitingReading(m) : "")
                                + "Unclassified are "
                                + m.unit()
                                + " whose answer is none of the bundle's labels or whose label it"
                                + " does not know; they count as wrong."
                                + (m.canBeSoon()
                                        ? " The paper has 40.5 times and 76.3\u00a0% under"
                                                + " 16\u00a0ms on its own data."
                                        : "")));
    }

    /** What the cascade comes to where it is not known how long it waits. */
    private static String change(final Measurements m) {
        return (m.hops().isEmpty() ? "The bundle" : "The cascade")
                + " leaves "
                + percent(m.cascade().unclassified())
                + " unclassified"
                + (m.hops().isEmpty()
                        ? "."
                        : "; macro-F1 changes by "
                                + gain(m)
                                + " against "
                                + m.slowest().spec().name()
                                + " on every "
                                + m.kind().one()
                                + ".");
    }

    private static String gain(final Measurements m) {
        return difference(m.cascade().score().macroF1() - m.slowest().score().macroF1());
    }

    private static String waitingReading(final Measurements m) {
        final String latency =
                "Latency is the paper's: from the first packet to the verdict, that is, waiting as"
                        + " the clocks of the "
                        + m.kind().words()
                        + " tell it and computing. ";
        return m.canBeSoon()
                ? latency
                        + "A sensor cannot know that no packet follows, so a flow that ends early"
                        + " keeps a tier waiting until TCP closed it or the wait ran out; without"
                        + " that the speed-up of the median would be "
                        + times(m.speedupToLastPacket())
                        + ". "
                : latency + "A tier that reads seconds waits until they are over. ";
    }

    private static String waitingFinding(final Measurements m) {
        final Latencies cascade = m.cascade().waiting().full();
        if (m.hops().isEmpty()) {
            return "Half of the "
                    + m.unit()
                    + " are answered within "
                    + millis(cascade.quantile(0.5))
                    + (m.canBeSoon() ? ", " + percent(cascade.soon()) + " in under 16 ms." : ".");
        }
        return "The cascade answers half of the "
                + m.unit()
                + " within "
                + millis(cascade.quantile(0.5))
                + " where "
                + m.slowest().spec().name()
                + " alone needs "
                + millis(m.slowOnly().full().quantile(0.5))
                + ", "
                + times(m.speedup())
                + " as fast"
                + (m.medianRunsOut()
                        ? " (most "
                                + m.unit()
                                + " never have "
                                + Reads.of(m.slowest())
                                + ", so that is the longest wait; "
                                + times(m.speedupToLastPacket())
                                + " if a sensor knew which packet is the last)"
                        : "")
                + (m.canBeSoon()
                        ? ", and " + percent(cascade.soon()) + " of them in under 16\u00a0ms"
                        : "")
                + "; macro-F1 changes by "
                + gain(m)
                + ".";
    }

    private static DomContent deciders(final Measurements m) {
        final Table table =
                Table.of("", m.unit() + " decided", "share of the " + m.unit(), "asked of");
        double reached = 1;
        for (int i = 0; i < m.tiers().size(); i++) {
            final double share = m.cascade().decidedBy()[i];
            table.row(
                    Weight.PLAIN,
                    m.tiers().get(i).spec().name(),
                    List.of(
                            Cell.of(count(Math.round(share * m.sample().size()))),
                            Cell.share(share),
                            Cell.of(percent(Math.max(0, reached)))));
            reached -= share;
        }
        return table.with(new Caption(deciderFinding(m), "Which tier's answer stands."));
    }

    private static String deciderFinding(final Measurements m) {
        double early = 0;
        final List<String> one = new ArrayList<>();
        for (int i = 0; i < m.tiers().size(); i++) {
            if (Reads.firstPacket(m.tiers().get(i))) {
                early += m.cascade().decidedBy()[i];
                one.add(m.tiers().get(i).spec().name());
            }
        }
        final double last = m.cascade().decidedBy()[m.tiers().size() - 1];
        return (one.isEmpty()
                        ? percent(m.cascade().decidedBy()[0])
                                + " of the "
                                + m.unit()
                                + " are decided by the first tier, "
                                + m.tiers().get(0).spec().name()
                                + ", from "
                                + Reads.of(m.tiers().get(0))
                        : percent(early)
                                + " of the "
                                + m.unit()
                                + " are decided from their first packet, by "
                                + list(one))
                + "; "
                + percent(last)
                + " go all the way to "
                + m.slowest().spec().name()
                + ".";
    }

    private static void addScores(
            final Table table,
            final Weight weight,
            final String name,
            final String packets,
            final Evaluation evaluation,
            final String model) {
        table.row(
                weight,
                name,
                packets,
                score(evaluation.macroF1()),
                score(evaluation.weightedF1()),
                score(evaluation.accuracy()),
                score(evaluation.ece()),
                model);
    }

    private static void addWaiting(
            final Table table,
            final Measurements m,
            final Weight weight,
            final String name,
            final Evaluation evaluation,
            final Latencies latencies,
            final String unclassified) {
        final List<String> cells =
                new ArrayList<>(
                        List.of(score(evaluation.macroF1()), score(evaluation.weightedF1())));
        if (m.kind().timed()) {
            final double unit = m.canBeSoon() ? 1 : 1_000;
            for (final double share : new double[] {0.5, 0.95, 0.99}) {
                cells.add(digits(latencies.quantile(share) / unit));
            }
        }
        if (m.canBeSoon()) {
            cells.add(percent(latencies.soon()));
        }
        cells.add(unclassified);
        table.row(weight, name, cells.toArray(String[]::new));
    }
}
