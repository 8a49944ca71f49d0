/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.repair;

import io.serveflow.batch.FlowBatch;
import io.serveflow.cascade.ContextJoin;
import io.serveflow.flow.FlowRecord;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.support.ExpressionAdapter;

/**
 * The lines of the flows of a batch whose slow tier had no answer, for the Splitter of a route: a
 * list of byte arrays, empty where every flow was answered.
 */
public final class RepairLines extends ExpressionAdapter {

    @Override
    public Object evaluate(final Exchange exchange) {
        return exchange.getMessage().getBody() instanceof FlowBatch batch ? of(batch) : List.of();
    }

    /** The lines of a batch, in its order. */
    public static List<byte[]> of(final FlowBatch batch) {
        if (batch.stage() != FlowRecord.Stage.CONTEXT) {
            return List.of();
        }
        final List<byte[]> lines = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            if (isUnanswered(batch, i)) {
                lines.add(new RepairLine(batch.record(i), batch.verdict(i)).encode());
            }
        }
        return lines;
    }

    /** Whether the verdict of a flow stands because its slow tier had no answer. */
    public static boolean isUnanswered(final FlowBatch batch, final int row) {
        return batch.hasVerdict(row)
                && batch.verdict(row).isFinal()
                && batch.verdict(row).reason().equals(ContextJoin.SLOW_UNAVAILABLE);
    }

    @Override
    public String toString() {
        return "repairLines";
    }
}
