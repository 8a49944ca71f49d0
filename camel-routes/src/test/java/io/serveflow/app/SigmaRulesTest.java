/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.app.fixture.StoredDocuments;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.testing.elasticsearch.OwnElasticsearch;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The rules of {@code sigma/}: what Sigma asks of a file, and what their queries find. */
@ExtendWith(OwnElasticsearch.class)
class SigmaRulesTest {

    private static final ObjectMapper JSON = new JsonMapper();
    private static final String STREAM = "logs-serveflow-sigma";

    /** A verdict as label, task, stage, confidence, destination and port. */
    private record Said(
            String label,
            String task,
            String stage,
            double confidence,
            String destination,
            int port) {

        private Said(final String label, final String destination, final int port) {
            this(label, "service", "final", 0.95, destination, port);
        }

        private String json(final String id) {
            return """
            {"@timestamp":"2026-11-30T00:00:00Z","event":{"module":"serveflow",\
            "dataset":"serveflow.prediction","id":"%s"},\
            "source":{"ip":"10.0.0.5","port":51514},\
            "destination":{"ip":"%s","port":%d},\
            "serveflow":{"task":"%s","label":"%s","stage":"%s","final":%b,\
            "confidence":%s}}\
            """
                    .formatted(
                            id,
                            destination,
                            port,
                            task,
                            label,
                            stage,
                            !stage.equals("provisional"),
                            confidence);
        }

        /** What a repair stores later beside it, which is final too. */
        private Said repaired() {
            return new Said(label, task, "repaired", confidence, destination, port);
        }
    }

    /** For each rule what it finds, and what it must not find though it is near to that. */
    private record Cases(List<Said> found, List<Said> others) {}

    private static final Map<String, Cases> CASES =
            Map.of(
                    "serveflow_p2p",
                    new Cases(
                            List.of(new Said("p2p", "203.0.113.9", 6881)),
                            List.of(
                                    new Said(
                                            "p2p",
                                            "service",
                                            "provisional",
                                            0.95,
                                            "203.0.113.9",
                                            6881),
                                    new Said("p2p", "service", "final", 0.89, "203.0.113.9", 6881),
                                    new Said("p2p", "other", "final", 0.95, "203.0.113.9", 6881),
                                    new Said("gaming", "203.0.113.9", 6881))),
                    "serveflow_vpn_tunnel_on_web_port",
                    new Cases(
                            List.of(
                                    new Said("vpn_tunnel", "203.0.113.9", 443),
                                    new Said("vpn_tunnel", "2001:db8::9", 8443)),
                            List.of(
                                    new Said("vpn_tunnel", "203.0.113.9", 1194),
                                    new Said("web_tls", "203.0.113.9", 443))),
                    "serveflow_remote_access_on_other_port",
                    new Cases(
                            List.of(new Said("remote_access", "203.0.113.9", 2222)),
                            List.of(
                                    new Said("remote_access", "203.0.113.9", 22),
                                    new Said("remote_access", "203.0.113.9", 3389))),
                    "serveflow_dns_on_other_port",
                    new Cases(
                            List.of(new Said("dns", "203.0.113.9", 5300)),
                            List.of(
                                    new Said("dns", "203.0.113.9", 53),
                                    new Said("dns", "224.0.0.251", 5353))),
                    "serveflow_other_service_on_web_port",
                    new Cases(
                            List.of(new Said("database_mq", "203.0.113.9", 443)),
                            List.of(
                                    new Said("web_tls", "203.0.113.9", 443),
                                    new Said("unknown", "203.0.113.9", 80),
                                    new Said("database_mq", "203.0.113.9", 5672))),
                    "serveflow_control_traffic_to_the_internet",
                    new Cases(
                            List.of(
                                    new Said("ics_iot", "203.0.113.9", 502),
                                    new Said("ics_iot", "100.128.0.1", 502),
                                    new Said("ics_iot", "2001:db8::9", 502)),
                            List.of(
                                    new Said("ics_iot", "192.168.7.7", 502),
                                    new Said("ics_iot", "172.31.0.1", 502),
                                    new Said("ics_iot", "fd00::1", 502),
                                    new Said("ics_iot", "239.1.2.3", 502),
                                    new Said("ics_iot", "255.255.255.255", 47808),
                                    new Said("ics_iot", "0.0.0.0", 502),
                                    new Said("ics_iot", "127.0.0.1", 502),
                                    new Said("ics_iot", "::1", 502),
                                    new Said("ics_iot", "100.64.0.1", 502),
                                    new Said("ics_iot", "100.127.255.254", 502))));

    private static LocalElasticsearch elasticsearch;

    @BeforeAll
    static void fill(final LocalElasticsearch server) throws Exception {
        elasticsearch = server;
        StoredDocuments.put(
                server,
                "/_component_template/serveflow-mappings",
                template("component/serveflow-mappings.json"));
        StoredDocuments.put(server, "/_index_template/serveflow", template("index-template.json"));
        for (final Map.Entry<String, Cases> rule : CASES.entrySet()) {
            create(rule.getKey() + "-found-", rule.getValue().found());
            create(rule.getKey() + "-other-", rule.getValue().others());
            // Each flow has been alerted on already.
            create(
                    rule.getKey() + "-repaired-",
                    rule.getValue().found().stream().map(Said::repaired).toList());
        }
    }

    private static String template(final String file) throws IOException {
        return Files.readString(ProjectFiles.path("elastic-templates").resolve(file));
    }

    private static void create(final String id, final List<Said> verdicts) throws Exception {
        for (int i = 0; i < verdicts.size(); i++) {
            final HttpResponse<String> answer =
                    send("/" + STREAM + "/_create/" + id + i, verdicts.get(i).json(id + i));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        }
    }

    @Test
    void shouldHaveCasesForEachRule() throws IOException {
        assertThat(rules().keySet()).isEqualTo(CASES.keySet());
    }

    @Test
    void shouldHaveWhatSigmaAsksOfARule() throws IOException {
        final Set<Object> ids = new HashSet<>();
        final Set<Object> titles = new HashSet<>();
        assertThat(rules())
                .allSatisfy(
                        (name, rule) -> {
                            assertThat(rule)
                                    .containsKeys(
                                            "title",
                                            "id",
                                            "status",
                                            "description",
                                            "author",
                                            "date",
                                            "tags",
                                            "logsource",
                                            "detection",
                                            "fields",
                                            "falsepositives",
                                            "level");
                            assertThat(UUID.fromString(text(rule.get("id"))).toString())
                                    .isEqualTo(rule.get("id"));
                            assertThat(ids.add(rule.get("id"))).isTrue();
                            assertThat(titles.add(rule.get("title"))).isTrue();
                            assertThat(text(rule.get("title"))).hasSizeLessThanOrEqualTo(256);
                            assertThat(text(rule.get("date"))).matches("\\d{4}-\\d{2}-\\d{2}");
                            assertThat(rule.get("status")).isEqualTo("experimental");
                            assertThat(text(rule.get("level")))
                                    .isIn("informational", "low", "medium", "high", "critical");
                            assertThat(rule.get("logsource"))
                                    .isEqualTo(
                                            Map.of("product", "serveflow", "service", "verdict"));
                            assertThat(list(rule.get("tags")))
                                    .allMatch(
                                            tag ->
                                                    text(tag)
                                                            .matches(
                                                                    "attack\\.([a-z-]+|t\\d{4}(\\.\\d{3})?)"));
                            assertThat(detection(rule)).containsKey("condition");
                        });
    }

    @Test
    void shouldFindWithItsQueryWhatARuleMeansAndNothingElse() throws Exception {
        send("/" + STREAM + "/_refresh", "");
        for (final Map.Entry<String, Map<String, Object>> rule : rules().entrySet()) {
            final Set<String> found = find(query(detection(rule.getValue())));

            assertThat(
                            found.stream()
                                    .filter(id -> id.startsWith(rule.getKey() + "-"))
                                    .collect(Collectors.toSet()))
                    .as(rule.getKey())
                    .hasSize(CASES.get(rule.getKey()).found().size())
                    .allMatch(id -> id.startsWith(rule.getKey() + "-found-"));
        }
    }

    @Test
    void shouldBeListedInTheirPage() throws IOException {
        final String page = Files.readString(ProjectFiles.path("sigma/README.md"));

        assertThat(rules())
                .allSatisfy(
                        (name, rule) ->
                                assertThat(page)
                                        .contains(
                                                "(rules/%s.yml) | %s | %s |"
                                                        .formatted(
                                                                name,
                                                                rule.get("level"),
                                                                rule.get("description"))));
    }

    @Test
    void shouldLeadToTheIndicesOfVerdicts() throws IOException {
        final Map<String, Object> pipeline =
                yaml(ProjectFiles.path("sigma/pipelines/serveflow.yml"));

        assertThat(list(pipeline.get("transformations")))
                .singleElement()
                .satisfies(
                        one -> {
                            final Map<?, ?> transformation = (Map<?, ?>) one;
                            assertThat(transformation.get("type")).isEqualTo("set_state");
                            assertThat(transformation.get("key")).isEqualTo("index");
                            assertThat(transformation.get("val")).isEqualTo("logs-serveflow-*");
                        });
    }

    private static Map<String, Map<String, Object>> rules() throws IOException {
        final Map<String, Map<String, Object>> rules = new TreeMap<>();
        try (Stream<Path> files = Files.list(ProjectFiles.path("sigma/rules"))) {
            for (final Path file : files.toList()) {
                rules.put(file.getFileName().toString().replaceFirst("\\.yml$", ""), yaml(file));
            }
        }
        return rules;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> yaml(final Path file) throws IOException {
        return (Map<String, Object>)
                new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> detection(final Map<String, Object> rule) {
        return (Map<String, Object>) rule.get("detection");
    }

    /** The query in Lucene's syntax that a detection means, of what these rules use of Sigma. */
    private static String query(final Map<?, ?> detection) {
        return Pattern.compile("[a-z]+")
                .matcher(text(detection.get("condition")))
                .replaceAll(
                        word ->
                                switch (word.group()) {
                                    case "and" -> "AND";
                                    case "or" -> "OR";
                                    case "not" -> "NOT";
                                    default ->
                                            Matcher.quoteReplacement(
                                                    selection(
                                                            (Map<?, ?>)
                                                                    detection.get(word.group())));
                                });
    }

    private static String selection(final Map<?, ?> fields) {
        return fields.entrySet().stream()
                .map(field -> field(text(field.getKey()), field.getValue()))
                .collect(Collectors.joining(" AND ", "(", ")"));
    }

    private static String field(final String name, final Object value) {
        final String[] parts = name.split("\\|");
        final String modifier = parts.length > 1 ? parts[1] : "";
        return list(value).stream()
                .map(
                        one ->
                                switch (modifier) {
                                    case "gte" -> parts[0] + ":>=" + one;
                                    case "", "cidr" -> parts[0] + ":\"" + one + "\"";
                                    default -> throw new IllegalArgumentException(modifier);
                                })
                .collect(Collectors.joining(" OR ", "(", ")"));
    }

    private static Collection<?> list(final Object value) {
        return value instanceof Collection<?> values ? values : List.of(value);
    }

    private static String text(final Object value) {
        return String.valueOf(value);
    }

    private static Set<String> find(final String query) throws Exception {
        final String request =
                JSON.writeValueAsString(
                        Map.of(
                                "size",
                                1000,
                                "query",
                                Map.of("query_string", Map.of("query", query))));
        final Set<String> found = new HashSet<>();
        final JsonNode answer = JSON.readTree(send("/logs-serveflow-*/_search", request).body());
        answer.at("/hits/hits").forEach(hit -> found.add(hit.get("_id").asText()));
        return found;
    }

    private static HttpResponse<String> send(final String path, final String json)
            throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(elasticsearch.uri().resolve(path))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(json))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
