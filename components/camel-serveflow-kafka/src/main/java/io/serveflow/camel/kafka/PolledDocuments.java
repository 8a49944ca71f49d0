/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import io.serveflow.batch.Receipt;
import io.serveflow.camel.sensor.BatchSender;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.DeadLetterFile;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import io.serveflow.verdict.VerdictDocument;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Values that are verdict documents, one each; they leave as a list of text. What is no such
 * document becomes a dead letter.
 */
final class PolledDocuments extends PolledByPartition {

    /** What such records are counted as, among events. */
    static final String EVENTS = "documents";

    private static final String NO_DOCUMENT = "no_document";

    private final Ledger ledger;
    private final DeadLetterSink deadLetters;
    private final Map<TopicPartition, List<String>> read = new LinkedHashMap<>();

    PolledDocuments(final Ledger ledger, final DeadLetterSink deadLetters) {
        this.ledger = ledger;
        this.deadLetters = deadLetters;
    }

    @Override
    public PartitionRecords assigned(final TopicPartition id, final Ledger skipped) {
        return record -> {
            read(id, record);
            return false;
        };
    }

    private void read(final TopicPartition id, final ConsumerRecord<byte[], byte[]> record) {
        final byte[] value = record.value();
        ledger.add(Ledger.Entry.EVENTS, EVENTS, 1);
        if (VerdictDocument.isOne(value)) {
            read.computeIfAbsent(id, partition -> new ArrayList<>())
                    .add(new String(value, StandardCharsets.UTF_8));
        } else {
            deadLetters.accept(
                    new DeadLetter(
                            "kafka:" + id,
                            record.offset(),
                            NO_DOCUMENT,
                            "the value is no verdict document, which has event.id",
                            new String(
                                    value,
                                    0,
                                    Math.min(value.length, DeadLetterFile.MAX_PAYLOAD_BYTES),
                                    StandardCharsets.UTF_8),
                            "",
                            "",
                            value.length));
        }
    }

    @Override
    public boolean isEmpty() {
        return read.isEmpty();
    }

    @Override
    boolean send(final BatchSender sender, final TopicPartition id, final Receipt receipt) {
        final List<String> documents = read.get(id);
        if (documents == null) {
            receipt.release();
            return true;
        }
        return sender.send(documents, documents.size(), receipt);
    }

    @Override
    public void clear() {
        read.clear();
    }
}
