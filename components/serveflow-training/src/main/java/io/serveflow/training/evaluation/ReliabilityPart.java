/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import static io.serveflow.training.evaluation.page.Wording.count;
import static io.serveflow.training.evaluation.page.Wording.difference;
import static io.serveflow.training.evaluation.page.Wording.list;
import static io.serveflow.training.evaluation.page.Wording.score;

import io.serveflow.training.evaluation.page.Axis;
import io.serveflow.training.evaluation.page.Caption;
import io.serveflow.training.evaluation.page.Chart;
import io.serveflow.training.evaluation.page.Chart.Style;
import io.serveflow.training.evaluation.page.Figure;
import io.serveflow.training.evaluation.page.Figure.Panel;
import io.serveflow.training.score.Evaluation;
import io.serveflow.training.score.Evaluation.Bin;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Whether answers are right as often as they say: for the cascade, each tier and each class. */
final class ReliabilityPart {

    /** With fewer answers than this the curve of a class is mostly chance. */
    private static final int ENOUGH = 50;

    private static final double NOTABLE = 0.02;

    private ReliabilityPart() {}

    static List<DomContent> of(final Measurements m) {
        final List<DomContent> parts = new ArrayList<>(List.of(tiers(m)));
        final List<Evaluation> classes =
                PredictedClasses.eachClass(m.sample(), m.cascade().answers());
        final int[] enough =
                IntStream.range(0, classes.size())
                        .filter(c -> classes.get(c).flows() >= ENOUGH)
                        .toArray();
        if (enough.length > 0) {
            parts.add(classes(m, classes, enough));
        }
        return List.copyOf(parts);
    }

    private static DomContent tiers(final Measurements m) {
        final List<Panel> panels = new ArrayList<>();
        if (!m.hops().isEmpty()) {
            panels.add(panel("cascade", "cascade", m.cascade().score(), SeriesStyles.CASCADE));
        }
        for (int i = 0; i < m.tiers().size(); i++) {
            panels.add(
                    panel(
                            "tier" + i,
                            m.tiers().get(i).spec().name() + " on every " + m.kind().one(),
                            m.tiers().get(i).score(),
                            SeriesStyles.tier(m, i)));
        }
        return Figure.sideBySide(
                panels,
                new Caption(
                        finding(m),
                        "Answers of like confidence are one point, its area the share of the"
                            + " answers that it stands for. On the dashed line an answer that says"
                            + " 80 % is right in 80 of 100 cases; below it the answers promise too"
                            + " much, above it too little."));
    }

    private static String finding(final Measurements m) {
        final Evaluation score = m.cascade().score();
        final double bias = bias(score);
        return "The "
                + (m.hops().isEmpty() ? "bundle" : "cascade")
                + "'s confidence is off by "
                + score(score.ece())
                + " on average (ECE)"
                + (Math.abs(bias) < NOTABLE
                        ? ", as often too high as too low."
                        : bias > 0
                                ? "; it promises too much, by " + score(bias) + " on average."
                                : "; it promises too little, by " + score(-bias) + " on average.");
    }

    private static DomContent classes(
            final Measurements m, final List<Evaluation> classes, final int[] enough) {
        final List<Panel> panels = new ArrayList<>();
        for (final int c : enough) {
            panels.add(
                    new Panel(
                            m.sample().names().get(c),
                            count(classes.get(c).flows(), "answer", "answers")
                                    + ", ECE "
                                    + score(classes.get(c).ece()),
                            chart(
                                            Chart.small(
                                                    new Axis.Share("", 0.5),
                                                    new Axis.Share("", 0.5)),
                                            classes.get(c),
                                            SeriesStyles.CASCADE)
                                    .svg("reliability-class" + c, description(classes.get(c)))));
        }
        return Figure.many(
                panels,
                new Caption(
                        classFinding(m, classes, enough),
                        "The answers of the "
                                + (m.hops().isEmpty() ? "bundle" : "cascade")
                                + " that name a class, with their number; x is confidence, y the"
                                + " share that is right. Classes with fewer than "
                                + ENOUGH
                                + " answers are left out. The fewer answers, the more of an ECE is"
                                + " chance."));
    }

    private static String classFinding(
            final Measurements m, final List<Evaluation> classes, final int[] enough) {
        final List<String> worst =
                IntStream.of(enough)
                        .boxed()
                        .sorted(
                                Comparator.comparingDouble(
                                        (Integer c) -> -Math.abs(bias(classes.get(c)))))
                        .limit(3)
                        .filter(c -> Math.abs(bias(classes.get(c))) >= NOTABLE)
                        .map(
                                c ->
                                        m.sample().names().get(c)
                                                + " ("
                                                + difference(bias(classes.get(c)))
                                                + ")")
                        .toList();
        return worst.isEmpty()
                ? "No class with enough answers has a confidence that is notably too high or too"
                        + " low on average."
                : "By how much the mean confidence is above (+) or below (−) the share of right"
                        + " answers where it is furthest off: "
                        + list(worst)
                        + ".";
    }

    private static Panel panel(
            final String id, final String name, final Evaluation score, final Style style) {
        return new Panel(
                name,
                "ECE " + score(score.ece()),
                chart(
                                Chart.half(
                                        new Axis.Share("confidence of answers", 0.2),
                                        new Axis.Share("answers that are right", 0.2)),
                                score,
                                style)
                        .svg("reliability-" + id, description(score)));
    }

    private static Chart chart(final Chart chart, final Evaluation score, final Style style) {
        final List<Bin> bins = score.bins().stream().filter(bin -> bin.answers() > 0).toList();
        final double all = bins.stream().mapToInt(Bin::answers).sum();
        final double[] xs = bins.stream().mapToDouble(Bin::confidence).toArray();
        final double[] ys = bins.stream().mapToDouble(Bin::accuracy).toArray();
        return chart.guide(0, 0, 1, 1)
                .bubbles(
                        style,
                        xs,
                        ys,
                        bins.stream().mapToDouble(bin -> bin.answers() / all).toArray());
    }

    private static String description(final Evaluation score) {
        return "Share of right answers against confidence, ECE " + score(score.ece());
    }

    /** How far the mean confidence is above the share of right answers. */
    private static double bias(final Evaluation score) {
        double sum = 0;
        long answers = 0;
        for (final Bin bin : score.bins()) {
            sum += bin.answers() * (bin.confidence() - bin.accuracy());
            answers += bin.answers();
        }
        return answers == 0 ? 0 : sum / answers;
    }
}
