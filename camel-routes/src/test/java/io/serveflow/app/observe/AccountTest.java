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
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class AccountTest {

    private final Ledger ledger = new Ledger();
    private long taken;
    private long givenUp;
    private long pending;
    private long open;

    @Test
    void shouldGiveEveryDocumentAnEndThatHasOne() {
        ledger.add(Entry.SENT, 8);
        ledger.add(Entry.INDEXED, 2);
        ledger.add(Entry.RETURNED, 1);
        ledger.add(Entry.FORWARDED, "serveflow.verdicts", 1);
        ledger.add(Entry.FORWARDED, "serveflow.uncertain", 1);
        ledger.add(Entry.DEAD_LETTERED, Reason.ofIndex(400), 1);
        ledger.add(Entry.DEAD_LETTERED, Reason.RECORD_TOO_LARGE, 1);
        ledger.add(Entry.DROPPED, Reason.ofIndex(400), 1);
        ledger.add(Entry.DEAD_LETTERED, "no_document", 7);

        assertThat(documents()).isEqualTo(new Line("documents", 8, 8, 0, 0));
        assertThat(documents().open()).isZero();
    }

    /** A server that does not answer holds nothing yet, and an instance was accused of a loss. */
    @Test
    void shouldLetDocumentsWaitForAServerThatIsSilent() {
        ledger.add(Entry.SENT, 9);
        ledger.add(Entry.INDEXED, 4);
        open = 5;

        assertThat(documents()).isEqualTo(new Line("documents", 9, 4, 5, 0));
        assertThat(documents().open()).isZero();
    }

    @Test
    void shouldFindDocumentsThatHaveNoEnd() {
        ledger.add(Entry.SENT, 9);
        ledger.add(Entry.INDEXED, 4);
        open = 3;

        assertThat(documents().open()).isEqualTo(2);
    }

    /** Verdicts that routes of an operator bring elsewhere had no end that could be seen. */
    @Test
    void shouldNotAskForDocumentsThatNobodyHasSent() {
        ledger.add(Entry.VERDICTS, "service/fast/final", 5);
        ledger.add(Entry.ALERTS, "high", 5);
        ledger.add(Entry.HOST_VERDICTS, "device", 5);

        assertThat(documents()).isEqualTo(new Line("documents", 0, 0, 0, 0));
    }

    @Test
    void shouldGiveFlowsInTheJoinTheirEnds() {
        taken = 9;
        givenUp = 2;
        pending = 4;
        ledger.add(Entry.DEAD_LETTERED, Reason.SLOW_ROUTE_FAILED, 2);
        ledger.add(Entry.DROPPED, Reason.SLOW_ROUTE_FAILED, 1);

        assertThat(account().lines().get(0)).isEqualTo(new Line("flows joined", 9, 5, 4, 0));
    }

    @Test
    void shouldFindFlowsThatTheJoinHasLost() {
        taken = 9;
        pending = 4;

        assertThat(account().lines().get(0).open()).isEqualTo(5);
    }

    @Test
    void shouldSayThatSomethingHasMoreThanOneEnd() {
        ledger.add(Entry.SENT, 1);
        ledger.add(Entry.INDEXED, 3);

        assertThat(documents().surplus()).isEqualTo(2);
        assertThat(documents().open()).isZero();
    }

    @Test
    void shouldNotTakeWhatMovesOnMeanwhileForOpenOrEndedTwice() {
        ledger.add(Entry.SENT, 5);

        final Line line =
                documents(
                        () -> {
                            ledger.add(Entry.SENT, 3);
                            ledger.add(Entry.INDEXED, 8);
                            return 0;
                        });

        assertThat(line.open()).isZero();
        assertThat(line.surplus()).isZero();
    }

    @Test
    void shouldSayWhyFlowsAreNotAccountedFor() {
        final Account account = Account.ofDocumentsAlone(ledger, "roles are linked", () -> 0);

        assertThat(account.lines()).extracting(Line::what).containsExactly("documents");
        assertThat(account.unaccounted()).contains("roles are linked");
    }

    private Line documents() {
        return account().lines().get(1);
    }

    private Line documents(final LongSupplier waiting) {
        return Account.ofDocumentsAlone(ledger, "", waiting).lines().get(0);
    }

    private Account account() {
        return Account.of(
                ledger,
                new FlowAccount(),
                List.of(),
                new Account.Join(() -> taken, () -> givenUp, () -> pending),
                () -> open);
    }
}
