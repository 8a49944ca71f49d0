/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import static io.serveflow.training.evaluation.page.Wording.count;
import static io.serveflow.training.evaluation.page.Wording.millis;
import static io.serveflow.training.evaluation.page.Wording.percent;

import io.serveflow.training.evaluation.page.Axis;
import io.serveflow.training.evaluation.page.Caption;
import io.serveflow.training.evaluation.page.Chart;
import io.serveflow.training.evaluation.page.Figure;
import io.serveflow.training.score.PacketWait.Ending;
import j2html.tags.DomContent;
import java.util.Arrays;
import java.util.List;

/** How many flows have their verdict after how long. */
final class LatencyPart {

    private static final int STEPS = 400;

    /** The axis is logarithmic, so that it begins somewhere. */
    private static final double LEAST = 1e-3;

    private LatencyPart() {}

    /** None where it is not known when packets came. */
    static List<DomContent> of(final Measurements m) {
        if (!m.kind().timed()) {
            return List.of();
        }
        final Latencies cascade = m.cascade().waiting().full();
        final Latencies slow = m.slowOnly().full();
        final double[] shares = new double[STEPS + 1];
        Arrays.setAll(shares, step -> (double) step / STEPS);
        final double unit = m.canBeSoon() ? 1 : 1_000;
        final double[] fast = times(cascade, shares, unit);
        final double[] late = times(slow, shares, unit);
        final Axis.Log x =
                Span.log(
                        "time from first packet to verdict, " + (m.canBeSoon() ? "ms" : "s"),
                        m.canBeSoon()
                                ? Span.and(Span.and(fast, late), Latencies.SOON_MILLIS)
                                : Span.and(fast, late));
        final Chart chart =
                Chart.wide(380, x, new Axis.Share(m.unit() + " with a verdict", 0.2)).withLegend();
        if (m.canBeSoon()) {
            chart.limit(Latencies.SOON_MILLIS, "16 ms");
        }
        if (!m.hops().isEmpty()) {
            chart.line("cascade", SeriesStyles.CASCADE, fast, shares);
        }
        chart.line(m.slowest().spec().name() + " only", SeriesStyles.SLOW_ONLY, late, shares);
        return List.of(
                Figure.of(
                        chart.svg(
                                "latency",
                                "Share of the " + m.unit() + " with a verdict against time"),
                        new Caption(finding(m), reading(m))));
    }

    private static double[] times(
            final Latencies latencies, final double[] shares, final double unit) {
        return Arrays.stream(shares)
                .map(share -> Math.max(LEAST, latencies.quantile(share) / unit))
                .toArray();
    }

    private static String finding(final Measurements m) {
        final Latencies slow = m.slowOnly().full();
        final Latencies cascade = m.cascade().waiting().full();
        if (!m.canBeSoon()) {
            return "95 of 100 "
                    + m.unit()
                    + " have their verdict within "
                    + millis(cascade.quantile(0.95))
                    + (m.hops().isEmpty()
                            ? "."
                            : ", and that of "
                                    + m.slowest().spec().name()
                                    + " alone within "
                                    + millis(slow.quantile(0.95))
                                    + ".");
        }
        return m.hops().isEmpty()
                ? percent(slow.soon())
                        + " of the "
                        + m.unit()
                        + " have their verdict in under 16 ms, 95 of 100 within "
                        + millis(slow.quantile(0.95))
                        + "."
                : percent(cascade.soon())
                        + " of the "
                        + m.unit()
                        + " have the cascade's verdict in under 16 ms and "
                        + percent(slow.soon())
                        + " that of "
                        + m.slowest().spec().name()
                        + " alone; 95 of 100 have it within "
                        + millis(cascade.quantile(0.95))
                        + " and "
                        + millis(slow.quantile(0.95))
                        + ".";
    }

    private static String reading(final Measurements m) {
        final boolean seconds = Reads.seconds(m.slowest());
        return "Waiting, by the clocks of the "
                + m.kind().words()
                + ", and computing in batches; no queues. Of the waits for the "
                + (seconds ? "first " : "")
                + Reads.of(m.slowest())
                + " of "
                + m.slowest().spec().name()
                + ", "
                + count(m.ended(Ending.DEPTH))
                + (seconds ? " end when they are over, " : " end with the last of them, ")
                + count(m.ended(Ending.CLOSED))
                + " when TCP closes the flow"
                + (seconds
                        ? "."
                        : " and "
                                + count(m.ended(Ending.TIMEOUT))
                                + " when the wait runs out, which makes the step at the right.");
    }
}
