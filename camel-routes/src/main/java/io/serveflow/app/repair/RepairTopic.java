/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.repair;

import io.serveflow.camel.kafka.RequiredTopics;
import io.serveflow.camel.kafka.ServeflowKafkaConfiguration;
import io.serveflow.camel.kafka.TopicBacklog;
import io.serveflow.camel.kafka.TopicSender;
import io.serveflow.ledger.FailureLog;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Kafka topic of flows whose slow tier had no answer, one {@link RepairLine} each.
 *
 * <p>A verdict that stands waits until Kafka has acknowledged the line of its flow, for two seconds
 * at most, and not at all while any line has waited for longer. What Kafka does not take is counted
 * and given up, and the verdict stands all the same. How long lines are kept is for the topic to
 * say.
 *
 * <p>Safe for use by many threads.
 */
public final class RepairTopic implements KeptFlows {

    private static final long WAIT_MILLIS = 2_000;

    /** How long a start waits for Kafka to say where a topic is that it knows. */
    private static final long OPEN_MILLIS = 5_000;

    /** Of lines that are sent to the end, so many bytes wait for Kafka at once. */
    private static final int CHUNK_BYTES = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(RepairTopic.class);

    private final ServeflowKafkaConfiguration settings;
    private final Ledger ledger;
    private final FailureLog failures;
    private volatile Optional<TopicSender> sender = Optional.empty();

    /** How many calls have lines that Kafka has had for longer than anybody waits. */
    private final AtomicInteger behind = new AtomicInteger();

    /**
     * A topic that nothing is sent to before {@link #open}.
     *
     * @param nanoClock a clock like {@link System#nanoTime()}
     */
    public RepairTopic(
            final String topic,
            final String brokers,
            final Ledger ledger,
            final LongSupplier nanoClock) {
        this.settings = new ServeflowKafkaConfiguration();
        settings.setTopic(topic);
        settings.setBrokers(brokers);
        this.ledger = Objects.requireNonNull(ledger, "ledger");
        this.failures = new FailureLog(LOG::warn, LOG::info, nanoClock);
    }

    /**
     * The settings of whoever reads the topic, in a group that has its name.
     *
     * @param component with what it takes to be let in
     */
    public ServeflowKafkaConfiguration settings(final ServeflowKafkaConfiguration component) {
        final ServeflowKafkaConfiguration copy = component.copy();
        copy.setTopic(settings.getTopic());
        copy.setTopicIsPattern(false);
        copy.setBrokers(settings.getBrokers());
        copy.setGroupId(settings.getTopic());
        return copy;
    }

    /**
     * Looks whether the topic is there, and begins to send; where Kafka does not answer, says so,
     * and goes on.
     *
     * @param component with what it takes to be let in
     * @param partitions of the topic if it is missing, which is then made; 0 to make none
     * @throws IllegalArgumentException if it is missing and not made
     */
    public void open(
            final CamelContext context,
            final ServeflowKafkaConfiguration component,
            final int partitions)
            throws InterruptedException {
        final ServeflowKafkaConfiguration all = settings(component);
        final boolean answered =
                new RequiredTopics(all, List.of(all.getTopic()), partitions).require();
        final TopicSender made = new TopicSender(context, all);
        sender = Optional.of(made);
        if (!made.start(answered ? OPEN_MILLIS : 0)) {
            LOG.warn(
                    "Kafka at {} does not answer; until it does, flows that the slow tier has no"
                            + " answer for are not kept in the topic {} for ./serveflow repair",
                    all.getBrokers(),
                    all.getTopic());
        }
    }

    @Override
    public CompletableFuture<Void> keep(final List<byte[]> lines) {
        final boolean waits = behind.get() == 0;
        final CompletableFuture<Void> ended =
                CompletableFuture.allOf(
                        lines.stream().map(this::keepOne).toArray(CompletableFuture<?>[]::new));
        final CompletableFuture<Void> waited =
                ended.copy()
                        .orTimeout(WAIT_MILLIS, TimeUnit.MILLISECONDS)
                        .handle(
                                (done, late) -> {
                                    if (late != null) {
                                        behind.incrementAndGet();
                                        ended.thenRun(behind::decrementAndGet);
                                    }
                                    return null;
                                });
        return waits ? waited : CompletableFuture.completedFuture(null);
    }

    /** Ends without a failure, when the line is counted. */
    private CompletableFuture<Void> keepOne(final byte[] line) {
        return send(withoutNewline(line), OptionalLong.empty())
                .handle(
                        (done, failure) -> {
                            count(Optional.ofNullable(failure));
                            return null;
                        });
    }

    private CompletableFuture<Void> send(final byte[] line, final OptionalLong timestamp) {
        return sender.map(open -> open.send(line, timestamp))
                .orElseGet(
                        () ->
                                CompletableFuture.failedFuture(
                                        new IllegalStateException("nothing is sent yet")));
    }

    private static byte[] withoutNewline(final byte[] line) {
        final boolean ends = line.length > 0 && line[line.length - 1] == '\n';
        return ends ? Arrays.copyOf(line, line.length - 1) : line;
    }

    private void count(final Optional<Throwable> failure) {
        if (failure.isEmpty()) {
            ledger.add(Ledger.Entry.REPAIR_STORED, 1);
            failures.over("Kafka keeps flows for ./serveflow repair again");
            return;
        }
        final Throwable why = cause(failure.get());
        final Reason reason =
                why instanceof TopicSender.RefusedException refused && refused.isFull()
                        ? Reason.REPAIR_TOPIC_BEHIND
                        : Reason.REPAIR_TOPIC_FAILED;
        ledger.add(Ledger.Entry.REPAIR_DROPPED, reason, 1);
        failures.failed(
                reason.code(),
                "A flow without an answer of the slow tier could not be kept in the topic "
                        + settings.getTopic()
                        + ": "
                        + why.getMessage());
    }

    private static Throwable cause(final Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }

    /**
     * Sends lines that are in the topic to its end, with the times that they have, and waits until
     * Kafka has acknowledged all.
     *
     * @throws IOException if it does not
     */
    void sendToEnd(final List<TopicBacklog.Line> lines) throws IOException {
        try {
            final List<CompletableFuture<Void>> sent = new ArrayList<>();
            int bytes = 0;
            for (final TopicBacklog.Line line : lines) {
                sent.add(send(line.value(), line.timestamp()));
                bytes += line.value().length;
                if (bytes >= CHUNK_BYTES) {
                    await(sent);
                    bytes = 0;
                }
            }
            await(sent);
        } catch (final CompletionException e) {
            final IOException named =
                    new IOException(
                            "flows without an answer could not be sent to the end of the topic "
                                    + settings.getTopic()
                                    + " ("
                                    + cause(e).getMessage()
                                    + "); all are still where they were in it");
            named.addSuppressed(e);
            throw named;
        }
    }

    private static void await(final List<CompletableFuture<Void>> sent) {
        CompletableFuture.allOf(sent.toArray(CompletableFuture<?>[]::new)).join();
        sent.clear();
    }

    /** The topic and the brokers that have it, for people. */
    public String place() {
        return "the topic " + settings.getTopic() + " of Kafka at " + settings.getBrokers();
    }

    String topic() {
        return settings.getTopic();
    }

    /** Kafka knows: by the lag of the group. */
    @Override
    public OptionalLong bytes() {
        return OptionalLong.empty();
    }

    @Override
    public void close() {
        sender.ifPresent(TopicSender::close);
    }
}
