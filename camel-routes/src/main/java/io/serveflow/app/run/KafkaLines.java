/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import io.serveflow.batch.FlowBatch;
import io.serveflow.batch.Receipt;
import io.serveflow.camel.sensor.ReadRecords;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.ContextInterest;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.consumer.KafkaManualCommit;

/**
 * For routes from Camel's own {@code kafka} with {@code batching} and {@code allowManualCommit}:
 * reads the records of a poll as lines of whole flow records, and commits them afterwards.
 */
public final class KafkaLines {

    private final Ledger ledger;
    private final DeadLetterSink deadLetters;
    private final FlowAssembler.Options options;

    /**
     * @param observer name of the sensor, where the lines name none
     */
    public KafkaLines(
            final Ledger ledger, final DeadLetterSink deadLetters, final String observer) {
        this(ledger, deadLetters, observer, FlowAssembler.Options.defaults(observer));
    }

    /**
     * The same with the application's settings for tunnels, timeouts and Community IDs.
     *
     * @param options bean {@code assembling} of the application
     */
    public KafkaLines(
            final Ledger ledger,
            final DeadLetterSink deadLetters,
            final String observer,
            final FlowAssembler.Options options) {
        this.ledger = ledger;
        this.deadLetters = deadLetters;
        this.options = options.withObserver(observer);
    }

    /** The flow records of a poll. A line that cannot be read becomes a dead letter. */
    public ReadRecords read(final List<Exchange> polled) {
        final ReadRecords records = new ReadRecords(ContextInterest.all());
        for (final Exchange one : polled) {
            final Message message = one.getMessage();
            if (message.getBody() == null) {
                ledger.add(Ledger.Entry.SKIPPED, "tombstone", 1);
                continue;
            }
            final byte[] line = message.getBody(String.class).getBytes(StandardCharsets.UTF_8);
            final SensorStream stream =
                    new SensorStream(
                            "kafka:" + partition(message),
                            SensorFormats.installed().only("zeek"),
                            options,
                            ledger,
                            deadLetters,
                            ContextInterest.all(),
                            records);
            stream.line(line, 0, line.length, message.getHeader(KafkaConstants.OFFSET, Long.class));
        }
        return records;
    }

    /** The records as batches without verdicts, one a stage; the same again for another try. */
    public List<FlowBatch> batches(final ReadRecords records) {
        return records.batches(Receipt.NONE);
    }

    /** Commits the last record of each partition of a poll. */
    public void commit(final List<Exchange> polled) {
        final Map<String, KafkaManualCommit> last = new LinkedHashMap<>();
        for (final Exchange one : polled) {
            final Message message = one.getMessage();
            last.put(
                    partition(message),
                    message.getHeader(KafkaConstants.MANUAL_COMMIT, KafkaManualCommit.class));
        }
        last.values().forEach(KafkaManualCommit::commit);
    }

    private static String partition(final Message message) {
        return message.getHeader(KafkaConstants.TOPIC)
                + "-"
                + message.getHeader(KafkaConstants.PARTITION);
    }
}
