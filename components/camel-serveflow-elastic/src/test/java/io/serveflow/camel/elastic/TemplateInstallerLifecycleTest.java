/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.serveflow.camel.elastic.TemplateInstaller.Change;
import io.serveflow.camel.elastic.TemplateInstaller.Change.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.elasticsearch.client.RestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Installing where there is index lifecycle management, which the Elasticsearch of the other tests
 * lacks: a server that keeps what is put and returns it in the form Elasticsearch does.
 */
class TemplateInstallerLifecycleTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, JsonNode> stored = new ConcurrentHashMap<>();
    private HttpServer server;
    private RestClient client;
    private TemplateInstaller installer;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
        client =
                ElasticConnection.to(
                                URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
                        .open();
        installer = new TemplateInstaller(client);
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.stop(0);
    }

    @Test
    void shouldInstallThePolicyBeforeWhatNamesIt() throws IOException {
        assertThat(installer.install(false))
                .extracting(Change::toString)
                .containsExactly(
                        "created _ilm/policy/serveflow",
                        "created _component_template/serveflow-lifecycle",
                        "created _component_template/serveflow-mappings",
                        "created _index_template/serveflow");
        assertThat(
                        stored.get("/_component_template/serveflow-lifecycle")
                                .at("/template/settings/index/lifecycle/name")
                                .asText())
                .isEqualTo("serveflow");
    }

    @Test
    void shouldChangeNothingTheSecondTime() throws IOException {
        installer.install(false);

        assertThat(installer.install(false))
                .extracting(Change::outcome)
                .containsOnly(Outcome.UNCHANGED);
    }

    @Test
    void shouldKeepHowLongAnOperatorKeepsVerdicts() throws IOException {
        installer.install(false);
        ((ObjectNode) stored.get("/_ilm/policy/serveflow").at("/policy/phases/delete"))
                .put("min_age", "1d");

        assertThat(installer.install(false).get(0))
                .hasToString(
                        "kept _ilm/policy/serveflow (somebody has changed its phases, which stay as"
                                + " they are: verdicts are deleted after 1d; this version would set"
                                + " 90d)");
        assertThat(
                        stored.get("/_ilm/policy/serveflow")
                                .at("/policy/phases/delete/min_age")
                                .asText())
                .isEqualTo("1d");
    }

    /** As the examples of Elastic put one, which name neither us nor what it is for. */
    @Test
    void shouldKeepAPolicyThatAnOperatorHasPutThereAnew() throws IOException {
        installer.install(false);
        final JsonNode own =
                JSON.readTree(
                        "{\"policy\":{\"phases\":{\"delete\":{\"min_age\":\"7d\",\"actions\":{}}}}}");
        stored.put("/_ilm/policy/serveflow", own);

        assertThat(installer.install(false).get(0).toString())
                .startsWith("kept _ilm/policy/serveflow")
                .contains("verdicts are deleted after 7d;");
        assertThat(stored.get("/_ilm/policy/serveflow")).isEqualTo(own);
    }

    @Test
    void shouldRefuseAPolicyOfTheNameThatWasThereBefore() throws IOException {
        stored.put(
                "/_ilm/policy/serveflow",
                JSON.readTree("{\"policy\":{\"phases\":{\"delete\":{\"min_age\":\"7d\"}}}}"));

        assertThatThrownBy(() -> installer.install(false))
                .hasMessageContaining("_ilm/policy/serveflow is there and was not made by");
    }

    @Test
    void shouldBringThePolicyOfAnEarlierVersionUpToDate() throws IOException {
        installer.install(false);
        final ObjectNode about =
                (ObjectNode) stored.get("/_ilm/policy/serveflow").at("/policy/_meta");
        about.remove("managed_by");

        assertThat(installer.install(false).get(0).outcome()).isEqualTo(Outcome.UPDATED);
        assertThat(stored.get("/_ilm/policy/serveflow").at("/policy/_meta/managed_by").asText())
                .isEqualTo("serveflow");
    }

    private void handle(final HttpExchange exchange) throws IOException {
        final String path = exchange.getRequestURI().getPath();
        final JsonNode known = stored.get(path);
        switch (exchange.getRequestMethod()) {
            case "PUT" -> {
                stored.put(path, JSON.readTree(exchange.getRequestBody()));
                answer(exchange, 200, JSON.createObjectNode().put("acknowledged", true));
            }
            default -> {
                if (known == null) {
                    answer(exchange, 404, JSON.createObjectNode().put("error", "missing"));
                } else {
                    answer(exchange, 200, wrapped(path, known.deepCopy()));
                }
            }
        }
    }

    private static JsonNode wrapped(final String path, final ObjectNode known) {
        final ObjectNode answer = JSON.createObjectNode();
        if (path.startsWith("/_ilm")) {
            known.put("version", 3).put("modified_date", "2026-11-22T12:00:00Z");
            answer.set("serveflow", known);
        } else {
            final String kind = path.substring(2, path.indexOf('/', 1));
            known.put("created_date_millis", 1_700_000_000_000L);
            answer.putArray(kind + "s").addObject().set(kind, known);
        }
        return answer;
    }

    private static void answer(final HttpExchange exchange, final int status, final JsonNode body)
            throws IOException {
        final byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
