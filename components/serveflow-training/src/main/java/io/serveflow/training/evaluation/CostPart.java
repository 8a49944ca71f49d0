/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import static io.serveflow.training.evaluation.page.Wording.count;
import static io.serveflow.training.evaluation.page.Wording.list;
import static io.serveflow.training.evaluation.page.Wording.micros;
import static io.serveflow.training.evaluation.page.Wording.score;

import com.fasterxml.jackson.databind.JsonNode;
import io.serveflow.training.evaluation.Measurements.TierMeasurement;
import io.serveflow.training.evaluation.page.Axis;
import io.serveflow.training.evaluation.page.Caption;
import io.serveflow.training.evaluation.page.Chart;
import io.serveflow.training.evaluation.page.Dash;
import io.serveflow.training.evaluation.page.Figure;
import io.serveflow.training.evaluation.page.Ink;
import io.serveflow.training.evaluation.page.Mark;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** What a better score costs to compute: among the tiers, and among what they were chosen from. */
final class CostPart {

    /** The axis is logarithmic, so that it begins somewhere. */
    private static final double LEAST = 1e-3;

    private CostPart() {}

    static List<DomContent> of(final Measurements m) {
        final List<DomContent> parts = new ArrayList<>(List.of(tiers(m)));
        final List<Compared> candidates = Compared.all(m.bundle().metrics().path("candidates"));
        if (!candidates.isEmpty()) {
            parts.add(candidates(m, candidates));
        }
        return List.copyOf(parts);
    }

    private static DomContent tiers(final Measurements m) {
        final double[] micros = m.tiers().stream().mapToDouble(CostPart::cost).toArray();
        final double[] f1 =
                m.tiers().stream().mapToDouble(tier -> tier.score().macroF1()).toArray();
        final double cascade = m.cascade().score().macroF1();
        final Axis.Log x =
                Span.log(
                        "compute, µs a " + m.kind().one(),
                        m.hops().isEmpty()
                                ? micros
                                : Span.and(micros, Math.max(LEAST, ComputeCost.ofCascade(m))));
        final Chart chart =
                Chart.wide(350, x, Span.linear("macro-F1", Span.and(f1, cascade))).withLegend();
        final int[] front = front(micros, f1);
        chart.line(
                "Pareto front",
                new Chart.Style(Ink.SOFT, Dash.DASHED, Mark.CIRCLE),
                pick(micros, front),
                pick(f1, front));
        for (int i = 0; i < micros.length; i++) {
            chart.points(
                    m.tiers().get(i).spec().name()
                            + ", "
                            + Reads.of(m, m.tiers().get(i).spec().features().packets()),
                    SeriesStyles.tier(m, i),
                    new double[] {micros[i]},
                    new double[] {f1[i]});
        }
        if (!m.hops().isEmpty()) {
            chart.star(
                    "cascade, mean",
                    Ink.BLUE,
                    Math.max(ComputeCost.ofCascade(m), x.low()),
                    cascade);
        }
        return Figure.of(
                chart.svg("cost-tiers", "Macro-F1 of each tier against its cost"),
                new Caption(
                        finding(m, front),
                        "Computing only, without any waiting; the share of a batch."
                                + (m.hops().isEmpty()
                                        ? ""
                                        : " The dashed line joins the tiers that no cheaper one"
                                                + " surpasses. The star is the cascade at the mean"
                                                + " of what its answers cost.")));
    }

    private static String finding(final Measurements m, final int[] front) {
        final List<String> off =
                IntStream.range(0, m.tiers().size())
                        .filter(i -> IntStream.of(front).noneMatch(f -> f == i))
                        .mapToObj(i -> m.tiers().get(i).spec().name())
                        .toList();
        final String tiers =
                m.tiers().size() == 1
                        ? ""
                        : off.isEmpty()
                                ? " Every tier is on the front: whoever computes more scores"
                                        + " higher."
                                : " Not on the front, since a cheaper tier scores as high: "
                                        + list(off)
                                        + ".";
        if (m.hops().isEmpty()) {
            return m.slowest().spec().name()
                    + " reaches macro-F1 "
                    + score(m.slowest().score().macroF1())
                    + " for "
                    + micros(cost(m.slowest()))
                    + " a "
                    + m.kind().one()
                    + ".";
        }
        return "The cascade reaches macro-F1 "
                + score(m.cascade().score().macroF1())
                + " for "
                + micros(ComputeCost.ofCascade(m))
                + " a "
                + m.kind().one()
                + ", "
                + m.slowest().spec().name()
                + " "
                + score(m.slowest().score().macroF1())
                + " for "
                + micros(cost(m.slowest()))
                + "."
                + tiers;
    }

    /** A candidate that training compared. */
    private record Compared(String name, int packets, double f1, double micros, boolean front) {

        static List<Compared> all(final JsonNode nodes) {
            final List<Compared> all = new ArrayList<>();
            for (final JsonNode node : nodes) {
                final double micros =
                        node.path("featureMicros").asDouble()
                                + node.path("inferenceMicros").asDouble();
                if (micros > 0) {
                    all.add(
                            new Compared(
                                    node.path("name").asText(),
                                    node.path("packets").asInt(),
                                    node.path("macroF1").asDouble(),
                                    micros,
                                    node.path("front").asBoolean()));
                }
            }
            return List.copyOf(all);
        }
    }

    private static DomContent candidates(final Measurements m, final List<Compared> all) {
        final Axis.Log x =
                Span.log(
                        "compute, µs a " + m.kind().one(),
                        all.stream().mapToDouble(Compared::micros).toArray());
        final Chart chart =
                Chart.wide(
                                430,
                                x,
                                Span.linear(
                                        "macro-F1 out of fold",
                                        all.stream().mapToDouble(Compared::f1).toArray()))
                        .withLegend();
        final int[] depths = all.stream().mapToInt(Compared::packets).distinct().sorted().toArray();
        for (int n = 0; n < depths.length; n++) {
            final int depth = depths[n];
            final List<Compared> alike = all.stream().filter(c -> c.packets() == depth).toList();
            final List<Compared> front =
                    alike.stream()
                            .filter(Compared::front)
                            .sorted(Comparator.comparingDouble(Compared::micros))
                            .toList();
            chart.open(
                    SeriesStyles.series(n),
                    alike.stream().filter(c -> !c.front()).mapToDouble(Compared::micros).toArray(),
                    alike.stream().filter(c -> !c.front()).mapToDouble(Compared::f1).toArray());
            if (!front.isEmpty()) {
                chart.marked(
                        Reads.of(m, depth),
                        SeriesStyles.series(n),
                        front.stream().mapToDouble(Compared::micros).toArray(),
                        front.stream().mapToDouble(Compared::f1).toArray());
            }
        }
        final Compared best =
                all.stream().max(Comparator.comparingDouble(Compared::f1)).orElseThrow();
        final long front = all.stream().filter(Compared::front).count();
        return Figure.of(
                chart.svg("cost-candidates", "Macro-F1 of each candidate against its cost"),
                new Caption(
                        count(all.size(), "candidate was", "candidates were")
                                + " compared when the bundle was trained; "
                                + count(front, "is", "are")
                                + " on the front. The best one, "
                                + best.name()
                                + ", reached "
                                + score(best.f1())
                                + " for "
                                + micros(best.micros())
                                + " a "
                                + m.kind().one()
                                + ".",
                        "From bundle.json: scores out of fold on the data of the training, not on"
                            + " these. Filled and joined are candidates that no other one surpasses"
                            + " with as few packets and as little computing; open are the"
                            + " others."));
    }

    /** The points that none surpasses at the same cost or less, by ascending cost. */
    private static int[] front(final double[] micros, final double[] f1) {
        return IntStream.range(0, micros.length)
                .filter(
                        i ->
                                IntStream.range(0, micros.length)
                                        .noneMatch(
                                                j ->
                                                        j != i
                                                                && micros[j] <= micros[i]
                                                                && f1[j] >= f1[i]))
                .boxed()
                .sorted(Comparator.comparingDouble(i -> micros[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private static double[] pick(final double[] values, final int[] which) {
        return IntStream.of(which).mapToDouble(i -> values[i]).toArray();
    }

    /** Above 0 even where a clock saw no time pass. */
    private static double cost(final TierMeasurement tier) {
        return Math.max(LEAST, ComputeCost.of(tier));
    }
}
