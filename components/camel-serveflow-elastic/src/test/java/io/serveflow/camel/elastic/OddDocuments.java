/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.batch.FlowBatch;
import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowTunnel;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Packets;
import io.serveflow.flow.Transport;
import io.serveflow.verdict.AnsweredFlows;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.Verdict.BundleRef;
import io.serveflow.verdict.Verdict.LabelProbability;
import io.serveflow.verdict.Verdict.Latency;
import io.serveflow.verdict.VerdictDocument;
import io.serveflow.verdict.VerdictStage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Verdicts that no sensor or bundle should come to, the same ones for the same seed: each with a
 * few values from the edges of what the types allow. Each is of a flow of its own.
 */
final class OddDocuments {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int LONGER_THAN_A_TERM = 33_000;

    private static final List<String> ADDRESSES =
            List.of(
                    "10.0.0.1",
                    "::",
                    "2001:db8::1",
                    "::ffff:192.0.2.1",
                    "fe80::1%eth0",
                    "fe80::1%2",
                    "192.0.2.999",
                    "10.0.0.1:80",
                    "host.example",
                    "-",
                    "");
    private static final List<Long> MICROS =
            List.of(
                    0L,
                    1L,
                    -1L,
                    999_999L,
                    -62_167_219_200_000_000L,
                    -62_167_219_200_000_001L,
                    2_147_483_648_000_000L,
                    253_402_300_799_999_999L,
                    253_402_300_800_000_000L,
                    Long.MAX_VALUE,
                    Long.MIN_VALUE);
    private static final List<String> TEXTS =
            List.of(
                    "",
                    " ",
                    ".",
                    "a..b",
                    "unknown",
                    "\u0000",
                    "\n",
                    "\ud83d",
                    "\ud83d\udd25",
                    "\u2028",
                    "\"}}\n{",
                    "x".repeat(1_025),
                    "\u00e9".repeat(1_024));
    private static final List<Double> NUMBERS =
            List.of(0.0, -0.0, 1.0, 1e-9, -1.0, 1e300, Double.NaN, Double.POSITIVE_INFINITY);
    private static final List<Long> LATENCIES = List.of(0L, -1L, Long.MAX_VALUE, Long.MIN_VALUE);

    private final Random random;

    OddDocuments(final long seed) {
        random = new Random(seed);
    }

    /** Flows {@code from} (inclusive) to {@code to} (exclusive), each with a verdict. */
    FlowBatch batch(final int from, final int to) {
        final List<FlowRecord> flows = new ArrayList<>();
        final List<Verdict> verdicts = new ArrayList<>();
        for (int i = from; i < to; i++) {
            flows.add(flow(i));
            verdicts.add(verdict());
        }
        return FlowBatch.of(flows).withVerdicts(verdicts::get);
    }

    /** The documents of as many flows, each without a few of its fields. */
    List<String> incomplete(final int from, final int to) throws IOException {
        final List<String> documents = new ArrayList<>();
        for (int i = from; i < to; i++) {
            final ObjectNode document =
                    (ObjectNode)
                            JSON.readTree(
                                    VerdictDocument.json(
                                            flow(i),
                                            AnsweredFlows.verdict(),
                                            AnsweredFlows.CREATED));
            for (int n = random.nextInt(3); n >= 0; n--) {
                lessen(document);
            }
            documents.add(new String(JSON.writeValueAsBytes(document), StandardCharsets.UTF_8));
        }
        return documents;
    }

    /** Takes a field away, or its value; not of the event, by which a document is known as one. */
    private void lessen(final ObjectNode document) {
        final List<String> names = new ArrayList<>();
        document.fieldNames().forEachRemaining(names::add);
        names.remove("event");
        if (names.isEmpty()) {
            return;
        }
        final String name = any(names);
        if (document.get(name) instanceof ObjectNode object && random.nextBoolean()) {
            lessen(object);
        } else if (random.nextInt(4) == 0) {
            document.putNull(name);
        } else {
            document.remove(name);
        }
    }

    private FlowRecord flow(final int i) {
        final FlowRecord flow =
                new FlowRecord(
                        new FlowId(odd("sensor", TEXTS), "C" + i + odd("", TEXTS)),
                        new FlowTuple(
                                random.nextBoolean() ? Transport.TCP : Transport.UDP,
                                odd("10.0.0.2", ADDRESSES),
                                any(List.of(0, 40_000, 65_535)),
                                odd("2001:db8::2", ADDRESSES),
                                443),
                        odd("1:abc=", TEXTS),
                        odd(1_700_000_000_123_456L + i, MICROS),
                        FlowRecord.Stage.FIRST,
                        FlowRecord.End.DEPTH,
                        new Packets.Builder().add(0, true, 60, new byte[] {0x45}, 0, 1).build(),
                        0);
        return random.nextInt(10) == 0
                ? flow.in(
                        Optional.of(FlowTunnel.parse("vxlan 1 100 192.0.2.1 50001 192.0.2.2 4789")))
                : flow;
    }

    private Verdict verdict() {
        final List<LabelProbability> top = new ArrayList<>();
        for (int i = random.nextInt(Verdict.MOST_TOP + 1); i > 0; i--) {
            top.add(
                    new LabelProbability(
                            random.nextInt(200) == 0
                                    ? "y".repeat(LONGER_THAN_A_TERM)
                                    : odd("label-" + i, TEXTS),
                            odd(0.25, NUMBERS).floatValue()));
        }
        return new Verdict(
                new BundleRef(
                        odd("service", TEXTS), odd("1.0.0", TEXTS), "service", odd("00ff", TEXTS)),
                odd("fastest", TEXTS),
                random.nextBoolean() ? VerdictStage.FINAL : VerdictStage.PROVISIONAL,
                odd("web", TEXTS),
                odd(0.75, NUMBERS),
                odd(0.25, NUMBERS),
                odd("certain", TEXTS),
                random.nextInt(3) - 1,
                new Latency(odd(0L, LATENCIES), odd(1_500L, LATENCIES), odd(12L, LATENCIES)),
                top);
    }

    /** Now and then one of the odd values. */
    private <T> T odd(final T usual, final List<T> values) {
        return random.nextInt(30) == 0 ? any(values) : usual;
    }

    private <T> T any(final List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
