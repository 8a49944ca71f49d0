/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.batch;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import io.serveflow.flow.FlowRecord;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.VerdictWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/**
 * Flow records of one stage with the verdicts given to them so far; what moves through a route.
 *
 * <p>A batch never changes: a tier's verdicts make another batch of the same records. So copies of
 * a message, as {@code wireTap}, {@code multicast} and {@code enrich} make them, may share a batch,
 * and each sees what it was given. Records are shared, not copied; {@link #certain()} and {@link
 * #uncertain()} select rows.
 *
 * <p>Verdicts are kept by task. Those of the task that was asked last are the ones that {@link
 * #verdict(int)}, {@link #certain()} and {@link #uncertain()} speak of; {@link #of(String)} is the
 * same batch as seen by another one.
 */
public final class FlowBatch {

    private static final Column[] NONE = {};

    private final FlowRecord.Stage stage;
    private final FlowRecord[] records;
    private final int[] rows;
    private final Receipt receipt;

    /** One a task, the task that was asked last at the end. */
    private final Column[] columns;

    private FlowBatch(
            final FlowRecord.Stage stage,
            final FlowRecord[] records,
            final int[] rows,
            final Receipt receipt,
            final Column[] columns) {
        this.stage = stage;
        this.records = records;
        this.rows = rows;
        this.receipt = receipt;
        this.columns = columns;
    }

    /**
     * A batch of records without verdicts, which nobody has to answer for.
     *
     * @throws IllegalArgumentException if there are none or they differ in stage
     */
    public static FlowBatch of(final Collection<FlowRecord> records) {
        return of(records, Receipt.NONE);
    }

    /**
     * A batch of records without verdicts.
     *
     * @param receipt what the source of the records waits for
     * @throws IllegalArgumentException if there are none or they differ in stage
     */
    public static FlowBatch of(final Collection<FlowRecord> records, final Receipt receipt) {
        if (records.isEmpty()) {
            throw new IllegalArgumentException("a batch needs at least one record");
        }
        final FlowRecord[] array = records.toArray(FlowRecord[]::new);
        for (final FlowRecord record : array) {
            if (record.stage() != array[0].stage()) {
                throw new IllegalArgumentException(
                        "a batch holds records of one stage, not both "
                                + array[0].stage()
                                + " and "
                                + record.stage());
            }
        }
        final int[] rows = new int[array.length];
        Arrays.setAll(rows, i -> i);
        return new FlowBatch(
                array[0].stage(), array, rows, Objects.requireNonNull(receipt, "receipt"), NONE);
    }

    /** A batch of one record. */
    public static FlowBatch of(final FlowRecord record) {
        return new FlowBatch(
                record.stage(), new FlowRecord[] {record}, new int[] {0}, Receipt.NONE, NONE);
    }

    /**
     * The rows of several batches as one, with the verdicts of all their tasks, of which the one
     * that the last batch was asked about is the last. Its receipt is theirs if they have the same
     * one and something still holds it; otherwise nobody answers for the rows any more, as after an
     * aggregation, which ends the exchanges that the batches came in.
     *
     * @throws IllegalArgumentException if there are none or they differ in stage
     */
    public static FlowBatch joined(final List<FlowBatch> batches) {
        if (batches.size() == 1) {
            return batches.get(0);
        }
        final List<FlowRecord> records = new ArrayList<>();
        final Set<String> tasks = new LinkedHashSet<>();
        final Set<Receipt> receipts = Collections.newSetFromMap(new IdentityHashMap<>());
        for (final FlowBatch batch : batches) {
            for (int i = 0; i < batch.size(); i++) {
                records.add(batch.record(i));
            }
            for (final Column column : batch.columns) {
                tasks.remove(column.task);
                tasks.add(column.task);
            }
            receipts.add(batch.receipt);
        }
        final Receipt receipt = receipts.size() == 1 ? receipts.iterator().next() : Receipt.NONE;
        final FlowBatch joined =
                of(records, receipt.isKept() && receipt.isSettled() ? Receipt.NONE : receipt);
        final Column[] columns =
                tasks.stream()
                        .map(task -> joinedColumn(task, batches, records.size()))
                        .toArray(Column[]::new);
        return new FlowBatch(joined.stage, joined.records, joined.rows, joined.receipt, columns);
    }

    private static Column joinedColumn(
            final String task, final List<FlowBatch> batches, final int size) {
        final Verdict[] latest = new Verdict[size];
        final Verdict[] givenOut = new Verdict[size];
        boolean given = false;
        int from = 0;
        for (final FlowBatch batch : batches) {
            final int at = batch.column(task);
            if (at >= 0) {
                final Column column = batch.columns[at];
                System.arraycopy(column.latest, 0, latest, from, batch.size());
                if (column.givenOut != null) {
                    System.arraycopy(column.givenOut, 0, givenOut, from, batch.size());
                    given = true;
                }
            }
            from += batch.size();
        }
        return new Column(task, latest, given ? givenOut : null);
    }

    /** A batch of no records, such as those of lines that are about something else. */
    public static FlowBatch empty(final FlowRecord.Stage stage) {
        return new FlowBatch(
                Objects.requireNonNull(stage, "stage"),
                new FlowRecord[0],
                new int[0],
                Receipt.NONE,
                NONE);
    }

    /** Which record of their flows the rows hold. */
    public FlowRecord.Stage stage() {
        return stage;
    }

    /** What the source of the rows waits for. */
    public Receipt receipt() {
        return receipt;
    }

    /** How many rows there are. */
    public int size() {
        return rows.length;
    }

    public boolean isEmpty() {
        return rows.length == 0;
    }

    /** The flow record of row {@code i}. */
    public FlowRecord record(final int i) {
        return records[rows[i]];
    }

    /**
     * What tells the records that this batch was made of from those of others: the same object for
     * all batches that came of one by selecting rows and giving verdicts, whichever copies of a
     * message they are in. For comparing identities only.
     */
    public Object origin() {
        return records;
    }

    /** How many records the batch was made of. */
    public int originSize() {
        return records.length;
    }

    /**
     * Where the record of row {@code i} is among those that the batch was made of: 0 up to {@link
     * #originSize()}, growing with the rows.
     */
    public int originIndex(final int i) {
        return rows[i];
    }

    /** The tasks that any tier was asked for, the one that was asked last at the end. */
    public List<String> tasks() {
        return Arrays.stream(columns).map(column -> column.task).toList();
    }

    /** The task that was asked last, which the verdicts are of; empty before the first tier. */
    public Optional<String> task() {
        return columns.length == 0
                ? Optional.empty()
                : Optional.of(columns[columns.length - 1].task);
    }

    /**
     * The same batch with another of its tasks as the one that its verdicts are of; without
     * verdicts if no tier has answered that task.
     */
    public FlowBatch of(final String task) {
        final int at = column(task);
        return at == columns.length - 1 && at >= 0
                ? this
                : with(at < 0 ? new Column(task, new Verdict[rows.length], null) : columns[at]);
    }

    /** Whether row {@code i} has a verdict of any tier. */
    public boolean hasVerdict(final int i) {
        return columns.length > 0 && columns[columns.length - 1].latest[i] != null;
    }

    /**
     * The latest verdict for row {@code i}.
     *
     * @throws IllegalStateException if no tier has answered yet
     */
    public Verdict verdict(final int i) {
        if (!hasVerdict(i)) {
            throw new IllegalStateException(
                    "flow " + record(i).id() + " has no verdict of any tier yet");
        }
        return columns[columns.length - 1].latest[i];
    }

    /** Whether somebody was given a verdict for row {@code i} that a later one supersedes. */
    public boolean hasGivenOut(final int i) {
        return columns.length > 0
                && columns[columns.length - 1].givenOut != null
                && columns[columns.length - 1].givenOut[i] != null;
    }

    /**
     * The verdict for row {@code i} that was given out before and that a later one supersedes.
     *
     * @throws IllegalStateException if there is none
     */
    public Verdict givenOut(final int i) {
        if (!hasGivenOut(i)) {
            throw new IllegalStateException(
                    "no verdict was given out for flow " + record(i).id() + " before");
        }
        return columns[columns.length - 1].givenOut[i];
    }

    /**
     * These records with verdicts of a task, which replace those that they may have of it; the
     * verdicts of other tasks stay.
     *
     * @param verdicts one a row, null where there is none; not to be changed afterwards
     * @throws IllegalArgumentException if there are not as many as rows
     */
    public FlowBatch withVerdicts(final String task, final Verdict[] verdicts) {
        if (verdicts.length != rows.length) {
            throw new IllegalArgumentException(
                    rows.length + " rows need as many verdicts, not " + verdicts.length);
        }
        final int at = column(task);
        return with(new Column(task, verdicts, at < 0 ? null : columns[at].givenOut));
    }

    /**
     * The same with the verdicts of a function.
     *
     * @param verdicts gives that of a row, null where there is none
     * @throws IllegalArgumentException if they are of more than one task, or of none
     */
    public FlowBatch withVerdicts(final IntFunction<Verdict> verdicts) {
        final Verdict[] column = new Verdict[rows.length];
        Arrays.setAll(column, verdicts);
        final List<String> tasks =
                Arrays.stream(column)
                        .filter(Objects::nonNull)
                        .map(verdict -> verdict.bundle().task())
                        .distinct()
                        .toList();
        if (tasks.size() != 1) {
            throw new IllegalArgumentException("verdicts are of one task, these are of " + tasks);
        }
        return withVerdicts(tasks.get(0), column);
    }

    /**
     * This batch, its verdicts being those that were given out and that later ones supersede; of
     * one that no tier was asked about, none were.
     */
    public FlowBatch asGivenOut() {
        if (columns.length == 0) {
            return this;
        }
        final Column latest = columns[columns.length - 1];
        return with(new Column(latest.task, latest.latest, latest.latest));
    }

    private FlowBatch with(final Column column) {
        final int at = column(column.task);
        final Column[] all;
        if (columns.length == 0) {
            all = new Column[] {column};
        } else {
            all = Arrays.copyOf(columns, at < 0 ? columns.length + 1 : columns.length);
            if (at >= 0) {
                System.arraycopy(all, at + 1, all, at, columns.length - at - 1);
            }
            all[all.length - 1] = column;
        }
        return new FlowBatch(stage, records, rows, receipt, all);
    }

    /** Where the verdicts of a task are, or -1. */
    private int column(final String task) {
        for (int i = columns.length - 1; i >= 0; i--) {
            if (columns[i].task.equals(task)) {
                return i;
            }
        }
        return -1;
    }

    /** Whether a batch has the same records in the same rows, whatever verdicts it has. */
    public boolean hasRecordsOf(final FlowBatch other) {
        return records == other.records && Arrays.equals(rows, other.rows);
    }

    /** The same records without verdicts. */
    public FlowBatch withoutVerdicts() {
        return columns.length == 0 ? this : new FlowBatch(stage, records, rows, receipt, NONE);
    }

    /** The rows whose verdict stands. */
    public FlowBatch certain() {
        return select(true);
    }

    /** The rows that have no verdict or one that a better tier may revise. */
    public FlowBatch uncertain() {
        return select(false);
    }

    private FlowBatch select(final boolean wanted) {
        return where(
                i -> (hasVerdict(i) && columns[columns.length - 1].latest[i].isFinal()) == wanted);
    }

    /** The rows for which a condition holds. */
    public FlowBatch where(final IntPredicate condition) {
        final int[] selected = new int[rows.length];
        int n = 0;
        for (int i = 0; i < rows.length; i++) {
            if (condition.test(i)) {
                selected[n++] = i;
            }
        }
        return n == rows.length ? this : select(Arrays.copyOf(selected, n));
    }

    private FlowBatch select(final int[] selected) {
        final Column[] parts = new Column[columns.length];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = columns[i].select(selected);
        }
        for (int i = 0; i < selected.length; i++) {
            selected[i] = rows[selected[i]];
        }
        return new FlowBatch(stage, records, selected, receipt, parts);
    }

    /**
     * The documents of the verdicts as a JSON array, created now: what Jackson makes of a batch,
     * where it is there.
     *
     * @throws IllegalStateException if a row has no verdict yet
     */
    @JsonValue
    @JsonRawValue
    public String json() {
        final Instant created = Instant.now();
        final VerdictWriter writer = new VerdictWriter();
        final StringBuilder array = new StringBuilder("[");
        for (int i = 0; i < rows.length; i++) {
            if (i > 0) {
                array.append(',');
            }
            array.append(
                    new String(
                            writer.write(record(i), verdict(i), created).json(),
                            StandardCharsets.UTF_8));
        }
        return array.append(']').toString();
    }

    @Override
    public String toString() {
        return "FlowBatch[" + stage + ", " + rows.length + " flows]";
    }

    /**
     * The verdicts of one task.
     *
     * @param latest one a row, null where there is none
     * @param givenOut those that later ones supersede, one a row; null if there are none
     */
    private record Column(String task, Verdict[] latest, Verdict[] givenOut) {

        private Column select(final int[] selected) {
            return new Column(
                    task,
                    picked(latest, selected),
                    givenOut == null ? null : picked(givenOut, selected));
        }

        private static Verdict[] picked(final Verdict[] verdicts, final int[] selected) {
            final Verdict[] picked = new Verdict[selected.length];
            for (int i = 0; i < picked.length; i++) {
                picked[i] = verdicts[selected[i]];
            }
            return picked;
        }
    }
}
