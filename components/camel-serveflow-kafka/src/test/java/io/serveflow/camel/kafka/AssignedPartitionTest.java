/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.batch.Receipt;
import io.serveflow.camel.sensor.ReadRecords;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.ContextInterest;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorStream;
import io.serveflow.testing.kafka.LocalKafka;
import io.serveflow.testing.kafka.SensorLines;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** What a partition has to commit. */
class AssignedPartitionTest {

    private static final int MAX_OPEN = 65_536;

    private final Ledger ledger = new Ledger();
    private final ReadRecords records = new ReadRecords(ContextInterest.all());
    private final AssignedPartition partition =
            new AssignedPartition(
                    new PolledLines.Lines(
                            new SensorStream(
                                    "kafka:t-0",
                                    SensorFormats.installed().only("zeek"),
                                    FlowAssembler.Options.defaults("sensor"),
                                    ledger,
                                    letter -> {},
                                    ContextInterest.all(),
                                    records),
                            records),
                    ledger,
                    0);

    @Test
    void shouldHaveNothingToCommitBeforeItIsRead() {
        assertThat(partition.give()).isEmpty();
        assertThat(partition.uncommitted()).isEmpty();
    }

    @Test
    void shouldCommitInOrderWhateverIsAnsweredFirst() {
        final Receipt first = read(7);
        final Receipt second = read(8);

        second.release();
        assertThat(partition.uncommitted()).isEmpty();
        first.release();
        assertThat(partition.uncommitted()).contains(9L);
    }

    @Test
    void shouldCommitAnOffsetOnce() {
        read(7).release();
        partition.committed(partition.uncommitted().orElseThrow());

        assertThat(partition.uncommitted()).isEmpty();
    }

    @Test
    void shouldCommitAgainWhatWasNotCommitted() {
        read(7).release();

        assertThat(partition.uncommitted()).contains(8L);
        assertThat(partition.uncommitted()).contains(8L);
    }

    @Test
    void shouldBeFullUntilSomeOfItIsAnswered() {
        final List<Receipt> receipts = new ArrayList<>();
        for (int i = 0; i < MAX_OPEN; i++) {
            assertThat(partition.isFull()).isFalse();
            receipts.add(read(i));
        }
        assertThat(partition.isFull()).isTrue();

        receipts.get(0).release();
        assertThat(partition.isFull()).isFalse();
    }

    @Test
    void shouldHaveRoomForAnyNumberOfPollsBehindAFlowThatWaits() {
        final Receipt waits = read(0);
        for (int i = 1; i <= MAX_OPEN; i++) {
            read(i).release();
        }
        assertThat(partition.isFull()).isFalse();
        assertThat(partition.uncommitted()).isEmpty();

        waits.release();
        assertThat(partition.uncommitted()).contains(MAX_OPEN + 1L);
    }

    @Test
    void shouldHoldNothingForPollsThatBroughtItNothing() {
        read(0).release();

        assertThat(partition.give()).isEmpty();
        partition.quiet(TimeUnit.SECONDS.toNanos(1));
        assertThat(partition.give()).isEmpty();
    }

    private Receipt read(final long offset) {
        partition.read(
                new ConsumerRecord<>(
                        "t",
                        0,
                        offset,
                        new byte[0],
                        LocalKafka.bytes(SensorLines.first("C" + offset))),
                0);
        return partition.give().orElseThrow();
    }
}
