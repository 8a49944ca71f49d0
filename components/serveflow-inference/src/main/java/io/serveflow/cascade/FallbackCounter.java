/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.cascade;

import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;

/**
 * Counts flows that fall back to their earlier verdict, a batch at a time; whoever may send the
 * batch again counts them once all the same.
 */
@FunctionalInterface
public interface FallbackCounter {

    /** Counts so many flows of a task; quick, must not throw. */
    void fellBack(String task, Reason reason, long flows);

    /** Counts at once. */
    static FallbackCounter of(final Ledger ledger) {
        return (task, reason, flows) ->
                ledger.add(Ledger.Entry.FELL_BACK, detail(task, reason), flows);
    }

    /** Under which detail of {@link Ledger.Entry#FELL_BACK} such flows are counted. */
    static String detail(final String task, final Reason reason) {
        return task + "/" + reason.code();
    }
}
