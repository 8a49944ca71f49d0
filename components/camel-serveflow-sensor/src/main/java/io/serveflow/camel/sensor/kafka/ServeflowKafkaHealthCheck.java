/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.kafka;

import io.serveflow.camel.sensor.kafka.ServeflowKafkaConsumer.Worker;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Whether Kafka is read and the route takes what is read, and how far behind that is. */
final class ServeflowKafkaHealthCheck extends AbstractHealthCheck {

    private final ServeflowKafkaConsumer consumer;

    ServeflowKafkaHealthCheck(final ServeflowKafkaConsumer consumer) {
        super(
                "camel",
                "consumer:serveflow-kafka-" + consumer.getEndpoint().getConfiguration().getTopic());
        this.consumer = consumer;
    }

    @Override
    protected void doCall(
            final HealthCheckResultBuilder builder, final Map<String, Object> options) {
        final List<Worker> workers = consumer.workers();
        final List<GroupMember.Standing> standings =
                workers.stream().map(worker -> worker.reader().standing()).toList();
        final ServeflowKafkaConfiguration configuration = consumer.getEndpoint().getConfiguration();
        builder.detail("topic", configuration.getTopic());
        builder.detail("brokers", configuration.getBrokers());
        builder.detail("group", configuration.getGroupId());
        builder.detail(
                "partitions", standings.stream().mapToInt(GroupMember.Standing::partitions).sum());
        builder.detail("lag", standings.stream().mapToLong(GroupMember.Standing::lag).sum());
        trouble(workers, standings)
                .ifPresentOrElse(message -> builder.down().message(message), builder::up);
    }

    private static Optional<String> trouble(
            final List<Worker> workers, final List<GroupMember.Standing> standings) {
        return Stream.of(
                        workers.stream()
                                .flatMap(worker -> worker.reader().trouble().stream())
                                .map(e -> "Kafka cannot be read: " + e.getMessage()),
                        standings.stream()
                                .filter(standing -> !standing.heard())
                                .map(standing -> "no broker has answered yet or for long"),
                        workers.stream()
                                .flatMap(worker -> worker.sender().failure().stream())
                                .map(
                                        e ->
                                                "the route does not take what is read: "
                                                        + e.getMessage()))
                .flatMap(messages -> messages)
                .findFirst();
    }
}
