/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

    private final Report report =
            new Report("rate", List.of(new Report.Column("perSecond", "flows/s", "%.0f")));

    @TempDir private Path folder;

    @Test
    void shouldGiveTheMedianWithLeastAndMost() throws IOException {
        report.add("routes", "the routes", Map.of("cores", 2));
        for (final double rate : new double[] {30, 10, 20}) {
            report.run("routes", Map.of("perSecond", rate));
        }

        assertThat(report.median("routes", "perSecond")).contains(20.0);
        assertThat(report.table()).contains("routes").contains("20").contains("10 to 30");
        final JsonNode figure = written().at("/cases/routes/figures").get("perSecond");
        assertThat(figure.get("median").asDouble()).isEqualTo(20);
        assertThat(figure.get("runs")).hasSize(3);
    }

    @Test
    void shouldCompareRunByRun() throws IOException {
        report.add("routes", "the routes", Map.of());
        report.add("loop", "a loop", Map.of());
        report.compare("routes", "loop", "perSecond");
        for (final double speedOfTheMachine : new double[] {1, 2, 4}) {
            report.run("routes", Map.of("perSecond", 9 * speedOfTheMachine));
            report.run("loop", Map.of("perSecond", 10 * speedOfTheMachine));
        }

        final JsonNode ratio = written().at("/ratios").elements().next();
        assertThat(ratio.get("least").asDouble()).isEqualTo(0.9);
        assertThat(ratio.get("most").asDouble()).isEqualTo(0.9);
        assertThat(report.table()).contains("routes / loop: 0.90");
    }

    @Test
    void shouldSayOnWhatMachineAndHow() throws IOException {
        final JsonNode json = written();

        assertThat(json.at("/machine/cores").asInt()).isPositive();
        assertThat(json.get("command").asText()).isEqualTo("./serveflow bench rate");
    }

    private JsonNode written() throws IOException {
        final Path file = folder.resolve("results/rate.json");
        report.write(file, "./serveflow bench rate");
        return new JsonMapper().readTree(file.toFile());
    }
}
