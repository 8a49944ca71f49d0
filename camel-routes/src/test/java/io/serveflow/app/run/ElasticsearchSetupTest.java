/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.serveflow.camel.elastic.ElasticConnection;
import io.serveflow.camel.support.WrongOptionException;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.testing.elasticsearch.OwnElasticsearch;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.RestClient;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of a real Elasticsearch before the routes start. */
@ExtendWith(OwnElasticsearch.class)
class ElasticsearchSetupTest {

    private static LocalElasticsearch elasticsearch;

    @BeforeAll
    static void use(final LocalElasticsearch server) {
        elasticsearch = server;
    }

    @Test
    void shouldRefuseAnIndexThatNoTemplateMakes() {
        assertThatThrownBy(() -> setup("logs-other-so").requireTemplate("serveflow.index"))
                .isInstanceOf(WrongOptionException.class)
                .hasMessageStartingWith("setting serveflow.index is 'logs-other-so', a name of")
                .hasMessageContaining("take a name that begins with logs-serveflow-");
    }

    @Test
    void shouldTakeAnIndexThatAnotherTemplateMakes() throws IOException {
        put(
                "/_index_template/mine",
                "{\"index_patterns\":[\"flows-*-so\"],\"priority\":7,\"data_stream\":{}}");

        assertThatCode(() -> setup("flows-a.b-so").requireTemplate("serveflow.index"))
                .doesNotThrowAnyException();
        assertThatCode(() -> setup("logs-serveflow-x").requireTemplate("serveflow.index"))
                .doesNotThrowAnyException();
    }

    @Test
    void shouldRefuseAnIndexWhoseTemplateMakesNoDataStream() throws IOException {
        put(
                "/_index_template/low",
                "{\"index_patterns\":[\"plain-*\"],\"priority\":1,\"data_stream\":{}}");
        put("/_index_template/high", "{\"index_patterns\":[\"plain-so\"],\"priority\":2}");

        assertThatThrownBy(() -> setup("plain-so").requireTemplate("serveflow.index"))
                .isInstanceOf(WrongOptionException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 502, 503, 504})
    void shouldWaitForAServerThatSaysItIsNotReady(final int status) throws Exception {
        final HttpServer notReady =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        notReady.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(status, -1);
                    exchange.close();
                });
        notReady.start();
        try {
            final ElasticsearchSetup setup =
                    new ElasticsearchSetup(
                            ElasticConnection.to(
                                    URI.create(
                                            "http://127.0.0.1:" + notReady.getAddress().getPort())),
                            "logs-serveflow-so");
            final AtomicInteger pauses = new AtomicInteger();

            setup.installTemplates(millis -> pauses.incrementAndGet() == 2);
            final boolean answered = setup.awaitAnswer(millis -> pauses.incrementAndGet() == 4);

            assertThat(pauses).hasValue(4);
            assertThat(answered).isFalse();
        } finally {
            notReady.stop(0);
        }
    }

    /** As in a machine whose name server, network or Elasticsearch comes later. */
    @ParameterizedTest
    @ValueSource(strings = {"http://nobody.invalid:9200", "http://127.0.0.1:1"})
    void shouldNotAskForAPasswordWhereNobodyAnswersYet(final String url) {
        final ElasticsearchSetup late =
                new ElasticsearchSetup(ElasticConnection.to(URI.create(url)), "logs-serveflow-so");

        assertThatCode(late::requireRightPassword).doesNotThrowAnyException();
    }

    @Test
    void shouldRefuseAServerWithoutTlsWhereTlsIsAskedFor() {
        final ElasticsearchSetup plain =
                new ElasticsearchSetup(
                        ElasticConnection.to(
                                URI.create("https://127.0.0.1:" + elasticsearch.uri().getPort())),
                        "logs-serveflow-so");

        assertThatThrownBy(plain::requireRightPassword)
                .isInstanceOf(WrongOptionException.class)
                .hasMessageStartingWith("setting serveflow.elasticsearch.urls: Elasticsearch at ")
                .hasMessageContaining("answers without TLS");
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
