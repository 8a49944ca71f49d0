/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import io.serveflow.batch.FlowBatch;
import io.serveflow.batch.Receipt;
import io.serveflow.camel.sensor.BatchSender;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.DeadLetterFile;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import io.serveflow.verdict.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Values that are flow records, first records with the verdicts that they have: see {@link
 * FlowMessageReader}. What cannot be read becomes a dead letter.
 *
 * <p>First records leave as one batch a task, context records behind them, so that a flow is in the
 * join before its context is.
 */
final class PolledFlows extends PolledByPartition {

    /** What such records are counted as, among events. */
    static final String EVENTS = "flows";

    private static final String SUMMARIES = "other_stage";

    private final Ledger ledger;
    private final DeadLetterSink deadLetters;
    private final FlowMessageReader reader = new FlowMessageReader();
    private final Map<TopicPartition, Read> read = new LinkedHashMap<>();

    PolledFlows(final Ledger ledger, final DeadLetterSink deadLetters) {
        this.ledger = ledger;
        this.deadLetters = deadLetters;
    }

    @Override
    public PartitionRecords assigned(final TopicPartition id, final Ledger skipped) {
        return record -> {
            read(id, record, skipped);
            return false;
        };
    }

    private void read(
            final TopicPartition id,
            final ConsumerRecord<byte[], byte[]> record,
            final Ledger skipped) {
        final FlowMessage message;
        try {
            message = reader.read(record);
        } catch (final BadMessageException e) {
            ledger.add(Ledger.Entry.EVENTS, EVENTS, 1);
            deadLetters.accept(letter(id, record, e));
            return;
        }
        if (message.record().stage() == FlowRecord.Stage.SUMMARY) {
            skipped.add(Ledger.Entry.SKIPPED, SUMMARIES, 1);
            return;
        }
        ledger.add(Ledger.Entry.EVENTS, EVENTS, 1);
        read.computeIfAbsent(id, partition -> new Read()).add(message);
    }

    private static DeadLetter letter(
            final TopicPartition id,
            final ConsumerRecord<byte[], byte[]> record,
            final BadMessageException e) {
        final byte[] value = record.value();
        return new DeadLetter(
                "kafka:" + id,
                record.offset(),
                e.reason(),
                e.getMessage(),
                new String(
                        value,
                        0,
                        Math.min(value.length, DeadLetterFile.MAX_PAYLOAD_BYTES),
                        StandardCharsets.UTF_8),
                "",
                "",
                value.length);
    }

    @Override
    public boolean isEmpty() {
        return read.isEmpty();
    }

    @Override
    boolean send(final BatchSender sender, final TopicPartition id, final Receipt receipt) {
        final Read ofPartition = read.get(id);
        return sender.send(ofPartition == null ? List.of() : ofPartition.batches(receipt), receipt);
    }

    @Override
    public void clear() {
        read.clear();
    }

    /** What was read from a partition. */
    private static final class Read {

        private final Map<String, Escalated> byTask = new TreeMap<>();
        private final List<FlowRecord> contexts = new ArrayList<>();

        private void add(final FlowMessage message) {
            if (message.record().stage() == FlowRecord.Stage.CONTEXT) {
                contexts.add(message.record());
            }
            for (final Verdict verdict : message.verdicts()) {
                byTask.computeIfAbsent(verdict.bundle().task(), task -> new Escalated())
                        .add(message.record(), verdict);
            }
        }

        private List<FlowBatch> batches(final Receipt receipt) {
            final List<FlowBatch> batches = new ArrayList<>();
            byTask.forEach((task, flows) -> batches.add(flows.batch(task, receipt)));
            if (!contexts.isEmpty()) {
                batches.add(FlowBatch.of(contexts, receipt));
            }
            return batches;
        }
    }

    /** First records that a task's better tier is to be asked about. */
    private static final class Escalated {

        private final List<FlowRecord> records = new ArrayList<>();
        private final List<Verdict> verdicts = new ArrayList<>();

        private void add(final FlowRecord record, final Verdict verdict) {
            records.add(record);
            verdicts.add(verdict);
        }

        /** Whoever sent the flows has given their verdicts out. */
        private FlowBatch batch(final String task, final Receipt receipt) {
            return FlowBatch.of(records, receipt)
                    .withVerdicts(task, verdicts.toArray(Verdict[]::new))
                    .asGivenOut();
        }
    }
}
