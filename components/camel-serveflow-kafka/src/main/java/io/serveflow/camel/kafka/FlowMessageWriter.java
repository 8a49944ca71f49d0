/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import io.serveflow.sensor.FlowRecordWriter;
import io.serveflow.verdict.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Writes flow records for other processes, as {@link FlowMessage} says; for one thread. */
final class FlowMessageWriter {

    private static final byte[] VERSION = text(FlowMessage.CURRENT);

    private final String topic;
    private final long epochMicros;
    private final long nanoTime;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(4_096);
    private final FlowRecordWriter records = FlowRecordWriter.withObserver(out);

    /**
     * @param epochMicros the time, microseconds since the epoch
     * @param nanoTime the {@link System#nanoTime()} at the same time
     */
    FlowMessageWriter(final String topic, final long epochMicros, final long nanoTime) {
        this.topic = topic;
        this.epochMicros = epochMicros;
        this.nanoTime = nanoTime;
    }

    ProducerRecord<byte[], byte[]> write(final FlowMessage message) {
        final long age = nanoTime - message.record().readNanos();
        final List<Header> headers = new ArrayList<>(2 + message.verdicts().size());
        headers.add(new RecordHeader(FlowMessage.VERSION, VERSION));
        headers.add(
                new RecordHeader(
                        FlowMessage.READ, text(epochMicros - TimeUnit.NANOSECONDS.toMicros(age))));
        for (final Verdict verdict : message.verdicts()) {
            headers.add(new RecordHeader(FlowMessage.VERDICT, VerdictJson.write(verdict)));
        }
        return new ProducerRecord<>(
                topic, null, FlowMessage.key(message.record()), value(message), headers);
    }

    private byte[] value(final FlowMessage message) {
        try {
            records.write(message.record());
            records.flush();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        final byte[] value = out.toByteArray();
        out.reset();
        return value;
    }

    private static byte[] text(final long number) {
        return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
    }
}
