/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.batch.FlowBatch;
import io.serveflow.batch.Receipt;
import io.serveflow.batch.SourceClock;
import io.serveflow.cascade.ContextJoin;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowRecord.Stage;
import io.serveflow.flow.TestFlows;
import io.serveflow.ledger.Ledger;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OpenPositionsTest {

    private final OpenPositions<Long> positions = new OpenPositions<>(SourceClock.SYSTEM);

    @Test
    void shouldHaveNothingSettledAtFirst() {
        assertThat(positions.takeSettled()).isEmpty();
        assertThat(positions.size()).isZero();
    }

    @Test
    void shouldSettleAPositionWhenItsReceiptIs() {
        final Receipt receipt = positions.add(10L);
        assertThat(positions.takeSettled()).isEmpty();
        assertThat(positions.size()).isEqualTo(1);

        receipt.release();

        assertThat(positions.takeSettled()).hasValue(10L);
        assertThat(positions.size()).isZero();
    }

    @Test
    void shouldReportASettledPositionOnce() {
        positions.add(10L).release();
        positions.takeSettled();

        assertThat(positions.takeSettled()).isEmpty();
    }

    @Test
    void shouldNotPassAPositionThatIsNotSettled() {
        final Receipt first = positions.add(10L);
        final Receipt second = positions.add(20L);
        final Receipt third = positions.add(30L);
        third.release();
        second.release();
        assertThat(positions.takeSettled()).isEmpty();
        assertThat(positions.size()).isEqualTo(2);

        first.release();

        assertThat(positions.takeSettled()).hasValue(30L);
        assertThat(positions.size()).isZero();
    }

    @Test
    void shouldKeepOnePositionOfNeighboursThatAreSettledInWhateverOrder() {
        final List<Receipt> receipts = new ArrayList<>();
        for (long i = 0; i < 8; i++) {
            receipts.add(positions.add(i));
        }
        for (final int settled : new int[] {2, 4, 3, 6, 7}) {
            receipts.get(settled).release();
        }
        assertThat(positions.size()).as("0, 1, 2 to 4, 5, 6 to 7").isEqualTo(5);

        receipts.get(1).release();
        receipts.get(0).release();
        assertThat(positions.takeSettled()).hasValue(4L);
        receipts.get(5).release();
        assertThat(positions.takeSettled()).hasValue(7L);
        assertThat(positions.size()).isZero();
    }

    @Test
    void shouldSettleUpToTheFirstPositionThatIsNot() {
        final Receipt first = positions.add(10L);
        final Receipt second = positions.add(20L);
        final Receipt third = positions.add(30L);
        third.release();
        first.release();
        assertThat(positions.takeSettled()).hasValue(10L);

        second.release();

        assertThat(positions.takeSettled()).hasValue(30L);
    }

    @Test
    void shouldWaitForAFlowInTheJoin() throws Exception {
        final ContextJoin join =
                new ContextJoin(
                        new ContextJoin.Options(10, TimeUnit.SECONDS.toNanos(10), 0),
                        () -> 0,
                        new Ledger(),
                        (flow, verdict) -> {});
        final FlowRecord context = Samples.ntp(Stage.CONTEXT, 1).get(0);
        final FlowRecord first =
                Samples.ntp().stream()
                        .filter(record -> record.id().equals(context.id()))
                        .findFirst()
                        .orElseThrow();
        final Receipt receipt = positions.add(10L);
        join.escalate(
                FlowBatch.of(List.of(first), receipt)
                        .withVerdicts(i -> TestFlows.provisional(0.6)));
        receipt.release();
        positions.add(20L).release();
        assertThat(positions.takeSettled()).isEmpty();

        join.contexts(FlowBatch.of(context));
        join.done(join.poll(1, 0, TimeUnit.SECONDS).orElseThrow());

        assertThat(positions.takeSettled()).hasValue(20L);
    }

    @Test
    void shouldStayBeforeAPositionThatWasHandedBackAndNotWaitForIt() {
        positions.add(10L).release();
        positions.add(20L).handBack();
        positions.add(30L).release();

        assertThat(positions.takeSettled()).hasValue(10L);
        assertThat(positions.pending()).isZero();
        assertThat(positions.takeSettled()).isEmpty();
    }

    @Test
    void shouldSettleEverythingWhateverThreadsAnswerInWhateverOrder() throws Exception {
        final int given = 1_000;
        final List<Receipt> receipts = new ArrayList<>();
        for (long i = 1; i <= given; i++) {
            receipts.add(positions.add(i));
        }
        final ExecutorService threads = Executors.newFixedThreadPool(4);
        for (final Receipt receipt : receipts) {
            threads.execute(receipt::release);
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();

        assertThat(positions.takeSettled()).hasValue((long) given);
        assertThat(positions.size()).isZero();
    }
}
