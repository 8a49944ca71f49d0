/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor;

import io.serveflow.batch.FlowBatch;
import io.serveflow.batch.Receipt;
import io.serveflow.flow.FlowRecord;
import io.serveflow.sensor.ContextInterest;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The records of a source that goes on without waiting for their answers: they leave when they make
 * a batch, when the oldest has waited long enough, or when there is nothing more to read.
 *
 * <p>What a route that fails has not taken when the source stops is counted as dropped. Not safe
 * for use by more than one thread.
 */
public final class PassingRecords implements Consumer<FlowRecord>, ContextInterest {

    private final BatchSender sender;
    private final LongSupplier nanoTime;
    private final int batchSize;
    private final long batchDelayNanos;
    private final Receipt receipt;
    private final ReadRecords records;
    private long since;

    /**
     * @param nanoTime a clock like {@link System#nanoTime()}
     * @param receipt that of all records: {@link Receipt#NONE} or {@link Receipt#readAgain}
     */
    public PassingRecords(
            final SensorEndpoint endpoint,
            final BatchSender sender,
            final LongSupplier nanoTime,
            final Receipt receipt) {
        this.receipt = receipt;
        this.sender = sender;
        this.nanoTime = nanoTime;
        this.batchSize = endpoint.getBatchSize();
        this.batchDelayNanos = TimeUnit.MILLISECONDS.toNanos(endpoint.getBatchDelay());
        this.records = new ReadRecords(endpoint.getComponent().getContextInterest());
    }

    /** Takes a record, and sends a batch where it completes one, which may take long. */
    @Override
    public void accept(final FlowRecord record) {
        if (records.isEmpty()) {
            since = nanoTime.getAsLong();
        }
        records.accept(record);
        if (records.size() >= batchSize) {
            send();
        }
    }

    @Override
    public boolean wants(final String uid) {
        return records.wants(uid);
    }

    /**
     * Sends what is there if it is due.
     *
     * @param nothingMore whether no more records can be had at once
     */
    public void sendIfDue(final boolean nothingMore) {
        if (!records.isEmpty()
                && (nothingMore || nanoTime.getAsLong() - since >= batchDelayNanos)) {
            send();
        }
    }

    private void send() {
        for (final FlowBatch batch : records.batches(receipt)) {
            sender.send(batch);
        }
        records.clear();
    }
}
