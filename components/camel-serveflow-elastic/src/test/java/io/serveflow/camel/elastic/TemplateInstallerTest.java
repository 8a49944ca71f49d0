/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.camel.elastic.TemplateInstaller.Change;
import io.serveflow.camel.elastic.TemplateInstaller.Change.Outcome;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import java.io.IOException;
import java.util.List;
import org.apache.http.util.EntityUtils;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.RestClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Templates on a server of their own, where no data stream holds them fast. */
@Timeout(120)
class TemplateInstallerTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static LocalElasticsearch server;
    private static RestClient client;

    private final TemplateInstaller installer = new TemplateInstaller(client);

    @BeforeAll
    static void startServer() throws IOException {
        server =
                LocalElasticsearch.started(SharedElasticsearch.home(), SharedElasticsearch.OPTIONS);
        client = ElasticConnection.to(server.uri()).open();
    }

    @AfterAll
    static void stopServer() throws IOException {
        if (server != null) {
            client.close();
            server.close();
        }
    }

    @BeforeEach
    void begin() throws IOException {
        for (final String resource :
                List.of("/_index_template/serveflow", "/_component_template/serveflow-mappings")) {
            final Request delete = new Request("DELETE", resource);
            delete.addParameter("ignore", "404");
            client.performRequest(delete);
        }
    }

    @Test
    void shouldCreateWhatIsMissing() throws IOException {
        assertThat(installer.install(false))
                .extracting(Change::resource, Change::outcome)
                .containsExactly(
                        tuple("_ilm/policy/serveflow", Outcome.SKIPPED),
                        tuple("_component_template/serveflow-lifecycle", Outcome.SKIPPED),
                        tuple("_component_template/serveflow-mappings", Outcome.CREATED),
                        tuple("_index_template/serveflow", Outcome.CREATED));
    }

    @Test
    void shouldSayWhyItSkips() throws IOException {
        assertThat(installer.install(true).get(0))
                .hasToString(
                        "skipped _ilm/policy/serveflow (this server has no index lifecycle"
                                + " management; documents stay until you delete them)");
    }

    @Test
    void shouldChangeNothingTheSecondTime() throws IOException {
        installer.install(false);

        assertThat(outcomes(installer.install(false)))
                .containsExactly(
                        Outcome.SKIPPED, Outcome.SKIPPED, Outcome.UNCHANGED, Outcome.UNCHANGED);
    }

    @Test
    void shouldPutBackWhatSomebodyChanged() throws IOException {
        installer.install(false);
        final ObjectNode template =
                (ObjectNode)
                        get("/_component_template/serveflow-mappings")
                                .at("/component_templates/0/component_template");
        ((ObjectNode) template.at("/template/mappings/properties/serveflow/properties"))
                .putObject("extra")
                .put("type", "keyword");
        /* Elasticsearch 9 adds these and takes none back. */
        template.remove(List.of("created_date_millis", "modified_date_millis"));
        put("/_component_template/serveflow-mappings", template);

        final List<Change> changes = installer.install(false);

        assertThat(outcomes(changes))
                .containsExactly(
                        Outcome.SKIPPED, Outcome.SKIPPED, Outcome.UPDATED, Outcome.UNCHANGED);
        assertThat(changes.get(2).note()).contains("next rollover");
        assertThat(get("/_component_template/serveflow-mappings").toString())
                .doesNotContain("extra");
    }

    @Test
    void shouldOnlyLookInADryRun() throws IOException {
        assertThat(outcomes(installer.install(true))).contains(Outcome.CREATED);
        assertThat(get("/_index_template").path("index_templates")).isEmpty();
    }

    @Test
    void shouldSayWhatTheServerRefuses() {
        // Another template with the same patterns and priority.
        assertThatThrownBy(
                        () -> {
                            put(
                                    "/_index_template/rival",
                                    JSON.readTree(
                                            "{\"index_patterns\":[\"logs-serveflow-*\"],\"priority\":501}"));
                            try {
                                installer.install(false);
                            } finally {
                                client.performRequest(
                                        new Request("DELETE", "/_index_template/rival"));
                            }
                        })
                .isInstanceOf(IOException.class)
                .hasMessageContaining("answered 400 to PUT _index_template/serveflow")
                .hasMessageContaining("rival");
    }

    private static List<Outcome> outcomes(final List<Change> changes) {
        return changes.stream().map(Change::outcome).toList();
    }

    private static JsonNode get(final String path) throws IOException {
        return JSON.readTree(
                EntityUtils.toByteArray(
                        client.performRequest(new Request("GET", path)).getEntity()));
    }

    private static void put(final String path, final JsonNode body) throws IOException {
        final Request request = new Request("PUT", path);
        request.setJsonEntity(body.toString());
        client.performRequest(request);
    }
}
