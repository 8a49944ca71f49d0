/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.part;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.serveflow.batch.FlowBatch;
import io.serveflow.cascade.CascadeTier;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.VerdictDocument;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * The document of a verdict as bytes, and its id alone. The baseline of the document is a map of
 * maps that Jackson's mapper writes; that of the id is SHA-1 of bytes that are ready.
 */
@OperationsPerInvocation(PartBenchmark.FLOWS)
public class VerdictBenchmark extends PartBenchmark {

    private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00.123456Z");

    /** The first tier's verdicts on all flows. */
    @State(Scope.Benchmark)
    public static class Verdicts {

        final ObjectMapper mapper = new ObjectMapper();
        FlowBatch batch;
        byte[] identity = {};
        MessageDigest sha1;

        @Setup
        public void decide(final Sample sample, final Models models)
                throws NoSuchAlgorithmException {
            batch =
                    new CascadeTier(
                                    models.bundle(),
                                    models.first().spec().name(),
                                    System::nanoTime,
                                    new Ledger(),
                                    (flow, verdict) -> {})
                            .decide(FlowBatch.of(sample.flows.first()));
            identity =
                    "benchmark|CHhAvVGS1DHFjwGM9|1700000000123456|service|0.2.0|final"
                            .getBytes(StandardCharsets.US_ASCII);
            sha1 = MessageDigest.getInstance("SHA-1");
        }
    }

    @Benchmark
    public void map(final Verdicts verdicts, final Blackhole sink) throws JsonProcessingException {
        for (int i = 0; i < FLOWS; i++) {
            sink.consume(
                    verdicts.mapper.writeValueAsBytes(
                            document(
                                    verdicts.batch.record(i), verdicts.batch.verdict(i), CREATED)));
        }
    }

    @Benchmark
    public void json(final Verdicts verdicts, final Blackhole sink) {
        for (int i = 0; i < FLOWS; i++) {
            sink.consume(
                    VerdictDocument.json(
                            verdicts.batch.record(i), verdicts.batch.verdict(i), CREATED));
        }
    }

    @Benchmark
    public void digest(final Verdicts verdicts, final Blackhole sink) {
        for (int i = 0; i < FLOWS; i++) {
            sink.consume(verdicts.sha1.digest(verdicts.identity));
        }
    }

    @Benchmark
    public void id(final Verdicts verdicts, final Blackhole sink) {
        for (int i = 0; i < FLOWS; i++) {
            sink.consume(VerdictDocument.id(verdicts.batch.record(i), verdicts.batch.verdict(i)));
        }
    }

    /**
     * The document of a verdict that supersedes none, as maps; a test holds that it is the same.
     */
    static Map<String, Object> document(
            final FlowRecord flow, final Verdict verdict, final Instant created) {
        final String start = Instant.EPOCH.plus(flow.startMicros(), ChronoUnit.MICROS).toString();
        final Map<String, Object> event = new LinkedHashMap<>();
        event.put("kind", "event");
        event.put("category", List.of("network"));
        event.put("type", List.of("info"));
        event.put("module", "serveflow");
        event.put("dataset", "serveflow.prediction");
        event.put("id", VerdictDocument.id(flow, verdict));
        event.put("created", created.truncatedTo(ChronoUnit.MICROS).toString());
        event.put("start", start);
        final Map<String, Object> network = new LinkedHashMap<>();
        network.put("transport", flow.tuple().transport().sensorName());
        network.put("community_id", flow.communityId());
        if (verdict.bundle().task().equals("service") && !verdict.label().equals(Verdict.UNKNOWN)) {
            network.put("application", verdict.label());
        }
        final Map<String, Object> document = new LinkedHashMap<>();
        document.put("@timestamp", start);
        document.put("event", event);
        document.put("log", Map.of("id", Map.of("uid", flow.id().uid())));
        document.put("network", network);
        document.put("source", endpoint(flow.tuple().originator(), flow.tuple().originatorPort()));
        document.put(
                "destination", endpoint(flow.tuple().responder(), flow.tuple().responderPort()));
        document.put("observer", Map.of("name", flow.id().observer()));
        document.put("serveflow", answer(verdict));
        return document;
    }

    private static Map<String, Object> endpoint(final String address, final int port) {
        final Map<String, Object> endpoint = new LinkedHashMap<>();
        endpoint.put("ip", address);
        endpoint.put("port", port);
        return endpoint;
    }

    private static Map<String, Object> answer(final Verdict verdict) {
        final Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("task", verdict.bundle().task());
        answer.put("label", verdict.label());
        answer.put("confidence", rounded(verdict.confidence()));
        answer.put("uncertainty", rounded(verdict.uncertainty()));
        answer.put("tier", verdict.tier());
        answer.put("stage", verdict.stage().id());
        answer.put("final", verdict.isFinal());
        answer.put("revised", verdict.revised());
        answer.put("reason", verdict.reason());
        answer.put("packets", verdict.packets());
        final Map<String, Object> bundle = new LinkedHashMap<>();
        bundle.put("name", verdict.bundle().name());
        bundle.put("version", verdict.bundle().version());
        bundle.put("sha256", verdict.bundle().sha256());
        answer.put("bundle", bundle);
        final Map<String, Object> latency = new LinkedHashMap<>();
        latency.put("wait_ms", verdict.latency().waitMicros() / 1e3);
        latency.put("queue_ms", verdict.latency().queueMicros() / 1e3);
        latency.put("compute_us", verdict.latency().computeMicros());
        latency.put("total_ms", verdict.latency().totalMicros() / 1e3);
        answer.put("latency", latency);
        final Map<String, Object> top = new LinkedHashMap<>();
        for (final Verdict.LabelProbability likely : verdict.top()) {
            top.put(likely.label(), rounded(likely.probability()));
        }
        answer.put("top", top);
        return answer;
    }

    private static double rounded(final double value) {
        return Math.round(value * 1e6) / 1e6;
    }
}
