/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import io.serveflow.batch.FlowBatch;
import io.serveflow.batch.Receipt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Holds up a source that Kafka can wait for while many flows have met their context and the slow
 * tier is behind, so that the topic keeps what the join would refuse. The join refuses what one
 * source has ready beyond a part of that, so that no source alone holds up the others.
 *
 * <p>What another process reads by now is not held up, as the join leaves it out.
 *
 * <p>Flows that still wait for their context do not count: that is behind them in the topic, and
 * comes only if reading goes on.
 */
final class SlowRoom implements Processor {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** Which part of the join flows may fill that have met their context. */
    private static final int ROOM = 4;

    /** Of that part one source may fill so many times its share of the join. */
    private static final double SHARES = 3;

    /** Which part of that one source may fill at most. */
    private static final double LARGEST_SHARE = 0.5;

    private final IntSupplier ready;
    private final int most;
    private final BooleanSupplier stopping;

    /**
     * @param ready how many flows have met their context and have no answer yet
     * @param most how many of them there may be for more to be let in
     * @param stopping whether nothing is held up any more
     */
    SlowRoom(final IntSupplier ready, final int most, final BooleanSupplier stopping) {
        this.ready = ready;
        this.most = most;
        this.stopping = stopping;
    }

    /**
     * How many flows that have met their context are many.
     *
     * @param maxFlows most flows in the join
     */
    static int most(final int maxFlows) {
        return Math.max(1, maxFlows / ROOM);
    }

    /**
     * How many of them one source may have ready: clearly fewer, as those that the slow tier has in
     * hand count too; more than its share of the join, as Kafka keeps for a source what would have
     * to be refused otherwise.
     *
     * @param share the most of the flows in the join that one source may have; 1 for all
     * @return 0 for any number
     */
    static int mostOfASource(final int maxFlows, final double share) {
        return share >= 1
                ? 0
                : (int) Math.max(1, Math.min(SHARES * share, LARGEST_SHARE) * most(maxFlows));
    }

    @Override
    public void process(final Exchange exchange) {
        final Receipt receipt = receipt(exchange);
        while (ready.getAsInt() > most && !stopping.getAsBoolean() && !receipt.isWithdrawn()) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private static Receipt receipt(final Exchange exchange) {
        return exchange.getMessage().getBody() instanceof FlowBatch batch
                ? batch.receipt()
                : Receipt.NONE;
    }
}
