/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.ledger;

import static org.assertj.core.api.Assertions.assertThat;

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
}
