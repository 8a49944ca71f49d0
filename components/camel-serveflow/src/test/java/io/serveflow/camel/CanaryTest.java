/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.ledger.Ledger;
import io.serveflow.verdict.Verdict.BundleRef;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class CanaryTest {

    private static final BundleRef USED = new BundleRef("old", "1", "service", "00");
    private static final BundleRef CANARY = new BundleRef("new", "2", "service", "01");

    private final Ledger ledger = new Ledger();

    @Test
    void shouldBeRolledBackWhereItFailsOrCostsTooMuch() {
        final Canary canary = new Canary(1, ledger);
        final Canary.Trial failing = canary.trial(CANARY, USED);
        failing.add("fast", Canary.LEAST - 1, Canary.LEAST - 1, Canary.LEAST - 1);
        assertThat(canary.isOn(CANARY)).isTrue();
        failing.add("fast", 1, 0, 0);
        assertThat(canary.isOn(CANARY)).isFalse();
        failing.add("fast", 1, 1, 1);

        final BundleRef costly = new BundleRef("new", "3", "service", "01");
        final Canary.Trial slow = canary.trial(costly, USED);
        slow.timed(Canary.LEAST_TIMED - 1, nanos(9_000L), nanos(1_000L));
        assertThat(canary.isOn(costly)).isTrue();
        slow.timed(1, OptionalLong.empty(), nanos(1));
        assertThat(canary.isOn(costly)).isTrue();
        slow.timed(1, nanos(1), nanos(1));
        assertThat(canary.isOn(costly)).isFalse();

        assertThat(ledger.byDetail(Ledger.Entry.CANARY_ROLLBACKS))
                .isEqualTo(Map.of("service/canary_failed", 1L, "service/canary_slow", 1L));
    }

    /** The time of months, whose product with the flows is beyond 64 bits. */
    @Test
    void shouldJudgeACostThatHasGrownForMonths() {
        final Canary canary = new Canary(1, ledger);
        final Canary.Trial trial = canary.trial(CANARY, USED);
        for (int day = 0; day < 100; day++) {
            trial.timed(
                    1_000_000_000, nanos(5_000_000_000_000_000L), nanos(4_000_000_000_000_000L));
        }
        assertThat(canary.isOn(CANARY)).isTrue();

        trial.timed(1_000_000_000, nanos(3_000_000_000_000_000_000L), nanos(1));
        assertThat(canary.isOn(CANARY)).isFalse();
    }

    @Test
    void shouldCountNothingOfThePredecessor() {
        final Canary canary = new Canary(1, ledger);
        canary.trial(CANARY, USED).add("fast", Canary.LEAST, Canary.LEAST, Canary.LEAST);
        assertThat(canary.isOn(CANARY)).isFalse();

        final BundleRef next = new BundleRef("new", "3", "service", "01");
        assertThat(canary.isOn(next)).isTrue();
        canary.trial(next, USED).add("fast", 1, 1, 1);
        canary.trial(next, USED).compared(Canary.LEAST - 1, Canary.LEAST - 1);
        canary.trial(next, CANARY).compared(1, 1);
        assertThat(canary.isOn(next)).isTrue();
        assertThat(canary.isOn(CANARY)).isFalse();
    }

    private static OptionalLong nanos(final long nanos) {
        return OptionalLong.of(nanos);
    }
}
