/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each measurement once, as small as it can be: that it runs, not what it says. */
class BenchTest {

    /** Little memory and a quick start. */
    private static final String JVM = "--jvm=-Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1";

    private static final Path SAMPLES = ProjectFiles.captures();

    @TempDir private Path folder;

    @Test
    void shouldMeasureTheRateOfEveryWay() throws IOException {
        final JsonNode results =
                bench(
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
        assertThat(share(results, "routes", "fast")).isEqualTo(share(results, "loop", "fast"));
        assertThat(share(results, "slow", "slow")).isEqualTo(1);
    }

    private static double share(final JsonNode results, final String way, final String tier) {
        return results.at("/cases/" + way + "/figures/share." + tier + "/median").asDouble();
    }

    @Test
    void shouldMeasureTheLatencyOfLinesInALog() throws IOException {
        final JsonNode results = bench("latency", "--rates=200", "--seconds=0.5", "--warm-up=0.5");

        assertThat(results.at("/cases/200 flows~1s/figures/packet1P50Ms/median").asDouble())
                .isPositive();
        assertThat(results.at("/cases/200 flows~1s/figures/answered/median").asDouble())
                .isEqualTo(100);
    }

    @Test
    void shouldMeasureTheLatencyOfLinesInMemory() throws IOException {
        final JsonNode results =
                bench(
                        "latency",
                        "--rates=200",
                        "--seconds=0.5",
                        "--warm-up=0.5",
                        "--source=memory");

        assertThat(results.at("/cases/200 flows~1s/figures/contextP99Ms/median").asDouble())
                .isPositive();
    }

    @Test
    void shouldMeasureTheLatencyOfLinesInATopic() throws IOException {
        final JsonNode results =
                bench("latency", "--rates=200", "--seconds=0.5", "--warm-up=0.5", "--source=kafka");

        assertThat(results.at("/cases/200 flows~1s/figures/answered/median").asDouble())
                .isEqualTo(100);
    }

    @Test
    void shouldMeasureASlowTierInAProcessOfItsOwn() throws IOException {
        final JsonNode results =
                bench(
                        "remote",
                        "--flows=200",
                        "--warm-up=50",
                        "--rate=200",
                        "--seconds=1",
                        "--batches=8",
                        "--set=serveflow.slow.deadline=20000");

        assertThat(share(results, "rate, slow tier in a worker", "slow"))
                .isEqualTo(share(results, "rate, slow tier here", "slow"))
                .isPositive();
        assertThat(results.at("/cases/requests of 8/figures/cpuMicrosPerFlow/median").asDouble())
                .isPositive();
        assertThat(
                        results.at("/cases/delays, worker stopped/figures/packet1P99Ms/median")
                                .asDouble())
                .isPositive();
    }

    @Test
    void shouldMeasureDocumentsIntoElasticsearch() throws IOException {
        final JsonNode results =
                bench(
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
        final JsonNode results = bench("kafka", "--flows=200", "--warm-up=50", "--broker-heap=384");

        assertThat(results.at("/cases/stock/figures/flowsPerSecond/median").asDouble())
                .isPositive();
        assertThat(results.at("/cases/producer/figures/shedShare/median").asDouble()).isZero();
    }

    @Test
    void shouldStoreOneFinalVerdictAFlowOfRolesThatAreLinkedByKafka() throws IOException {
        final JsonNode results =
                bench("roles", "--flows=200", "--ways=alone", "--role-jvm=-Xmx192m");

        assertThat(results.at("/cases/alone/figures/finalVerdicts/median").asDouble())
                .isEqualTo(200);
        assertThat(results.at("/cases/alone/figures/fastAnswersThatStand/median").asDouble())
                .isZero();
    }

    @Test
    void shouldClassifyACaptureOnOneCore() throws IOException {
        assumeTrue(isThere("taskset"), "there is no taskset to keep a process on one core");
        final JsonNode results =
                bench("classify", "--packets=1000", "--captures=" + SAMPLES.resolve("dns.pcap"));

        assertThat(results.at("/cases/classify/figures/flows/median").asDouble())
                .isGreaterThanOrEqualTo(61);
        assertThat(results.at("/cases/classify/figures/packetsPerSecond/median").asDouble())
                .isPositive();
    }

    @Test
    void shouldSayThatThereIsNothingToCompareWith() throws IOException {
        assumeTrue(isThere("taskset"), "there is no taskset to keep a process on one core");
        final JsonNode results =
                bench(
                        "classify",
                        "--packets=1",
                        "--captures=" + SAMPLES.resolve("dns.pcap"),
                        "--ndpi=no-such-reader");

        assertThat(results.get("cases")).hasSize(1);
        assertThat(results.get("notes").toString()).contains("no-such-reader");
    }

    @Test
    void shouldFillAHeapWithOpenFlows() throws IOException {
        final JsonNode results = bench("flows", "--heap=64m", "--most=1000000", "--step=2000");

        for (final String where : List.of("assembler", "join")) {
            final JsonNode figures = results.at("/cases/" + where + "/figures");
            assertThat(figures.at("/held/median").asDouble()).isGreaterThan(2_000);
            assertThat(figures.at("/bytesPerFlow/median").asDouble()).isGreaterThan(100);
            assertThat(figures.at("/full/median").asDouble()).isEqualTo(1);
        }
        assertThat(results.at("/curves/join/points").size()).isPositive();
    }

    @Test
    void shouldMeasureASlowTierInTrouble() throws IOException {
        final JsonNode results =
                bench("escalation", "--rate=200", "--seconds=0.5", "--warm-up=0.5");

        assertThat(results.at("/cases/during/figures/answered/median").asDouble()).isEqualTo(100);
        assertThat(results.get("curves").has("threshold")).isTrue();
    }

    @Test
    void shouldMeasureAScan() throws IOException {
        final JsonNode results =
                bench(
                        "escalation",
                        "--trouble=scan",
                        "--scanned=2000",
                        "--rate=200",
                        "--seconds=0.5",
                        "--warm-up=0.5");

        assertThat(results.at("/cases/after/figures/answered/median").asDouble()).isEqualTo(100);
    }

    @Test
    void shouldLookOnWhileThereIsTooMuch() throws IOException {
        final JsonNode results = bench("overload", "--rate=200", "--seconds=0.5", "--warm-up=0.5");

        assertThat(results.get("cases")).hasSize(4);
        assertThat(results.at("/cases/3: 2.0x/figures/answered/median").asDouble()).isEqualTo(200);
        assertThat(results.at("/curves/answered/points").size()).isPositive();
    }

    @Test
    void shouldReplaceTheBundleUnderLoad() throws IOException {
        final JsonNode results =
                bench("swap", "--swaps=2", "--rate=200", "--seconds=1", "--warm-up=0.5");

        final JsonNode figures = results.at("/cases/with swaps/figures");
        assertThat(figures.at("/swaps/median").asDouble()).isEqualTo(2);
        assertThat(figures.at("/lost/median").asDouble()).isZero();
        assertThat(figures.at("/doubled/median").asDouble()).isZero();
        assertThat(figures.at("/rssAfterMiB/median").asDouble()).isPositive();
    }

    @Test
    void shouldMeasureTheStart() throws IOException {
        final JsonNode results = bench("start", "--ways=jvm");

        assertThat(results.at("/cases/jvm/figures/secondsToVerdict/median").asDouble())
                .isPositive();
    }

    @Test
    void shouldMeasureTheSlowTierByBatch() throws IOException {
        final JsonNode results = bench("slow", "--batches=1,16", "--seconds=0.1", "--warm-up=0");

        assertThat(results.get("cases").size()).isGreaterThanOrEqualTo(4);
        assertThat(results.at("/cases/tier 16/figures/flowsPerSecond/median").asDouble())
                .isPositive();
    }

    private static boolean isThere(final String command) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    }

    /** Measures once and returns the results. */
    private JsonNode bench(final String what, final String... options) throws IOException {
        final Path json = folder.resolve(what + ".json");
        final List<String> arguments = new ArrayList<>(List.of(what));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of("--runs=1", JVM, "--json=" + json));
        assertThat(Bench.execute(arguments.toArray(String[]::new))).isZero();
        return new JsonMapper().readTree(json.toFile());
    }
}
