/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.batch;

import io.serveflow.flow.FlowRecord;
import io.serveflow.verdict.Verdict;
import java.util.Arrays;
import java.util.Collection;
import java.util.Objects;

/**
 * Flow records of one stage with the verdicts given to them so far; what moves through a route.
 *
 * <p>A batch is a list of row numbers over shared columns: {@link #certain()} and {@link
 * #uncertain()} select rows and copy nothing, and a verdict written through one view is seen
 * through every other. One thread at a time may use the views of a batch; routes hand them over,
 * they do not share them.
 */
public final class FlowBatch {

    private final FlowRecord.Stage stage;
    private final FlowRecord[] records;
    private final Verdict[] verdicts;
    private final int[] rows;
    private final Receipt receipt;

    private FlowBatch(
            final FlowRecord.Stage stage,
            final FlowRecord[] records,
            final Verdict[] verdicts,
            final int[] rows,
            final Receipt receipt) {
        this.stage = stage;
        this.records = records;
        this.verdicts = verdicts;
        this.rows = rows;
        this.receipt = receipt;
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
                array[0].stage(),
                array,
                new Verdict[array.length],
                rows,
                Objects.requireNonNull(receipt, "receipt"));
    }

    /** A batch of one record. */
    public static FlowBatch of(final FlowRecord record) {
        return new FlowBatch(
                record.stage(),
                new FlowRecord[] {record},
                new Verdict[1],
                new int[] {0},
                Receipt.NONE);
    }

    /** Which record of their flows the rows hold. */
    public FlowRecord.Stage stage() {
        return stage;
    }

    /** What the source of the rows waits for; the same for all views. */
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

    /** Whether any tier has answered for row {@code i}. */
    public boolean hasVerdict(final int i) {
        return verdicts[rows[i]] != null;
    }

    /**
     * The latest verdict for row {@code i}.
     *
     * @throws IllegalStateException if no tier has answered yet
     */
    public Verdict verdict(final int i) {
        final Verdict verdict = verdicts[rows[i]];
        if (verdict == null) {
            throw new IllegalStateException(
                    "no tier has answered for flow " + record(i).id() + " yet");
        }
        return verdict;
    }

    /** Gives row {@code i} a verdict in place of the one it may have. */
    public void decide(final int i, final Verdict verdict) {
        verdicts[rows[i]] = Objects.requireNonNull(verdict, "verdict");
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
        final int[] selected = new int[rows.length];
        int n = 0;
        for (final int row : rows) {
            final boolean stands = verdicts[row] != null && verdicts[row].isFinal();
            if (stands == wanted) {
                selected[n++] = row;
            }
        }
        return n == rows.length
                ? this
                : new FlowBatch(stage, records, verdicts, Arrays.copyOf(selected, n), receipt);
    }

    @Override
    public String toString() {
        return "FlowBatch[" + stage + ", " + rows.length + " flows]";
    }
}
