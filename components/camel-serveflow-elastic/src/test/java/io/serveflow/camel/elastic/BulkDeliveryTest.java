/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.serveflow.camel.support.Backoff;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Ledger.Entry;
import io.serveflow.ledger.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The delivery with another store than Elasticsearch. */
@Timeout(30)
class BulkDeliveryTest {

    private final Ledger ledger = new Ledger();
    private final List<DeadLetter> deadLetters = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final MapStore store = new MapStore();
    private final BulkDelivery delivery =
            new BulkDelivery(
                    store,
                    new BulkDelivery.Options(2, 10_000, 0, new Backoff(1, 5, () -> 0.5)),
                    scheduler,
                    System::nanoTime,
                    ledger,
                    deadLetters::add);

    @AfterEach
    void close() {
        delivery.close();
        scheduler.shutdownNow();
    }

    @Test
    void shouldDeliverToAnyStore() {
        delivery.index(SampleDocuments.documents(0, 5)).join();
        delivery.index(SampleDocuments.documents(3, 7)).join();

        assertThat(store.documents).hasSize(7);
        assertThat(ledger.total(Entry.INDEXED)).isEqualTo(9);
        assertThat(ledger.total(Entry.DUPLICATES)).isEqualTo(2);
    }

    @Test
    void shouldDeadLetterWhatTheStoreRejects() {
        store.rejected = SampleDocuments.documents(1, 2).get(0).id();

        delivery.index(SampleDocuments.documents(0, 3)).join();

        assertThat(store.documents).hasSize(2);
        assertThat(deadLetters)
                .extracting(DeadLetter::source, DeadLetter::reason, DeadLetter::detail)
                .containsExactly(tuple("shelf", "index_400", "torn"));
    }

    @Test
    void shouldHoldWhatTheStoreDoesNotTakeUntilItDoes() {
        store.full = true;
        final CompletableFuture<Void> end = delivery.index(SampleDocuments.documents(0, 3));
        await().until(() -> ledger.total(Entry.RETRIED) > 1);
        assertThat(delivery.trouble()).contains("is full");

        store.full = false;
        end.join();

        assertThat(store.documents).hasSize(3);
        assertThat(deadLetters).isEmpty();
    }

    @Test
    void shouldNameTheServerWhenItStopsWithDocumentsHeld() {
        store.full = true;
        final CompletableFuture<Void> end = delivery.index(SampleDocuments.documents(0, 3));
        await().until(() -> ledger.total(Entry.RETRIED) > 1);

        delivery.close();

        assertThatThrownBy(end::join)
                .hasRootCauseInstanceOf(IndexStoppedException.class)
                .hasStackTraceContaining("indexing into shelf was stopped")
                .hasStackTraceContaining(": The cupboard is full");
    }

    @Test
    void shouldKnowWhichDocumentsHaveNoEndYet() {
        store.full = true;
        final CompletableFuture<Void> end = delivery.index(SampleDocuments.documents(0, 3));
        await().until(() -> ledger.total(Entry.RETRIED) > 1);

        assertThat(ledger.total(Entry.SENT)).isEqualTo(3);
        assertThat(delivery.openDocuments()).isEqualTo(3);

        store.full = false;
        end.join();
        assertThat(delivery.openDocuments()).isZero();
    }

    /** It did not, and documents could be stored twice after a rollover. */
    @Test
    void shouldLookAgainForDocumentsThatMayBeStoredWhenTheLookFailed() {
        store.lostAnswers = 1;
        store.failedLooks = 1;

        delivery.index(SampleDocuments.documents(0, 3)).join();

        assertThat(store.looks).containsExactly(false, true, true);
        assertThat(ledger.total(Entry.INDEXED)).isEqualTo(3);
        assertThat(ledger.total(Entry.DUPLICATES)).isEqualTo(3);
    }

    /**
     * The look for its first half was taken as one for both, and the other could be stored twice.
     */
    @Test
    void shouldLookForEachPartOfARequestThatMayBeStored() {
        store.remedy = RequestFailure.Remedy.RETRY_SMALLER;
        store.lostAnswers = 1;
        store.failedLooks = 1;

        delivery.index(SampleDocuments.documents(0, 4)).join();

        assertThat(store.looks).containsExactly(false, true, true, true);
        assertThat(ledger.total(Entry.DUPLICATES)).isEqualTo(4);
    }

    /** A store in memory: one class is all that another sink needs. */
    private static final class MapStore implements DocumentStore {

        private final Map<String, IndexDocument> documents = new ConcurrentHashMap<>();
        private volatile String rejected = "";
        private volatile boolean full;
        private final List<Boolean> looks = new CopyOnWriteArrayList<>();
        private volatile int lostAnswers;
        private volatile int failedLooks;
        private volatile RequestFailure.Remedy remedy = RequestFailure.Remedy.RETRY;

        @Override
        public String server() {
            return "The cupboard";
        }

        @Override
        public String destination() {
            return "shelf";
        }

        @Override
        public CompletableFuture<List<BulkItem>> create(final List<IndexDocument> created) {
            final List<BulkItem> items = created.stream().map(this::create).toList();
            if (lostAnswers > 0) {
                lostAnswers--;
                return CompletableFuture.failedFuture(new IOException("no answer"));
            }
            return CompletableFuture.completedFuture(items);
        }

        private BulkItem create(final IndexDocument document) {
            if (full) {
                return new BulkItem(
                        BulkItem.Outcome.HELD, Reason.ofIndex(503), "is full", "full", false);
            }
            if (document.id().equals(rejected)) {
                return BulkItem.rejected(Reason.ofIndex(400), "torn");
            }
            return documents.putIfAbsent(document.id(), document) == null
                    ? BulkItem.CREATED
                    : BulkItem.DUPLICATE;
        }

        @Override
        public Optional<CompletableFuture<BitSet>> findStored(
                final List<IndexDocument> sought, final boolean unsure) {
            looks.add(unsure);
            if (!unsure) {
                return Optional.empty();
            }
            if (failedLooks > 0) {
                failedLooks--;
                return Optional.of(CompletableFuture.failedFuture(new ConnectException("refused")));
            }
            final BitSet found = new BitSet();
            for (int i = 0; i < sought.size(); i++) {
                found.set(i, documents.containsKey(sought.get(i).id()));
            }
            return Optional.of(CompletableFuture.completedFuture(found));
        }

        @Override
        public RequestFailure failure(final Throwable thrown) {
            return new RequestFailure(
                    remedy,
                    Reason.INDEX_CLIENT.code(),
                    String.valueOf(thrown),
                    !(thrown instanceof ConnectException),
                    false);
        }

        @Override
        public Optional<String> prepare() {
            return Optional.empty();
        }
    }
}
