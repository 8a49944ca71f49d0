/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.serveflow.ledger.Ledger.Entry;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A real server that goes away, comes back, and has too much to do. */
@ExtendWith(SharedElasticsearch.class)
@Timeout(180)
class IndexOutageTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void shouldIndexOnceAServerThatWasDownComesUp(final LocalElasticsearch server)
            throws IOException {
        try (SwitchedAddress address = new SwitchedAddress();
                IndexFixture fixture = new IndexFixture(address.uri(), "logs-serveflow-later")) {
            final CompletableFuture<Void> end =
                    fixture.index.index(SampleDocuments.documents(0, 50));
            await().atMost(PATIENCE).until(() -> fixture.retried("index_connection") > 0);
            assertThat(fixture.index.trouble()).isPresent();
            assertThat(end).isNotDone();

            address.leadTo(server);

            end.join();
            assertThat(DataStreamReader.count(server, "logs-serveflow-later")).isEqualTo(50);
            assertThat(fixture.index.trouble()).isEmpty();
        }
    }

    @Test
    void shouldIndexEverythingOnceWhenTheServerRestartsInTheMiddle(final LocalElasticsearch server)
            throws Exception {
        final int batches = 200;
        final int size = 20;
        final ExecutorService source = Executors.newSingleThreadExecutor();
        try (IndexFixture fixture = new IndexFixture(server.uri(), "logs-serveflow-restart")) {
            final Future<?> sent =
                    source.submit(
                            () -> {
                                final List<CompletableFuture<Void>> ends = new ArrayList<>();
                                for (int i = 0; i < batches; i++) {
                                    ends.add(
                                            fixture.index.index(
                                                    SampleDocuments.documents(
                                                            i * size, (i + 1) * size)));
                                }
                                ends.forEach(CompletableFuture::join);
                            });
            await().atMost(PATIENCE).until(() -> fixture.ledger.total(Entry.INDEXED) > 100);
            server.stop();
            await().atMost(PATIENCE).until(() -> fixture.retried("index_connection") > 0);
            assertThat(fixture.ledger.total(Entry.INDEXED)).isLessThan(batches * size);

            server.start();

            sent.get();
            assertThat(DataStreamReader.count(server, "logs-serveflow-restart"))
                    .isEqualTo(batches * size);
            assertThat(fixture.ledger.total(Entry.INDEXED)).isEqualTo(batches * size);
            assertThat(fixture.deadLetters).isEmpty();
        } finally {
            source.shutdownNow();
        }
    }

    @Test
    void shouldIndexOnceABusyServerTakesRequestsAgain(final LocalElasticsearch server)
            throws IOException, ExecutionException, InterruptedException {
        try (LocalElasticsearch busy =
                        LocalElasticsearch.started(
                                SharedElasticsearch.home(),
                                SharedElasticsearch.OPTIONS.withSettings(
                                        Map.of("indexing_pressure.memory.limit", "1kb")));
                SwitchedAddress address = new SwitchedAddress();
                IndexFixture fixture = new IndexFixture(address.uri(), "logs-serveflow-busy")) {
            SharedElasticsearch.installTemplates(busy);
            address.leadTo(busy);
            final CompletableFuture<Void> end =
                    fixture.index.index(SampleDocuments.documents(0, 50));
            await().atMost(PATIENCE).until(() -> fixture.retried("index_429") > 1);
            assertThat(end).isNotDone();

            address.leadTo(server);

            end.get();
            assertThat(DataStreamReader.count(server, "logs-serveflow-busy")).isEqualTo(50);
            assertThat(fixture.deadLetters).isEmpty();
        }
    }
}
