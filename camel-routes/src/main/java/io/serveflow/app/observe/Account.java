/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.observe;

import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Ledger.Entry;
import io.serveflow.ledger.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Whether every flow that was read has its final verdicts, and every document that was made its
 * end, as far as a ledger says.
 *
 * @param lines one for flows, where this process gives all their verdicts, and one for documents
 */
public record Account(List<Line> lines) {

    public Account {
        lines = List.copyOf(lines);
    }

    /**
     * One side against the other.
     *
     * <p>There may be more ends than beginnings: a batch that a source sends again gets its
     * verdicts again, and routes of an operator may bring flows or documents that no source has
     * counted.
     *
     * @param what is accounted for
     * @param begun what needs an end
     * @param ended what has one
     * @param waiting what has none yet and is known to wait
     */
    public record Line(String what, long begun, long ended, long waiting) {

        /** What has no end and does not wait: under way, or lost. */
        public long open() {
            return Math.max(0, begun - ended - waiting);
        }
    }

    /**
     * The account as it is now.
     *
     * @param tasks that each flow gets a final verdict for; none where other processes give some of
     *     them, and flows are then not accounted for
     * @param waiting flows that wait for their context or for the slow tier, once for each task
     * @param held documents that Elasticsearch does not take
     */
    public static Account of(
            final Ledger ledger,
            final List<String> tasks,
            final LongSupplier waiting,
            final LongSupplier held) {
        final List<Line> lines = new ArrayList<>();
        if (!tasks.isEmpty()) {
            // Ends first: what moves on meanwhile then looks open, and never as if it were twice.
            final long ended =
                    tasks.stream()
                                    .mapToLong(task -> VerdictCounts.ofTask(ledger, task).last())
                                    .sum()
                            + ledger.total(Entry.HANDED_BACK)
                            + sum(ledger, Entry.DROPPED, Reason.RECORD_TOO_SHORT.code()::equals);
            final long waits = waiting.getAsLong();
            lines.add(new Line("flows", ledger.total(Entry.FLOWS) * tasks.size(), ended, waits));
        }
        final long ended = documentsEnded(ledger);
        final long waits = held.getAsLong();
        lines.add(new Line("documents", documentsMade(ledger), ended, waits));
        return new Account(lines);
    }

    /**
     * Documents of verdicts and alerts, and those that another process made and this one is to
     * store.
     */
    private static long documentsMade(final Ledger ledger) {
        return ledger.total(Entry.VERDICTS)
                + ledger.total(Entry.HOST_VERDICTS)
                + ledger.total(Entry.ALERTS)
                + sum(ledger, Entry.EVENTS, "documents"::equals);
    }

    private static long documentsEnded(final Ledger ledger) {
        final Predicate<String> failed = Reason.SLOW_ROUTE_FAILED.code()::equals;
        return ledger.total(Entry.INDEXED)
                + ledger.total(Entry.RETURNED)
                + sum(ledger, Entry.DEAD_LETTERED, failed.or(Reason::isOfIndex))
                + sum(ledger, Entry.DROPPED, failed.or(Reason::isOfIndex))
                + sum(ledger, Entry.FORWARDED, topic -> topic.endsWith("verdicts"));
    }

    private static long sum(
            final Ledger ledger, final Entry entry, final Predicate<String> details) {
        return ledger.byDetail(entry).entrySet().stream()
                .filter(count -> details.test(count.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
