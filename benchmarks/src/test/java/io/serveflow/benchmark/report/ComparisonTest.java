/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.benchmark.report.Comparison.Figure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {

    private static final List<Figure> FIGURES =
            List.of(Figure.of("flowsPerSecond"), Figure.of("-seconds"));

    @TempDir private Path folder;

    @Test
    void shouldCallSlowerWorseAndLessTimeBetter() throws IOException {
        final Comparison comparison = new Comparison();
        comparison.add(results("old", 100_000, 4), results("new", 90_000, 2), FIGURES);

        assertThat(comparison.below(0.97)).containsExactly("routes: flowsPerSecond");
        assertThat(comparison.table())
                .containsPattern("routes: flowsPerSecond +100,000 +90,000 +0.90 ")
                .containsPattern("routes: seconds +4.000 +2.000 +2.00 ");
    }

    @Test
    void shouldJudgeByTheMedianOfThePairs() throws IOException {
        final Comparison comparison = new Comparison();
        comparison.add(results("a", 100, 1), results("b", 50, 1), FIGURES);
        comparison.add(results("a", 100, 1), results("b", 101, 1), FIGURES);
        comparison.add(results("a", 100, 1), results("b", 99, 1), FIGURES);

        assertThat(comparison.below(0.97)).isEmpty();
        assertThat(comparison.table()).contains("0.50 to 1.01");
    }

    @Test
    void shouldCallAFigureWorseThatTheNewBuildLacks() throws IOException {
        final Comparison comparison = new Comparison();
        comparison.add(
                results("old", 100, 1),
                write("new", "{\"cases\":{\"other\":{\"figures\":{}}}}"),
                FIGURES);

        assertThat(comparison.below(0.97))
                .containsExactly("routes: flowsPerSecond", "routes: seconds");
        assertThat(comparison.table()).contains("missing");
    }

    @Test
    void shouldCallAFigureWorseThatFellToNothing() throws IOException {
        final Comparison comparison = new Comparison();
        comparison.add(results("old", 100, 1), results("new", 0, 1), FIGURES);

        assertThat(comparison.below(0.97)).containsExactly("routes: flowsPerSecond");
    }

    @Test
    void shouldLeaveOutWhatTheOldBuildDoesNotMeasure() throws IOException {
        final Comparison comparison = new Comparison();
        comparison.add(
                write("old", "{\"cases\":{\"other\":{\"figures\":{}}}}"),
                results("new", 100, 1),
                FIGURES);

        assertThat(comparison.isEmpty()).isTrue();
    }

    private Path results(final String name, final double rate, final double seconds)
            throws IOException {
        return write(
                name,
                """
                {"cases":{"routes":{"figures":{
                "flowsPerSecond":{"median":%s},"seconds":{"median":%s}}}}}\
                """
                        .formatted(rate, seconds));
    }

    private Path write(final String name, final String text) throws IOException {
        return Files.writeString(folder.resolve(name + ".json"), text);
    }
}
