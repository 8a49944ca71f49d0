/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import static io.serveflow.training.evaluation.page.Wording.count;
import static io.serveflow.training.evaluation.page.Wording.difference;
import static io.serveflow.training.evaluation.page.Wording.list;
import static io.serveflow.training.evaluation.page.Wording.millis;
import static io.serveflow.training.evaluation.page.Wording.percent;
import static io.serveflow.training.evaluation.page.Wording.score;
import static io.serveflow.training.evaluation.page.Wording.times;
import static j2html.TagCreator.b;
import static j2html.TagCreator.dd;
import static j2html.TagCreator.div;
import static j2html.TagCreator.dl;
import static j2html.TagCreator.dt;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.li;
import static j2html.TagCreator.span;
import static j2html.TagCreator.ul;

import io.serveflow.training.data.DataKind;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.List;

/** The head of a report: what must be known first, what was measured, and the result in brief. */
final class HeadPart {

    private HeadPart() {}

    static List<DomContent> of(final Measurements m) {
        final List<DomContent> parts = new ArrayList<>();
        if (!m.warnings().isEmpty()) {
            parts.add(
                    div(h2("Before you read the numbers"), ul(each(m.warnings(), w -> li(w))))
                            .withClass("warnings"));
        }
        parts.add(facts(m));
        parts.add(tiles(m));
        return List.copyOf(parts);
    }

    private static DomContent facts(final Measurements m) {
        return dl(
                        dt("Task"),
                        dd(m.bundle().task()),
                        dt("Bundle"),
                        dd(
                                m.bundle().name()
                                        + " "
                                        + m.bundle().version()
                                        + ", "
                                        + count(m.tiers().size(), "tier", "tiers")
                                        + ": "
                                        + list(
                                                m.tiers().stream()
                                                        .map(tier -> tier.spec().name())
                                                        .toList())),
                        dt("Measured on"),
                        dd(measured(m)),
                        dt("Labels"),
                        dd(labels(m)),
                        iff(!m.kind().withPorts(), each(dt("Left out"), dd(leftOut(m)))))
                .withClass("facts");
    }

    private static String measured(final Measurements m) {
        final String groups = count(m.sample().groupCount(), "group", "groups");
        return m.kind() == DataKind.CAPTURES
                ? m.units(m.sample().size())
                        + " in "
                        + count(m.counts().captures(), "capture", "captures")
                        + " of "
                        + groups
                : m.units(m.sample().size())
                        + " of "
                        + groups
                        + (m.kind().words().equals(m.unit()) ? "" : ", from " + m.kind().words());
    }

    private static String leftOut(final Measurements m) {
        return "a table of ports to compare with, and what the bundle loses when headers are"
                + " hidden: "
                + m.kind().words()
                + " have no ports and no headers";
    }

    private static String labels(final Measurements m) {
        final long present =
                m.cascade().score().classes().subList(0, m.sample().known()).stream()
                        .filter(c -> c.support() > 0)
                        .count();
        final int foreign = m.sample().foreignNames().size();
        return present
                + " of the "
                + m.sample().known()
                + " that the bundle knows have "
                + m.unit()
                + " here"
                + (foreign == 0
                        ? ""
                        : ", and "
                                + foreign
                                + " that it does not know: "
                                + list(m.sample().foreignNames()));
    }

    private static DomContent tiles(final Measurements m) {
        final List<DomContent> tiles = new ArrayList<>();
        final boolean alone = m.hops().isEmpty();
        tiles.add(
                tile(
                        score(m.cascade().score().macroF1()),
                        alone
                                ? "macro-F1 of the bundle"
                                : "macro-F1 of the cascade, "
                                        + difference(
                                                m.cascade().score().macroF1()
                                                        - m.slowest().score().macroF1())
                                        + " against "
                                        + m.slowest().spec().name()
                                        + " on every "
                                        + m.kind().one()));
        tiles.add(tile(score(m.cascade().score().accuracy()), "accuracy" + ports(m)));
        if (m.kind().timed()) {
            addLatency(tiles, m, alone);
        }
        return div(each(tiles, tile -> tile)).withClass("tiles");
    }

    private static void addLatency(
            final List<DomContent> tiles, final Measurements m, final boolean alone) {
        final Latencies latencies = m.cascade().waiting().full();
        tiles.add(
                tile(
                        millis(latencies.quantile(0.5)),
                        alone
                                ? "median from first packet to verdict"
                                : "median from first packet to verdict, " + speedup(m)));
        if (m.canBeSoon()) {
            tiles.add(
                    tile(
                            percent(latencies.soon()),
                            "of the " + m.unit() + " answered in under 16 ms"));
        }
    }

    /** The careful one of the two where the other is ruled by the longest wait. */
    private static String speedup(final Measurements m) {
        final String alone = " as fast as " + m.slowest().spec().name() + " alone";
        return m.medianRunsOut()
                ? times(m.speedupToLastPacket())
                        + alone
                        + " if a sensor knew which packet is the last"
                : times(m.speedup()) + alone;
    }

    private static String ports(final Measurements m) {
        return m.baselines().scores().containsKey(Baselines.PORT_TABLE)
                ? "; a table of ports reaches "
                        + score(m.baselines().scores().get(Baselines.PORT_TABLE).accuracy())
                : "";
    }

    private static DomContent tile(final String number, final String words) {
        return div(b(number), span(words));
    }
}
