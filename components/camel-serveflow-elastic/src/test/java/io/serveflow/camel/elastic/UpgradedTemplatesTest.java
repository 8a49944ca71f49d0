/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.serveflow.camel.elastic.TemplateInstaller.Change;
import io.serveflow.camel.elastic.TemplateInstaller.Change.Outcome;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import org.elasticsearch.client.RestClient;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Data streams of templates as they were on earlier days, each of which those of today follow. */
@ExtendWith(SharedElasticsearch.class)
@Timeout(120)
class UpgradedTemplatesTest {

    private final LocalElasticsearch server;

    UpgradedTemplatesTest(final LocalElasticsearch server) {
        this.server = server;
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-11-22", "2026-11-28"})
    void shouldFindWhatIsOldAndWhatIsNewAfterARollover(final String day) throws IOException {
        final String stream = "logs-serveflow-of-" + day;
        ask(
                "PUT",
                "/_component_template/serveflow-mappings",
                earlier(day, "component/serveflow-mappings"));
        ask("PUT", "/_index_template/serveflow", earlier(day, "index-template"));
        store(stream, "before");

        try (RestClient client = ElasticConnection.to(server.uri()).open()) {
            assertThat(new TemplateInstaller(client).install(false))
                    .extracting(Change::outcome)
                    .filteredOn(Outcome.UPDATED::equals)
                    .hasSize(2);
        }
        ask("POST", "/" + stream + "/_rollover", "");
        store(stream, "after");

        assertThat(ask("GET", "/" + stream + "/_mapping/field/tags", "").findValuesAsText("type"))
                .as("the new index alone has this field")
                .containsExactly("keyword");
        assertThat(
                        ask("GET", "/" + stream + "/_search?q=serveflow.label:p2p", "")
                                .at("/hits/total/value")
                                .asInt())
                .isEqualTo(2);
    }

    private static String earlier(final String day, final String file) throws IOException {
        return Files.readString(
                ProjectFiles.path(
                        "components/camel-serveflow-elastic/src/test/resources"
                                + "/elastic-templates-of/%s/%s.json".formatted(day, file)));
    }

    private void store(final String stream, final String id) throws IOException {
        ask(
                "PUT",
                "/" + stream + "/_create/" + id + "?refresh=true",
                """
                {"@timestamp":"2026-11-28T12:00:00Z","tags":["x"],"serveflow":{"label":"p2p"}}
                """);
    }

    private JsonNode ask(final String method, final String path, final String body)
            throws IOException {
        return DataStreamReader.ask(server, method, path, body);
    }
}
