/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.part;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.serveflow.batch.FlowBatch;
import io.serveflow.cascade.Cascade;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.Bundle;
import io.serveflow.testing.samples.ProjectFiles;
import io.serveflow.verdict.VerdictDocument;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

class PartsTableTest {

    private static final Path CAPTURE = ProjectFiles.capture("mixed.pcap.gz");
    private static final Path BUNDLE = ProjectFiles.bundle("service");

    /** One short pass each, which shows that all parts run; how fast is no matter of a test. */
    @Test
    void shouldHaveARowForEachCase() throws RunnerException {
        final String table =
                PartsTable.of(
                        new Runner(
                                        new OptionsBuilder()
                                                .include(PartsTable.all())
                                                .param("captures", CAPTURE.toString())
                                                .param("bundle", BUNDLE.toString())
                                                .param("batch", "1", "256")
                                                .param("waiting", "100")
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
        assertThat(rows).hasSize(1 + 3 + 3 + 10 + 8 + 15 + 6 + 4 + 4 + 4);
        assertThat(rows.get(1)).startsWith("lines: byte by byte").endsWith("1.00");
        assertThat(rows.subList(1, rows.size())).allMatch(row -> row.matches(".*[0-9]"));
        assertThat(rows).noneMatch(row -> row.contains("NaN") || row.contains("Infinity"));
    }

    @Test
    void shouldCompareDocumentsWithMapsOfTheSameContent() throws IOException {
        final FlowBatch batch;
        final Instant now = Instant.parse("2026-01-02T03:04:05.678901Z");
        final ObjectMapper mapper = new ObjectMapper();
        try (Bundle bundle = Bundle.load(BUNDLE)) {
            batch =
                    new Cascade(bundle, System::nanoTime, new Ledger(), (flow, verdict) -> {})
                            .decide(FlowBatch.of(Flows.draw(CAPTURE, 64).context()));
        }
        for (int i = 0; i < batch.size(); i++) {
            final byte[] ours = VerdictDocument.json(batch.record(i), batch.verdict(i), now);
            assertThat(tree(mapper, batch, i, now)).isEqualTo(mapper.readTree(ours));
        }
    }

    private static Object tree(
            final ObjectMapper mapper, final FlowBatch batch, final int i, final Instant now)
            throws IOException {
        return mapper.readTree(
                mapper.writeValueAsBytes(
                        VerdictBenchmark.document(batch.record(i), batch.verdict(i), now)));
    }
}
