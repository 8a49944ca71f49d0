/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import io.serveflow.camel.support.IdleStrategy;
import io.serveflow.camel.support.Worker;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends records to a topic for those who must not wait for Kafka: what its client has no room for,
 * or does not know a broker for, is refused at once, and each record ends once, acknowledged or
 * refused.
 *
 * <p>Until a broker has said where the topic is, it is asked again and again, on a thread of its
 * own; and so it is, from the brokers of the settings on, after a record that none of those has
 * acknowledged that were known by then. Safe for use by many threads.
 */
public final class TopicSender implements AutoCloseable {

    /** The most bytes that wait for Kafka. */
    public static final long MAX_WAITING_BYTES = 32 << 20;

    /** How long a record is sent again and again before it is refused. */
    public static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Logger LOG = LoggerFactory.getLogger(TopicSender.class);

    private static final Duration CLOSE = Duration.ofSeconds(10);

    /** Where nothing was sent for long, Kafka's client forgets where the topic is. */
    private static final long NEVER_MILLIS = TimeUnit.DAYS.toMillis(36_500);

    private final ServeflowKafkaConfiguration settings;
    private final Duration patience;
    private final Worker opening;
    private volatile Optional<KafkaProducer<byte[], byte[]>> client = Optional.empty();

    /** Whether a record was not acknowledged in time, and none was since. */
    private volatile boolean unanswered;

    private boolean closed;

    /** Why the topic could not be asked for, where Kafka's client has said so. */
    private volatile Optional<Throwable> failure = Optional.empty();

    /** Says that a record was not, and will not be, acknowledged. */
    public static final class RefusedException extends Exception {

        private static final long serialVersionUID = 1L;

        private final boolean full;

        private RefusedException(final boolean full, final String sentence) {
            super(sentence, null, false, false);
            this.full = full;
        }

        /** Whether as many bytes waited for Kafka as may. */
        public boolean isFull() {
            return full;
        }
    }

    /**
     * @param settings with the brokers and the topic
     */
    public TopicSender(final CamelContext context, final ServeflowKafkaConfiguration settings) {
        this(context, settings, PATIENCE);
    }

    /**
     * @param patience how long a record is sent again and again
     */
    TopicSender(
            final CamelContext context,
            final ServeflowKafkaConfiguration settings,
            final Duration patience) {
        this.patience = Objects.requireNonNull(patience, "patience");
        this.settings = Objects.requireNonNull(settings, "settings").copy();
        this.opening =
                Worker.of(
                        context,
                        "ServeflowKafkaOpen",
                        IdleStrategy.backoff(10, 1_000, TimeUnit.MILLISECONDS),
                        new Opening());
    }

    /**
     * Begins to ask where the topic is.
     *
     * @param millis how long to wait until that is known
     * @return whether it is known
     */
    public boolean start(final long millis) throws InterruptedException {
        opening.start();
        return opening.awaitEnd(millis);
    }

    /**
     * Hands a record to Kafka's client, and never waits.
     *
     * @return ends when Kafka has acknowledged it, or fails with a {@link RefusedException}; on the
     *     thread of Kafka's client, which must not wait
     */
    public CompletableFuture<Void> send(final byte[] value) {
        return send(value, OptionalLong.empty());
    }

    /**
     * The same, of a record that has a time.
     *
     * @param timestamp in ms since 1970; that of the call where it is empty
     */
    public CompletableFuture<Void> send(final byte[] value, final OptionalLong timestamp) {
        final CompletableFuture<Void> ended = new CompletableFuture<>();
        if (client.isEmpty()) {
            ended.completeExceptionally(new RefusedException(false, silence()));
            return ended;
        }
        try {
            client.get()
                    .send(
                            record(value, timestamp),
                            (metadata, refusal) -> {
                                if (refusal == null) {
                                    unanswered = false;
                                    ended.complete(null);
                                } else {
                                    ended.completeExceptionally(refused(refusal));
                                }
                            });
        } catch (final RuntimeException e) {
            ended.completeExceptionally(refused(e));
        }
        return ended;
    }

    private ProducerRecord<byte[], byte[]> record(
            final byte[] value, final OptionalLong timestamp) {
        return new ProducerRecord<>(
                settings.getTopic(),
                null,
                timestamp.isPresent() ? timestamp.getAsLong() : null,
                null,
                value);
    }

    private RefusedException refused(final Exception e) {
        if (e instanceof BufferExhaustedException) {
            return new RefusedException(
                    true,
                    "%d MiB wait for Kafka at %s already"
                            .formatted(MAX_WAITING_BYTES >> 20, settings.getBrokers()));
        }
        if (e instanceof TimeoutException) {
            openAgain();
        }
        return new RefusedException(false, ClientFailure.sentence(e));
    }

    private synchronized void openAgain() {
        unanswered = true;
        if (!closed && !opening.isRunning()) {
            opening.start();
        }
    }

    private String silence() {
        return "Kafka at "
                + settings.getBrokers()
                + " has not said yet where the topic "
                + settings.getTopic()
                + " is"
                + failure.map(why -> " (" + ClientFailure.sentence(why) + ")").orElse("");
    }

    /**
     * @param number of the client; two of the same name would be one to whoever watches them
     */
    private Properties properties(final int number) {
        final Properties properties = settings.producerProperties();
        properties.put(
                ProducerConfig.CLIENT_ID_CONFIG,
                settings.getClientId() + "-lines" + (number == 1 ? "" : "-" + number));
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0);
        properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, MAX_WAITING_BYTES);
        properties.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, NEVER_MILLIS);
        // The client would forget the topic as soon as no broker answers, and refuse what it may
        // hold meanwhile; so it is not that which asks the brokers of the settings again.
        properties.put(CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG, "none");
        final int delivery = (int) patience.toMillis();
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, delivery);
        properties.put(
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                Math.min(
                        (int) properties.get(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG),
                        delivery - settings.getLingerMs()));
        // A record twice does no harm, and without order none waits for another one.
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "false");
        return properties;
    }

    /**
     * Gives what was handed over ten seconds to be acknowledged; what is not by then is refused.
     */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        opening.stop();
        try {
            client.ifPresent(open -> open.close(CLOSE));
        } catch (final KafkaException e) {
            // All that was handed over has its end by then; what is left is the client's own.
            LOG.warn(
                    "Kafka's client for the topic {} could not be closed: {}",
                    settings.getTopic(),
                    ClientFailure.sentence(e));
        }
    }

    /** Makes a client, and asks where the topic is until a broker has said so. */
    private final class Opening implements Worker.Task {

        private Optional<KafkaProducer<byte[], byte[]>> next = Optional.empty();
        private int made;

        @Override
        public int turn() {
            if (client.isPresent() && !unanswered) {
                return Worker.DONE;
            }
            if (next.isEmpty() && settings.anyBrokerResolves()) {
                made++;
                next = Optional.of(new KafkaProducer<>(properties(made)));
            }
            if (next.isPresent() && isKnown(next.get())) {
                use();
                return Worker.DONE;
            }
            return 0;
        }

        private boolean isKnown(final KafkaProducer<byte[], byte[]> asked) {
            try {
                return !asked.partitionsFor(settings.getTopic()).isEmpty();
            } catch (final TimeoutException e) {
                return false;
            }
        }

        private void use() {
            final Optional<KafkaProducer<byte[], byte[]>> former = client;
            client = next;
            next = Optional.empty();
            unanswered = false;
            failure = Optional.empty();
            former.ifPresent(left -> left.close(CLOSE));
        }

        /** Those who send hear of it. */
        @Override
        public long failed(final Throwable why, final int failures) {
            failure = Optional.of(why);
            return TimeUnit.SECONDS.toNanos(1);
        }

        @Override
        public void ended() {
            next.ifPresent(left -> left.close(Duration.ZERO));
            next = Optional.empty();
        }
    }
}
