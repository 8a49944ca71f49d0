/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.app.observe.VerdictCounts;
import io.serveflow.app.run.ElasticsearchSetup;
import io.serveflow.app.run.RouteApplication;
import io.serveflow.camel.TierPlacement;
import io.serveflow.ledger.Ledger;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a replay came to, with the number of documents as Elasticsearch itself counts them.
 *
 * @param ledger the account of the application, in which nothing is under way
 * @param medianLatencyMs from the first packet of a flow to its final verdict
 * @param elasticsearch version of the server, as it says
 * @param documents documents in the data stream, as the server says
 * @param scoredBy what scores each tier: a device of this process, or {@code HOST:PORT}
 */
public record DemoSummary(
        Ledger ledger,
        double medianLatencyMs,
        String elasticsearch,
        long documents,
        Map<String, String> scoredBy) {

    /** The summary of an application that has nothing under way. */
    public static DemoSummary of(final RouteApplication application) throws IOException {
        final ElasticsearchSetup setup = application.setup();
        return new DemoSummary(
                application.ledger(),
                application.tally().latencyMs(50),
                setup.serverVersion(),
                setup.documents(),
                scoredBy(application.placements()));
    }

    private static Map<String, String> scoredBy(final List<TierPlacement> placements) {
        final Map<String, String> scoredBy = new LinkedHashMap<>();
        for (final TierPlacement placement : placements) {
            scoredBy.put(
                    placement.tier(),
                    placement.scorers().stream()
                            .map(TierPlacement.Scorer::name)
                            .collect(Collectors.joining(",")));
        }
        return scoredBy;
    }

    /** Final verdicts by tier, first tier first. */
    private Map<String, Long> decidedBy() {
        final Map<String, Long> byTier = new LinkedHashMap<>();
        for (final String tier : new String[] {"fastest", "fast", "slow"}) {
            byTier.put(tier, 0L);
        }
        ledger.byDetail(Ledger.Entry.VERDICTS)
                .forEach(
                        (detail, count) -> {
                            final String[] parts = detail.split("/");
                            if (parts[2].equals("final")) {
                                byTier.merge(parts[1], count, Long::sum);
                            }
                        });
        return byTier;
    }

    /** The summary for programs, with the keys of the command line's contract. */
    public ObjectNode json() {
        final VerdictCounts verdicts = VerdictCounts.of(ledger);
        final ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("flows", ledger.total(Ledger.Entry.FLOWS));
        json.put("events", ledger.total(Ledger.Entry.EVENTS));
        json.putObject("verdicts")
                .put("provisional", verdicts.provisional())
                .put("final", verdicts.last());
        json.put("indexed", ledger.total(Ledger.Entry.INDEXED));
        json.put("deadLettered", ledger.total(Ledger.Entry.DEAD_LETTERED));
        final ObjectNode drops = json.putObject("dropped");
        ledger.byDetail(Ledger.Entry.DROPPED).forEach(drops::put);
        final ObjectNode tiers = json.putObject("decidedBy");
        decidedBy().forEach(tiers::put);
        json.put("medianLatencyMs", medianLatencyMs);
        json.put("elasticsearch", elasticsearch);
        json.put("documents", documents);
        final ObjectNode scorers = json.putObject("scoredBy");
        scoredBy.forEach(scorers::put);
        return json;
    }

    /** The summary for people. */
    public String text(final long files) {
        final VerdictCounts verdicts = VerdictCounts.of(ledger);
        final StringBuilder text = new StringBuilder();
        line(
                text,
                "Sensor logs",
                "%d, with %d records of %d flows",
                files,
                ledger.total(Ledger.Entry.EVENTS),
                ledger.total(Ledger.Entry.FLOWS));
        line(
                text,
                "Verdicts",
                "%d final, %d provisional before them",
                verdicts.last(),
                verdicts.provisional());
        decidedBy()
                .forEach(
                        (tier, count) ->
                                line(
                                        text,
                                        "  by " + tier,
                                        "%d flows (%.1f %%)%s",
                                        count,
                                        verdicts.last() == 0 ? 0 : 100.0 * count / verdicts.last(),
                                        elsewhere(tier)));
        line(text, "Median latency", "%.3f ms, first packet to verdict", medianLatencyMs);
        line(
                text,
                "Indexed",
                "%d documents; Elasticsearch %s counts %d",
                ledger.total(Ledger.Entry.INDEXED),
                elasticsearch,
                documents);
        line(
                text,
                "Lost",
                "%d dropped, %d dead letters",
                ledger.total(Ledger.Entry.DROPPED),
                ledger.total(Ledger.Entry.DEAD_LETTERED));
        return text.toString();
    }

    /** Where another process scores a tier, its address. */
    private String elsewhere(final String tier) {
        final String scorer = scoredBy.getOrDefault(tier, "");
        return scorer.contains(":") && !scorer.startsWith("cuda:") ? ", scored by " + scorer : "";
    }

    private static void line(
            final StringBuilder text,
            final String name,
            final String format,
            final Object... values) {
        text.append(String.format(Locale.ROOT, "%-16s", name))
                .append(String.format(Locale.ROOT, format, values))
                .append(System.lineSeparator());
    }
}
