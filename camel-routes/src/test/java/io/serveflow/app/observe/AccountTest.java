/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.app.observe.Account.Line;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Ledger.Entry;
import io.serveflow.ledger.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccountTest {

    private final Ledger ledger = new Ledger();

    @Test
    void shouldLeaveNothingOpenWhereAllHasAnEnd() {
        ledger.add(Entry.FLOWS, 5);
        ledger.add(Entry.VERDICTS, "service/fast/provisional", 2);
        ledger.add(Entry.VERDICTS, "service/fast/final", 2);
        ledger.add(Entry.VERDICTS, "service/slow/final", 2);
        ledger.add(Entry.DROPPED, Reason.RECORD_TOO_SHORT, 1);
        ledger.add(Entry.INDEXED, 4);
        ledger.add(Entry.RETURNED, 1);
        ledger.add(Entry.DEAD_LETTERED, Reason.ofIndex(400), 1);

        assertThat(account(0, 0).lines())
                .containsExactly(new Line("flows", 5, 5, 0), new Line("documents", 6, 6, 0))
                .allSatisfy(line -> assertThat(line.open()).isZero());
    }

    @Test
    void shouldNotTakeWhatWaitsForOpen() {
        ledger.add(Entry.FLOWS, 5);
        ledger.add(Entry.VERDICTS, "service/fast/final", 2);

        assertThat(account(3, 2).lines()).allSatisfy(line -> assertThat(line.open()).isZero());
    }

    @Test
    void shouldCountAFlowOnceForEachTask() {
        ledger.add(Entry.FLOWS, 2);
        ledger.add(Entry.VERDICTS, "service/fast/final", 2);
        ledger.add(Entry.VERDICTS, "device/fast/final", 1);
        ledger.add(Entry.INDEXED, 3);

        final Account account = Account.of(ledger, List.of("service", "device"), () -> 0, () -> 0);

        assertThat(account.lines().get(0)).isEqualTo(new Line("flows", 4, 3, 0));
        assertThat(account.lines().get(0).open()).isEqualTo(1);
    }

    @Test
    void shouldFindDocumentsThatHaveNoEnd() {
        ledger.add(Entry.HOST_VERDICTS, "device", 1);
        ledger.add(Entry.EVENTS, "documents", 7);
        ledger.add(Entry.FORWARDED, "serveflow.verdicts", 1);
        ledger.add(Entry.FORWARDED, "serveflow.uncertain", 90);

        final Account account = Account.of(ledger, List.of(), () -> 0, () -> 4);

        assertThat(account.lines()).containsExactly(new Line("documents", 8, 1, 4));
        assertThat(account.lines().get(0).open()).isEqualTo(3);
    }

    @Test
    void shouldBearThatSomethingHasMoreThanOneEnd() {
        ledger.add(Entry.FLOWS, 1);
        ledger.add(Entry.VERDICTS, "service/fast/final", 3);

        assertThat(account(0, 0).lines().get(0).open()).isZero();
    }

    private Account account(final long waiting, final long held) {
        return Account.of(ledger, List.of("service"), () -> waiting, () -> held);
    }
}
