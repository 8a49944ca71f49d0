/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.observe;

import io.serveflow.ledger.Ledger;
import java.util.Map;

/**
 * How many verdicts were given out, by stage.
 *
 * @param last the final ones
 */
public record VerdictCounts(long provisional, long last) {

    /** The counts in a ledger, over all tasks. */
    public static VerdictCounts of(final Ledger ledger) {
        return of(ledger, "");
    }

    /** The counts in a ledger of one task. */
    public static VerdictCounts ofTask(final Ledger ledger, final String task) {
        return of(ledger, task + "/");
    }

    private static VerdictCounts of(final Ledger ledger, final String begin) {
        long provisional = 0;
        long last = 0;
        for (final Map.Entry<String, Long> count :
                ledger.byDetail(Ledger.Entry.VERDICTS).entrySet()) {
            if (!count.getKey().startsWith(begin)) {
                continue;
            }
            if (count.getKey().endsWith("/final")) {
                last += count.getValue();
            } else {
                provisional += count.getValue();
            }
        }
        return new VerdictCounts(provisional, last);
    }
}
