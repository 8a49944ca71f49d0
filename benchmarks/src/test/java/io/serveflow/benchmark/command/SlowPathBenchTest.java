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
 * Measurements of the slow tier and of what it is asked, each as small as it can be: that it runs,
 * not what it says.
 */
class SlowPathBenchTest {

    @TempDir private Path folder;

    @Test
    void shouldMeasureASlowTierInAProcessOfItsOwn() throws IOException {
        final JsonNode results =
                SmallBench.measure(
                        folder,
                        "remote",
                        "--flows=200",
                        "--warm-up=50",
                        "--rate=200",
                        "--seconds=1",
                        "--batches=8",
                        "--set=serveflow.slow.deadline=6000");

        assertThat(SmallBench.share(results, "rate, slow tier in a worker", "slow"))
                .isEqualTo(SmallBench.share(results, "rate, slow tier here", "slow"))
                .isPositive();
        assertThat(results.at("/cases/requests of 8/figures/cpuMicrosPerFlow/median").asDouble())
                .isPositive();
        assertThat(
                        results.at("/cases/delays, worker stopped/figures/packet1P99Ms/median")
                                .asDouble())
                .isPositive();
    }

    @Test
    void shouldMeasureASlowTierInTrouble() throws IOException {
        final JsonNode results =
                SmallBench.measure(
                        folder, "escalation", "--rate=200", "--seconds=0.5", "--warm-up=0.5");

        assertThat(results.at("/cases/during/figures/answered/median").asDouble()).isEqualTo(100);
        assertThat(results.get("curves").has("threshold")).isTrue();
    }

    @Test
    void shouldMeasureAScan() throws IOException {
        final JsonNode results =
                SmallBench.measure(
                        folder,
                        "escalation",
                        "--trouble=scan",
                        "--scanned=2000",
                        "--rate=200",
                        "--seconds=0.5",
                        "--warm-up=0.5");

        assertThat(results.at("/cases/after/figures/answered/median").asDouble()).isEqualTo(100);
    }

    @Test
    void shouldReplaceTheBundleUnderLoad() throws IOException {
        final JsonNode results =
                SmallBench.measure(
                        folder, "swap", "--swaps=2", "--rate=200", "--seconds=1", "--warm-up=0.5");

        final JsonNode figures = results.at("/cases/with swaps/figures");
        assertThat(figures.at("/swaps/median").asDouble()).isEqualTo(2);
        assertThat(figures.at("/lost/median").asDouble()).isZero();
        assertThat(figures.at("/doubled/median").asDouble()).isZero();
        assertThat(figures.at("/rssAfterMiB/median").asDouble()).isPositive();
    }

    @Test
    void shouldMeasureTheSlowTierByBatch() throws IOException {
        final JsonNode results =
                SmallBench.measure(
                        folder, "slow", "--batches=1,16", "--seconds=0.1", "--warm-up=0");

        assertThat(results.get("cases").size()).isGreaterThanOrEqualTo(4);
        assertThat(results.at("/cases/tier 16/figures/flowsPerSecond/median").asDouble())
                .isPositive();
    }
}
