/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.ledger;

import java.util.Objects;

/** Where dead letters go. Safe for use by many threads. */
@FunctionalInterface
public interface DeadLetterSink {

    /**
     * For whoever has no use for dead letters: it keeps nothing, so that each is counted as {@link
     * Ledger.Entry#DROPPED} under its reason. No component uses it on its own.
     */
    static DeadLetterSink dropping(final Ledger ledger) {
        Objects.requireNonNull(ledger, "ledger");
        return letter -> ledger.add(Ledger.Entry.DROPPED, letter.reason(), 1);
    }

    /** Keeps a dead letter and counts it. */
    void accept(DeadLetter letter);

    /**
     * Takes a word on something that was odd and could be used all the same, which whoever gives it
     * counts too; by default nothing more is done with it.
     *
     * @param sentence one sentence that names the source
     */
    default void notice(final String sentence) {}
}
