/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.observe;

import io.serveflow.batch.FlowBatch;
import io.serveflow.flow.FlowRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * Counts flows at four steps of the shipped routes, so that each can be shown to have left them
 * with a stored verdict, or into the join.
 *
 * <p>What an exchange has done counts when it has ended without a failure, as a whole or not at
 * all: what fails is sent again, and counted then. So the two sides of the account never differ
 * because a batch comes twice, or is under way.
 *
 * <p>Safe for use by many threads.
 */
public final class FlowAccount {

    /** The property of an exchange, and of its copies, that holds what it has done so far. */
    private static final String PASSAGE = "CamelServeflowAccount";

    private final Map<String, Long> left = new TreeMap<>();
    private long taken;
    private long leftFromJoin;

    /** The first step for flows that come from a source. */
    public void taken(final Exchange exchange) {
        if (exchange.getMessage().getBody() instanceof FlowBatch batch
                && batch.stage() == FlowRecord.Stage.FIRST) {
            begin(exchange, new Passage(batch.size(), false));
        }
    }

    /** The first step for flows that come from the join. */
    public void joined(final Exchange exchange) {
        begin(exchange, new Passage(0, true));
    }

    private static void begin(final Exchange exchange, final Passage passage) {
        exchange.setProperty(PASSAGE, passage);
        exchange.getExchangeExtension().addOnCompletion(passage);
    }

    /** The step behind the join, which has those flows now whose verdict is provisional still. */
    public void waiting(final Exchange exchange) {
        count(exchange, false);
    }

    /** The step behind the sink, which has stored the verdicts. */
    public void stored(final Exchange exchange) {
        count(exchange, true);
    }

    private static void count(final Exchange exchange, final boolean stands) {
        if (exchange.getProperty(PASSAGE) instanceof Passage passage
                && exchange.getMessage().getBody() instanceof FlowBatch batch) {
            for (final String task : batch.tasks()) {
                final FlowBatch answered = batch.of(task);
                long flows = 0;
                for (int i = 0; i < answered.size(); i++) {
                    if (answered.hasVerdict(i) && answered.verdict(i).isFinal() == stands) {
                        flows++;
                    }
                }
                passage.left.merge(task, flows, Long::sum);
            }
        }
    }

    /**
     * One line a task: of the flows from sources, how many left with a verdict, or into the join.
     */
    public synchronized List<Account.Line> ofSources(final List<String> tasks) {
        final List<Account.Line> lines = new ArrayList<>();
        for (final String task : tasks) {
            lines.add(Account.Line.of("flows " + task, taken, left.getOrDefault(task, 0L)));
        }
        return lines;
    }

    /** How many flows from the join left with a final verdict, once for each task. */
    public synchronized long leftFromJoin() {
        return leftFromJoin;
    }

    private synchronized void add(final Passage passage) {
        if (passage.fromJoin) {
            leftFromJoin += passage.left.values().stream().mapToLong(Long::longValue).sum();
        } else {
            taken += passage.taken;
            passage.left.forEach((task, flows) -> left.merge(task, flows, Long::sum));
        }
    }

    /** What an exchange and its copies have done. */
    private final class Passage extends SynchronizationAdapter {

        private final long taken;
        private final boolean fromJoin;
        private final ConcurrentMap<String, Long> left = new ConcurrentHashMap<>();

        private Passage(final long taken, final boolean fromJoin) {
            this.taken = taken;
            this.fromJoin = fromJoin;
        }

        @Override
        public void onComplete(final Exchange exchange) {
            add(this);
        }
    }
}
