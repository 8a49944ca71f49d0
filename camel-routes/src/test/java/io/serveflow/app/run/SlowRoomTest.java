/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.serveflow.batch.FlowBatch;
import io.serveflow.batch.Receipt;
import io.serveflow.sensor.FlowRecordReader;
import io.serveflow.testing.samples.ProjectFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlowRoomTest {

    private static final int MOST = 4;

    private final AtomicInteger ready = new AtomicInteger();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CountDownLatch looked = new CountDownLatch(2);
    private final SlowRoom room = new SlowRoom(this::look, MOST, stopping::get);

    @Test
    void shouldLetThroughWhileFewFlowsAreReady() {
        ready.set(MOST);

        assertThatCode(() -> room.process(exchange())).doesNotThrowAnyException();
    }

    @Test
    void shouldHoldUpUntilFewerFlowsAreReady() throws Exception {
        ready.set(MOST + 1);
        final CompletableFuture<Void> passing =
                CompletableFuture.runAsync(() -> room.process(exchange()));
        assertThat(looked.await(1, TimeUnit.MINUTES)).isTrue();
        assertThat(passing).isNotDone();

        ready.set(MOST);

        assertThat(passing).succeedsWithin(Duration.ofMinutes(1));
    }

    @Test
    void shouldHoldUpNobodyWhenEverythingStops() throws Exception {
        ready.set(MOST + 1);
        final CompletableFuture<Void> passing =
                CompletableFuture.runAsync(() -> room.process(exchange()));
        assertThat(looked.await(1, TimeUnit.MINUTES)).isTrue();

        stopping.set(true);

        assertThat(passing).succeedsWithin(Duration.ofMinutes(1));
    }

    @Test
    void shouldNotHoldUpWhatAnotherProcessReads() throws Exception {
        ready.set(MOST + 1);
        final Receipt receipt = Receipt.held(() -> {});
        final Exchange exchange = exchange();
        final byte[] line =
                Files.readAllLines(ProjectFiles.records("mixed"))
                        .get(0)
                        .getBytes(StandardCharsets.UTF_8);
        exchange.getMessage()
                .setBody(
                        FlowBatch.of(
                                List.of(new FlowRecordReader("sensor").read(line, 0, line.length)),
                                receipt));
        final CompletableFuture<Void> passing =
                CompletableFuture.runAsync(() -> room.process(exchange));
        assertThat(looked.await(1, TimeUnit.MINUTES)).isTrue();

        receipt.withdraw();

        assertThat(passing).succeedsWithin(Duration.ofMinutes(1));
    }

    @ParameterizedTest
    @CsvSource({"100000, 0.1, 7500", "100000, 0.9, 12500", "100000, 1, 0", "1, 0.3, 1"})
    void shouldLeaveOneSourceClearlyLessThanTheRoom(
            final int maxFlows, final double share, final int most) {
        assertThat(SlowRoom.mostOfASource(maxFlows, share)).isEqualTo(most);
    }

    private int look() {
        looked.countDown();
        return ready.get();
    }

    private static Exchange exchange() {
        return new DefaultExchange(new DefaultCamelContext());
    }
}
