/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PackCommandTest {

    private static final Path BUNDLE = ProjectFiles.bundle("service");
    private static final Path DNS = ProjectFiles.capture("dns.pcap");
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir private Path work;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** The models of the shipped bundle stand for some that were made elsewhere. */
    @Test
    void shouldClassifyWithABundleOfModelsThatWereMadeElsewhere() throws IOException {
        final JsonNode shipped = JSON.readTree(BUNDLE.resolve("bundle.json").toFile());
        final List<String> labels =
                StreamSupport.stream(shipped.get("labels").spliterator(), false)
                        .map(JsonNode::asText)
                        .toList();
        assertThat(
                        pack(
                                "--tier",
                                tier(shipped, "fast"),
                                "--tier",
                                tier(shipped, "slow"),
                                "--class-names",
                                String.join(",", labels),
                                "--threshold",
                                "0.3"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString())
                .contains("serveflow-service 1: " + labels.size() + " labels, 2 tiers, in ");
        out.getBuffer().setLength(0);

        assertThat(
                        execute(
                                new ClassifyCommand(),
                                List.of(
                                        "--bundle",
                                        work.resolve("bundle").toString(),
                                        "--output",
                                        "ndjson",
                                        DNS.toString())))
                .as(err.toString())
                .isZero();

        assertThat(documents())
                .hasSizeGreaterThan(30)
                .allMatch(document -> document.at("/serveflow/final").asBoolean());
        assertThat(
                        documents().stream()
                                .map(document -> document.at("/serveflow/tier").asText())
                                .collect(Collectors.toSet()))
                .isSubsetOf("fast", "slow");
    }

    @Test
    void shouldReadClassNamesFromAFile() throws IOException {
        final Path names = Files.write(work.resolve("names"), List.of("a", "", "b"));
        assertThat(
                        pack(
                                "--tier",
                                "fast=header:1:" + BUNDLE.resolve("fast.onnx"),
                                "--class-names-file",
                                names.toString()))
                .isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(err.toString()).contains("the model of tier fast: x has ");
        assertThat(work.resolve("bundle")).doesNotExist();
    }

    @Test
    void shouldAskForThresholdsOrFlowsToFitThemOn() {
        assertThat(
                        pack(
                                "--tier",
                                "fast=header:1:a.onnx",
                                "--tier",
                                "slow=header:4:b.onnx",
                                "--class-names",
                                "a,b"))
                .isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString())
                .contains(
                        "2 tiers need 1 --threshold, one from each tier to the next, there are 0;"
                                + " or give flows to fit them on");
    }

    @Test
    void shouldRefuseLabelsWithoutTheirCaptures() {
        assertThat(
                        pack(
                                "--tier",
                                "fast=header:1:a.onnx",
                                "--class-names",
                                "a,b",
                                "--labels",
                                "labels.csv"))
                .isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("There are no flows to read");
    }

    private static String tier(final JsonNode shipped, final String name) {
        for (final JsonNode tier : shipped.get("tiers")) {
            if (tier.get("name").asText().equals(name)) {
                return "%s=%s:%d:%s"
                        .formatted(
                                name,
                                tier.at("/features/encoder").asText(),
                                tier.at("/features/packets").asInt(),
                                BUNDLE.resolve(tier.get("file").asText()));
            }
        }
        throw new AssertionError("no tier " + name);
    }

    private List<JsonNode> documents() throws IOException {
        final List<JsonNode> documents = new ArrayList<>();
        for (final String line : out.toString().lines().toList()) {
            documents.add(JSON.readTree(line));
        }
        return documents;
    }

    private int pack(final String... more) {
        final List<String> arguments =
                new ArrayList<>(
                        List.of("--task", "service", "--out", work.resolve("bundle").toString()));
        arguments.addAll(List.of(more));
        return execute(new PackCommand(), arguments);
    }

    private int execute(final Callable<Integer> command, final List<String> arguments) {
        return new CommandLine(command)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments.toArray(String[]::new));
    }
}
