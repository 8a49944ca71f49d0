/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import io.serveflow.batch.FlowBatch;
import io.serveflow.batch.HeldClock;
import io.serveflow.batch.Receipt;
import io.serveflow.batch.SourceClock;
import io.serveflow.flow.FlowRecord;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Reads a source in batches of one stage each. Of what it reads at once, the first records come
 * before the context records, so that a flow is always asked about before its context is offered,
 * and the summaries last.
 *
 * <p>Flows of a batch wait for their contexts by the time that is spent with reading: between two
 * reads, as long as a route may take, none passes, and from the end on it passes as ever.
 */
public final class FlowBatchReader implements Iterator<FlowBatch>, Closeable {

    private final FlowRecordSource source;
    private final int maxRecords;
    private final HeldClock clock;
    private final Receipt receipt;
    private final Consumer<FlowRecordSource> ended;
    private final Map<FlowRecord.Stage, List<FlowRecord>> byStage =
            new EnumMap<>(FlowRecord.Stage.class);
    private boolean closed;

    /**
     * Reads records that nobody reads again.
     *
     * @param maxRecords most records read at once, and so most flows in a batch
     */
    public FlowBatchReader(final FlowRecordSource source, final int maxRecords) {
        this(
                source,
                maxRecords,
                new HeldClock(System::nanoTime),
                clock -> Receipt.NONE,
                read -> {});
    }

    /**
     * Reads records that are read again at the next start.
     *
     * @param maxRecords most records read at once, and so most flows in a batch
     * @param nanoTime a clock like {@link System#nanoTime()}
     * @param ended given the source when it is closed
     */
    public FlowBatchReader(
            final FlowRecordSource source,
            final int maxRecords,
            final LongSupplier nanoTime,
            final Consumer<FlowRecordSource> ended) {
        this(source, maxRecords, new HeldClock(nanoTime), Receipt::readAgain, ended);
    }

    private FlowBatchReader(
            final FlowRecordSource source,
            final int maxRecords,
            final HeldClock clock,
            final Function<SourceClock, Receipt> receipts,
            final Consumer<FlowRecordSource> ended) {
        if (maxRecords < 1) {
            throw new IllegalArgumentException("maxRecords must be at least 1, was " + maxRecords);
        }
        this.source = source;
        this.maxRecords = maxRecords;
        this.clock = clock;
        this.receipt = receipts.apply(clock);
        this.ended = ended;
        for (final FlowRecord.Stage stage : FlowRecord.Stage.values()) {
            byStage.put(stage, new ArrayList<>());
        }
    }

    /**
     * Whether there is another batch; never after {@link #close()}, which Camel's Splitter calls
     * before it asks a last time.
     *
     * @throws UncheckedIOException if the input fails
     */
    @Override
    public boolean hasNext() {
        if (closed) {
            return false;
        }
        if (earliest().isEmpty()) {
            clock.goOn();
            fill();
            clock.hold();
        }
        return earliest().isPresent();
    }

    /** The records of the earliest stage of which there are any. */
    private Optional<List<FlowRecord>> earliest() {
        return byStage.values().stream().filter(records -> !records.isEmpty()).findFirst();
    }

    private void fill() {
        try {
            for (int i = 0; i < maxRecords; i++) {
                final Optional<FlowRecord> next = source.next();
                if (next.isEmpty()) {
                    return;
                }
                byStage.get(next.get().stage()).add(next.get());
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public FlowBatch next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the input is at its end");
        }
        final List<FlowRecord> records = earliest().orElseThrow();
        final FlowBatch batch = FlowBatch.of(records, receipt);
        records.clear();
        return batch;
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            clock.goOn();
            ended.accept(source);
        }
        source.close();
    }
}
