/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import io.serveflow.batch.Receipt;
import io.serveflow.camel.sensor.BatchSender;
import io.serveflow.camel.sensor.ReadRecords;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.SensorStream;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Values that are lines of sensors; the flow records of a poll leave together. */
final class PolledLines implements PolledContent {

    private final ServeflowKafkaEndpoint endpoint;
    private final ReadRecords records;

    PolledLines(final ServeflowKafkaEndpoint endpoint) {
        this.endpoint = endpoint;
        this.records = new ReadRecords(endpoint.interest());
    }

    @Override
    public PartitionRecords assigned(final TopicPartition id, final Ledger ledger) {
        return new Lines(endpoint.stream(id, ledger, records), records);
    }

    @Override
    public boolean isEmpty() {
        return records.isEmpty();
    }

    /** With a receipt that ends holds of all partitions, as a batch may have records of each. */
    @Override
    public boolean send(final BatchSender sender, final Map<TopicPartition, Receipt> receipts) {
        return sender.send(records, Receipt.joined(List.copyOf(receipts.values())));
    }

    @Override
    public void clear() {
        records.clear();
    }

    /** The lines of a partition, which are one stream, with offsets as their positions. */
    record Lines(SensorStream stream, ReadRecords records) implements PartitionRecords {

        /** Takes the value as lines, which share its offset. */
        @Override
        public boolean read(final ConsumerRecord<byte[], byte[]> record) {
            final byte[] value = record.value();
            boolean timed = false;
            int start = 0;
            while (start < value.length) {
                final int newline = endOfLine(value, start);
                timed |= line(value, start, newline, record.offset());
                start = newline + 1;
            }
            return timed;
        }

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

        @Override
        public boolean elapse(final long micros) {
            final int before = records.size();
            stream.elapse(micros);
            return records.size() > before;
        }

        @Override
        public OptionalLong oldestHeld() {
            return stream.oldestHeld();
        }
    }
}
