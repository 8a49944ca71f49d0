/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LedgerTest {

    private final Ledger ledger = new Ledger();

    @Test
    void shouldSumAnEntryOverItsDetails() {
        ledger.add(Ledger.Entry.DROPPED, "queue_full", 2);
        ledger.add(Ledger.Entry.DROPPED, "expired", 3);
        ledger.add(Ledger.Entry.INDEXED, 7);

        assertThat(ledger.total(Ledger.Entry.DROPPED)).isEqualTo(5);
    }

    @Test
    void shouldListAnEntryByDetail() {
        ledger.add(Ledger.Entry.DROPPED, "queue_full", 2);
        ledger.add(Ledger.Entry.DROPPED, "expired", 3);

        assertThat(ledger.byDetail(Ledger.Entry.DROPPED))
                .containsExactly(
                        org.assertj.core.api.Assertions.entry("expired", 3L),
                        org.assertj.core.api.Assertions.entry("queue_full", 2L));
    }

    @Test
    void shouldBeEmptyWhereNothingWasCounted() {
        assertThat(ledger.total(Ledger.Entry.EVENTS)).isZero();
        assertThat(ledger.byDetail(Ledger.Entry.EVENTS)).isEmpty();
    }

    @Test
    void shouldShowItsObserverEachCountOnce() {
        final List<String> opened = new ArrayList<>();
        final Ledger observed =
                new Ledger((entry, detail, count) -> opened.add(entry.id() + " " + detail));
        observed.add(Ledger.Entry.DROPPED, "queue_full", 2);
        observed.add(Ledger.Entry.DROPPED, "expired", 3);
        observed.add(Ledger.Entry.DROPPED, "queue_full", 1);
        observed.add(Ledger.Entry.INDEXED, 0);

        assertThat(opened).containsExactly("dropped queue_full", "dropped expired", "indexed ");
    }

    @Test
    void shouldGiveItsObserverACountThatGoesOn() {
        final List<Number> counts = new ArrayList<>();
        final Ledger observed = new Ledger((entry, detail, count) -> counts.add(count));
        observed.add(Ledger.Entry.INDEXED, 7);
        assertThat(counts.get(0).longValue()).isEqualTo(7);

        observed.add(Ledger.Entry.INDEXED, 4);
        assertThat(counts.get(0).longValue()).isEqualTo(11);
    }

    @Test
    void shouldLoseNothingWhenManyThreadsOpenTheSameCount() throws Exception {
        final int threads = 4;
        final int details = 500;
        final AtomicInteger opened = new AtomicInteger();
        final Ledger observed = new Ledger((entry, detail, count) -> opened.incrementAndGet());
        final CyclicBarrier together = new CyclicBarrier(threads);
        final ExecutorService executor = Executors.newFixedThreadPool(threads);
        for (int t = 0; t < threads; t++) {
            executor.submit(
                    () -> {
                        for (int i = 0; i < details; i++) {
                            together.await();
                            observed.add(Ledger.Entry.DROPPED, "reason" + i, 1);
                        }
                        return null;
                    });
        }
        executor.shutdown();

        assertThat(executor.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        assertThat(opened).hasValue(details);
        assertThat(observed.total(Ledger.Entry.DROPPED)).isEqualTo((long) threads * details);
    }
}
