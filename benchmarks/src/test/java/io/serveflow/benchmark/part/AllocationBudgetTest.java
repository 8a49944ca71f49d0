/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.part;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.serveflow.batch.FlowBatch;
import io.serveflow.cascade.CascadeTier;
import io.serveflow.cascade.SharedRows;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.Bundle;
import io.serveflow.testing.samples.ProjectFiles;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How much garbage an answer from packet 1 may make: features, inference, threshold, verdict. */
class AllocationBudgetTest {

    /** Bytes a flow. */
    private static final long BUDGET = 200;

    private static final int BATCH = 256;
    private static final int FLOWS = 4 * BATCH;

    /** The first rounds are those in which the compiler has not found out what need not be made. */
    private static final int ROUNDS = 40;

    private static Bundle bundle;
    private static List<FlowBatch> batches;

    private final SharedRows rows = new SharedRows();

    @BeforeAll
    static void load() {
        bundle = Bundle.load(ProjectFiles.bundle("service"));
        batches = Flows.batches(Flows.draw(ProjectFiles.captures(), FLOWS).first(), BATCH);
    }

    @AfterAll
    static void close() {
        bundle.close();
    }

    @Test
    void shouldKeepTheFirstTierWithinItsBudget() {
        final CascadeTier fastest = tier("fastest");
        assertThat(bytesOfAFlow(() -> batches.forEach(fastest::decide)))
                .as("bytes a flow")
                .isLessThanOrEqualTo(BUDGET);
    }

    @Test
    void shouldKeepAllTiersOfPacketOneWithinTheirBudget() {
        final CascadeTier fastest = tier("fastest");
        final CascadeTier fast = tier("fast");
        assertThat(
                        bytesOfAFlow(
                                () -> {
                                    for (final FlowBatch batch : batches) {
                                        fast.decide(fastest.decide(batch).uncertain());
                                    }
                                }))
                .as("bytes a flow")
                .isLessThanOrEqualTo(BUDGET);
    }

    /** One that shares rows of features with the others, as in routes. */
    private CascadeTier tier(final String name) {
        return new CascadeTier(
                bundle, name, rows, System::nanoTime, new Ledger(), (flow, verdict) -> {});
    }

    /** What a pass over all flows allocates on this thread, a flow; the least of all rounds. */
    private static long bytesOfAFlow(final Runnable pass) {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            final long before = threads.getCurrentThreadAllocatedBytes();
            pass.run();
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least / FLOWS;
    }
}
