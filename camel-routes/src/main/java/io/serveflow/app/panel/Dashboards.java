/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.panel;

import static io.serveflow.app.panel.Filter.any;
import static io.serveflow.app.panel.Filter.below;
import static io.serveflow.app.panel.Filter.is;
import static io.serveflow.app.panel.Filter.not;

import io.serveflow.app.panel.Bucket.Order;
import io.serveflow.app.panel.Bucket.Ranges;
import io.serveflow.app.panel.Bucket.Time;
import io.serveflow.app.panel.Bucket.Values;
import io.serveflow.app.panel.Measure.Operation;
import io.serveflow.app.panel.Panel.Kind;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The dashboards: the one place that says what they show. */
public final class Dashboards {

    static final String STAGE = "serveflow.stage";

    private static final String LABEL = "serveflow.label";
    private static final String CONFIDENCE = "serveflow.confidence";
    private static final String TIER = "serveflow.tier";
    private static final String REASON = "serveflow.reason";
    private static final String TOTAL_MS = "serveflow.latency.total_ms";
    private static final String TASK = "serveflow.task";
    private static final String SOURCE = "source.ip";
    private static final String DESTINATION = "destination.ip";
    private static final String PORT = "destination.port";
    private static final String TIMESTAMP = "@timestamp";

    /** A metric, a half, and the whole of a row, in columns. */
    private static final int QUARTER = Panel.COLUMNS / 4;

    private static final int HALF = Panel.COLUMNS / 2;

    /** Below this an answer is wrong about as often as right. */
    private static final double DOUBTFUL = 0.5;

    private static final Filter VERDICTS = Filter.dataset("prediction");

    /** Verdicts that a slow tier gave later, each of which stands instead of a final one. */
    static final Filter REPAIRED = Filter.all(VERDICTS, is(STAGE, "repaired"));

    /** One document for each flow, task and bundle. */
    private static final Filter FLOWS = Filter.all(VERDICTS, Filter.standing());

    /** The fast verdict stands because the slow tier gave none. */
    private static final Filter FELL_BACK =
            is(
                    REASON,
                    "slow_unavailable",
                    "slow_overloaded",
                    "slow_source_share",
                    "record_too_short");

    private static final Filter UNKNOWN = is(LABEL, "unknown");

    private static final Filter UNCERTAIN =
            Filter.all(FLOWS, any(UNKNOWN, below(CONFIDENCE, DOUBTFUL), FELL_BACK));

    /** On none of the ports that their label is usual on. */
    private static final Filter ELSEWHERE =
            Filter.all(
                    FLOWS,
                    any(
                            UsualPorts.all().entrySet().stream()
                                    .map(usual -> elsewhere(usual.getKey(), usual.getValue()))
                                    .toArray(Filter[]::new)));

    private static final List<Dashboard> ALL =
            List.of(traffic(), uncertain(), ports(), hosts(), cascade());

    private Dashboards() {}

    /** All dashboards, in the order in which they are shown. */
    public static List<Dashboard> all() {
        return ALL;
    }

    /** The dashboard of an id. */
    public static Optional<Dashboard> find(final String id) {
        return ALL.stream().filter(one -> one.id().equals(id)).findFirst();
    }

    private static Dashboard traffic() {
        return new Dashboard(
                "traffic",
                "Traffic",
                "What runs on the network, by the verdicts that stand.",
                List.of(
                        metric(
                                "traffic-flows",
                                "Flows",
                                "Flows with a verdict that stands.",
                                FLOWS,
                                Measure.count("Flows")),
                        metric(
                                "traffic-sources",
                                "Sources",
                                "Addresses that opened a flow.",
                                FLOWS,
                                Measure.distinct("Sources", SOURCE)),
                        metric(
                                "traffic-labels-count",
                                "Labels",
                                "Kinds of traffic that were seen.",
                                FLOWS,
                                Measure.distinct("Labels", LABEL)),
                        metric(
                                "traffic-unknown",
                                "Unknown",
                                "Flows whose likeliest label is too rarely right to be given.",
                                Filter.all(FLOWS, UNKNOWN),
                                Measure.count("Flows")),
                        new Panel(
                                "traffic-over-time",
                                "Traffic over time",
                                "Flows by the time of their first packet, by label.",
                                Kind.BAR,
                                FLOWS,
                                List.of(label(10).withOthers(), time()),
                                List.of(Measure.count("Flows")),
                                Panel.COLUMNS,
                                14),
                        new Panel(
                                "traffic-labels",
                                "Labels",
                                "Flows by label.",
                                Kind.BAR,
                                FLOWS,
                                List.of(label(50).withOthers()),
                                List.of(Measure.count("Flows")),
                                HALF,
                                18),
                        new Panel(
                                "traffic-confidence",
                                "Confidence",
                                "Flows by the calibrated probability of their label.",
                                Kind.BAR,
                                FLOWS,
                                List.of(new Ranges("Confidence", CONFIDENCE, tenths())),
                                List.of(Measure.count("Flows")),
                                HALF,
                                18)));
    }

    private static Dashboard uncertain() {
        return new Dashboard(
                "uncertain",
                "Uncertain flows",
                "What an analyst should look at: flows that are unknown, less than half certain, or"
                        + " that kept a fast verdict because the slow tier gave none.",
                List.of(
                        new Panel(
                                "uncertain-over-time",
                                "Uncertain flows over time",
                                "By the reason for which their verdict stands.",
                                Kind.BAR,
                                UNCERTAIN,
                                List.of(values("Reason", REASON, 10).withOthers(), time()),
                                List.of(Measure.count("Flows")),
                                Panel.COLUMNS,
                                10),
                        new Panel(
                                "uncertain-queue",
                                "The queue",
                                "The flows with the lowest confidence first.",
                                Kind.TABLE,
                                UNCERTAIN,
                                List.of(
                                        new Values("Flow", "log.id.uid", Unit.FLOW, 50)
                                                .by(new Order(0, true)),
                                        // Two sensors may give the same id, and there is a row for
                                        // each question that is asked of a flow.
                                        values("Observer", "observer.name", 5)
                                                .by(new Order(0, true)),
                                        values("Task", TASK, 5).by(new Order(0, true))),
                                List.of(
                                        Measure.of(
                                                "Confidence",
                                                Operation.LEAST,
                                                CONFIDENCE,
                                                Unit.SHARE),
                                        latest("Label", LABEL, Unit.NAME),
                                        latest("Source", SOURCE, Unit.ADDRESS),
                                        latest("Destination", DESTINATION, Unit.ADDRESS),
                                        latest("Port", PORT, Unit.PORT),
                                        latest("Transport", "network.transport", Unit.NAME),
                                        latest("Tier", TIER, Unit.NAME),
                                        latest("Reason", REASON, Unit.NAME),
                                        Measure.of(
                                                "Start", Operation.GREATEST, TIMESTAMP, Unit.TIME)),
                                Panel.COLUMNS,
                                20),
                        new Panel(
                                "uncertain-labels",
                                "Labels",
                                "Uncertain flows by label.",
                                Kind.BAR,
                                UNCERTAIN,
                                List.of(label(20).withOthers()),
                                List.of(Measure.count("Flows")),
                                HALF,
                                14),
                        new Panel(
                                "uncertain-sources",
                                "Sources",
                                "Whose flows are uncertain.",
                                Kind.TABLE,
                                UNCERTAIN,
                                List.of(address("Source", SOURCE, 20)),
                                List.of(
                                        Measure.count("Flows"),
                                        Measure.count("Unknown", UNKNOWN),
                                        Measure.distinct("Destinations", DESTINATION)),
                                HALF,
                                14)));
    }

    private static Dashboard ports() {
        return new Dashboard(
                "ports",
                "Port against label",
                "What runs where it should not: the label says what a flow is, the port what one"
                        + " would take it for.",
                List.of(
                        new Panel(
                                "ports-labels",
                                "Port against label",
                                "Flows by destination port and label, the commonest ports first.",
                                Kind.HEAT,
                                FLOWS,
                                List.of(port(20), label(20)),
                                List.of(Measure.count("Flows")),
                                Panel.COLUMNS,
                                18),
                        new Panel(
                                "ports-elsewhere",
                                "On ports that are not theirs",
                                "Flows of labels that have usual ports, on other ones.",
                                Kind.TABLE,
                                ELSEWHERE,
                                List.of(
                                        label(20),
                                        port(10),
                                        address("Destination", DESTINATION, 5)),
                                List.of(
                                        Measure.count("Flows"),
                                        Measure.distinct("Sources", SOURCE),
                                        meanConfidence()),
                                HALF,
                                18),
                        new Panel(
                                "ports-table",
                                "Ports",
                                "What runs on each port.",
                                Kind.TABLE,
                                FLOWS,
                                List.of(
                                        port(25),
                                        values("Transport", "network.transport", 2),
                                        label(5)),
                                List.of(
                                        Measure.count("Flows"),
                                        Measure.distinct("Sources", SOURCE),
                                        Measure.distinct("Destinations", DESTINATION)),
                                HALF,
                                18)));
    }

    private static Dashboard hosts() {
        return new Dashboard(
                "hosts",
                "Hosts",
                "Who does what: the hosts that open flows, those that answer, and the votes on"
                        + " hosts of bundles that have one.",
                List.of(
                        new Panel(
                                "hosts-sources",
                                "Hosts that open flows",
                                "The busiest first.",
                                Kind.TABLE,
                                FLOWS,
                                List.of(address("Source", SOURCE, 50)),
                                ofHosts(),
                                Panel.COLUMNS,
                                14),
                        new Panel(
                                "hosts-destinations",
                                "Hosts that answer",
                                "The busiest first.",
                                Kind.TABLE,
                                FLOWS,
                                List.of(address("Destination", DESTINATION, 50)),
                                ofHosts(),
                                Panel.COLUMNS,
                                14),
                        new Panel(
                                "hosts-labels",
                                "Host against label",
                                "Flows by the host that opened them and label.",
                                Kind.HEAT,
                                FLOWS,
                                List.of(address("Source", SOURCE, 20), label(20)),
                                List.of(Measure.count("Flows")),
                                Panel.COLUMNS,
                                18),
                        new Panel(
                                "hosts-verdicts",
                                "Verdicts on hosts",
                                "The latest vote of each host's flows, by task; empty where no"
                                        + " bundle in use has a vote.",
                                Kind.TABLE,
                                Filter.dataset("host"),
                                List.of(
                                        address("Host", "host.ip", 50).by(new Order(0, false)),
                                        values("Task", TASK, 5).by(new Order(0, false))),
                                List.of(
                                        Measure.of(
                                                "Latest flow",
                                                Operation.GREATEST,
                                                TIMESTAMP,
                                                Unit.TIME),
                                        latest("Label", LABEL, Unit.NAME),
                                        latest("Confidence", CONFIDENCE, Unit.SHARE),
                                        latest("Flows", "serveflow.flows", Unit.COUNT),
                                        latest("Unknown", "serveflow.unknown_flows", Unit.COUNT),
                                        latest("Bundle", "serveflow.bundle.name", Unit.NAME)),
                                Panel.COLUMNS,
                                14)));
    }

    private static Dashboard cascade() {
        return new Dashboard(
                "cascade",
                "The cascade",
                "How the tiers share the work. What is dropped, and how far the traffic drifted"
                        + " from that of the bundle, is in no document: metrics and the console"
                        + " page of the process have it.",
                List.of(
                        metric(
                                "cascade-packet-1",
                                "Decided on packet 1",
                                "Flows whose verdict rests on their first packet.",
                                Filter.all(FLOWS, is("serveflow.packets", "1")),
                                Measure.count("Flows")),
                        metric(
                                "cascade-escalated",
                                "Escalated",
                                "Provisional verdicts: flows that went on to a better tier.",
                                Filter.all(VERDICTS, is(STAGE, "provisional")),
                                Measure.count("Flows")),
                        metric(
                                "cascade-revised",
                                "Revised",
                                "Flows to which the better tier gave another label.",
                                Filter.all(FLOWS, is("serveflow.revised", "true")),
                                Measure.count("Flows")),
                        metric(
                                "cascade-fell-back",
                                "Fell back",
                                "Flows that kept a fast verdict because the slow tier gave none.",
                                Filter.all(FLOWS, FELL_BACK),
                                Measure.count("Flows")),
                        new Panel(
                                "cascade-tiers",
                                "Which tier decided",
                                "Flows by the tier whose verdict stands.",
                                Kind.BAR,
                                FLOWS,
                                List.of(values("Tier", TIER, 8).withOthers()),
                                List.of(Measure.count("Flows")),
                                HALF,
                                10),
                        new Panel(
                                "cascade-reasons",
                                "Why that tier",
                                "Flows by the reason for which their verdict stands.",
                                Kind.BAR,
                                FLOWS,
                                List.of(values("Reason", REASON, 12).withOthers()),
                                List.of(Measure.count("Flows")),
                                HALF,
                                10),
                        new Panel(
                                "cascade-tiers-over-time",
                                "Tiers over time",
                                "Flows by the tier whose verdict stands.",
                                Kind.BAR,
                                FLOWS,
                                List.of(values("Tier", TIER, 8).withOthers(), time()),
                                List.of(Measure.count("Flows")),
                                Panel.COLUMNS,
                                10),
                        new Panel(
                                "cascade-latency",
                                "Latency by tier",
                                "From the first packet of the flow to its verdict, waiting for"
                                        + " packets included.",
                                Kind.TABLE,
                                FLOWS,
                                List.of(values("Tier", TIER, 8)),
                                List.of(
                                        Measure.count("Flows"),
                                        Measure.percentile("Median", TOTAL_MS, 50, Unit.MILLIS),
                                        Measure.percentile("95 %", TOTAL_MS, 95, Unit.MILLIS),
                                        Measure.percentile("99 %", TOTAL_MS, 99, Unit.MILLIS),
                                        Measure.of(
                                                "Mean computing",
                                                Operation.AVERAGE,
                                                "serveflow.latency.compute_us",
                                                Unit.MICROS)),
                                HALF,
                                12),
                        new Panel(
                                "cascade-latency-over-time",
                                "Latency over time",
                                "Percentiles from the first packet of the flow to its verdict.",
                                Kind.LINE,
                                FLOWS,
                                List.of(time()),
                                List.of(
                                        Measure.percentile("Median", TOTAL_MS, 50, Unit.MILLIS),
                                        Measure.percentile("95 %", TOTAL_MS, 95, Unit.MILLIS),
                                        Measure.percentile("99 %", TOTAL_MS, 99, Unit.MILLIS)),
                                HALF,
                                12),
                        new Panel(
                                "cascade-degraded",
                                "Degraded over time",
                                "Flows that kept a fast verdict, by the reason; empty while the"
                                        + " slow tier keeps up.",
                                Kind.BAR,
                                Filter.all(FLOWS, FELL_BACK),
                                List.of(values("Reason", REASON, 10).withOthers(), time()),
                                List.of(Measure.count("Flows")),
                                HALF,
                                10),
                        new Panel(
                                "cascade-repaired",
                                "Repaired over time",
                                "Flows that got a verdict of the slow tier later, by its label;"
                                        + " empty while nothing is repaired.",
                                Kind.BAR,
                                REPAIRED,
                                List.of(label(10).withOthers(), time()),
                                List.of(Measure.count("Flows")),
                                HALF,
                                10),
                        new Panel(
                                "cascade-bundles",
                                "Bundles",
                                "Which versions answered, and when.",
                                Kind.TABLE,
                                FLOWS,
                                List.of(
                                        values("Bundle", "serveflow.bundle.name", 10),
                                        values("Version", "serveflow.bundle.version", 10)),
                                List.of(
                                        Measure.count("Flows"),
                                        meanConfidence(),
                                        Measure.count("Unknown", UNKNOWN),
                                        Measure.of(
                                                "First flow",
                                                Operation.LEAST,
                                                TIMESTAMP,
                                                Unit.TIME),
                                        lastFlow()),
                                Panel.COLUMNS,
                                8),
                        new Panel(
                                "cascade-confidence-over-time",
                                "Confidence over time",
                                "The mean; where it falls, the traffic may have drifted from that"
                                        + " of the bundle.",
                                Kind.LINE,
                                FLOWS,
                                List.of(time()),
                                List.of(meanConfidence()),
                                Panel.COLUMNS,
                                10)));
    }

    private static Panel metric(
            final String id,
            final String title,
            final String help,
            final Filter filter,
            final Measure measure) {
        return new Panel(
                id, title, help, Kind.METRIC, filter, List.of(), List.of(measure), QUARTER, 6);
    }

    private static List<Measure> ofHosts() {
        return List.of(
                Measure.count("Flows"),
                Measure.count("Unknown", UNKNOWN),
                Measure.distinct("Labels", LABEL),
                Measure.distinct("Ports", PORT),
                meanConfidence(),
                lastFlow());
    }

    private static Measure meanConfidence() {
        return Measure.of("Mean confidence", Operation.AVERAGE, CONFIDENCE, Unit.SHARE);
    }

    private static Measure lastFlow() {
        return Measure.of("Last flow", Operation.GREATEST, TIMESTAMP, Unit.TIME);
    }

    private static Filter elsewhere(final String label, final List<Integer> ports) {
        return Filter.all(
                is(LABEL, label),
                not(is(PORT, ports.stream().map(String::valueOf).toArray(String[]::new))));
    }

    private static Time time() {
        return new Time("Time", TIMESTAMP);
    }

    private static Values label(final int size) {
        return values("Label", LABEL, size);
    }

    private static Values values(final String label, final String field, final int size) {
        return new Values(label, field, Unit.NAME, size);
    }

    private static Values port(final int size) {
        return new Values("Port", PORT, Unit.PORT, size);
    }

    private static Values address(final String label, final String field, final int size) {
        return new Values(label, field, Unit.ADDRESS, size);
    }

    private static Measure latest(final String label, final String field, final Unit unit) {
        return Measure.of(label, Operation.LATEST, field, unit);
    }

    private static List<Double> tenths() {
        return IntStream.range(0, 10).mapToObj(n -> n / 10.0).toList();
    }
}
