/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import io.serveflow.app.observe.VerdictCounts;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import java.util.List;
import java.util.Map;

/** Whether an account is closed: what was read has its verdicts, and they are stored. */
final class Settlement {

    private final Ledger ledger;
    private final InputsDone inputs;

    Settlement(final Ledger ledger, final InputsDone inputs) {
        this.ledger = ledger;
        this.inputs = inputs;
    }

    /**
     * Whether so many files are read, every flow has its final verdict for each task, and every
     * verdict is stored or a dead letter.
     */
    boolean isReached(final long files, final List<String> tasks) {
        final VerdictCounts verdicts = VerdictCounts.of(ledger);
        return inputs.count() >= files
                && tasks.stream().allMatch(this::isDecided)
                && ledger.total(Ledger.Entry.INDEXED) + refused()
                        >= verdicts.provisional()
                                + verdicts.last()
                                + ledger.total(Ledger.Entry.HOST_VERDICTS)
                                + ledger.total(Ledger.Entry.ALERTS);
    }

    private boolean isDecided(final String task) {
        return VerdictCounts.ofTask(ledger, task).last() >= ledger.total(Ledger.Entry.FLOWS);
    }

    /** Documents that became dead letters. */
    private long refused() {
        return ledger.byDetail(Ledger.Entry.DEAD_LETTERED).entrySet().stream()
                .filter(
                        count ->
                                Reason.isOfIndex(count.getKey())
                                        || count.getKey().equals(Reason.SLOW_ROUTE_FAILED.code()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
