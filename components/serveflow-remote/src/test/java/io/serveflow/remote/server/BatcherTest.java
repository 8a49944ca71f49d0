/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.remote.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.serveflow.model.TierScorer;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which requests are scored together, and when. */
class BatcherTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration DELAY = Duration.ofSeconds(1);
    private static final int ROWS = 4;

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger looks = new AtomicInteger();
    private final Recording scorer = new Recording();
    private final List<Asked> asked = new ArrayList<>();
    private Batcher batcher;

    @AfterEach
    void close() {
        scorer.held.countDown();
        batcher.close();
    }

    @Test
    void shouldNeverScoreMoreRowsTogetherThanABatchHas() throws Exception {
        begin(Duration.ZERO);
        holdTheFirst();

        for (final int rows : new int[] {3, 2, 1, 4, 1}) {
            offer(rows);
        }

        assertThat(batches()).extracting(List::size).containsExactly(1, 3, 3, 4, 1);
    }

    @Test
    void shouldScoreARequestAloneThatHasMoreRowsThanABatch() throws Exception {
        begin(Duration.ZERO);
        holdTheFirst();

        for (final int rows : new int[] {1, ROWS + 2, 1}) {
            offer(rows);
        }

        assertThat(batches()).extracting(List::size).containsExactly(1, 1, ROWS + 2, 1);
    }

    @Test
    void shouldScoreTheOldestFirst() throws Exception {
        begin(Duration.ZERO);
        holdTheFirst();

        for (int i = 0; i < 50; i++) {
            offer(1 + i % 3);
        }

        assertThat(batches().stream().flatMap(List::stream))
                .containsExactlyElementsOf(
                        asked.stream().flatMap(one -> one.features.stream()).toList());
    }

    @Test
    void shouldGiveEachRequestItsOwnAnswer() throws Exception {
        begin(Duration.ZERO);
        holdTheFirst();
        for (int i = 0; i < 10; i++) {
            offer(1 + i % 3);
        }

        batches();

        assertThat(asked).allSatisfy(one -> assertThat(one.answer.get()).isEqualTo(one.features));
    }

    @Test
    void shouldBeginABatchWhenItsOldestRequestHasWaitedForAsLongAsItMay() throws Exception {
        scorer.held.countDown();
        begin(DELAY);
        offer(1);
        awaitLooks(1);

        nanos.set(DELAY.toNanos() - TimeUnit.MILLISECONDS.toNanos(1));
        offer(1);
        awaitLooks(looks.get() + 2);

        assertThat(scorer.batches).isEmpty();
        nanos.set(DELAY.toNanos());
        assertThat(batches()).extracting(List::size).containsExactly(2);
    }

    @Test
    void shouldBeginAFullBatchAtOnce() throws Exception {
        scorer.held.countDown();
        begin(DELAY);

        offer(1);
        offer(ROWS - 1);

        assertThat(batches()).extracting(List::size).containsExactly(ROWS);
        assertThat(nanos).hasValue(0);
    }

    private void begin(final Duration delay) {
        batcher =
                new Batcher(
                        "test",
                        scorer,
                        new Batching(ROWS, delay, 1_000),
                        new ServedTotals(),
                        this::look);
    }

    /** The time; how often the batcher asks for it shows that it has seen what was offered. */
    private long look() {
        if (Thread.currentThread().getName().startsWith("serveflow-batches-")) {
            looks.incrementAndGet();
        }
        return nanos.get();
    }

    private void awaitLooks(final int count) {
        await().atMost(PATIENCE).until(() -> looks.get() >= count);
    }

    /** What is offered from now on waits until {@link #batches}. */
    private void holdTheFirst() {
        offer(1);
        await().atMost(PATIENCE).until(() -> !scorer.batches.isEmpty());
    }

    private void offer(final int rows) {
        final List<Float> features = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            features.add(asked.size() + i / 100f);
        }
        final Asked request = new Asked(features);
        asked.add(request);
        assertThat(batcher.offer(request)).isTrue();
    }

    /** The rows of each batch, once all requests are answered. */
    private List<List<Float>> batches() throws Exception {
        scorer.held.countDown();
        for (final Asked request : asked) {
            request.answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        return scorer.batches;
    }

    private static final class Asked extends Batcher.Request {

        private final List<Float> features;
        private final CompletableFuture<List<Float>> answer = new CompletableFuture<>();

        private Asked(final List<Float> features) {
            super(features.size(), buffer(features));
            this.features = features;
        }

        private static FloatBuffer buffer(final List<Float> features) {
            final FloatBuffer buffer = FloatBuffer.allocate(features.size());
            features.forEach(buffer::put);
            return buffer.flip();
        }

        @Override
        boolean isWanted() {
            return true;
        }

        @Override
        void answer(final FloatBuffer probabilities, final BitSet failed) {
            answer.complete(rest(probabilities));
        }

        @Override
        void fail(final Throwable why) {
            answer.completeExceptionally(why);
        }

        @Override
        void ended() {}
    }

    private static List<Float> rest(final FloatBuffer buffer) {
        final List<Float> values = new ArrayList<>();
        while (buffer.hasRemaining()) {
            values.add(buffer.get());
        }
        return values;
    }

    /** Gives each feature back, once it is no longer held. */
    private static final class Recording implements TierScorer {

        private final List<List<Float>> batches = new CopyOnWriteArrayList<>();
        private final CountDownLatch held = new CountDownLatch(1);

        @Override
        public int columns() {
            return 1;
        }

        @Override
        public int classes() {
            return 1;
        }

        @Override
        public int rows() {
            return ROWS;
        }

        @Override
        public void score(
                final int n,
                final FloatBuffer features,
                final FloatBuffer probabilities,
                final End end) {
            final List<Float> rows = rest(features);
            batches.add(rows);
            try {
                held.await();
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            rows.forEach(probabilities::put);
            end.scored(Outcome.complete(1));
        }

        @Override
        public void close() {}
    }
}
