/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.serveflow.flow.FlowTunnel;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.Ledger.Entry;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.verdict.AnsweredFlows;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Documents in a real data stream. */
@ExtendWith(SharedElasticsearch.class)
@Timeout(60)
class IndexTest {

    @Test
    void shouldIndexEveryDocument(final LocalElasticsearch server) throws IOException {
        try (IndexFixture fixture = new IndexFixture(server.uri(), "logs-serveflow-every")) {
            fixture.index.index(SampleDocuments.documents(0, 300)).join();

            assertThat(DataStreamReader.count(server, "logs-serveflow-every")).isEqualTo(300);
            assertThat(fixture.ledger.total(Entry.INDEXED)).isEqualTo(300);
            assertThat(fixture.ledger.total(Entry.DUPLICATES)).isZero();
        }
    }

    @Test
    void shouldNotDuplicateWhatIsReplayed(final LocalElasticsearch server) throws IOException {
        try (IndexFixture fixture = new IndexFixture(server.uri(), "logs-serveflow-replay")) {
            fixture.index.index(SampleDocuments.documents(0, 20)).join();
            fixture.index.index(SampleDocuments.documents(10, 30)).join();

            assertThat(DataStreamReader.count(server, "logs-serveflow-replay")).isEqualTo(30);
            assertThat(fixture.ledger.total(Entry.INDEXED)).isEqualTo(40);
            assertThat(fixture.ledger.total(Entry.DUPLICATES)).isEqualTo(10);
            assertThat(fixture.deadLetters).isEmpty();
        }
    }

    @Test
    void shouldDeadLetterOnlyTheDocumentThatIsRefused(final LocalElasticsearch server)
            throws IOException {
        final List<IndexDocument> documents = new ArrayList<>(SampleDocuments.documents(0, 3));
        final IndexDocument bad = SampleDocuments.document(AnsweredFlows.flow(3, "not-an-address"));
        documents.add(1, bad);
        try (IndexFixture fixture = new IndexFixture(server.uri(), "logs-serveflow-bad")) {
            fixture.index.index(documents).join();

            assertThat(DataStreamReader.count(server, "logs-serveflow-bad")).isEqualTo(3);
            assertThat(fixture.ledger.total(Entry.INDEXED)).isEqualTo(3);
            assertThat(fixture.deadLetters).hasSize(1);
            final DeadLetter letter = fixture.deadLetters.get(0);
            assertThat(letter.source()).isEqualTo("logs-serveflow-bad");
            assertThat(letter.reason()).isEqualTo("index_400");
            assertThat(letter.detail()).contains("source.ip", "'not-an-address' is not an IP");
            assertThat(letter.payload()).isEqualTo(bad.text());
        }
    }

    @Test
    void shouldNotMakeAPlainIndexWhereThereIsNoTemplate(final LocalElasticsearch server)
            throws IOException {
        try (IndexFixture fixture = new IndexFixture(server.uri(), "logs-untemplated-so")) {
            fixture.index.index(SampleDocuments.documents(0, 1));
            await().until(() -> fixture.retried("index_404") > 0);

            assertThat(fixture.index.trouble().orElse(""))
                    .contains("no matching index template with data stream");
            assertThat(DataStreamReader.count(server, "logs-untemplated-so")).isZero();
        }
    }

    @Test
    void shouldHalveARequestThatTheServerFindsTooLarge(final LocalElasticsearch server)
            throws IOException {
        final List<IndexDocument> documents = SampleDocuments.documents(0, 3_000);
        assertThat(documents.stream().mapToLong(IndexDocument::wireBytes).sum())
                .isGreaterThan(2L * SharedElasticsearch.MAX_REQUEST_MEGABYTES * 1024 * 1024);
        try (IndexFixture fixture = new IndexFixture(server.uri(), "logs-serveflow-large")) {
            fixture.index.index(documents).join();

            assertThat(DataStreamReader.count(server, "logs-serveflow-large")).isEqualTo(3_000);
            assertThat(fixture.retried("index_413") + fixture.retried("index_broken_off"))
                    .isPositive();
            assertThat(fixture.deadLetters).isEmpty();
        }
    }

    @Test
    void shouldGiveEveryFieldItsType(final LocalElasticsearch server) throws IOException {
        try (IndexFixture fixture = new IndexFixture(server.uri(), "logs-serveflow-types")) {
            fixture.index.index(SampleDocuments.documents(0, 1)).join();
        }
        final JsonNode mapping = DataStreamReader.mapping(server, "logs-serveflow-types");
        final JsonNode hit = DataStreamReader.first(server, "logs-serveflow-types", "*");

        assertThat(mapping.at("/@timestamp/type").asText()).isEqualTo("date");
        assertThat(mapping.at("/source/properties/ip/type").asText()).isEqualTo("ip");
        assertThat(mapping.at("/destination/properties/port/type").asText()).isEqualTo("long");
        assertThat(mapping.at("/serveflow/properties/confidence/type").asText()).isEqualTo("float");
        assertThat(mapping.at("/serveflow/properties/top/type").asText()).isEqualTo("flattened");
        assertThat(fieldsOf(hit.path("_source"), mapping)).isEmpty();
    }

    @Test
    void shouldFindADocumentByItsFields(final LocalElasticsearch server) throws IOException {
        try (IndexFixture fixture = new IndexFixture(server.uri(), "logs-serveflow-find")) {
            fixture.index.index(SampleDocuments.documents(0, 5)).join();
        }
        final JsonNode hit =
                DataStreamReader.first(
                        server,
                        "logs-serveflow-find",
                        "source.ip:10.0.0.2%20AND%20serveflow.final:true%20AND%20network.application:web");

        assertThat(hit.path("_id").asText())
                .isEqualTo(hit.at("/_source/event/id").asText())
                .isEqualTo(SampleDocuments.documents(2, 3).get(0).id());
        assertThat(hit.path("_source"))
                .isEqualTo(
                        new ObjectMapper().readTree(SampleDocuments.documents(2, 3).get(0).json()));
    }

    @Test
    void shouldFindADocumentByTheTunnelOfItsFlow(final LocalElasticsearch server)
            throws IOException {
        final IndexDocument inside =
                SampleDocuments.document(
                        AnsweredFlows.flow(1)
                                .in(
                                        Optional.of(
                                                FlowTunnel.parse(
                                                        "vxlan 1 100 192.0.2.1 50001 192.0.2.2"
                                                                + " 4789"))));
        try (IndexFixture fixture = new IndexFixture(server.uri(), "logs-serveflow-tunnel")) {
            fixture.index
                    .index(List.of(SampleDocuments.document(AnsweredFlows.flow(0)), inside))
                    .join();
            assertThat(fixture.deadLetters).isEmpty();
        }
        final JsonNode hit =
                DataStreamReader.first(
                        server,
                        "logs-serveflow-tunnel",
                        "serveflow.tunnel.source.ip:%22192.0.2.0/24%22%20AND%20serveflow.tunnel.id:100%20AND"
                            + "%20serveflow.tunnel.destination.port:4789");
        assertThat(hit.path("_source")).isEqualTo(new ObjectMapper().readTree(inside.json()));
        final JsonNode mapping = DataStreamReader.mapping(server, "logs-serveflow-tunnel");
        assertThat(fieldsOf(hit.path("_source"), mapping)).isEmpty();
        assertThat(
                        mapping.at(
                                        "/serveflow/properties/tunnel/properties/source/properties/ip/type")
                                .asText())
                .isEqualTo("ip");
    }

    /** Paths of the document's fields that the mapping does not know. */
    private static List<String> fieldsOf(final JsonNode document, final JsonNode mapping) {
        final List<String> unknown = new ArrayList<>();
        document.properties()
                .forEach(
                        field -> {
                            final JsonNode type = mapping.path(field.getKey());
                            if (type.isMissingNode()) {
                                unknown.add(field.getKey());
                            } else if (type.has("properties")) {
                                fieldsOf(field.getValue(), type.path("properties"))
                                        .forEach(name -> unknown.add(field.getKey() + "." + name));
                            }
                        });
        return unknown;
    }
}
