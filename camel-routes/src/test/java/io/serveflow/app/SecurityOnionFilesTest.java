/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.app.fixture.IngestedDocument;
import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Packets;
import io.serveflow.flow.Transport;
import io.serveflow.testing.samples.ProjectFiles;
import io.serveflow.verdict.AlertDocument;
import io.serveflow.verdict.AlertSeverity;
import io.serveflow.verdict.HostDocument;
import io.serveflow.verdict.HostVerdict;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.Verdict.BundleRef;
import io.serveflow.verdict.Verdict.LabelProbability;
import io.serveflow.verdict.Verdict.Latency;
import io.serveflow.verdict.VerdictDocument;
import io.serveflow.verdict.VerdictStage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The files for Security Onion against what its own files look like, and against the documents that
 * are really written. None of it has run on a grid.
 */
class SecurityOnionFilesTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final BundleRef BUNDLE = new BundleRef("b", "1.0.0", "service", "00ff");
    private static final Pattern FIELD = Pattern.compile("\\b[a-z_]+(?:\\.[a-z_0-9]+)+\\b");

    /** What SOC has for every event. */
    private static final Set<String> OF_SOC = Set.of("soc_timestamp");

    /** As in Security Onion's own integrations of these packages. */
    @Test
    void shouldHaveTheFormOfTheLogPackage() throws IOException {
        final JsonNode policy = json("fleet/serveflow-log.json");

        assertPolicy(policy, "log");
        final JsonNode vars = policy.at("/inputs/logs-logfile/streams/log.logs/vars");
        assertThat(vars.path("data_stream.dataset").asText()).isEqualTo("serveflow");
        assertThat(yaml(vars.path("custom")).path("pipeline").asText()).isEqualTo("serveflow");
        assertProcessors(vars.path("processors"));
        assertFollowsOurFiles(vars.path("paths"));
    }

    @Test
    void shouldHaveTheFormOfTheFilestreamPackage() throws IOException {
        final JsonNode policy = json("fleet/serveflow-filestream.json");

        assertPolicy(policy, "filestream");
        assertThat(policy.path("policy_ids").get(0).asText()).isEqualTo("so-grid-nodes_general");
        final JsonNode vars =
                policy.at("/inputs/filestream-filestream/streams/filestream.filestream/vars");
        assertThat(vars.path("data_stream.dataset").asText()).isEqualTo("serveflow");
        assertThat(vars.path("pipeline").asText()).isEqualTo("serveflow");
        assertProcessors(vars.path("processors"));
        assertFollowsOurFiles(vars.path("paths"));
        for (final String own :
                List.of(
                        "compression_gzip",
                        "use_logs_stream",
                        "parsers",
                        "exclude_files",
                        "recursive_glob",
                        "ignore_older",
                        "clean_inactive",
                        "harvester_limit",
                        "fingerprint_offset",
                        "exclude_lines",
                        "include_lines",
                        "delete_enabled")) {
            assertThat(vars.has(own)).as(own).isTrue();
        }
    }

    /** A file is known by its first bytes, so no document may be shorter or begin like another. */
    @Test
    void shouldKnowFilesByMoreThanAnyTwoDocumentsShare() throws IOException {
        final JsonNode vars =
                json("fleet/serveflow-filestream.json")
                        .at("/inputs/filestream-filestream/streams/filestream.filestream/vars");
        assertThat(vars.path("fingerprint").asBoolean()).isTrue();
        assertThat(vars.path("file_identity_native").asBoolean()).isFalse();
        final int length = vars.path("fingerprint_length").asInt();

        for (final String document : documents()) {
            assertThat(document.length()).isGreaterThan(length);
            final String created = JSON.readTree(document).at("/event/created").asText();
            assertThat(document.substring(0, length)).contains("\"created\":\"" + created + '"');
        }
    }

    private static void assertPolicy(final JsonNode policy, final String form) {
        assertThat(policy.at("/package/name").asText()).isEqualTo(form);
        assertThat(policy.at("/package/version").asText()).isEmpty();
        assertThat(policy.path("namespace").asText()).isEqualTo("so");
        assertThat(policy.path("policy_id").asText()).isEqualTo("so-grid-nodes_general");
        assertThat(policy.path("force").asBoolean()).isTrue();
        policy.path("inputs")
                .forEach(
                        input -> {
                            assertThat(input.path("enabled").asBoolean()).isTrue();
                            input.path("streams")
                                    .forEach(
                                            stream ->
                                                    assertThat(stream.path("enabled").asBoolean())
                                                            .isTrue());
                        });
    }

    /** The id of the document is taken from the field that it is in. */
    private static void assertProcessors(final JsonNode processors) throws IOException {
        JsonNode decode = JSON.createObjectNode();
        for (final JsonNode processor : yaml(processors)) {
            if (processor.has("decode_json_fields")) {
                decode = processor.get("decode_json_fields");
            }
        }
        assertThat(decode.path("fields").get(0).asText()).isEqualTo("message");
        final String id = "/" + decode.path("document_id").asText().replace('.', '/');
        assertThat(JSON.readTree(documents().get(0)).at(id).asText())
                .isEqualTo(VerdictDocument.id(flow(), verdict()));
    }

    /** Of the profiles' folder, and of the names that the sink and its offline commands give. */
    private static void assertFollowsOurFiles(final JsonNode paths) throws IOException {
        final String glob = paths.get(0).asText();
        for (final String name :
                List.of(
                        "serveflow-20261130T101530Z-0001.ndjson",
                        "serveflow-replay-20261130T101530Z-0001.ndjson")) {
            assertThat(
                            FileSystems.getDefault()
                                    .getPathMatcher("glob:" + glob)
                                    .matches(Path.of("/nsm/serveflow", name)))
                    .isTrue();
        }
        for (final String profile : List.of("so3", "so24")) {
            assertThat(
                            Files.readString(
                                    ProjectFiles.path(
                                            "camel-routes/src/main/resources/profiles/"
                                                    + profile
                                                    + ".properties")))
                    .contains("serveflow.file.folder=/nsm/serveflow\n");
        }
    }

    /**
     * Our own small ingest node: the processors of the pipeline, on documents as agents ship them.
     */
    @Test
    void shouldMakeTheDocumentOfTheLineAndNothingOfTheAgent() throws IOException {
        for (final String document : documents()) {
            final ObjectNode shipped = JSON.createObjectNode();
            shipped.put("message", document);
            shipped.putObject("host").put("name", "sensor-1").putArray("ip").add("192.0.2.7");
            shipped.putObject("agent").put("name", "sensor-1");
            shipped.putObject("event").put("dataset", "serveflow").put("module", "serveflow");
            shipped.putObject("log").putObject("file").put("path", "/nsm/serveflow/x.ndjson");

            final ObjectNode ingested =
                    new IngestedDocument(json("ingest-pipeline.json")).of(shipped);

            final ObjectNode expected = (ObjectNode) JSON.readTree(document);
            ((ObjectNode) expected.get("observer")).put("name", "sensor-1");
            expected.putObject("agent").put("name", "sensor-1");
            if (!expected.has("log")) {
                expected.putObject("log");
            }
            ((ObjectNode) expected.get("log"))
                    .putObject("file")
                    .put("path", "/nsm/serveflow/x.ndjson");
            final String dataset = expected.at("/event/dataset").asText();
            expected.putArray("tags").add(dataset.substring(dataset.indexOf('.') + 1));
            assertThat((JsonNode) ingested).isEqualTo(expected);
        }
    }

    @Test
    void shouldKeepALineThatCannotBeRead() throws IOException {
        final ObjectNode shipped = JSON.createObjectNode();
        shipped.put("message", "{\"torn");

        final ObjectNode ingested = new IngestedDocument(json("ingest-pipeline.json")).of(shipped);

        assertThat(ingested.path("message").asText()).isEqualTo("{\"torn");
        assertThat(ingested.at("/event/dataset").asText()).isEqualTo("serveflow.unread");
        assertThat(ingested.has("serveflow_line")).isFalse();
    }

    @Test
    void shouldKeepAVerdictThoughSecurityOnionsOwnStepsFail() throws IOException {
        final ObjectNode shipped = JSON.createObjectNode();
        shipped.put("message", documents().get(0));

        final ObjectNode ingested =
                new IngestedDocument(json("ingest-pipeline.json"), true).of(shipped);

        assertThat(ingested.at("/event/dataset"))
                .isEqualTo(JSON.readTree(documents().get(0)).at("/event/dataset"));
        assertThat(ingested.at("/error/message").asText()).startsWith("pipeline common: ");
    }

    @Test
    void shouldKeepTheNameOfASensorThatHasOne() throws IOException {
        final ObjectNode shipped = JSON.createObjectNode();
        shipped.put(
                "message",
                documents().get(0).replace("\"name\":\"serveflow\"", "\"name\":\"dmz\""));
        shipped.putObject("agent").put("name", "sensor-1");

        final ObjectNode ingested = new IngestedDocument(json("ingest-pipeline.json")).of(shipped);

        assertThat(ingested.at("/observer/name").asText()).isEqualTo("dmz");
    }

    @ParameterizedTest
    @ValueSource(strings = {"soc/eventfields.json", "soc/hunt-queries.json", "soc/actions.json"})
    void shouldAskOnlyForFieldsThatAreWritten(final String file) throws IOException {
        final Set<String> known = new TreeSet<>(OF_SOC);
        for (final String document : documents()) {
            fields("", JSON.readTree(document), known);
        }
        final List<String> texts = new ArrayList<>();
        texts(json(file), texts);

        final List<String> asked =
                texts.stream()
                        .flatMap(text -> FIELD.matcher(text).results())
                        .map(found -> found.group())
                        .filter(name -> !name.matches("serveflow\\.(prediction|host)"))
                        .toList();
        assertThat(asked).isNotEmpty();
        assertThat(known).containsAll(asked);
    }

    @Test
    void shouldHaveQueriesAndActionsInTheFormOfSoc() throws IOException {
        for (final JsonNode query : json("soc/hunt-queries.json")) {
            assertThat(query.fieldNames())
                    .toIterable()
                    .containsExactly("name", "description", "query");
            assertThat(query.path("name").asText()).startsWith("ServeFlow");
            assertThat(query.path("query").asText()).contains("serveflow", " | groupby ");
        }
        for (final JsonNode action : json("soc/actions.json")) {
            assertThat(action.fieldNames())
                    .toIterable()
                    .contains("name", "description", "icon", "target", "links");
            assertThat(action.path("links"))
                    .isNotEmpty()
                    .allMatch(link -> link.asText().startsWith("/#/hunt?q="));
        }
        json("soc/eventfields.json")
                .fieldNames()
                .forEachRemaining(name -> assertThat(name).matches(":serveflow:(host)?"));
    }

    private static void texts(final JsonNode node, final List<String> into) {
        if (node.isTextual()) {
            into.add(node.asText());
        }
        node.forEach(part -> texts(part, into));
    }

    private static void fields(final String path, final JsonNode node, final Set<String> into) {
        if (!node.isObject()) {
            into.add(path);
            return;
        }
        node.properties()
                .forEach(
                        field ->
                                fields(
                                        path.isEmpty()
                                                ? field.getKey()
                                                : path + "." + field.getKey(),
                                        field.getValue(),
                                        into));
    }

    /**
     * A verdict on a flow, with all that may be in it but a tunnel, one on a host, and an alert.
     */
    private static List<String> documents() {
        final byte[] verdict = VerdictDocument.json(flow(), verdict(), Instant.EPOCH);
        return List.of(
                new String(verdict, StandardCharsets.UTF_8),
                new String(
                        AlertDocument.of(verdict).orElseThrow().json(AlertSeverity.HIGH),
                        StandardCharsets.UTF_8),
                new String(
                        HostDocument.json(
                                new HostVerdict(
                                        BUNDLE,
                                        "serveflow",
                                        "10.0.0.5",
                                        0,
                                        60_000_000,
                                        "camera",
                                        0.8,
                                        7,
                                        1,
                                        1_000_000,
                                        2_000_000,
                                        List.of(new LabelProbability("camera", 0.8f))),
                                Instant.EPOCH),
                        StandardCharsets.UTF_8));
    }

    private static FlowRecord flow() {
        return new FlowRecord(
                new FlowId("serveflow", "C1"),
                new FlowTuple(Transport.TCP, "10.0.0.5", 40_000, "203.0.113.9", 443),
                "1:abc=",
                1_700_000_000_123_456L,
                FlowRecord.Stage.FIRST,
                FlowRecord.End.DEPTH,
                new Packets.Builder().add(0, true, 60, new byte[] {0x45}, 0, 1).build(),
                0);
    }

    private static Verdict verdict() {
        return new Verdict(
                BUNDLE,
                "fastest",
                VerdictStage.FINAL,
                "web_tls",
                0.75,
                0.25,
                "certain",
                1,
                new Latency(0, 1_500, 12),
                List.of(new LabelProbability("web_tls", 0.75f)));
    }

    private static JsonNode json(final String file) throws IOException {
        return JSON.readTree(ProjectFiles.path("security-onion/" + file).toFile());
    }

    private static JsonNode yaml(final JsonNode text) {
        return JSON.valueToTree(
                new Load(LoadSettings.builder().build()).loadFromString(text.asText()));
    }
}
