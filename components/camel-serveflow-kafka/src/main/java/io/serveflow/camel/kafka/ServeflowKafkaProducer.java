/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import io.serveflow.batch.FlowBatch;
import io.serveflow.camel.support.Shared;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.DeadLetterFile;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.VerdictWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;

/**
 * Sends the flows in a batch, or the documents of their verdicts, to a topic, keyed by flow, and
 * ends the exchange when Kafka has acknowledged every one of them.
 *
 * <p>Records are handed to Kafka's client on the thread that calls, which waits while the client
 * has no room: so the order of calls is the order in the partitions. The rest of the exchange runs
 * on a thread of the pool {@code ServeflowKafkaSent}, as the client's own thread must not wait.
 */
class ServeflowKafkaProducer extends DefaultAsyncProducer {

    private final ServeflowKafkaEndpoint endpoint;
    private final String topic;
    private final Content content;
    private final Clock clock = Clock.systemUTC();
    private Optional<Shared.Use<Producer<byte[], byte[]>>> use = Optional.empty();
    private Optional<Shared.Use<SendingHealthCheck>> health = Optional.empty();
    private volatile Producer<byte[], byte[]> client;
    private volatile Unacknowledged unacknowledged;
    private volatile ExecutorService continuations;

    ServeflowKafkaProducer(
            final ServeflowKafkaEndpoint endpoint, final String topic, final Content content) {
        super(endpoint);
        this.endpoint = endpoint;
        this.topic = topic;
        this.content = content;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        final Shared.Use<Producer<byte[], byte[]>> begun =
                endpoint.getComponent().client(endpoint.getConfiguration());
        use = Optional.of(begun);
        client = begun.value();
        final Shared.Use<SendingHealthCheck> watched =
                endpoint.getComponent().sending(endpoint.getConfiguration());
        health = Optional.of(watched);
        unacknowledged = watched.value().unacknowledged();
        continuations =
                endpoint.getCamelContext()
                        .getExecutorServiceManager()
                        .newCachedThreadPool(this, "ServeflowKafkaSent");
    }

    @Override
    protected void doStop() throws Exception {
        health.ifPresent(Shared.Use::release);
        health = Optional.empty();
        use.ifPresent(Shared.Use::release);
        use = Optional.empty();
        if (continuations != null) {
            endpoint.getCamelContext().getExecutorServiceManager().shutdown(continuations);
        }
        super.doStop();
    }

    @Override
    public boolean process(final Exchange exchange, final AsyncCallback callback) {
        final List<ProducerRecord<byte[], byte[]>> records;
        try {
            records = records(exchange.getMessage().getBody());
        } catch (final RuntimeException e) {
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        if (records.isEmpty()) {
            callback.done(true);
            return true;
        }
        final Acknowledgement acknowledgement =
                new Acknowledgement(records.size(), exchange, callback);
        for (int i = 0; i < records.size(); i++) {
            if (acknowledgement.hasFailed()) {
                acknowledgement.leave(records.size() - i);
                break;
            }
            send(records.get(i), acknowledgement);
        }
        return false;
    }

    private void send(
            final ProducerRecord<byte[], byte[]> record, final Acknowledgement acknowledgement) {
        try {
            client.send(record, acknowledgement.of(record));
        } catch (final RuntimeException e) {
            acknowledgement.failed(e);
        }
    }

    private List<ProducerRecord<byte[], byte[]>> records(final Object body) {
        if (body instanceof FlowBatch batch) {
            return content == Content.DOCUMENTS ? documents(batch) : flows(batch);
        }
        throw new IllegalArgumentException(
                endpoint
                        + " takes a FlowBatch as body, was "
                        + (body == null ? "empty" : body.getClass().getName()));
    }

    /** Context records, and first records with a verdict that a better tier is to follow. */
    private List<ProducerRecord<byte[], byte[]>> flows(final FlowBatch batch) {
        final Instant now = clock.instant();
        final FlowMessageWriter writer =
                new FlowMessageWriter(
                        topic,
                        TimeUnit.SECONDS.toMicros(now.getEpochSecond())
                                + TimeUnit.NANOSECONDS.toMicros(now.getNano()),
                        System.nanoTime());
        final List<FlowBatch> ofTasks = batch.tasks().stream().map(batch::of).toList();
        final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            final FlowRecord record = batch.record(i);
            if (record.stage() == FlowRecord.Stage.CONTEXT) {
                records.add(writer.write(new FlowMessage(record, List.of())));
                continue;
            }
            final List<Verdict> uncertain = new ArrayList<>(ofTasks.size());
            for (final FlowBatch ofTask : ofTasks) {
                if (ofTask.hasVerdict(i) && !ofTask.verdict(i).isFinal()) {
                    uncertain.add(ofTask.verdict(i));
                }
            }
            if (!uncertain.isEmpty()) {
                records.add(writer.write(new FlowMessage(record, uncertain)));
            }
        }
        return records;
    }

    private List<ProducerRecord<byte[], byte[]>> documents(final FlowBatch batch) {
        final Instant created = clock.instant();
        final VerdictWriter writer = new VerdictWriter();
        final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(batch.size());
        for (final String task : batch.tasks()) {
            final FlowBatch ofTask = batch.of(task);
            for (int i = 0; i < batch.size(); i++) {
                if (ofTask.hasVerdict(i)) {
                    records.add(
                            new ProducerRecord<>(
                                    topic,
                                    FlowMessage.key(batch.record(i)),
                                    writer.write(batch.record(i), ofTask.verdict(i), created)
                                            .json()));
                }
            }
        }
        return records;
    }

    @Override
    public ServeflowKafkaEndpoint getEndpoint() {
        return endpoint;
    }

    /** An exchange until Kafka has acknowledged or refused all its records. */
    private final class Acknowledgement {

        private final AtomicInteger left;
        private final int records;
        private final AtomicInteger stored = new AtomicInteger();
        private final AtomicInteger kept = new AtomicInteger();
        private final AtomicReference<Exception> failure = new AtomicReference<>();
        private final Exchange exchange;
        private final AsyncCallback callback;

        private Acknowledgement(
                final int records, final Exchange exchange, final AsyncCallback callback) {
            this.left = new AtomicInteger(records);
            this.records = records;
            this.exchange = exchange;
            this.callback = callback;
            ledger().add(Ledger.Entry.SENT, records);
            unacknowledged.begin(this, records, System.nanoTime());
        }

        private boolean hasFailed() {
            return failure.get() != null;
        }

        private Callback of(final ProducerRecord<byte[], byte[]> record) {
            return (final RecordMetadata metadata, final Exception e) -> {
                if (e == null) {
                    stored.incrementAndGet();
                } else if (e instanceof RecordTooLargeException) {
                    keep(record, e);
                } else {
                    failure.compareAndSet(null, e);
                }
                leave(1);
            };
        }

        /** Where not even a dead letter can be kept, the exchange fails, and does not stay open. */
        private void keep(final ProducerRecord<byte[], byte[]> record, final Exception why) {
            try {
                deadLetter(record, why);
                kept.incrementAndGet();
            } catch (final RuntimeException e) {
                failure.compareAndSet(null, e);
            }
        }

        private void failed(final Exception e) {
            failure.compareAndSet(null, e);
            leave(1);
        }

        /** Ends records, which Kafka has acknowledged or refused or which are not sent any more. */
        private void leave(final int records) {
            if (left.addAndGet(-records) == 0) {
                try {
                    continuations.execute(this::end);
                } catch (final RejectedExecutionException e) {
                    // The producer was stopped meanwhile; whoever waits for the exchange is to know
                    // its end.
                    end();
                }
            }
        }

        private void end() {
            ledger().add(Ledger.Entry.FORWARDED, topic, stored.get());
            final int returned = records - stored.get() - kept.get();
            if (returned > 0) {
                ledger().add(Ledger.Entry.RETURNED, returned);
            }
            unacknowledged.end(this, Optional.ofNullable(failure.get()));
            if (hasFailed()) {
                exchange.setException(failure.get());
            }
            callback.done(false);
        }
    }

    private Ledger ledger() {
        return endpoint.getComponent().getLedger();
    }

    /** No try would do better, and it would hold up all that comes behind it. */
    private void deadLetter(final ProducerRecord<byte[], byte[]> record, final Exception why) {
        final byte[] value = record.value();
        endpoint.getComponent()
                .getDeadLetters()
                .accept(
                        new DeadLetter(
                                "kafka:" + topic,
                                -1,
                                Reason.RECORD_TOO_LARGE.code(),
                                String.valueOf(why.getMessage()),
                                new String(
                                        value,
                                        0,
                                        Math.min(value.length, DeadLetterFile.MAX_PAYLOAD_BYTES),
                                        StandardCharsets.UTF_8),
                                content == Content.DOCUMENTS ? DeadLetter.DOCUMENT : "",
                                "",
                                value.length));
    }
}
