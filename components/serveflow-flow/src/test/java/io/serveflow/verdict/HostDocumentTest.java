/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.verdict.Verdict.BundleRef;
import io.serveflow.verdict.Verdict.LabelProbability;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostDocumentTest {

    private static final Instant CREATED = Instant.parse("2026-11-22T10:15:30.123456Z");
    private static final long START = 1_700_000_400_000_000L;

    @Test
    void shouldWriteTheGoldenDocument() {
        assertThat(
                        new String(
                                HostDocument.json(host("1.0.0", START), CREATED),
                                StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"@timestamp\":\"2023-11-14T22:25:20.500Z\",\"event\":{\"kind\":\"event\","
                            + "\"category\":[\"host\"],\"type\":[\"info\"],\"module\":\"serveflow\","
                            + "\"dataset\":\"serveflow.host\",\"id\":\""
                                + ID
                                + "\",\"created\":\"2026-11-22T10:15:30.123456Z\","
                                + "\"start\":\"2023-11-14T22:20:00Z\",\"end\":\"2023-11-14T22:30:00Z\"},"
                                + "\"host\":{\"ip\":\"10.0.0.7\"},\"observer\":{\"name\":\"sensor\"},"
                                + "\"serveflow\":{\"task\":\"device\",\"label\":\"cam\","
                                + "\"confidence\":0.8125,\"flows\":7,\"unknown_flows\":1,"
                                + "\"first_seen\":\"2023-11-14T22:20:01Z\","
                                + "\"last_seen\":\"2023-11-14T22:25:20.500Z\","
                                + "\"bundle\":{\"name\":\"tiny\",\"version\":\"1.0.0\",\"sha256\":\""
                                + "ab".repeat(32)
                                + "\"},\"top\":{\"cam\":0.8125,\"hub\":0.125}}}");
    }

    @Test
    void shouldGiveEachWindowAndBundleVersionAnIdOfItsOwn() {
        assertThat(HostDocument.id(host("1.0.0", START)))
                .isEqualTo(ID)
                .isNotEqualTo(HostDocument.id(host("1.0.1", START)))
                .isNotEqualTo(HostDocument.id(host("1.0.0", START + 600_000_000)));
    }

    /** SHA-1 of sensor|10.0.0.7|1700000400000000|device|1.0.0, by sha1sum. */
    private static final String ID = "605a9bb779c064f875deaefc002a4ca7d8cebf65";

    private static HostVerdict host(final String version, final long start) {
        return new HostVerdict(
                new BundleRef("tiny", version, "device", "ab".repeat(32)),
                "sensor",
                "10.0.0.7",
                start,
                start + 600_000_000,
                "cam",
                0.8125,
                7,
                1,
                START + 1_000_000,
                START + 320_500_000,
                List.of(
                        new LabelProbability("cam", (float) 0.8125),
                        new LabelProbability("hub", (float) 0.125)));
    }
}
