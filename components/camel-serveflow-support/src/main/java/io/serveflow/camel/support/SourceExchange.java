/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.support;

import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * The exchange that a source has sent, which counts what its copies have found once it has ended
 * well itself.
 *
 * <p>A split, a multicast or a list of recipients makes copies that end one by one. Where one of
 * them fails after others have ended well, the source sends the whole again, and what had been
 * counted with a copy would be counted twice.
 *
 * <p>Safe for use by many threads.
 */
public final class SourceExchange extends SynchronizationAdapter {

    /** The property of an exchange, and of its copies, that holds this. */
    private static final String PROPERTY = "CamelServeflowSource";

    private final Map<Counted, Long> found = new LinkedHashMap<>();
    private boolean over;

    private SourceExchange() {}

    /** Says that an exchange comes from a source; where a copy of one says so, nothing changes. */
    public static void begin(final Exchange exchange) {
        if (exchange.getProperty(PROPERTY) instanceof SourceExchange begun && !begun.isOver()) {
            return;
        }
        final SourceExchange source = new SourceExchange();
        exchange.setProperty(PROPERTY, source);
        exchange.getExchangeExtension().addOnCompletion(source);
    }

    /**
     * Counts once the exchange of the source has ended well, and never if it fails; where nobody
     * has said which one that is, or it is over, as for copies behind a queue, once this exchange
     * has.
     */
    public static void count(
            final Exchange exchange,
            final Ledger ledger,
            final Ledger.Entry entry,
            final Reason reason,
            final long n) {
        final Counted counted = new Counted(ledger, entry, reason.code());
        if (!isTaken(exchange, counted, n)) {
            final SourceExchange itself = new SourceExchange();
            itself.takes(counted, n);
            exchange.getExchangeExtension().addOnCompletion(itself);
        }
    }

    /**
     * Counts once the exchange of the source has ended well, and never if it fails; where nobody
     * has said which one that is, or it is over, at once. For what an exchange of another kind
     * keeps if it fails, and is not found again.
     */
    public static void countOrNow(
            final Exchange exchange,
            final Ledger ledger,
            final Ledger.Entry entry,
            final String detail,
            final long n) {
        if (!isTaken(exchange, new Counted(ledger, entry, detail), n)) {
            ledger.add(entry, detail, n);
        }
    }

    private static boolean isTaken(final Exchange exchange, final Counted counted, final long n) {
        return exchange.getProperty(PROPERTY) instanceof SourceExchange source
                && source.takes(counted, n);
    }

    private synchronized boolean takes(final Counted counted, final long n) {
        if (!over) {
            found.merge(counted, n, Long::sum);
        }
        return !over;
    }

    private synchronized boolean isOver() {
        return over;
    }

    @Override
    public synchronized void onComplete(final Exchange exchange) {
        over = true;
        found.forEach((counted, n) -> counted.ledger.add(counted.entry, counted.detail, n));
        found.clear();
    }

    @Override
    public synchronized void onFailure(final Exchange exchange) {
        over = true;
        found.clear();
    }

    private record Counted(Ledger ledger, Ledger.Entry entry, String detail) {}
}
