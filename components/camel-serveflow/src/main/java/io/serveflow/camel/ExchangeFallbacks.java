/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import io.serveflow.camel.support.SourceExchange;
import io.serveflow.cascade.FallbackCounter;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import org.apache.camel.Exchange;

/**
 * Counts flows of an exchange that fall back, not before the exchange of their source has ended
 * well: a source sends what failed again as it was, and it falls back again. Behind a join flows
 * keep the verdict that stands, and are counted at once.
 */
record ExchangeFallbacks(Exchange exchange, Ledger ledger) implements FallbackCounter {

    @Override
    public void fellBack(final String task, final Reason reason, final long flows) {
        SourceExchange.countOrNow(
                exchange,
                ledger,
                Ledger.Entry.FELL_BACK,
                FallbackCounter.detail(task, reason),
                flows);
    }
}
