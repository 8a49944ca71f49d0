/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** An input of {@code cases/KIND} with what is right for it, as {@code expected.json} says. */
final class SurprisingInput {

    private static final JsonMapper JSON = new JsonMapper();

    private final String kind;
    private final Path folder;
    private final JsonNode expected;

    private SurprisingInput(final String kind, final Path folder, final JsonNode expected) {
        this.kind = kind;
        this.folder = folder;
        this.expected = expected;
    }

    /** All of the kinds that begin with a letter and have a number, in their order. */
    static Stream<SurprisingInput> ofAllKinds() {
        return Stream.iterate(1, n -> n + 1)
                .limit(11)
                .map(n -> "a" + n)
                .flatMap(kind -> ofKind(kind, cases().resolve(kind)));
    }

    /**
     * Those of one kind.
     *
     * @param inputs where the inputs lie
     */
    static Stream<SurprisingInput> ofKind(final String kind, final Path inputs) {
        final List<SurprisingInput> all = new ArrayList<>();
        try {
            JSON.readTree(cases().resolve(kind).resolve("expected.json").toFile())
                    .forEach(one -> all.add(new SurprisingInput(kind, inputs, one)));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return all.stream();
    }

    private static Path cases() {
        try {
            return Path.of(
                            SurprisingInput.class
                                    .getResource("/io/serveflow/app/cases/README.md")
                                    .toURI())
                    .getParent();
        } catch (final URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The file. */
    Path file() {
        return folder.resolve(expected.at("/inputs/0").asText());
    }

    /** The files of one that is several, as a source follows them; else that one. */
    List<Path> files() {
        final List<Path> files = new ArrayList<>();
        expected.get("inputs").forEach(input -> files.add(folder.resolve(input.asText())));
        return files;
    }

    /** The glob that names its files below {@link #folder}, or an empty text. */
    String glob() {
        return expected.path("glob").asText();
    }

    /** Where its files lie. */
    Path folder() {
        return folder;
    }

    /** Its lines, without their ends. */
    List<String> lines() throws IOException {
        return Files.readString(file()).lines().toList();
    }

    boolean isCapture() {
        return file().getFileName().toString().matches(".*[.]pcap(ng)?");
    }

    /**
     * Whether it is about records of whole flows, which the bundle {@code service} has no use for.
     */
    boolean hasSummaries() {
        return expected.path("bundle").asText().equals("conn");
    }

    /** Whether it has records of connections that go on, which are no answer to anything yet. */
    boolean hasInterims() {
        return expected.path("interims").asBoolean();
    }

    /** A setting, or an empty text. */
    String setting(final String name) {
        return expected.at("/settings/" + name).asText();
    }

    /** The patterns that the command's error output has to match. */
    List<String> stderr() {
        final List<String> patterns = new ArrayList<>();
        expected.path("stderr").forEach(pattern -> patterns.add(pattern.asText()));
        return patterns;
    }

    /** The exit code, or a missing node where it is not part of the case. */
    JsonNode exit() {
        return expected.path("exit");
    }

    boolean fails() {
        return expected.path("fails").asBoolean();
    }

    /** How many lines are skipped, or a missing node where it is not part of the case. */
    JsonNode skipped() {
        return expected.path("skipped");
    }

    int deadLetters() {
        return expected.path("deadLetters").asInt();
    }

    /** The sets of flows that are right; at least one. */
    List<JsonNode> rightFlows() {
        final List<JsonNode> sets = new ArrayList<>(List.of(expected.get("flows")));
        expected.path("or").forEach(sets::add);
        return sets;
    }

    /** What differs between the flows that were seen and those that are right; empty if nothing. */
    String difference(final List<JsonNode> seen) {
        if (rightFlows().stream().anyMatch(right -> matches(right, seen))) {
            return "";
        }
        final ArrayNode was = JSON.createArrayNode().addAll(seen);
        return "%nright: %s%nwas:   %s%n".formatted(expected.get("flows"), was);
    }

    private boolean matches(final JsonNode right, final List<JsonNode> seen) {
        final List<JsonNode> open = new ArrayList<>(seen);
        final List<JsonNode> found = new ArrayList<>();
        for (final JsonNode flow : right) {
            final int at = firstMatch(flow, open);
            if (at < 0) {
                return false;
            }
            found.add(open.remove(at));
        }
        return open.isEmpty()
                || hasInterims() && open.stream().noneMatch(interim -> replaces(interim, found));
    }

    private static int firstMatch(final JsonNode right, final List<JsonNode> seen) {
        for (int i = 0; i < seen.size(); i++) {
            if (SeenFlows.matches(right, seen.get(i))) {
                return i;
            }
        }
        return -1;
    }

    /** Whether two documents have one id, so that the second would be refused. */
    private static boolean replaces(final JsonNode interim, final List<JsonNode> finals) {
        final String id = interim.path("documentId").asText();
        return !id.isEmpty()
                && finals.stream()
                        .anyMatch(document -> document.get("documentId").asText().equals(id));
    }

    @Override
    public String toString() {
        return kind
                + "/"
                + (glob().isEmpty() ? file().getFileName() : expected.get("name").asText());
    }
}
