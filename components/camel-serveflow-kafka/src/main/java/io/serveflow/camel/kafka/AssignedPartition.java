/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import io.serveflow.batch.Receipt;
import io.serveflow.camel.sensor.OpenPositions;
import io.serveflow.ledger.Ledger;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A partition from its assignment to its end, with the offsets that were read, that are
 * acknowledged and that are committed.
 *
 * <p>When the partition is given up, this is forgotten, and with it what would have been committed;
 * an answer that comes later finds nothing to commit for whoever has the partition then. Receipts
 * are withdrawn, so that flows that wait are left to that one. For the thread that polls; only
 * receipts are settled by others.
 */
final class AssignedPartition {

    private static final long NOWHERE = -1;

    /** Most polls that are kept as the route has not acknowledged them; then reading waits. */
    private static final int MAX_OPEN = 65_536;

    private final PartitionRecords records;
    private final Ledger ledger;
    private final PartitionClock clock;
    private final OpenPositions<Long> positions;
    private OptionalLong next = OptionalLong.empty();
    private boolean moved;
    private long quietSince;
    private long settled = NOWHERE;
    private long committed = NOWHERE;

    AssignedPartition(final PartitionRecords records, final Ledger ledger, final long nanoTime) {
        this.records = records;
        this.ledger = ledger;
        this.quietSince = nanoTime;
        this.clock = new PartitionClock(nanoTime);
        this.positions = new OpenPositions<>(clock);
    }

    /** The time of the partition, by which flows wait that were read from it. */
    PartitionClock clock() {
        return clock;
    }

    /** Takes a record; one without a value is skipped. */
    void read(final ConsumerRecord<byte[], byte[]> record, final long nanoTime) {
        next = OptionalLong.of(record.offset() + 1);
        moved = true;
        if (record.value() == null) {
            ledger.add(Ledger.Entry.SKIPPED, "tombstone", 1);
        } else if (records.read(record)) {
            quietSince = nanoTime;
        }
    }

    /** Lets the waits for packets go on, as there is nothing more in the partition to read. */
    void quiet(final long nanoTime) {
        moved |= records.elapse(TimeUnit.NANOSECONDS.toMicros(nanoTime - quietSince));
    }

    /** Says that the partition was not read until now, so that no wait went on. */
    void resumed(final long nanoTime) {
        quietSince = nanoTime;
    }

    /** Goes on at an offset that nothing was read up to. */
    void skipTo(final long offset) {
        next = OptionalLong.of(offset);
        moved = true;
        give().ifPresent(Receipt::release);
    }

    /**
     * The hold of what was read or given out since the last one, empty if nothing was; settled, its
     * offsets may be committed.
     */
    Optional<Receipt> give() {
        if (!moved || next.isEmpty()) {
            return Optional.empty();
        }
        moved = false;
        final long end = next.getAsLong();
        return Optional.of(positions.add(Math.min(end, records.oldestHeld().orElse(end))));
    }

    /** Whether no more may be read before some of it is acknowledged. */
    boolean isFull() {
        return positions.size() >= MAX_OPEN;
    }

    /** Whether every flow that was read is acknowledged, or was handed back and is read again. */
    boolean isAnswered() {
        return positions.pending() == 0;
    }

    /** Says that another process reads what was read here without an answer. */
    void withdraw() {
        positions.withdraw();
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
