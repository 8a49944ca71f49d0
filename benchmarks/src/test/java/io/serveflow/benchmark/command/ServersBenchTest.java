/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measurements beside a Kafka or an Elasticsearch, each as small as it can be: that it runs, not
 * what it says.
 */
class ServersBenchTest {

    @TempDir private Path folder;

    @Test
    void shouldMeasureTheLatencyOfLinesInATopic() throws IOException {
        final JsonNode results =
                SmallBench.measure(
                        folder,
                        "latency",
                        "--rates=200",
                        "--seconds=0.5",
                        "--warm-up=0.5",
                        "--source=kafka");

        assertThat(results.at("/cases/200 flows~1s/figures/answered/median").asDouble())
                .isEqualTo(100);
    }

    @Test
    void shouldMeasureDocumentsIntoElasticsearch() throws IOException {
        final JsonNode results =
                SmallBench.measure(
                        folder,
                        "index",
                        "--flows=200",
                        "--warm-up=50",
                        "--bulk-mib=1",
                        "--in-flight=2",
                        "--elastic-heap=512",
                        "--elastic-home=" + System.getProperty("serveflow.elasticsearch.home"));

        assertThat(results.at("/ratios").has("routes / bulk 1.0 MiB x 2: documentsPerSecond"))
                .isTrue();
    }

    @Test
    void shouldMeasureFromTopicToTopic() throws IOException {
        final JsonNode results =
                SmallBench.measure(
                        folder, "kafka", "--flows=200", "--warm-up=50", "--broker-heap=384");

        assertThat(results.at("/cases/stock/figures/flowsPerSecond/median").asDouble())
                .isPositive();
        assertThat(results.at("/cases/producer/figures/shedShare/median").asDouble()).isZero();
    }

    @Test
    void shouldStoreOneFinalVerdictAFlowOfRolesThatAreLinkedByKafka() throws IOException {
        final JsonNode results =
                SmallBench.measure(
                        folder, "roles", "--flows=200", "--ways=alone", "--role-jvm=-Xmx192m");

        assertThat(results.at("/cases/alone/figures/finalVerdicts/median").asDouble())
                .isEqualTo(200);
        assertThat(results.at("/cases/alone/figures/flowsWithAFinalVerdict/median").asDouble())
                .isEqualTo(200);
        assertThat(results.at("/cases/alone/figures/fastAnswersThatStand/median").asDouble())
                .isZero();
    }
}
