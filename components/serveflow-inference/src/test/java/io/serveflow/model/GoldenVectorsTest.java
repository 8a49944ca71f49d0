/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.SampleFlows;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GoldenVectorsTest {

    private static final GoldenVector FIRST =
            new GoldenVector(
                    SampleFlows.randomFirst(1), Map.of("fastest", new float[] {0.1f, 0.2f, 0.7f}));
    private static final GoldenVector CONTEXT =
            new GoldenVector(
                    SampleFlows.randomContext(2, 4),
                    Map.of(
                            "fastest", new float[] {0.3f, 0.3f, 0.4f},
                            "slow", new float[] {1e-7f, 0.5f, 0.49999991f}));

    @Test
    void shouldReadWhatWasWritten() {
        final List<GoldenVector> read =
                GoldenVectors.read(GoldenVectors.write(List.of(FIRST, CONTEXT)));

        assertThat(read).hasSize(2);
        assertSame(read.get(0), FIRST);
        assertSame(read.get(1), CONTEXT);
    }

    @Test
    void shouldWriteTheRecordInTheSensorsForm() {
        assertThat(GoldenVectors.write(List.of(FIRST)))
                .asString(StandardCharsets.UTF_8)
                .startsWith("{\"record\":{\"ts\":1700000000.123456,\"uid\":\"C1\",")
                .endsWith("]},\"probabilities\":{\"fastest\":[0.1,0.2,0.7]}}\n");
    }

    @Test
    void shouldReadALastLineWithoutAnEnd() {
        final String lines = lines(FIRST, CONTEXT).stripTrailing();

        assertThat(GoldenVectors.read(lines.getBytes(StandardCharsets.UTF_8))).hasSize(2);
    }

    @Test
    void shouldNameTheLineThatCannotBeRead() {
        final String first = lines(FIRST);
        refuses(first + "{", "line 2 is no valid JSON");
        refuses(first + "\n", "line 2 is no JSON object");
        refuses(first + "[]", "line 2 is no JSON object");
        refuses(first.replace("\"record\"", "\"flow\""), "line 1 has an unknown field flow");
        refuses(
                first.replace("\"uid\":\"C1\",", ""),
                "line 1 has a record that cannot be read",
                "uid");
        refuses(first.replace("[0.1,0.2,0.7]", "0.1"), "line 1 has no list for tier fastest");
        refuses(first.replace("0.2", "\"0.2\""), "a probability of tier fastest that is no number");
        refuses("{\"probabilities\":{\"fastest\":[1]}}", "line 1 has no field record");
        refuses(first.strip() + first, "line 1 has more than one JSON object");
        refuses(first.replaceFirst("(?s),\"probabilities\".*", "}"), "line 1 has no probabilities");
    }

    private static void assertSame(final GoldenVector read, final GoldenVector written) {
        final FlowRecord record = read.record();
        assertThat(record.packets()).isEqualTo(written.record().packets());
        assertThat(record.tuple()).isEqualTo(written.record().tuple());
        assertThat(record.stage()).isEqualTo(written.record().stage());
        assertThat(read.probabilities()).containsOnlyKeys(written.probabilities().keySet());
        written.probabilities()
                .forEach((tier, row) -> assertThat(read.probabilities().get(tier)).isEqualTo(row));
    }

    private static String lines(final GoldenVector... vectors) {
        return new String(GoldenVectors.write(List.of(vectors)), StandardCharsets.UTF_8);
    }

    private static void refuses(final String lines, final String... why) {
        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(() -> GoldenVectors.read(lines.getBytes(StandardCharsets.UTF_8)))
                .withMessageStartingWith("golden.ndjson: ")
                .satisfies(e -> assertThat(e.getMessage()).contains(why));
    }
}
