/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import io.serveflow.camel.sensor.BatchSender;
import io.serveflow.camel.support.Backoff;
import io.serveflow.camel.support.Worker;
import java.util.Optional;
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
 *
 * <p>For the thread of its worker, but for what says that it is for any.
 */
final class KafkaReader implements Worker.Task {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaReader.class);

    private static final Backoff BACKOFF = Backoff.of(1_000, 60_000);

    private final ServeflowKafkaEndpoint endpoint;
    private final int number;
    private final BatchSender sender;
    private final ExecutorService senderThread;
    private final ExceptionHandler exceptionHandler;
    private Optional<KafkaConsumer<byte[], byte[]>> opened = Optional.empty();
    private int failures;
    private boolean heard;
    private volatile boolean reading = true;
    private volatile boolean drained;
    private volatile Optional<GroupMember> member = Optional.empty();
    private volatile Optional<Throwable> trouble = Optional.empty();

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
    public int turn() {
        final GroupMember joined = member.orElseGet(this::join);
        joined.step(reading);
        drained = !reading && joined.isAnswered();
        listen(joined.standing());
        return 1;
    }

    private GroupMember join() {
        final KafkaConsumer<byte[], byte[]> consumer = opened.orElseGet(this::newConsumer);
        opened = Optional.empty();
        final GroupMember joining = new GroupMember(endpoint, consumer, sender, senderThread);
        member = Optional.of(joining);
        joining.join();
        return joining;
    }

    @Override
    public long failed(final Throwable e, final int failuresInARow) {
        try {
            leave();
        } catch (final RuntimeException ofLeaving) {
            e.addSuppressed(ofLeaving);
        }
        trouble = Optional.of(e);
        if (e instanceof FencedInstanceIdException) {
            /* Coming back would throw out the other one, which would come back too. */
            exceptionHandler.handleException(
                    "Another consumer has the same groupInstanceId; this one ends", e);
            return Worker.END;
        }
        if (!(e instanceof RuntimeException)) {
            exceptionHandler.handleException("Reading from Kafka has ended", e);
            return Worker.END;
        }
        failures++;
        final long delay = BACKOFF.delayMillis(failures);
        exceptionHandler.handleException(
                "Cannot read from Kafka, which is tried again in "
                        + delay
                        + " ms: "
                        + ClientFailure.sentence(e),
                e);
        return TimeUnit.MILLISECONDS.toNanos(delay);
    }

    @Override
    public void ended() {
        try {
            leave();
        } catch (final RuntimeException e) {
            exceptionHandler.handleException("Cannot leave the group", e);
        } finally {
            close();
        }
    }

    /** Leaves the group, if it is in it; commits what is answered before. */
    private void leave() {
        try {
            member.ifPresent(GroupMember::close);
        } finally {
            member = Optional.empty();
        }
    }

    /** Closes what {@link #open} made, where no turn has taken it; once there are no turns. */
    void close() {
        opened.ifPresent(KafkaConsumer::close);
        opened = Optional.empty();
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

    /** Reads no more, but stays in the group and commits as flows are answered; for any thread. */
    void drain() {
        reading = false;
    }

    /** Whether flows that were read may still get their answer and be committed; for any thread. */
    boolean isPending() {
        return member.isPresent() && !drained;
    }

    /** How this reader stands in its group; for any thread. */
    GroupMember.Standing standing() {
        return member.map(GroupMember::standing).orElse(GroupMember.Standing.OUTSIDE);
    }

    /** Why this reader is not in its group, if it knows; for any thread. */
    Optional<Throwable> trouble() {
        return trouble;
    }
}
