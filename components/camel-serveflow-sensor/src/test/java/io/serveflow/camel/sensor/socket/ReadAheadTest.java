/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorStream;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReadAheadTest {

    private final AtomicInteger full = new AtomicInteger();
    private final ReadAhead queue = new ReadAhead(10, full::incrementAndGet);
    private final SensorConnection connection = connection();

    @AfterEach
    void close() throws IOException {
        connection.close();
    }

    @Test
    void shouldGiveOutPiecesInTheOrderInWhichTheyCame() throws Exception {
        queue.put(piece(3));
        queue.put(piece(2));
        assertThat(queue.bytes()).isEqualTo(5);

        assertThat(poll().orElseThrow().bytes()).hasSize(3);
        assertThat(poll().orElseThrow().bytes()).hasSize(2);
        assertThat(poll()).isEmpty();
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.bytes()).isZero();
    }

    @Test
    void shouldLetNobodyInWhileItIsFull() throws Exception {
        queue.put(piece(9));
        queue.put(piece(5));
        assertThat(full).hasValue(0);
        final CompletableFuture<Void> waiting = putInAnotherThread();
        await().until(() -> full.get() == 1);
        assertThat(waiting).isNotDone();

        poll();

        waiting.get(30, TimeUnit.SECONDS);
        assertThat(queue.bytes()).isEqualTo(6);
        assertThat(full).hasValue(1);
    }

    @Test
    void shouldLetInWhoHasReadSomethingWhenReadingEnds() throws Exception {
        queue.put(piece(10));
        final CompletableFuture<Void> waiting = putInAnotherThread();
        await().until(() -> full.get() == 1);

        queue.endReading();

        waiting.get(30, TimeUnit.SECONDS);
        assertThat(queue.bytes()).isEqualTo(11);
    }

    @Test
    void shouldBeDoneWhenItIsClosedAndEmpty() throws Exception {
        queue.put(piece(1));
        queue.close();
        assertThat(queue.isDone()).isFalse();

        assertThat(queue.poll(1, TimeUnit.HOURS)).isPresent();

        assertThat(queue.isDone()).isTrue();
        assertThat(queue.poll(1, TimeUnit.HOURS)).isEmpty();
    }

    private CompletableFuture<Void> putInAnotherThread() {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        queue.put(piece(1));
                    } catch (final InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
    }

    private ReadAhead.Piece piece(final int length) {
        return new ReadAhead.Piece(connection, new byte[length]);
    }

    private Optional<ReadAhead.Piece> poll() throws InterruptedException {
        return queue.poll(0, TimeUnit.SECONDS);
    }

    private static SensorConnection connection() {
        final Ledger ledger = new Ledger();
        try {
            return new SensorConnection(
                    "test",
                    SocketChannel.open(),
                    new SensorStream(
                            "test",
                            SensorFormats.installed(),
                            FlowAssembler.Options.defaults("test"),
                            ledger,
                            letter -> {},
                            uid -> true,
                            record -> {}),
                    ledger,
                    e -> {},
                    System::nanoTime);
        } catch (final IOException e) {
            throw new AssertionError(e);
        }
    }
}
