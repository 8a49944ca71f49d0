/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.serveflow.camel.file.FailingDisk.Call;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Ledger.Entry;
import io.serveflow.verdict.AnsweredFlows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Producers on a disk that fails, or takes its time: what is acknowledged, and when. */
@Timeout(60)
class FailingDiskTest {

    private static final String INTERVAL =
            "?fsync=interval&fsyncInterval=1&backoffMin=1&backoffMax=2";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Ledger ledger = new Ledger();
    private final List<AsyncProducer> producers = new ArrayList<>();
    private final FailingDisk disk = new FailingDisk();
    @TempDir private Path parent;
    private Path folder;
    private CamelContext context;

    @BeforeEach
    void startContext() throws IOException {
        folder = Files.createDirectory(parent.resolve("verdicts"));
        context = new DefaultCamelContext();
        context.getRegistry().bind("ledger", Ledger.class, ledger);
        context.getRegistry()
                .bind("clock", Clock.class, Clock.fixed(AnsweredFlows.CREATED, ZoneOffset.UTC));
        context.addComponent("serveflow-file", new ServeflowFileComponent(disk));
        HealthCheckHelper.getHealthCheckRepository(context, "producers").setEnabled(true);
        context.start();
    }

    @AfterEach
    void stopContext() {
        disk.heal();
        producers.forEach(AsyncProducer::stop);
        context.stop();
    }

    @Test
    void shouldAcknowledgeNothingBeforeAnFsyncHasSucceeded() throws Exception {
        final AsyncProducer producer = producer("?backoffMin=1&backoffMax=2&maxFiles=2");
        assertThat(write(producer, 0, 5).get().getException()).isNull();
        disk.fail(Call.SYNC);

        final CompletableFuture<Exchange> held = write(producer, 5, 10);
        await().until(() -> disk.failed(Call.SYNC) > 5);

        assertThat(held).isNotDone();
        assertThat(check().getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(ledger.total(Entry.INDEXED)).isEqualTo(5);
        disk.heal();
        assertThat(held.get().getException()).isNull();
        assertThat(WrittenFiles.uids(folder))
                .containsExactly("C0", "C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "C9");
        assertThat(WrittenFiles.in(folder)).hasSize(2);
        assertThat(ledger.total(Entry.INDEXED)).isEqualTo(10);
        assertThat(ledger.total(Entry.UNSYNCED)).isZero();
        assertThat(check().getState()).isEqualTo(HealthCheck.State.UP);
    }

    /** The first batch of a group lies in a file that has to be left for the second one. */
    @Test
    void shouldWriteAgainWhatLiesInAFileThatIsLeftUnsynced() throws Exception {
        final AsyncProducer producer = producer("?backoffMin=1&backoffMax=2");
        final CountDownLatch free = disk.block();
        final CompletableFuture<Exchange> first = write(producer, 0, 1);
        await().until(() -> WrittenFiles.lines(folder).size() == 1);
        // These gather while the disk is busy, and are one group.
        final CompletableFuture<Exchange> second = write(producer, 1, 2);
        final CompletableFuture<Exchange> third = write(producer, 2, 3);
        disk.failAfter(Call.WRITE, 1, 1);
        disk.fail(Call.TRUNCATE, 1);
        free.countDown();

        assertThat(CompletableFuture.allOf(first, second, third)).succeedsWithin(PATIENCE);

        assertThat(disk.failed(Call.TRUNCATE)).isEqualTo(1);
        assertThat(WrittenFiles.uids(folder)).containsExactly("C0", "C1", "C2");
        assertThat(WrittenFiles.in(folder))
                .hasSize(2)
                .first()
                .satisfies(left -> assertThat(Files.readAllLines(left)).hasSize(1));
    }

    @Test
    void shouldCountAcknowledgedVerdictsWhoseFsyncFails() throws Exception {
        final AsyncProducer producer = producer(INTERVAL);
        disk.fail(Call.SYNC, 1);
        assertThat(write(producer, 0, 5).get().getException()).isNull();
        await().until(() -> check().getState() == HealthCheck.State.DOWN);

        assertThat(ledger.total(Entry.UNSYNCED)).isEqualTo(5);
        assertThat(check().getMessage().orElseThrow())
                .isEqualTo(
                        "The folder "
                                + folder
                                + " cannot be written to (Input/output error); see that its disk is"
                                + " well; 5 verdicts that were acknowledged before their fsync may"
                                + " be missing on its disk, and none is acknowledged without an"
                                + " fsync until one succeeds");
        assertThat(WrittenFiles.uids(folder)).hasSize(5);
    }

    @Test
    void shouldAcknowledgeNoMoreUntilAnFsyncSucceedsAfterOneFailed() throws Exception {
        final AsyncProducer producer = producer(INTERVAL);
        disk.fail(Call.SYNC);
        write(producer, 0, 5).get();
        await().until(() -> ledger.total(Entry.UNSYNCED) > 0);

        final CompletableFuture<Exchange> held = write(producer, 5, 7);
        await().until(() -> disk.failed(Call.SYNC) > 5);

        assertThat(held).isNotDone();
        assertThat(ledger.total(Entry.INDEXED)).isEqualTo(5);
        disk.heal();
        assertThat(held.get().getException()).isNull();
        assertThat(check().getState()).isEqualTo(HealthCheck.State.UP);
        assertThat(ledger.total(Entry.UNSYNCED)).isEqualTo(5);
        assertThat(WrittenFiles.uids(folder))
                .containsExactly("C0", "C1", "C2", "C3", "C4", "C5", "C6");
    }

    /** Nothing in the file that is left was acknowledged since the fsync before. */
    @Test
    void shouldAcknowledgeNothingWithoutAnFsyncAfterOneFailedAtARotation() throws Exception {
        final AsyncProducer producer = producer(INTERVAL + "&maxFileBytes=1048576");
        final CountDownLatch free = disk.block();
        write(producer, 0, 1).get();
        await().until(disk::isBlocked);
        // These gather while the disk is busy, are one group, and do not fit into one file.
        final CompletableFuture<Exchange> fits = write(producer, 1, 1_001);
        final CompletableFuture<Exchange> rotates = write(producer, 1_001, 2_001);
        disk.failAfter(Call.SYNC, 1, Integer.MAX_VALUE);
        free.countDown();
        await().until(() -> disk.failed(Call.SYNC) > 3);

        assertThat(fits).isNotDone();
        assertThat(rotates).isNotDone();
        assertThat(ledger.total(Entry.UNSYNCED)).isZero();
        disk.heal();
        assertThat(CompletableFuture.allOf(fits, rotates)).succeedsWithin(PATIENCE);
        assertThat(WrittenFiles.uids(folder)).hasSize(2_001);
    }

    @Test
    void shouldCountNoFileAsBegunThatIsDiscarded() throws Exception {
        final AsyncProducer producer = producer("?backoffMin=1&backoffMax=2");
        disk.fail(Call.SYNC);
        final CompletableFuture<Exchange> held = write(producer, 0, 5);
        await().until(() -> disk.failed(Call.SYNC) > 3);
        disk.heal();
        held.get();

        assertThat(ledger.total(Entry.SINK_FILES)).isEqualTo(WrittenFiles.in(folder).size());
    }

    @Test
    void shouldCountAcknowledgedVerdictsThatAStopDoesNotBringToTheDisk() throws Exception {
        final AsyncProducer producer = producer("?fsync=interval&fsyncInterval=600000");
        write(producer, 0, 5).get();
        disk.fail(Call.SYNC);

        producer.stop();

        assertThat(ledger.total(Entry.UNSYNCED)).isEqualTo(5);
    }

    @Test
    void shouldEndAnExchangeThoughItsProducerHasStoppedBeforeItsBatchIsWritten() throws Exception {
        final AsyncProducer producer = producer("");
        producer("");
        final CountDownLatch free = disk.block();
        final CompletableFuture<Exchange> written = write(producer, 0, 5);

        Thread.currentThread().interrupt();
        producer.stop();
        assertThat(Thread.interrupted()).isTrue();
        free.countDown();

        assertThat(written).succeedsWithin(PATIENCE);
        assertThat(written.get().getException()).isNull();
        assertThat(WrittenFiles.uids(folder)).hasSize(5);
    }

    @Test
    void shouldNotWaitForBatchesOfOtherProducersAtAStop() throws Exception {
        final AsyncProducer producer = producer("");
        final AsyncProducer other = producer("");
        final CountDownLatch free = disk.block();
        final CompletableFuture<Exchange> written = write(other, 0, 5);

        await().atMost(Duration.ofSeconds(ServeflowFileProducer.DRAIN_SECONDS - 1))
                .until(CompletableFuture.runAsync(producer::stop)::isDone);

        assertThat(written).isNotDone();
        free.countDown();
        assertThat(written).succeedsWithin(PATIENCE);
    }

    /** Of the same writer for the same options. */
    private AsyncProducer producer(final String options) throws Exception {
        final AsyncProducer producer =
                context.getEndpoint("serveflow-file:" + folder + options).createAsyncProducer();
        producer.start();
        producers.add(producer);
        return producer;
    }

    private CompletableFuture<Exchange> write(
            final AsyncProducer producer, final int from, final int to) {
        final Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(AnsweredFlows.batch(from, to));
        final CompletableFuture<Exchange> end = new CompletableFuture<>();
        producer.process(exchange, doneSync -> end.complete(exchange));
        return end;
    }

    private HealthCheck.Result check() {
        return HealthCheckHelper.getHealthCheckRepository(context, "producers").stream()
                .filter(check -> check.getId().equals("producer:serveflow-file-" + folder))
                .findFirst()
                .orElseThrow()
                .call();
    }
}
