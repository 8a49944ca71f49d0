/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import io.serveflow.batch.FlowBatch;
import io.serveflow.verdict.VerdictListener;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Counts the provisional verdicts of flows that another process has been given. */
final class EscalatedTally implements Processor {

    private final VerdictListener tally;

    EscalatedTally(final VerdictListener tally) {
        this.tally = tally;
    }

    @Override
    public void process(final Exchange exchange) {
        if (exchange.getMessage().getBody() instanceof FlowBatch batch) {
            batch.tasks().forEach(task -> count(batch.of(task)));
        }
    }

    private void count(final FlowBatch batch) {
        for (int i = 0; i < batch.size(); i++) {
            if (batch.hasVerdict(i) && !batch.verdict(i).isFinal()) {
                tally.given(batch.record(i), batch.verdict(i));
            }
        }
    }
}
