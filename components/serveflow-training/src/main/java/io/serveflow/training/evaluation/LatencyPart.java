/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import static io.serveflow.training.evaluation.page.Wording.count;
import static io.serveflow.training.evaluation.page.Wording.millis;
import static io.serveflow.training.evaluation.page.Wording.percent;

import io.serveflow.training.PacketWait.Ending;
import io.serveflow.training.evaluation.page.Axis;
import io.serveflow.training.evaluation.page.Caption;
import io.serveflow.training.evaluation.page.Chart;
import io.serveflow.training.evaluation.page.Figure;
import j2html.tags.DomContent;
import java.util.Arrays;
import java.util.List;

/** How many flows have their verdict after how long. */
final class LatencyPart {

    private static final int STEPS = 400;

    /** The axis is logarithmic, so that it begins somewhere. */
    private static final double LEAST_MILLIS = 1e-3;

    private LatencyPart() {}

    static List<DomContent> of(final Measurements m) {
        final Latencies cascade = m.cascade().waiting().full();
        final Latencies slow = m.slowOnly().full();
        final double[] shares = new double[STEPS + 1];
        Arrays.setAll(shares, step -> (double) step / STEPS);
        final double[] fast = times(cascade, shares);
        final double[] late = times(slow, shares);
        final Axis.Log x =
                Span.log(
                        "time from first packet to verdict, ms",
                        Span.and(Span.and(fast, late), Latencies.SOON_MILLIS));
        final Chart chart =
                Chart.wide(380, x, new Axis.Share("flows with a verdict", 0.2))
                        .limit(Latencies.SOON_MILLIS, "16 ms")
                        .withLegend();
        if (!m.hops().isEmpty()) {
            chart.line("cascade", Looks.CASCADE, fast, shares);
        }
        chart.line(m.slowest().spec().name() + " only", Looks.SLOW_ONLY, late, shares);
        return List.of(
                Figure.of(
                        chart.svg("latency", "Share of the flows with a verdict against time"),
                        new Caption(finding(m), reading(m))));
    }

    private static double[] times(final Latencies latencies, final double[] shares) {
        return Arrays.stream(shares)
                .map(share -> Math.max(LEAST_MILLIS, latencies.quantile(share)))
                .toArray();
    }

    private static String finding(final Measurements m) {
        final Latencies slow = m.slowOnly().full();
        final Latencies cascade = m.cascade().waiting().full();
        return m.hops().isEmpty()
                ? percent(slow.soon())
                        + " of the flows have their verdict in under 16 ms, 95 of 100 within "
                        + millis(slow.quantile(0.95))
                        + "."
                : percent(cascade.soon())
                        + " of the flows have the cascade's verdict in under 16 ms and "
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
        return "Waiting for packets, from the captures' clocks, and computing in batches; no"
                + " queues. Of the waits for the "
                + m.slowest().spec().features().packets()
                + " packets of "
                + m.slowest().spec().name()
                + ", "
                + count(m.endings().get(Ending.DEPTH))
                + " end with the last packet, "
                + count(m.endings().get(Ending.CLOSED))
                + " when TCP closes the flow and "
                + count(m.endings().get(Ending.TIMEOUT))
                + " when the wait runs out, which makes the step at the right.";
    }
}
