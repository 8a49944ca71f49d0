/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.testing.samples.ProjectFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

class ReadingTableTest {

    private static final Path SAMPLES = ProjectFiles.samples();

    /** One short pass each, which shows that all cases run; how fast is no matter of a test. */
    @Test
    void shouldHaveARowForEachCase() throws RunnerException {
        final String table =
                ReadingTable.of(
                        new Runner(
                                        new OptionsBuilder()
                                                .include(ReadingBenchmark.class.getName())
                                                .param(
                                                        "zeek",
                                                        SAMPLES.resolve("records/http.log")
                                                                .toString())
                                                .param(
                                                        "eve",
                                                        SAMPLES.resolve("eve/quic.eve.json.gz")
                                                                .toString())
                                                .param("megabytes", "0")
                                                .forks(0)
                                                .warmupIterations(0)
                                                .measurementIterations(1)
                                                .measurementTime(
                                                        new TimeValue(1, TimeUnit.MILLISECONDS))
                                                .addProfiler(GCProfiler.class)
                                                .shouldFailOnError(true)
                                                .verbosity(VerboseMode.SILENT)
                                                .build())
                                .run());
        final List<String> rows = table.lines().toList();
        assertThat(rows).hasSize(9);
        assertThat(rows.get(1)).startsWith("Zeek JSON: Jackson's tree").contains("1.00");
        assertThat(rows).noneMatch(row -> row.contains("NaN") || row.contains("Infinity"));
    }
}
