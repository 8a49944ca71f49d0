/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import io.serveflow.batch.Receipt;
import io.serveflow.camel.sensor.OpenPositions;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.SensorStream;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A partition from its assignment to its end: its lines are one stream, its offsets their
 * positions.
 *
 * <p>When the partition is given up, this is forgotten, and with it what would have been committed;
 * an answer that comes later finds nothing to commit for whoever has the partition then. For the
 * thread that polls; only receipts are settled by others.
 */
final class AssignedPartition {

    private static final long NOWHERE = -1;

    /** Most polls that the route has taken, but not acknowledged; then reading waits. */
    private static final int MAX_OPEN = 65_536;

    private final SensorStream stream;
    private final Ledger ledger;
    private final OpenPositions<Long> positions = new OpenPositions<>();
    private OptionalLong next = OptionalLong.empty();
    private long quietSince;
    private long settled = NOWHERE;
    private long committed = NOWHERE;

    AssignedPartition(final SensorStream stream, final Ledger ledger, final long nanoTime) {
        this.stream = stream;
        this.ledger = ledger;
        this.quietSince = nanoTime;
    }

    /** Takes the value of a Kafka record as lines, which share its offset. */
    void read(final ConsumerRecord<byte[], byte[]> record, final long nanoTime) {
        next = OptionalLong.of(record.offset() + 1);
        final byte[] value = record.value();
        if (value == null) {
            ledger.add(Ledger.Entry.SKIPPED, "tombstone", 1);
            return;
        }
        int start = 0;
        while (start < value.length) {
            final int newline = endOfLine(value, start);
            if (line(value, start, newline, record.offset())) {
                quietSince = nanoTime;
            }
            start = newline + 1;
        }
    }

    /** Whether the line says what time it is for the sensor. */
    private boolean line(
            final byte[] value, final int start, final int newline, final long offset) {
        final int end = newline > start && value[newline - 1] == '\r' ? newline - 1 : newline;
        if (end - start > SensorStream.MAX_LINE_BYTES) {
            stream.tooLong(value, start, end, offset);
            return false;
        }
        return stream.line(value, start, end, offset);
    }

    private static int endOfLine(final byte[] value, final int start) {
        int end = start;
        while (end < value.length && value[end] != '\n') {
            end++;
        }
        return end;
    }

    /** Lets the waits for packets go on, as there is nothing more in the partition to read. */
    void quiet(final long nanoTime) {
        stream.elapse(TimeUnit.NANOSECONDS.toMicros(nanoTime - quietSince));
    }

    /** Says that the partition was not read until now, so that no wait went on. */
    void resumed(final long nanoTime) {
        quietSince = nanoTime;
    }

    /** Goes on at an offset that nothing was read up to. */
    void skipTo(final long offset) {
        next = OptionalLong.of(offset);
        give().ifPresent(Receipt::release);
    }

    /**
     * The hold of what was read since the last one, empty if nothing was ever read; settled, its
     * offsets may be committed.
     */
    Optional<Receipt> give() {
        if (next.isEmpty()) {
            return Optional.empty();
        }
        final long end = next.getAsLong();
        return Optional.of(positions.add(Math.min(end, stream.oldestHeld().orElse(end))));
    }

    /** Whether no more may be read before some of it is acknowledged. */
    boolean isFull() {
        return positions.size() >= MAX_OPEN;
    }

    /** Whether every flow that was read is acknowledged, or was handed back and is read again. */
    boolean isAnswered() {
        return positions.pending() == 0;
    }

    /** The offset up to which every flow is acknowledged, if that is not committed. */
    Optional<Long> uncommitted() {
        positions.takeSettled().ifPresent(offset -> settled = offset);
        return settled == committed ? Optional.empty() : Optional.of(settled);
    }

    /** Notes that an offset is committed. */
    void committed(final long offset) {
        committed = offset;
    }
}
