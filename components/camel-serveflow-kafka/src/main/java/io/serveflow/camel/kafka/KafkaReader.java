/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import io.serveflow.camel.sensor.BatchSender;
import io.serveflow.camel.support.Backoff;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads from Kafka for as long as the route runs: joins the group, and again, ever later, when it
 * had to leave it.
 */
final class KafkaReader implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaReader.class);

    private static final Backoff BACKOFF = Backoff.of(1_000, 60_000);

    private final ServeflowKafkaEndpoint endpoint;
    private final int number;
    private final BatchSender sender;
    private final ExecutorService senderThread;
    private final ExceptionHandler exceptionHandler;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private Optional<KafkaConsumer<byte[], byte[]>> opened = Optional.empty();
    private int failures;
    private boolean heard;
    private volatile boolean reading = true;
    private volatile boolean drained;
    private volatile Optional<GroupMember> member = Optional.empty();
    private volatile Optional<Exception> trouble = Optional.empty();

    /**
     * @param number which of the endpoint's consumers this is, from 0
     * @param senderThread takes one batch at a time down the route
     */
    KafkaReader(
            final ServeflowKafkaEndpoint endpoint,
            final int number,
            final BatchSender sender,
            final ExecutorService senderThread,
            final ExceptionHandler exceptionHandler) {
        this.endpoint = endpoint;
        this.number = number;
        this.sender = sender;
        this.senderThread = senderThread;
        this.exceptionHandler = exceptionHandler;
    }

    /**
     * Makes the first consumer, which asks no broker yet, so that wrong settings show at once.
     *
     * @throws KafkaException if no consumer can be made of the settings
     */
    void open() {
        if (endpoint.getConfiguration().anyBrokerResolves()) {
            opened = Optional.of(newConsumer());
        }
    }

    private KafkaConsumer<byte[], byte[]> newConsumer() {
        return new KafkaConsumer<>(endpoint.getConfiguration().consumerProperties(number));
    }

    @Override
    public void run() {
        while (!isStopping()) {
            try {
                readUntilStopped();
            } catch (final FencedInstanceIdException e) {
                /* Coming back would throw out the other one, which would come back too. */
                trouble = Optional.of(e);
                exceptionHandler.handleException(
                        "Another consumer has the same groupInstanceId; this one ends", e);
                return;
            } catch (final RuntimeException e) {
                trouble = Optional.of(e);
                failures++;
                final long delay = BACKOFF.delayMillis(failures);
                exceptionHandler.handleException(
                        "Cannot read from Kafka, which is tried again in " + delay + " ms", e);
                awaitStopping(delay);
            }
        }
        close();
    }

    /** Closes what {@link #open} made, where {@link #run} has not taken it. */
    void close() {
        opened.ifPresent(KafkaConsumer::close);
        opened = Optional.empty();
    }

    private void readUntilStopped() {
        final KafkaConsumer<byte[], byte[]> consumer = opened.orElseGet(this::newConsumer);
        opened = Optional.empty();
        try (GroupMember joining = new GroupMember(endpoint, consumer, sender, senderThread)) {
            member = Optional.of(joining);
            joining.join();
            while (!isStopping()) {
                joining.step(reading);
                drained = !reading && joining.isAnswered();
                listen(joining.standing());
            }
        } finally {
            member = Optional.empty();
        }
    }

    /** Says when the brokers begin to answer and when they cease to. */
    private void listen(final GroupMember.Standing standing) {
        final ServeflowKafkaConfiguration configuration = endpoint.getConfiguration();
        if (standing.heard()) {
            trouble = Optional.empty();
            failures = 0;
        }
        if (standing.heard() && !heard) {
            LOG.info(
                    "Consumer {} of group {} reads {}",
                    number,
                    configuration.getGroupId(),
                    configuration.getTopic());
        } else if (!standing.heard() && heard) {
            LOG.warn(
                    "No broker of {} has responded in {} ms; {} is read on when one does",
                    configuration.getBrokers(),
                    configuration.getSessionTimeoutMs(),
                    configuration.getTopic());
        }
        heard = standing.heard();
    }

    /** Reads no more, but stays in the group and commits as flows are answered. */
    void drain() {
        reading = false;
    }

    /** Whether flows that were read may still get their answer and be committed. */
    boolean isPending() {
        return member.isPresent() && !drained;
    }

    /** Leaves the group; the thread commits what is answered before. */
    void stop() {
        stopping.countDown();
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    private void awaitStopping(final long millis) {
        try {
            stopping.await(millis, TimeUnit.MILLISECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            stop();
        }
    }

    /** How this reader stands in its group; for any thread. */
    GroupMember.Standing standing() {
        return member.map(GroupMember::standing).orElse(GroupMember.Standing.OUTSIDE);
    }

    /** Why this reader is not in its group, if it knows; for any thread. */
    Optional<Exception> trouble() {
        return trouble;
    }
}
