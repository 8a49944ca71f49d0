/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import io.serveflow.batch.FlowBatch;
import io.serveflow.ledger.Ledger;
import org.apache.camel.Body;

/** Counts the flow summaries that no bundle is asked about, for the route {@code summaries}. */
public final class UnusedSummaries {

    /** What they are counted under, as skipped. */
    static final String NO_BUNDLE = "summary_without_bundle";

    private final Ledger ledger;

    public UnusedSummaries(final Ledger ledger) {
        this.ledger = ledger;
    }

    public void count(@Body final FlowBatch summaries) {
        ledger.add(Ledger.Entry.SKIPPED, NO_BUNDLE, summaries.size());
    }
}
