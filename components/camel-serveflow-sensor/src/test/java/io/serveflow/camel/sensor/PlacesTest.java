/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.batch.FlowBatch;
import io.serveflow.batch.Receipt;
import io.serveflow.cascade.ContextJoin;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowRecord.Stage;
import io.serveflow.ledger.Ledger;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.VerdictStage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PlacesTest {

    private final Places<Long> places = new Places<>();

    @Test
    void shouldHaveNothingSettledAtFirst() {
        assertThat(places.takeSettled()).isEmpty();
        assertThat(places.open()).isZero();
    }

    @Test
    void shouldSettleAPlaceWhenItsReceiptIs() {
        final Receipt receipt = places.give(10L);
        assertThat(places.takeSettled()).isEmpty();
        assertThat(places.open()).isEqualTo(1);

        receipt.release();

        assertThat(places.takeSettled()).hasValue(10L);
        assertThat(places.open()).isZero();
    }

    @Test
    void shouldGiveASettledPlaceOnce() {
        places.give(10L).release();
        places.takeSettled();

        assertThat(places.takeSettled()).isEmpty();
    }

    @Test
    void shouldNotPassAPlaceThatIsNotSettled() {
        final Receipt first = places.give(10L);
        final Receipt second = places.give(20L);
        final Receipt third = places.give(30L);
        third.release();
        second.release();
        assertThat(places.takeSettled()).isEmpty();
        assertThat(places.open()).isEqualTo(3);

        first.release();

        assertThat(places.takeSettled()).hasValue(30L);
        assertThat(places.open()).isZero();
    }

    @Test
    void shouldSettleUpToTheFirstPlaceThatIsNot() {
        final Receipt first = places.give(10L);
        final Receipt second = places.give(20L);
        final Receipt third = places.give(30L);
        third.release();
        first.release();
        assertThat(places.takeSettled()).hasValue(10L);

        second.release();

        assertThat(places.takeSettled()).hasValue(30L);
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
        final Receipt receipt = places.give(10L);
        join.escalate(FlowBatch.of(List.of(first), receipt).withVerdicts(i -> provisional()));
        receipt.release();
        places.give(20L).release();
        assertThat(places.takeSettled()).isEmpty();

        join.contexts(FlowBatch.of(context));
        join.done(join.poll(1, 0, TimeUnit.SECONDS).orElseThrow());

        assertThat(places.takeSettled()).hasValue(20L);
    }

    @Test
    void shouldStayBeforeAPlaceThatWasHandedBackAndNotWaitForIt() {
        places.give(10L).release();
        places.give(20L).handBack();
        places.give(30L).release();

        assertThat(places.takeSettled()).hasValue(10L);
        assertThat(places.held()).isZero();
        assertThat(places.takeSettled()).isEmpty();
    }

    @Test
    void shouldSettleEverythingWhateverThreadsAnswerInWhateverOrder() throws Exception {
        final int given = 1_000;
        final List<Receipt> receipts = new ArrayList<>();
        for (long i = 1; i <= given; i++) {
            receipts.add(places.give(i));
        }
        final ExecutorService threads = Executors.newFixedThreadPool(4);
        for (final Receipt receipt : receipts) {
            threads.execute(receipt::release);
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();

        assertThat(places.takeSettled()).hasValue((long) given);
        assertThat(places.open()).isZero();
    }

    private static Verdict provisional() {
        return new Verdict(
                new Verdict.BundleRef("service", "1.2.3", "service", "ab".repeat(32)),
                "fast",
                VerdictStage.PROVISIONAL,
                "ntp",
                0.4,
                0.6,
                "uncertain",
                1,
                new Verdict.Latency(0, 1500, 12),
                List.of(new Verdict.LabelProbability("ntp", 0.4f)));
    }
}
