/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.serveflow.benchmark.report.Report;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class PictureTest {

    @TempDir private Path folder;

    @Test
    void shouldDrawACurveForEachFigureOverAParameter() throws Exception {
        final List<Curve> curves =
                new Results(List.of(results())).byParameter("rate", List.of("p50", "p99"), "");

        assertThat(curves).extracting(Curve::name).containsExactly("p50", "p99");
        assertThat(curves.get(1).points())
                .extracting(Curve.Point::x, Curve.Point::y)
                .containsExactly(tuple(1_000.0, 2.0), tuple(100_000.0, 200.0));
        final Document svg = parsed(curves, true);
        assertThat(svg.getElementsByTagName("path").getLength()).isEqualTo(2);
        assertThat(svg.getElementsByTagName("circle").getLength()).isEqualTo(4);
        assertThat(svg.getDocumentElement().getTextContent())
                .contains("p99")
                .contains("100k")
                .contains("a < b");
    }

    @Test
    void shouldDrawWhatWasSeen() throws Exception {
        final List<Curve> curves = new Results(List.of(results())).seen();

        assertThat(curves).extracting(Curve::name).containsExactly("answered");
        assertThat(parsed(curves, false).getElementsByTagName("path").getLength()).isOne();
    }

    @Test
    void shouldKeepAllPointsInsideThePicture() {
        final Axis axis = Axis.of("x", List.of(3.0, 870.0), true);

        assertThat(axis.marks()).containsExactly(1.0, 10.0, 100.0, 1_000.0);
        assertThat(axis.position(3)).isBetween(0.0, 1.0);
        assertThat(axis.position(870)).isBetween(0.0, 1.0);
        assertThat(Axis.of("y", List.of(0.0, 7.3), false).position(7.3)).isBetween(0.0, 1.0);
    }

    @Test
    void shouldRefuseToDrawNothing() {
        assertThatThrownBy(
                        () -> new Picture("", new Picture.Axes("x", false, "y", false), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Document parsed(final List<Curve> curves, final boolean log) throws Exception {
        final String svg =
                new Picture("a < b", new Picture.Axes("rate", log, "ms", log), curves).svg();
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    private Path results() throws IOException {
        final Report report = new Report("latency", List.of());
        for (final int rate : new int[] {100_000, 1_000}) {
            report.add("at " + rate, "", Map.of("rate", rate));
            report.run("at " + rate, Map.of("p50", rate / 1e3, "p99", rate / 5e2));
        }
        report.curve(
                "answered",
                "seconds",
                "flows",
                List.of(new double[] {0, 0}, new double[] {1, 500}));
        final Path file = folder.resolve("latency.json");
        report.write(file, "./serveflow bench latency");
        return file;
    }
}
