/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./serveflow bench plot}. */
class PlotCommandTest {

    @TempDir private Path folder;

    private Path results;

    @BeforeEach
    void write() throws IOException {
        results =
                Files.writeString(
                        folder.resolve("latency.json"),
                        """
                        {"cases": {"1000 flows/s": {"parameters": {"rate": 1000}, "figures": {
                          "packet1P50Ms": {"median": 0.5, "least": 0.4, "most": 0.6},
                          "packet1P99Ms": {"median": 2.5, "least": 2.4, "most": 2.6}}}}}
                        """);
    }

    @Test
    void shouldCallCurvesAsItIsAsked() throws IOException {
        assertThat(plot("--names", "p50,p99")).isZero();

        assertThat(folder.resolve("latency.svg"))
                .content()
                .contains(">p50<", ">p99<")
                .doesNotContain("packet1P50Ms");
    }

    @Test
    void shouldRefuseFewerNamesThanCurves() {
        assertThat(plot("--names", "p50")).isEqualTo(2);
    }

    private int plot(final String... options) {
        final List<String> arguments =
                new ArrayList<>(List.of("plot", "--x", "rate", "--y", "packet1P50Ms,packet1P99Ms"));
        arguments.addAll(List.of(options));
        arguments.addAll(
                List.of("--out", folder.resolve("latency.svg").toString(), results.toString()));
        return Bench.execute(arguments.toArray(String[]::new));
    }
}
