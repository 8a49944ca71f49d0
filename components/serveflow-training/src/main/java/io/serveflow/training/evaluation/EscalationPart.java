/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import static io.serveflow.training.evaluation.page.Wording.percent;
import static io.serveflow.training.evaluation.page.Wording.score;

import io.serveflow.training.evaluation.EscalationCurve.Point;
import io.serveflow.training.evaluation.EscalationCurve.Policy;
import io.serveflow.training.evaluation.page.Axis;
import io.serveflow.training.evaluation.page.Caption;
import io.serveflow.training.evaluation.page.Chart;
import io.serveflow.training.evaluation.page.Chart.Style;
import io.serveflow.training.evaluation.page.Dash;
import io.serveflow.training.evaluation.page.Figure;
import io.serveflow.training.evaluation.page.Ink;
import io.serveflow.training.evaluation.page.Mark;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** What moving flows to the next tier gains, by who moves first: the paper's Figure 2. */
final class EscalationPart {

    private static final Map<Policy, Style> STYLES =
            Map.of(
                    Policy.PER_CLASS, new Style(Ink.BLUE, Dash.SOLID, Mark.CIRCLE),
                    Policy.UNIVERSAL, new Style(Ink.ORANGE, Dash.DASHED, Mark.SQUARE),
                    Policy.RANDOM, new Style(Ink.SOFT, Dash.DOTTED, Mark.DIAMOND),
                    Policy.ORACLE, new Style(Ink.GREEN, Dash.DASH_DOT, Mark.TRIANGLE));

    private EscalationPart() {}

    static List<DomContent> of(final Measurements m) {
        final List<DomContent> parts = new ArrayList<>();
        for (int hop = 0; hop < m.hops().size(); hop++) {
            parts.add(hop(m, m.hops().get(hop), hop));
        }
        return List.copyOf(parts);
    }

    private static DomContent hop(
            final Measurements m, final EscalationCurve curve, final int hop) {
        final double[] scores =
                Span.and(
                        curve.points().stream().mapToDouble(Point::macroF1).toArray(),
                        curve.operating().macroF1());
        final Chart chart =
                Chart.wide(
                                400,
                                new Axis.Share(
                                        m.unit()
                                                + " that move from "
                                                + curve.from()
                                                + " to "
                                                + curve.to(),
                                        0.2),
                                Span.linear("macro-F1", scores))
                        .withLegend();
        for (final Policy policy :
                List.of(Policy.RANDOM, Policy.ORACLE, Policy.UNIVERSAL, Policy.PER_CLASS)) {
            final List<Point> points = curve.points(policy);
            chart.marked(
                    policy.id(),
                    STYLES.get(policy),
                    points.stream().mapToDouble(Point::escalated).toArray(),
                    points.stream().mapToDouble(Point::macroF1).toArray());
        }
        chart.star(
                "the bundle's threshold",
                Ink.TEXT,
                curve.operating().escalated(),
                curve.operating().macroF1());
        return Figure.of(
                chart.svg(
                        "escalation" + hop,
                        "Macro-F1 against the share of " + m.unit() + " that move"),
                new Caption(finding(m, curve), reading(m, curve, hop)));
    }

    private static String finding(final Measurements m, final EscalationCurve curve) {
        return "The bundle's threshold moves "
                + percent(curve.operating().escalated())
                + " of the "
                + m.unit()
                + " from "
                + curve.from()
                + " to "
                + curve.to()
                + " and takes macro-F1 from "
                + score(end(curve, true).macroF1())
                + " to "
                + score(curve.operating().macroF1())
                + "; moving all takes it to "
                + score(end(curve, false).macroF1())
                + ".";
    }

    private static String reading(
            final Measurements m, final EscalationCurve curve, final int hop) {
        final Point best =
                curve.points().stream()
                        .filter(point -> point.policy() != Policy.ORACLE)
                        .filter(point -> point.policy() != Policy.RANDOM)
                        .max(
                                Comparator.comparingDouble(Point::macroF1)
                                        .thenComparing(
                                                Comparator.comparingDouble(Point::escalated)
                                                        .reversed()))
                        .orElseThrow();
        return "The best of the two policies that can be deployed is "
                + best.policy().id()
                + " at "
                + percent(best.escalated())
                + ", "
                + score(best.macroF1())
                + ". "
                + errors(m, curve)
                + " Only "
                + curve.to()
                + " is right on "
                + percent(curve.fixed())
                + " of the "
                + m.unit()
                + ", only "
                + curve.from()
                + " on "
                + percent(curve.broken())
                + ". Here "
                + curve.from()
                + " answers every "
                + m.kind().one()
                + " first. Universal moves the most uncertain of all,"
                + " per-class the most uncertain of each predicted label, random any, oracle those"
                + " that gain most: it needs the labels and is a bound."
                + (hop < m.hops().size() - 1
                        ? ""
                        : " The whole cascade, with the tiers before and the answers that it"
                                + " withholds, asks "
                                + curve.to()
                                + " of "
                                + percent(m.cascade().decidedBy()[m.tiers().size() - 1])
                                + " and has macro-F1 "
                                + score(m.cascade().score().macroF1())
                                + ".");
    }

    /** Where the errors of a tier are. */
    private static String errors(final Measurements m, final EscalationCurve curve) {
        return end(curve, true).macroF1() == 1
                ? "There are no errors of " + curve.from() + " to find."
                : "The most uncertain half of the "
                        + m.unit()
                        + " holds "
                        + percent(curve.movedErrors().get(Policy.UNIVERSAL))
                        + " of the errors of "
                        + curve.from()
                        + ", the most uncertain half of each predicted label "
                        + percent(curve.movedErrors().get(Policy.PER_CLASS))
                        + "; by chance it were 50\u00a0%, in the paper 82 to 95\u00a0%.";
    }

    /** Where none or all of the flows have moved, which is the same for every policy. */
    private static Point end(final EscalationCurve curve, final boolean none) {
        final List<Point> points = curve.points(Policy.UNIVERSAL);
        return points.get(none ? 0 : points.size() - 1);
    }
}
