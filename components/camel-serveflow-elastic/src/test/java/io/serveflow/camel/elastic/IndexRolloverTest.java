/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger.Entry;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.verdict.AnsweredFlows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Documents that are sent again after the data stream of a real server has rolled over. */
@ExtendWith(SharedElasticsearch.class)
@Timeout(60)
class IndexRolloverTest {

    @Test
    void shouldNotDuplicateWhatIsReplayedAfterARestartAcrossARollover(
            final LocalElasticsearch server) throws IOException {
        final String stream = "logs-serveflow-roll_restart";
        try (IndexFixture first = new IndexFixture(server.uri(), stream)) {
            first.index.index(now(0, 300)).join();
        }
        // Not refreshed, as after a kill: a search would not find them yet.
        rollover(server, stream);
        try (IndexFixture restarted = new IndexFixture(server.uri(), stream)) {
            restarted.index.index(now(200, 500)).join();

            assertThat(DataStreamReader.count(server, stream)).isEqualTo(500);
            assertThat(restarted.ledger.total(Entry.INDEXED)).isEqualTo(300);
            assertThat(restarted.ledger.total(Entry.DUPLICATES)).isEqualTo(100);
            assertThat(restarted.deadLetters).isEmpty();
        }
    }

    @Test
    void shouldNotDuplicateWhatIsReplayedAcrossSeveralRollovers(final LocalElasticsearch server)
            throws IOException {
        final String stream = "logs-serveflow-roll_several";
        for (int i = 0; i < 3; i++) {
            try (IndexFixture fixture = new IndexFixture(server.uri(), stream)) {
                fixture.index.index(SampleDocuments.documents(10 * i, 10 * i + 10)).join();
            }
            rollover(server, stream);
        }
        try (IndexFixture fixture = new IndexFixture(server.uri(), stream)) {
            fixture.index.index(SampleDocuments.documents(0, 40)).join();

            assertThat(DataStreamReader.count(server, stream)).isEqualTo(40);
            assertThat(fixture.ledger.total(Entry.DUPLICATES)).isEqualTo(30);
        }
    }

    @Test
    void shouldNoticeARolloverWhileItRuns(final LocalElasticsearch server) throws IOException {
        final String stream = "logs-serveflow-roll_running";
        try (IndexFixture fixture = new IndexFixture(server.uri(), stream)) {
            fixture.index.index(now(0, 20)).join();
            rollover(server, stream);
            fixture.nanos.addAndGet(BackingIndices.LOOK_NANOS);

            fixture.index.index(now(0, 30)).join();

            assertThat(DataStreamReader.count(server, stream)).isEqualTo(30);
            assertThat(fixture.ledger.total(Entry.DUPLICATES)).isEqualTo(20);
        }
    }

    @Test
    void shouldNotLookUpWhatCannotHaveBeenSentBefore(final LocalElasticsearch server)
            throws IOException {
        final String stream = "logs-serveflow-roll_later";
        try (IndexFixture fixture = new IndexFixture(server.uri(), stream)) {
            fixture.index.index(now(0, 20)).join();
        }
        rollover(server, stream);
        final long later =
                System.currentTimeMillis() + BackingIndices.CLOCK_SKEW_MILLIS + 3_600_000;
        try (IndexFixture fixture = new IndexFixture(server.uri(), stream)) {
            // The same ids, so that they would be found.
            fixture.index.index(at(later, 0, 20)).join();

            assertThat(fixture.ledger.total(Entry.DUPLICATES)).isZero();
            assertThat(DataStreamReader.count(server, stream)).isEqualTo(40);
        }
    }

    @Test
    void shouldNotDuplicateARequestOfUnknownOutcomeAcrossARollover(final LocalElasticsearch server)
            throws IOException {
        final String stream = "logs-serveflow-roll_unsure";
        try (LosingProxy proxy = new LosingProxy(server.uri());
                IndexFixture fixture = new IndexFixture(proxy.uri(), stream)) {
            fixture.index.index(now(0, 10)).join();
            // The answer gets lost, and the stream rolls over before the next try.
            proxy.loseNextBulkAnswer(() -> rollover(server, stream));

            fixture.index.index(now(10, 30)).join();

            assertThat(proxy.lost()).isEqualTo(1);
            assertThat(DataStreamReader.backingIndices(server, stream)).hasSize(2);
            assertThat(DataStreamReader.count(server, stream)).isEqualTo(30);
            assertThat(fixture.ledger.total(Entry.INDEXED)).isEqualTo(30);
            assertThat(fixture.ledger.total(Entry.DUPLICATES)).isEqualTo(20);
        }
    }

    private static void rollover(final LocalElasticsearch server, final String stream) {
        try {
            DataStreamReader.ask(server, "POST", "/" + stream + "/_rollover");
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Documents of flows that begin a second ago. */
    private static List<IndexDocument> now(final int from, final int to) {
        return at(System.currentTimeMillis() - 1_000, from, to);
    }

    private static List<IndexDocument> at(final long millis, final int from, final int to) {
        return IntStream.range(from, to)
                .mapToObj(
                        i -> {
                            final FlowRecord flow = AnsweredFlows.flow(i);
                            final IndexDocument document = SampleDocuments.document(flow);
                            return new IndexDocument(document.id(), document.json(), millis);
                        })
                .toList();
    }
}
