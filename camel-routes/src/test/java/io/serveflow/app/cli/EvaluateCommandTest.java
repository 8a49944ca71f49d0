/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class EvaluateCommandTest {

    private static final Path SAMPLES = ProjectFiles.samples();

    @TempDir private Path work;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** Few captures are enough to see that files are written. */
    @BeforeEach
    void chooseLabels() throws IOException {
        final List<String> lines = Files.readAllLines(SAMPLES.resolve("labels.csv"));
        Files.write(
                work.resolve("labels.csv"),
                Stream.concat(
                                lines.stream().limit(1),
                                lines.stream().filter(line -> line.startsWith("dns")))
                        .toList());
    }

    @Test
    void shouldWriteThePageAndTheNumbersOfOneEvaluation() throws Exception {
        final Path html = work.resolve("report.html");
        final Path json = work.resolve("report.json");
        assertThat(evaluate("--html", html.toString(), "--json", json.toString()))
                .as(err.toString())
                .isZero();
        final String flows = new JsonMapper().readTree(json.toFile()).get("flows").asText();
        assertThat(out.toString()).contains("on " + flows + " flows");
        assertThat(
                        DocumentBuilderFactory.newDefaultInstance()
                                .newDocumentBuilder()
                                .parse(html.toFile())
                                .getElementsByTagName("h1")
                                .item(0)
                                .getTextContent())
                .startsWith("serveflow-service ")
                .endsWith(" on " + flows + " flows");
    }

    @Test
    void shouldPrintThePageWhereADashIsNamed() throws IOException {
        assertThat(evaluate("--html", "-")).as(err.toString()).isZero();

        assertThat(out.toString()).startsWith("<!DOCTYPE html>").endsWith("</html>\n");
        assertThat(Path.of("-")).doesNotExist();
    }

    @Test
    void shouldRefuseAPageInAFolderThatIsNotThereBeforeItWorks() {
        final Path html = work.resolve("nowhere/report.html");
        assertThat(evaluate("--html", html.toString())).isEqualTo(2);
        assertThat(err.toString())
                .contains(
                        "option --html is "
                                + html
                                + ", but its folder does not exist; make it or name another file");
        assertThat(out.toString()).isEmpty();
    }

    private int evaluate(final String... options) {
        final CommandLine line = new CommandLine(new EvaluateCommand());
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(
                Stream.concat(
                                Stream.of(
                                        "--bundle",
                                        ProjectFiles.bundle("service").toString(),
                                        "--labels",
                                        work.resolve("labels.csv").toString(),
                                        "--captures",
                                        SAMPLES.resolve("captures").toString()),
                                Stream.of(options))
                        .toArray(String[]::new));
    }
}
