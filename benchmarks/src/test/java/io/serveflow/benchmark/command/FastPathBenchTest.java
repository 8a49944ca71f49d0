/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measurements of the way from a sensor to a first verdict, each as small as it can be: that it
 * runs, not what it says.
 */
class FastPathBenchTest {

    @TempDir private Path folder;

    @Test
    void shouldMeasureTheRateOfEveryWay() throws IOException {
        final JsonNode results =
                SmallBench.measure(
                        folder,
                        "rate",
                        "--ways=routes,file,loop,slow,single-exchange,single-flow",
                        "--flows=200",
                        "--warm-up=50",
                        "--sink=ndjson");

        assertThat(results.get("cases")).hasSize(6);
        for (final JsonNode measured : results.get("cases")) {
            assertThat(measured.at("/figures/flowsPerSecond/median").asDouble()).isPositive();
            assertThat(measured.at("/figures/share.fell_back").isMissingNode()).isTrue();
        }
        assertThat(results.at("/ratios").has("routes / loop: flowsPerSecond")).isTrue();
        assertThat(SmallBench.share(results, "routes", "fast"))
                .isEqualTo(SmallBench.share(results, "loop", "fast"));
        assertThat(SmallBench.share(results, "slow", "slow")).isEqualTo(1);
    }

    @Test
    void shouldMeasureTheLatencyOfLinesInALog() throws IOException {
        final JsonNode results =
                SmallBench.measure(
                        folder, "latency", "--rates=200", "--seconds=0.5", "--warm-up=0.5");

        assertThat(results.at("/cases/200 flows~1s/figures/packet1P50Ms/median").asDouble())
                .isPositive();
        assertThat(results.at("/cases/200 flows~1s/figures/answered/median").asDouble())
                .isEqualTo(100);
    }

    @Test
    void shouldMeasureTheLatencyOfLinesInMemory() throws IOException {
        final JsonNode results =
                SmallBench.measure(
                        folder,
                        "latency",
                        "--rates=200",
                        "--seconds=0.5",
                        "--warm-up=0.5",
                        "--source=memory");

        assertThat(results.at("/cases/200 flows~1s/figures/contextP99Ms/median").asDouble())
                .isPositive();
    }

    @Test
    void shouldClassifyACaptureOnOneCore() throws IOException {
        assumeTrue(
                SmallBench.isThere("taskset"), "there is no taskset to keep a process on one core");
        final JsonNode results =
                SmallBench.measure(
                        folder,
                        "classify",
                        "--packets=1000",
                        "--captures=" + ProjectFiles.captures().resolve("dns.pcap"));

        assertThat(results.at("/cases/classify/figures/flows/median").asDouble())
                .isGreaterThanOrEqualTo(61);
        assertThat(results.at("/cases/classify/figures/packetsPerSecond/median").asDouble())
                .isPositive();
    }

    @Test
    void shouldSayThatThereIsNothingToCompareWith() throws IOException {
        assumeTrue(
                SmallBench.isThere("taskset"), "there is no taskset to keep a process on one core");
        final JsonNode results =
                SmallBench.measure(
                        folder,
                        "classify",
                        "--packets=1",
                        "--captures=" + ProjectFiles.captures().resolve("dns.pcap"),
                        "--ndpi=no-such-reader");

        assertThat(results.get("cases")).hasSize(1);
        assertThat(results.get("notes").toString()).contains("no-such-reader");
    }

    @Test
    void shouldFillAHeapWithOpenFlows() throws IOException {
        final JsonNode results =
                SmallBench.measure(folder, "flows", "--heap=64m", "--most=1000000", "--step=2000");

        for (final String where : List.of("assembler", "join")) {
            final JsonNode figures = results.at("/cases/" + where + "/figures");
            assertThat(figures.at("/held/median").asDouble()).isGreaterThan(2_000);
            assertThat(figures.at("/bytesPerFlow/median").asDouble()).isGreaterThan(100);
            assertThat(figures.at("/full/median").asDouble()).isEqualTo(1);
        }
        assertThat(results.at("/curves/join/points").size()).isPositive();
    }

    @Test
    void shouldLookOnWhileThereIsTooMuch() throws IOException {
        final JsonNode results =
                SmallBench.measure(
                        folder, "overload", "--rate=200", "--seconds=0.5", "--warm-up=0.5");

        assertThat(results.get("cases")).hasSize(4);
        assertThat(results.at("/cases/3: 2.0x/figures/answered/median").asDouble()).isEqualTo(200);
        assertThat(results.at("/curves/answered/points").size()).isPositive();
    }

    @Test
    void shouldMeasureTheStart() throws IOException {
        final JsonNode results = SmallBench.measure(folder, "start", "--ways=jvm");

        assertThat(results.at("/cases/jvm/figures/secondsToVerdict/median").asDouble())
                .isPositive();
    }
}
