/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.app.BuildInfo;
import io.serveflow.app.observe.Account;
import io.serveflow.app.observe.DriftWatch;
import io.serveflow.app.observe.VerdictTally;
import io.serveflow.camel.TierPlacement;
import io.serveflow.flow.FlowTuple;
import io.serveflow.ledger.Ledger;
import io.serveflow.verdict.Verdict;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The numbers behind the console page, as JSON. */
public final class ConsoleStatus {

    private static final ObjectMapper JSON = new JsonMapper();

    private final Sink sink;
    private final Ledger ledger;
    private final VerdictTally tally;
    private final DriftWatch drift;
    private final IntSupplier pending;
    private final Held held;
    private final Supplier<Account> account;
    private final Supplier<List<TierPlacement>> placements;

    /** When the counts of this instance began. */
    private final Instant since = Instant.now();

    /**
     * @param sink where the verdicts go
     * @param pending flows that wait for their context or for the slow tier
     * @param held what the sink does not take
     * @param account whether what began has ended
     * @param placements where the tiers are scored that are in use
     */
    public ConsoleStatus(
            final Sink sink,
            final Ledger ledger,
            final VerdictTally tally,
            final DriftWatch drift,
            final IntSupplier pending,
            final Held held,
            final Supplier<Account> account,
            final Supplier<List<TierPlacement>> placements) {
        this.sink = sink;
        this.ledger = ledger;
        this.tally = tally;
        this.drift = drift;
        this.pending = pending;
        this.held = held;
        this.account = account;
        this.placements = placements;
    }

    /**
     * Where the verdicts go.
     *
     * @param kind {@code elasticsearch}, {@code file}, or {@code none} where another process stores
     *     them
     * @param index the data stream, or what is called like one
     * @param address of the server, or the folder of the files, as it is set
     */
    public record Sink(String kind, String index, String address) {}

    /**
     * Documents that are held because the sink does not take them.
     *
     * @param documents how many
     * @param seconds for how long without a break
     */
    public record Held(LongSupplier documents, DoubleSupplier seconds) {}

    /** The ledger, the latencies and the latest verdicts as they are now. */
    public String json() {
        final ObjectNode status = JSON.createObjectNode();
        status.put("version", BuildInfo.version());
        status.put("time", Instant.now().toString());
        status.put("since", since.toString());
        status.put("sink", sink.kind());
        status.put("index", sink.index());
        status.put("elasticsearch", sink.address());
        final ArrayNode lines = status.putArray("account");
        final Account now = account.get();
        now.lines().forEach(line -> describe(line, lines.addObject()));
        now.unaccounted().ifPresent(why -> status.put("unaccounted", why));
        final ObjectNode entries = status.putObject("ledger");
        for (final Ledger.Entry entry : Ledger.Entry.values()) {
            final ObjectNode counts = entries.putObject(entry.id());
            counts.put("total", ledger.total(entry));
            final ObjectNode details = counts.putObject("by");
            ledger.byDetail(entry).forEach(details::put);
        }
        status.put("pending", pending.getAsInt());
        final ObjectNode waiting = status.putObject("held");
        waiting.put("documents", held.documents().getAsLong());
        waiting.put("seconds", held.seconds().getAsDouble());
        final ArrayNode tiers = status.putArray("tiers");
        placements.get().forEach(placement -> describe(placement, tiers.addObject()));
        final ObjectNode latency = status.putObject("latencyMs");
        latency.put("p50", tally.latencyMs(50));
        latency.put("p95", tally.latencyMs(95));
        latency.put("p99", tally.latencyMs(99));
        final ObjectNode labels = status.putObject("labels");
        tally.labels().forEach(labels::put);
        final ArrayNode moved = status.putArray("drift");
        drift.reports().entrySet().forEach(report -> moved.add(DriftWatch.text(report)));
        final ArrayNode latest = status.putArray("latest");
        tally.latest().forEach(given -> describe(given, latest.addObject()));
        try {
            return JSON.writeValueAsString(status);
        } catch (final JsonProcessingException e) {
            throw new UncheckedIOException("a tree of plain values can be written", e);
        }
    }

    private static void describe(final Account.Line line, final ObjectNode row) {
        row.put("what", line.what());
        row.put("begun", line.begun());
        row.put("ended", line.ended());
        row.put("waiting", line.waiting());
        row.put("open", line.open());
        row.put("surplus", line.surplus());
    }

    private static void describe(final TierPlacement placement, final ObjectNode tier) {
        tier.put("task", placement.task());
        tier.put("tier", placement.tier());
        final ArrayNode scorers = tier.putArray("scorers");
        placement
                .scorers()
                .forEach(
                        scorer ->
                                scorers.addObject()
                                        .put("name", scorer.name())
                                        .put("state", scorer.state()));
    }

    private static void describe(final VerdictTally.Given given, final ObjectNode row) {
        final FlowTuple tuple = given.flow().tuple();
        final Verdict verdict = given.verdict();
        row.put(
                "start",
                Instant.EPOCH.plus(given.flow().startMicros(), ChronoUnit.MICROS).toString());
        row.put("observer", given.flow().id().observer());
        row.put("uid", given.flow().id().uid());
        row.put("transport", tuple.transport().sensorName());
        row.put("source", endpoint(tuple.originator(), tuple.originatorPort()));
        row.put("destination", endpoint(tuple.responder(), tuple.responderPort()));
        row.put("task", verdict.bundle().task());
        row.put("label", verdict.label());
        row.put("confidence", verdict.confidence());
        row.put("tier", verdict.tier());
        row.put("stage", verdict.stage().id());
        row.put("revised", verdict.revised());
        row.put("reason", verdict.reason());
        row.put("packets", verdict.packets());
        row.put("latencyMs", verdict.latency().totalMicros() / 1e3);
    }

    private static String endpoint(final String address, final int port) {
        return address.contains(":") ? "[" + address + "]:" + port : address + ":" + port;
    }
}
