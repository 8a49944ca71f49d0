/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.health.WritableHealthCheckRepository;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * The check {@code producer:serveflow-kafka-TOPIC}, for a second cluster with a topic of that name
 * {@code producer:serveflow-kafka-TOPIC@BROKERS}: down while Kafka does not acknowledge what is
 * sent to a topic, which is kept and sent until it does.
 */
final class SendingHealthCheck extends AbstractHealthCheck {

    /** How long an acknowledgement may take that nobody needs to hear of. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final ServeflowKafkaConfiguration configuration;
    private final Optional<WritableHealthCheckRepository> repository;
    private final Unacknowledged unacknowledged = new Unacknowledged();

    /**
     * @param also what distinguishes it from the check of a topic of the same name at another
     *     cluster
     * @param repository where it is to be found, if health is looked at at all
     */
    SendingHealthCheck(
            final ServeflowKafkaConfiguration configuration,
            final String also,
            final Optional<WritableHealthCheckRepository> repository) {
        super("camel", "producer:serveflow-kafka-" + configuration.getTopic() + also);
        this.configuration = configuration;
        this.repository = repository;
    }

    void enter() {
        repository.ifPresent(checks -> checks.addHealthCheck(this));
    }

    void leave() {
        repository.ifPresent(checks -> checks.removeHealthCheck(this));
    }

    String topic() {
        return configuration.getTopic();
    }

    /** What all steps that send to the topic have sent and Kafka has not acknowledged. */
    Unacknowledged unacknowledged() {
        return unacknowledged;
    }

    @Override
    protected void doCall(
            final HealthCheckResultBuilder builder, final Map<String, Object> options) {
        final long waits = unacknowledged.oldestNanos(System.nanoTime());
        builder.detail("topic", configuration.getTopic());
        builder.detail("brokers", configuration.getBrokers());
        builder.detail("unacknowledged.batches", unacknowledged.size());
        builder.detail("unacknowledged.seconds", TimeUnit.NANOSECONDS.toSeconds(waits));
        trouble(waits).ifPresentOrElse(message -> builder.down().message(message), builder::up);
    }

    private Optional<String> trouble(final long waits) {
        if (waits > PATIENCE_NANOS) {
            return Optional.of(
                    "Kafka at %s has not acknowledged what was sent to %s in %d s; it is sent until it is"
                            .formatted(
                                    configuration.getBrokers(),
                                    configuration.getTopic(),
                                    TimeUnit.NANOSECONDS.toSeconds(waits)));
        }
        return unacknowledged
                .failure()
                .map(
                        e ->
                                "Kafka at %s did not take what was sent to %s: %s"
                                        .formatted(
                                                configuration.getBrokers(),
                                                configuration.getTopic(),
                                                ClientFailure.sentence(e)));
    }
}
