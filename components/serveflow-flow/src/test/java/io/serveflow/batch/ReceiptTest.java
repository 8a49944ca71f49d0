/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReceiptTest {

    private final AtomicInteger settled = new AtomicInteger();
    private final Receipt receipt = Receipt.held(settled::incrementAndGet);

    @Test
    void shouldBeSettledWhenItsSourceReleasesIt() {
        assertThat(receipt.isSettled()).isFalse();

        receipt.release();

        assertThat(receipt.isSettled()).isTrue();
        assertThat(settled).hasValue(1);
    }

    @Test
    void shouldWaitForTheLastHold() {
        receipt.hold();
        receipt.release();
        assertThat(settled).hasValue(0);

        receipt.release();

        assertThat(settled).hasValue(1);
    }

    @Test
    void shouldEndAHoldOfEachOfItsParts() {
        final Receipt other = Receipt.held(settled::incrementAndGet);
        final Receipt joined = Receipt.joined(List.of(receipt, other));
        joined.release();

        assertThat(settled).hasValue(2);
        assertThat(joined.isSettled()).isTrue();
    }

    @Test
    void shouldBeWithdrawnWhenAllItsPartsAre() {
        final Receipt other = Receipt.held(() -> {});
        final Receipt joined = Receipt.joined(List.of(receipt, other));

        receipt.withdraw();
        assertThat(receipt.isWithdrawn()).isTrue();
        assertThat(joined.isWithdrawn()).isFalse();
        other.withdraw();

        assertThat(joined.isWithdrawn()).isTrue();
    }

    @Test
    void shouldNotWithdrawWhatNobodyWaitsFor() {
        Receipt.NONE.withdraw();

        assertThat(Receipt.NONE.isWithdrawn()).isFalse();
    }

    @Test
    void shouldRefuseAHoldOnceSettled() {
        receipt.release();

        assertThatIllegalStateException()
                .isThrownBy(receipt::hold)
                .withMessageContaining("is settled");
        assertThat(receipt.isSettled()).isTrue();
    }

    @Test
    void shouldRefuseMoreReleasesThanHolds() {
        receipt.release();

        assertThatIllegalStateException()
                .isThrownBy(receipt::release)
                .withMessageContaining("more often than held");
        assertThat(settled).hasValue(1);
    }

    @Test
    void shouldBeHandedBackWhenOneOfItsHoldsWas() {
        final AtomicInteger handedBack = new AtomicInteger();
        final Receipt owed = Receipt.held(settled::incrementAndGet, handedBack::incrementAndGet);
        owed.hold();
        owed.handBack();
        assertThat(handedBack).hasValue(0);

        owed.release();

        assertThat(handedBack).hasValue(1);
        assertThat(settled).hasValue(0);
        assertThat(owed.isSettled()).isFalse();
        assertThatIllegalStateException().isThrownBy(owed::hold);
    }

    @Test
    void shouldNotBeHandedBackWhereNobodyReadsAgain() {
        assertThat(Receipt.NONE.canBeReadAgain()).isFalse();
        assertThatIllegalStateException().isThrownBy(Receipt.NONE::handBack);
    }

    @Test
    void shouldBeHandedBackAnyNumberOfTimesWhereAllIsReadAgain() {
        final Receipt again = Receipt.readAgain(SourceClock.SYSTEM);
        assertThat(again.canBeReadAgain()).isTrue();
        assertThat(again.isKept()).isFalse();
        again.hold();
        again.handBack();
        again.handBack();
        again.release();
    }

    @Test
    void shouldBeSettledAlwaysWhereNobodyWaits() {
        Receipt.NONE.hold();
        Receipt.NONE.release();
        Receipt.NONE.release();

        assertThat(Receipt.NONE.isSettled()).isTrue();
    }

    @Test
    void shouldBeSettledOnceHoweverManyThreadsReleaseIt() throws Exception {
        final int threads = 4;
        final int holds = 10_000;
        final ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            final List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                receipt.hold();
                done.add(
                        executor.submit(
                                () -> {
                                    for (int n = 0; n < holds; n++) {
                                        receipt.hold();
                                        receipt.release();
                                    }
                                    receipt.release();
                                }));
            }
            receipt.release();
            for (final Future<?> each : done) {
                each.get();
            }
        } finally {
            executor.shutdownNow();
        }

        assertThat(receipt.isSettled()).isTrue();
        assertThat(settled).hasValue(1);
    }
}
