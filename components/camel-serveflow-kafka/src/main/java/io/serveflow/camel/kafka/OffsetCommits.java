/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import io.serveflow.ledger.FailureLog;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits what partitions have to commit: every now and then without waiting, and at once when they
 * are given up. What cannot be committed stays to be committed and is counted as tried again.
 *
 * <p>For the thread that polls.
 */
final class OffsetCommits {

    private static final Logger LOG = LoggerFactory.getLogger(OffsetCommits.class);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final ServeflowKafkaConfiguration configuration;
    private final Ledger ledger;
    private final FailureLog failures = new FailureLog(LOG::warn, LOG::info, System::nanoTime);
    private boolean underWay;
    private long lastNanos;

    OffsetCommits(
            final KafkaConsumer<byte[], byte[]> consumer,
            final ServeflowKafkaConfiguration configuration,
            final Ledger ledger) {
        this.consumer = consumer;
        this.configuration = configuration;
        this.ledger = ledger;
        this.lastNanos = System.nanoTime();
    }

    /** Begins to commit, if the last commit is done and long enough ago. */
    void begin(final Map<TopicPartition, AssignedPartition> partitions) {
        final long now = System.nanoTime();
        if (underWay
                || now - lastNanos
                        < TimeUnit.MILLISECONDS.toNanos(configuration.getCommitIntervalMs())) {
            return;
        }
        final Map<TopicPartition, OffsetAndMetadata> offsets = uncommitted(partitions);
        if (offsets.isEmpty()) {
            return;
        }
        /* Those of now: a partition that comes back is another one. */
        final Map<TopicPartition, AssignedPartition> asked = new HashMap<>(partitions);
        underWay = true;
        lastNanos = now;
        consumer.commitAsync(
                offsets,
                (done, failure) -> {
                    underWay = false;
                    if (failure == null) {
                        committed(asked, offsets);
                        failures.over("Offsets are committed again");
                    } else {
                        failed(offsets, failure);
                    }
                });
    }

    /** Commits and waits for it, for a bounded time. */
    void finish(final Map<TopicPartition, AssignedPartition> partitions) {
        final Map<TopicPartition, OffsetAndMetadata> offsets = uncommitted(partitions);
        if (offsets.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(offsets, Duration.ofMillis(configuration.getCommitTimeoutMs()));
            committed(partitions, offsets);
        } catch (final KafkaException e) {
            failed(offsets, e);
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> uncommitted(
            final Map<TopicPartition, AssignedPartition> partitions) {
        final Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        partitions.forEach(
                (id, partition) ->
                        partition
                                .uncommitted()
                                .ifPresent(
                                        offset -> offsets.put(id, new OffsetAndMetadata(offset))));
        return offsets;
    }

    private static void committed(
            final Map<TopicPartition, AssignedPartition> partitions,
            final Map<TopicPartition, OffsetAndMetadata> offsets) {
        offsets.forEach((id, offset) -> partitions.get(id).committed(offset.offset()));
    }

    private void failed(
            final Map<TopicPartition, OffsetAndMetadata> offsets, final Exception failure) {
        ledger.add(Ledger.Entry.RETRIED, Reason.KAFKA_COMMIT_FAILED, 1);
        failures.failed(
                failure.getClass().getName(),
                "Cannot commit offsets of %d partitions, so their lines may be read again: %s"
                        .formatted(offsets.size(), failure.getMessage()));
    }
}
