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
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Whether every flow that the routes have taken has its final verdicts, and every document that was
 * sent its end.
 *
 * @param lines which must balance each by itself
 * @param unaccounted why flows are not accounted for; empty if they are
 */
public record Account(List<Line> lines, Optional<String> unaccounted) {

    public Account {
        lines = List.copyOf(lines);
    }

    /**
     * One side against the other. A line is about one thing alone, as more ends than beginnings
     * would hide as many that have none.
     *
     * @param what is accounted for
     * @param begun what needs an end
     * @param ended what has one
     * @param waiting what has none yet and is known to wait
     * @param surplus how many more ends there are than beginnings
     */
    public record Line(String what, long begun, long ended, long waiting, long surplus) {

        /** A line whose numbers were read at one moment. */
        static Line of(final String what, final long begun, final long ended) {
            return new Line(what, begun, ended, 0, Math.max(0, ended - begun));
        }

        /**
         * A line whose numbers go on while they are read. They are read in the order in which a
         * thing gets there, and ends once more before, so that nothing looks open, or ended twice,
         * because it has moved on meanwhile.
         */
        static Line of(
                final String what,
                final LongSupplier begun,
                final LongSupplier waiting,
                final LongSupplier ended) {
            final long endedBefore = ended.getAsLong();
            final long begunBy = begun.getAsLong();
            final long waits = waiting.getAsLong();
            return new Line(
                    what, begunBy, ended.getAsLong(), waits, Math.max(0, endedBefore - begunBy));
        }

        /** What has neither an end nor a place where it waits. */
        public long open() {
            return Math.max(0, begun - ended - waiting);
        }
    }

    /**
     * The account of a process in which flows have their whole way.
     *
     * @param flows counted on the routes
     * @param tasks that flows are asked about when their first packet is there
     * @param join what waits for contexts and for the slow tier
     * @param openDocuments that were sent and have no end yet
     */
    public static Account of(
            final Ledger ledger,
            final FlowAccount flows,
            final List<String> tasks,
            final Join join,
            final LongSupplier openDocuments) {
        final List<Line> lines = new ArrayList<>(flows.ofSources(tasks));
        lines.add(ofJoin(ledger, flows, join));
        lines.add(ofDocuments(ledger, openDocuments));
        return new Account(lines, Optional.empty());
    }

    /**
     * The account of a process that cannot tell what becomes of flows.
     *
     * @param why the sentence without its full stop
     */
    public static Account ofDocumentsAlone(
            final Ledger ledger, final String why, final LongSupplier openDocuments) {
        return new Account(List.of(ofDocuments(ledger, openDocuments)), Optional.of(why));
    }

    /**
     * The flows that wait for their contexts and for the slow tier, once for each task.
     *
     * @param taken how many were ever taken in
     * @param givenUp how many of them left without a verdict, such as handed back
     * @param pending how many are there, or on the route behind it
     */
    public record Join(LongSupplier taken, LongSupplier givenUp, LongSupplier pending) {}

    private static Line ofJoin(final Ledger ledger, final FlowAccount flows, final Join join) {
        final Predicate<String> failed = Reason.SLOW_ROUTE_FAILED.code()::equals;
        return Line.of(
                "flows joined",
                join.taken,
                join.pending,
                () ->
                        flows.leftFromJoin()
                                + join.givenUp.getAsLong()
                                + sum(ledger, Entry.DEAD_LETTERED, failed)
                                + sum(ledger, Entry.DROPPED, failed));
    }

    private static Line ofDocuments(final Ledger ledger, final LongSupplier open) {
        final Predicate<String> refused =
                code -> Reason.isOfIndex(code) || code.equals(Reason.RECORD_TOO_LARGE.code());
        return Line.of(
                "documents",
                () -> ledger.total(Entry.SENT),
                open,
                () ->
                        ledger.total(Entry.INDEXED)
                                + ledger.total(Entry.FORWARDED)
                                + ledger.total(Entry.RETURNED)
                                + sum(ledger, Entry.DEAD_LETTERED, refused)
                                + sum(ledger, Entry.DROPPED, refused));
    }

    private static long sum(
            final Ledger ledger, final Entry entry, final Predicate<String> details) {
        return ledger.byDetail(entry).entrySet().stream()
                .filter(count -> details.test(count.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
