/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.camel.elastic.ElasticConnection;
import io.serveflow.camel.support.WrongOptionException;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import java.io.IOException;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.RestClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is asked of a real Elasticsearch before the routes start. */
class ElasticsearchSetupTest {

    private static LocalElasticsearch elasticsearch;

    @BeforeAll
    static void startElasticsearch() throws IOException {
        elasticsearch = LocalElasticsearch.started();
    }

    @AfterAll
    static void stopElasticsearch() {
        elasticsearch.close();
    }

    @Test
    void shouldRefuseAnIndexThatNoTemplateMakes() {
        assertThatThrownBy(() -> setup("logs-other-so").requireTemplate())
                .isInstanceOf(WrongOptionException.class)
                .hasMessageStartingWith("setting serveflow.index is 'logs-other-so', a name of")
                .hasMessageContaining("take a name that begins with logs-serveflow-");
    }

    @Test
    void shouldTakeAnIndexThatAnotherTemplateMakes() throws IOException {
        put(
                "/_index_template/mine",
                "{\"index_patterns\":[\"flows-*-so\"],\"priority\":7,\"data_stream\":{}}");

        assertThatCode(() -> setup("flows-a.b-so").requireTemplate()).doesNotThrowAnyException();
        assertThatCode(() -> setup("logs-serveflow-x").requireTemplate())
                .doesNotThrowAnyException();
    }

    @Test
    void shouldRefuseAnIndexWhoseTemplateMakesNoDataStream() throws IOException {
        put(
                "/_index_template/low",
                "{\"index_patterns\":[\"plain-*\"],\"priority\":1,\"data_stream\":{}}");
        put("/_index_template/high", "{\"index_patterns\":[\"plain-so\"],\"priority\":2}");

        assertThatThrownBy(() -> setup("plain-so").requireTemplate())
                .isInstanceOf(WrongOptionException.class);
    }

    private static ElasticsearchSetup setup(final String index) {
        return new ElasticsearchSetup(ElasticConnection.to(elasticsearch.uri()), index);
    }

    private static void put(final String path, final String body) throws IOException {
        final Request request = new Request("PUT", path);
        request.setJsonEntity(body);
        try (RestClient client = ElasticConnection.to(elasticsearch.uri()).open()) {
            client.performRequest(request);
        }
    }
}
