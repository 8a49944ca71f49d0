/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Synchronization;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.ExchangeHelper;
import org.junit.jupiter.api.Test;

class SourceExchangeTest {

    private final Ledger ledger = new Ledger();
    private final Exchange source = new DefaultExchange(new DefaultCamelContext());

    @Test
    void shouldCountWhatCopiesHaveFoundOnceTheSourceHasEndedWell() {
        SourceExchange.begin(source);
        for (int i = 0; i < 2; i++) {
            final Exchange copy = copy(source);
            find(copy, 3);
            endWell(copy);
        }
        assertThat(ledger.total(Ledger.Entry.DROPPED)).isZero();

        endWell(source);

        assertThat(ledger.byDetail(Ledger.Entry.DROPPED)).isEqualTo(Map.of("record_too_short", 6L));
    }

    @Test
    void shouldCountNothingOfASourceThatFails() {
        SourceExchange.begin(source);
        final Exchange copy = copy(source);
        find(copy, 3);
        endWell(copy);

        end(source, one -> one.onFailure(source));

        assertThat(ledger.total(Ledger.Entry.DROPPED)).isZero();
    }

    @Test
    void shouldCountWithTheOutermostSource() {
        SourceExchange.begin(source);
        final Exchange copy = copy(source);
        SourceExchange.begin(copy);
        find(copy, 3);
        endWell(copy);
        assertThat(ledger.total(Ledger.Entry.DROPPED)).isZero();

        endWell(source);

        assertThat(ledger.total(Ledger.Entry.DROPPED)).isEqualTo(3);
    }

    @Test
    void shouldCountWithAnExchangeItselfThatNamesNoSource() {
        find(source, 3);
        assertThat(ledger.total(Ledger.Entry.DROPPED)).isZero();

        endWell(source);

        assertThat(ledger.total(Ledger.Entry.DROPPED)).isEqualTo(3);
    }

    @Test
    void shouldCountWithACopyThatGoesOnWhenTheSourceIsOver() {
        SourceExchange.begin(source);
        final Exchange copy = copy(source);
        endWell(source);
        find(copy, 3);
        assertThat(ledger.total(Ledger.Entry.DROPPED)).isZero();

        endWell(copy);

        assertThat(ledger.total(Ledger.Entry.DROPPED)).isEqualTo(3);
    }

    @Test
    void shouldCountWhatAnExchangeKeepsThatNamesNoSourceAtOnce() {
        SourceExchange.countOrNow(source, ledger, Ledger.Entry.FELL_BACK, "service/closed", 3);

        assertThat(ledger.byDetail(Ledger.Entry.FELL_BACK)).isEqualTo(Map.of("service/closed", 3L));
    }

    @Test
    void shouldCountWhatIsFoundAgainOnceTheSourceHasEndedWell() {
        SourceExchange.begin(source);
        SourceExchange.countOrNow(source, ledger, Ledger.Entry.FELL_BACK, "service/closed", 3);
        assertThat(ledger.total(Ledger.Entry.FELL_BACK)).isZero();

        endWell(source);

        assertThat(ledger.total(Ledger.Entry.FELL_BACK)).isEqualTo(3);
    }

    private void find(final Exchange exchange, final long n) {
        SourceExchange.count(exchange, ledger, Ledger.Entry.DROPPED, Reason.RECORD_TOO_SHORT, n);
    }

    private static Exchange copy(final Exchange exchange) {
        return ExchangeHelper.createCorrelatedCopy(exchange, false);
    }

    private static void endWell(final Exchange exchange) {
        end(exchange, one -> one.onComplete(exchange));
    }

    private static void end(final Exchange exchange, final Consumer<Synchronization> how) {
        Objects.requireNonNullElse(
                        exchange.getExchangeExtension().handoverCompletions(),
                        List.<Synchronization>of())
                .forEach(how);
    }
}
