/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import static io.serveflow.training.evaluation.page.Wording.difference;
import static io.serveflow.training.evaluation.page.Wording.list;
import static io.serveflow.training.evaluation.page.Wording.score;

import io.serveflow.training.evaluation.Measurements.Occluded;
import io.serveflow.training.evaluation.page.Axis;
import io.serveflow.training.evaluation.page.Caption;
import io.serveflow.training.evaluation.page.Chart;
import io.serveflow.training.evaluation.page.Chart.Style;
import io.serveflow.training.evaluation.page.Figure;
import io.serveflow.training.evaluation.page.Table;
import io.serveflow.training.evaluation.page.Table.Weight;
import io.serveflow.training.score.Evaluation;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** What is lost when something in the packets is hidden from the bundle. */
final class OcclusionPart {

    private static final String NOTHING = "nothing hidden";

    /** How far the marks of one row are apart, so that none covers another. */
    private static final double APART = 0.14;

    private OcclusionPart() {}

    /** Scores with nothing and with everything in turn hidden, the former first. */
    private record Series(String name, Style style, List<Evaluation> scores) {}

    static List<DomContent> of(final Measurements m) {
        if (m.occluded().isEmpty()) {
            return List.of();
        }
        final List<Series> series = new ArrayList<>();
        if (!m.hops().isEmpty()) {
            series.add(
                    new Series(
                            "cascade",
                            SeriesStyles.CASCADE,
                            scores(m, m.cascade().score(), Occluded::cascade)));
        }
        for (int i = 0; i < m.tiers().size(); i++) {
            final int tier = i;
            series.add(
                    new Series(
                            m.tiers().get(i).spec().name(),
                            SeriesStyles.tier(m, i),
                            scores(
                                    m,
                                    m.tiers().get(i).score(),
                                    occluded -> occluded.tiers().get(tier))));
        }
        return List.of(figure(m, series), table(m, series));
    }

    private static List<Evaluation> scores(
            final Measurements m,
            final Evaluation whole,
            final Function<Occluded, Evaluation> score) {
        final List<Evaluation> scores = new ArrayList<>(List.of(whole));
        m.occluded().forEach(occluded -> scores.add(score.apply(occluded)));
        return scores;
    }

    private static List<String> rows(final Measurements m) {
        final List<String> rows = new ArrayList<>(List.of(NOTHING));
        m.occluded().forEach(occluded -> rows.add(occluded.occlusion().words()));
        return rows;
    }

    private static DomContent figure(final Measurements m, final List<Series> series) {
        final List<String> rows = new ArrayList<>(rows(m));
        Collections.reverse(rows);
        final double[] all =
                series.stream()
                        .flatMap(one -> one.scores().stream())
                        .mapToDouble(Evaluation::macroF1)
                        .toArray();
        final Chart chart =
                Chart.wide(330, Span.linear("macro-F1", all), new Axis.Names("", rows))
                        .withLegend();
        for (int n = 0; n < series.size(); n++) {
            final Series one = series.get(n);
            final double[] xs = one.scores().stream().mapToDouble(Evaluation::macroF1).toArray();
            final double[] ys = new double[xs.length];
            final double aside = APART * ((series.size() - 1) / 2.0 - n);
            Arrays.setAll(ys, row -> rows.size() - 1 - row + aside);
            chart.points(one.name(), one.style(), xs, ys);
        }
        return Figure.of(
                chart.svg("occlusion", "Macro-F1 with something hidden"),
                new Caption(
                        finding(m, series.get(0)),
                        "The models stay as they are; what is hidden is replaced by chance in every"
                                + " packet, so a loss is what they lean on. A model that had been"
                                + " trained without it would lose less. Ports hidden is what"
                                + " services on other ports would look like; IP-ID, SEQ and ACK,"
                                + " window and TTL tell hosts and captures apart rather than"
                                + " services; payload holds names such as SNI."));
    }

    private static String finding(final Measurements m, final Series first) {
        final double whole = first.scores().get(0).macroF1();
        final Occluded worst =
                m.occluded().stream()
                        .min(Comparator.comparingDouble(o -> whole(m, o).macroF1()))
                        .orElseThrow();
        final List<String> free =
                m.occluded().stream()
                        .filter(o -> whole - whole(m, o).macroF1() < 0.005)
                        .map(o -> o.occlusion().words())
                        .toList();
        if (free.size() == m.occluded().size()) {
            return "Whatever of these is hidden, the "
                    + (m.hops().isEmpty() ? "bundle" : "cascade")
                    + " loses nothing: it leans on none of them.";
        }
        return "With "
                + worst.occlusion().words()
                + " the "
                + (m.hops().isEmpty() ? "bundle" : "cascade")
                + " falls from macro-F1 "
                + score(whole)
                + " to "
                + score(whole(m, worst).macroF1())
                + " ("
                + difference(whole(m, worst).macroF1() - whole)
                + "), the largest loss of these."
                + (free.isEmpty()
                        ? " It leans on all of them."
                        : " It loses nothing with " + list(free) + ".");
    }

    private static Evaluation whole(final Measurements m, final Occluded occluded) {
        return m.hops().isEmpty() ? occluded.tiers().get(0) : occluded.cascade();
    }

    private static DomContent table(final Measurements m, final List<Series> series) {
        final List<String> heads = new ArrayList<>(List.of(""));
        series.forEach(one -> heads.add(one.name() + ", macro-F1"));
        heads.add((m.hops().isEmpty() ? "" : "cascade, ") + "weighted F1");
        heads.add((m.hops().isEmpty() ? "" : "cascade, ") + "accuracy");
        final Table table = Table.of(heads.toArray(String[]::new));
        final List<String> rows = rows(m);
        for (int row = 0; row < rows.size(); row++) {
            final List<String> cells = new ArrayList<>();
            for (final Series one : series) {
                cells.add(score(one.scores().get(row).macroF1()));
            }
            cells.add(score(series.get(0).scores().get(row).weightedF1()));
            cells.add(score(series.get(0).scores().get(row).accuracy()));
            table.row(
                    row == 0 ? Weight.STRONG : Weight.PLAIN,
                    rows.get(row),
                    cells.toArray(String[]::new));
        }
        return table.with(new Caption("The same in numbers.", spread(series)));
    }

    private static String spread(final List<Series> series) {
        final Series last = series.get(series.size() - 1);
        final Series first = series.size() > 2 ? series.get(1) : series.get(0);
        final int ports = 1 + Occlusion.PORTS.ordinal();
        return first == last
                ? ""
                : "Without ports "
                        + last.name()
                        + " has "
                        + difference(
                                last.scores().get(ports).macroF1()
                                        - first.scores().get(ports).macroF1())
                        + " macro-F1 against "
                        + first.name()
                        + ", with them "
                        + difference(
                                last.scores().get(0).macroF1() - first.scores().get(0).macroF1())
                        + ": how much waiting for packets pays where ports do not tell.";
    }
}
