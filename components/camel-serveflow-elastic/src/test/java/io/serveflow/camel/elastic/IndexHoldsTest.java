/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.serveflow.ledger.Ledger.Entry;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a real server refuses until somebody cures it: documents are held, health says how to cure
 * it, and they are indexed afterwards.
 */
@ExtendWith(SharedElasticsearch.class)
@Timeout(180)
class IndexHoldsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final List<IndexDocument> BEFORE = SampleDocuments.documents(0, 20);
    private static final List<IndexDocument> MEANWHILE = SampleDocuments.documents(20, 50);

    @ParameterizedTest
    @ValueSource(strings = {"write", "read_only", "read_only_allow_delete"})
    void shouldHoldWhileTheWriteIndexIsBlocked(final String block, final LocalElasticsearch server)
            throws IOException {
        final String stream = "logs-serveflow-hold_" + block;
        try (IndexFixture fixture = new IndexFixture(server.uri(), stream)) {
            fixture.index.index(BEFORE).join();
            final String index = DataStreamReader.backingIndices(server, stream).get(0);
            setBlock(server, index, block, "true");

            final CompletableFuture<Void> end = fixture.index.index(MEANWHILE);

            awaitHeld(fixture, end, index, "PUT /" + index + "/_settings", "index.blocks." + block);

            setBlock(server, index, block, "null");
            awaitAllIndexed(fixture, end, server, stream);
        }
    }

    @Test
    void shouldSayThatTheServerHasNoTls(final LocalElasticsearch server) throws IOException {
        final URI tls = URI.create(server.uri().toString().replace("http:", "https:"));
        try (IndexFixture fixture = new IndexFixture(tls, "logs-serveflow-hold_tls")) {
            final CompletableFuture<Void> end = fixture.index.index(MEANWHILE);

            awaitHeld(fixture, end, "answers without TLS", "let urls begin with http://");
        }
    }

    /**
     * Another server than Elasticsearch, which says something to a greeting that it does not know.
     */
    @Test
    void shouldSayThatSomethingElseHasNoTls() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            final Thread server =
                    new Thread(
                            () -> {
                                while (!socket.isClosed()) {
                                    try (Socket asked = socket.accept()) {
                                        asked.getInputStream().read(new byte[4096]);
                                        asked.getOutputStream()
                                                .write(
                                                        "HTTP/1.0 400 Bad request\r\n\r\n"
                                                                .getBytes(UTF_8));
                                    } catch (final IOException e) {
                                        // The client has gone, or the test is over.
                                    }
                                }
                            });
            server.setDaemon(true);
            server.start();
            final URI tls = URI.create("https://127.0.0.1:" + socket.getLocalPort());
            try (IndexFixture fixture = new IndexFixture(tls, "logs-serveflow-hold_tls")) {
                final CompletableFuture<Void> end = fixture.index.index(MEANWHILE);

                awaitHeld(fixture, end, "answers without TLS", "let urls begin with http://");
            }
        }
    }

    @Test
    void shouldIndexWhileMetadataIsBlocked(final LocalElasticsearch server) throws IOException {
        final String stream = "logs-serveflow-hold_metadata";
        try (IndexFixture fixture = new IndexFixture(server.uri(), stream)) {
            fixture.index.index(BEFORE).join();
            final String index = DataStreamReader.backingIndices(server, stream).get(0);
            setBlock(server, index, "metadata", "true");

            final CompletableFuture<Void> end = fixture.index.index(MEANWHILE);

            awaitAllIndexed(fixture, end, server, stream);
            setBlock(server, index, "metadata", "null");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"read_only", "read_only_allow_delete"})
    void shouldHoldWhileTheClusterIsBlocked(final String block, final LocalElasticsearch server)
            throws IOException {
        final String stream = "logs-serveflow-hold_cluster_" + block;
        try (IndexFixture fixture = new IndexFixture(server.uri(), stream)) {
            fixture.index.index(BEFORE).join();
            setCluster(server, "\"cluster.blocks." + block + "\":true");
            final CompletableFuture<Void> end;
            try {
                end = fixture.index.index(MEANWHILE);

                awaitHeld(
                        fixture,
                        end,
                        "whole cluster",
                        "_cluster/settings",
                        "cluster.blocks." + block);
            } finally {
                setCluster(server, "\"cluster.blocks." + block + "\":null");
            }
            awaitAllIndexed(fixture, end, server, stream);
        }
    }

    @Test
    void shouldHoldWhileTheWriteIndexIsClosed(final LocalElasticsearch server) throws IOException {
        final String stream = "logs-serveflow-hold_closed";
        try (IndexFixture fixture = new IndexFixture(server.uri(), stream)) {
            fixture.index.index(BEFORE).join();
            final String index = DataStreamReader.backingIndices(server, stream).get(0);
            DataStreamReader.ask(server, "POST", "/" + index + "/_close");

            final CompletableFuture<Void> end = fixture.index.index(MEANWHILE);

            awaitHeld(fixture, end, "closed the write index", "POST /" + index + "/_open");

            DataStreamReader.ask(server, "POST", "/" + index + "/_open");
            awaitAllIndexed(fixture, end, server, stream);
        }
    }

    @Test
    void shouldHoldWhileTheDiskIsFull(final LocalElasticsearch server) throws IOException {
        final String stream = "logs-serveflow-hold_flood";
        final String watermark = "\"cluster.routing.allocation.disk.watermark.";
        try (IndexFixture fixture = new IndexFixture(server.uri(), stream)) {
            fixture.index.index(BEFORE).join();
            final CompletableFuture<Void> end;
            try {
                // Any disk is fuller than this; Elasticsearch looks every ten seconds.
                setCluster(
                        server,
                        "\"cluster.info.update.interval\":\"10s\","
                                + "\"cluster.routing.allocation.disk.threshold_enabled\":true,"
                                + watermark
                                + "low\":\"0.001%\","
                                + watermark
                                + "high\":\"0.002%\","
                                + watermark
                                + "flood_stage\":\"0.003%\"");
                final String index = DataStreamReader.backingIndices(server, stream).get(0);
                await().atMost(PATIENCE)
                        .until(
                                () ->
                                        DataStreamReader.ask(
                                                        server, "GET", "/" + index + "/_settings")
                                                .toString()
                                                .contains("read_only_allow_delete"));

                end = fixture.index.index(MEANWHILE);

                awaitHeld(fixture, end, index, "flood-stage watermark", "free disk space");
            } finally {
                setCluster(
                        server,
                        "\"cluster.info.update.interval\":null,"
                                + watermark
                                + "low\":null,"
                                + watermark
                                + "high\":null,"
                                + watermark
                                + "flood_stage\":null");
            }
            awaitAllIndexed(fixture, end, server, stream);
            setCluster(server, "\"cluster.routing.allocation.disk.threshold_enabled\":null");
        }
    }

    @Test
    void shouldHoldWhileThereIsNoTemplate(final LocalElasticsearch server) throws IOException {
        final String stream = "logs-laterflow-so";
        try (IndexFixture fixture = new IndexFixture(server.uri(), stream)) {
            final CompletableFuture<Void> end =
                    fixture.index.index(SampleDocuments.documents(0, 50));

            awaitHeld(
                    fixture,
                    end,
                    "no data stream " + stream,
                    "names like logs-serveflow-so",
                    "serveflow.elasticsearch.templates=true");

            DataStreamReader.ask(
                    server,
                    "PUT",
                    "/_index_template/laterflow",
                    "{\"index_patterns\":[\"logs-laterflow-*\"],\"data_stream\":{}}");
            awaitAllIndexed(fixture, end, server, stream);
        }
    }

    @Test
    void shouldHoldWhileAnIndexHasTheNameOfTheStream(final LocalElasticsearch server)
            throws IOException {
        final String stream = "logs-plainflow-so";
        DataStreamReader.ask(server, "PUT", "/" + stream);
        DataStreamReader.ask(
                server,
                "PUT",
                "/_index_template/plainflow",
                "{\"index_patterns\":[\"logs-plainflow-*\"],\"data_stream\":{}}");
        try (IndexFixture fixture = new IndexFixture(server.uri(), stream)) {
            final CompletableFuture<Void> end =
                    fixture.index.index(SampleDocuments.documents(0, 50));

            awaitHeld(fixture, end, "index or alias of the name " + stream);

            DataStreamReader.ask(server, "DELETE", "/" + stream);
            awaitAllIndexed(fixture, end, server, stream);
        }
    }

    @Test
    void shouldHoldWhileAPipelineIsMissing(final LocalElasticsearch server) throws IOException {
        final String stream = "logs-serveflow-hold_pipeline";
        try (IndexFixture fixture = new IndexFixture(server.uri(), stream)) {
            fixture.index.index(BEFORE).join();
            final String index = DataStreamReader.backingIndices(server, stream).get(0);
            DataStreamReader.ask(
                    server,
                    "PUT",
                    "/" + index + "/_settings",
                    "{\"index.default_pipeline\":\"absent\"}");

            final CompletableFuture<Void> end = fixture.index.index(MEANWHILE);

            awaitHeld(fixture, end, "lacks the ingest pipeline absent");

            DataStreamReader.ask(
                    server, "PUT", "/" + index + "/_settings", "{\"index.default_pipeline\":null}");
            awaitAllIndexed(fixture, end, server, stream);
        }
    }

    @Test
    void shouldHoldWhileNoMoreShardsAreAllowed(final LocalElasticsearch server) throws IOException {
        final String stream = "logs-serveflow-hold_shards";
        try (IndexFixture fixture = new IndexFixture(server.uri(), stream)) {
            final CompletableFuture<Void> end;
            setCluster(server, "\"cluster.max_shards_per_node\":1");
            try {
                DataStreamReader.ask(server, "PUT", "/taken-shard-1?wait_for_active_shards=0");
            } catch (final IOException full) {
                // Other tests have made more than one already.
                assertThat(full).hasMessageContaining("maximum normal shards open");
            }
            try {
                end = fixture.index.index(SampleDocuments.documents(0, 50));

                awaitHeld(fixture, end, "cluster.max_shards_per_node");
            } finally {
                setCluster(server, "\"cluster.max_shards_per_node\":null");
            }
            awaitAllIndexed(fixture, end, server, stream);
        }
    }

    /** As one without any data, at the address of the old one. */
    @Test
    void shouldHoldWhileAServerThatLostTheStreamHasNoTemplates(final LocalElasticsearch server)
            throws IOException {
        final String stream = "logs-serveflow-lost";
        try (SwitchedAddress address = new SwitchedAddress();
                IndexFixture fixture = new IndexFixture(address.uri(), stream)) {
            address.leadTo(server);
            fixture.index.index(BEFORE).join();
            address.leadNowhere();
            final CompletableFuture<Void> end = fixture.index.index(MEANWHILE);
            try (LocalElasticsearch empty = empty()) {
                address.leadTo(empty);
                awaitHeld(fixture, end, "no data stream " + stream);

                SharedElasticsearch.installTemplates(empty);
                end.join();

                assertThat(DataStreamReader.count(empty, stream)).isEqualTo(MEANWHILE.size());
                assertThat(fixture.index.trouble()).isEmpty();
            }
        }
    }

    @Test
    void shouldInstallItsOwnTemplatesAgainWhereTheyWereLost(final LocalElasticsearch server)
            throws IOException {
        final String stream = "logs-serveflow-own";
        try (SwitchedAddress address = new SwitchedAddress();
                IndexFixture fixture = IndexFixture.owningTemplates(address.uri(), stream)) {
            address.leadTo(server);
            fixture.index.index(BEFORE).join();
            address.leadNowhere();
            final CompletableFuture<Void> end = fixture.index.index(MEANWHILE);
            try (LocalElasticsearch empty = empty()) {
                address.leadTo(empty);
                end.join();

                assertThat(DataStreamReader.count(empty, stream)).isEqualTo(MEANWHILE.size());
                assertThat(DataStreamReader.mapping(empty, stream).at("/source/properties/ip/type"))
                        .hasToString("\"ip\"");
                assertThat(fixture.deadLetters).isEmpty();
            }
        }
    }

    private static LocalElasticsearch empty() throws IOException {
        return LocalElasticsearch.started(SharedElasticsearch.home(), SharedElasticsearch.OPTIONS);
    }

    private static void awaitHeld(
            final IndexFixture fixture,
            final CompletableFuture<Void> end,
            final String... sentence) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(fixture.index.trouble().orElse("")).contains(sentence));
        assertThat(end).isNotDone();
        assertThat(fixture.index.heldDocuments()).isPositive();
        assertThat(fixture.deadLetters).isEmpty();
        assertThat(fixture.ledger.total(Entry.RETRIED)).isPositive();
    }

    private static void awaitAllIndexed(
            final IndexFixture fixture,
            final CompletableFuture<Void> end,
            final LocalElasticsearch server,
            final String stream)
            throws IOException {
        end.join();
        assertThat(DataStreamReader.count(server, stream)).isEqualTo(50);
        assertThat(fixture.ledger.total(Entry.INDEXED)).isEqualTo(50);
        assertThat(fixture.ledger.total(Entry.DUPLICATES)).isZero();
        assertThat(fixture.deadLetters).isEmpty();
        assertThat(fixture.index.trouble()).isEmpty();
        assertThat(fixture.index.heldDocuments()).isZero();
    }

    private static void setBlock(
            final LocalElasticsearch server,
            final String index,
            final String block,
            final String value)
            throws IOException {
        DataStreamReader.ask(
                server,
                "PUT",
                "/" + index + "/_settings",
                "{\"index.blocks." + block + "\":" + value + "}");
    }

    private static void setCluster(final LocalElasticsearch server, final String settings)
            throws IOException {
        DataStreamReader.ask(
                server, "PUT", "/_cluster/settings", "{\"persistent\":{" + settings + "}}");
    }
}
