/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import io.serveflow.batch.FlowBatch;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.ContextInterest;
import io.serveflow.testing.kafka.LocalKafka;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckAware;
import org.apache.camel.impl.DefaultCamelContext;

/** A route from {@code serveflow-kafka}, which keeps what it is sent. */
final class KafkaRoute implements AutoCloseable {

    final Ledger ledger = new Ledger();
    final List<DeadLetter> deadLetters = new CopyOnWriteArrayList<>();
    final List<List<String>> batches = new CopyOnWriteArrayList<>();

    private final DefaultCamelContext context = new DefaultCamelContext();

    /**
     * @param parameters of the address, beside the broker and intervals for tests
     * @param taking called with each batch after it is kept; the route fails with it
     */
    private KafkaRoute(final String address, final ContextInterest interest, final Taking taking)
            throws Exception {
        context.getRegistry().bind("ledger", ledger);
        context.getRegistry().bind("deadLetters", (DeadLetterSink) deadLetters::add);
        context.getRegistry().bind("interest", ContextInterest.class, interest);
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(address)
                                .id("kafka")
                                .process(
                                        exchange -> {
                                            final FlowBatch batch =
                                                    exchange.getMessage().getBody(FlowBatch.class);
                                            batches.add(uids(batch));
                                            taking.take(batch);
                                        });
                    }
                });
    }

    /** What a route does with a batch. */
    @FunctionalInterface
    interface Taking {
        void take(FlowBatch batch) throws Exception;
    }

    static KafkaRoute started(
            final LocalKafka kafka, final String topicAndParameters, final Taking taking)
            throws Exception {
        return started(kafka, topicAndParameters, ContextInterest.all(), taking);
    }

    static KafkaRoute started(
            final LocalKafka kafka,
            final String topicAndParameters,
            final ContextInterest interest,
            final Taking taking)
            throws Exception {
        final KafkaRoute route =
                new KafkaRoute(address(kafka, topicAndParameters), interest, taking);
        route.context.start();
        return route;
    }

    /** The address of a source with short times; parameters that are given win. */
    static String address(final LocalKafka kafka, final String topicAndParameters) {
        final String given =
                topicAndParameters.contains("?") ? topicAndParameters : topicAndParameters + "?";
        return "serveflow-kafka:"
                + given
                + Stream.of(
                                "brokers=" + kafka.brokers(),
                                "pollTimeoutMs=50",
                                "commitIntervalMs=0",
                                "redeliveryDelay=1",
                                "sessionTimeoutMs=3000",
                                "heartbeatIntervalMs=100")
                        .filter(
                                parameter ->
                                        !given.contains(
                                                parameter.substring(0, parameter.indexOf('='))))
                        .collect(Collectors.joining("&", "&", ""));
    }

    static List<String> uids(final FlowBatch batch) {
        return IntStream.range(0, batch.size()).mapToObj(i -> batch.record(i).id().uid()).toList();
    }

    /** The flows of all records that came, in order. */
    List<String> uids() {
        return batches.stream().flatMap(List::stream).toList();
    }

    HealthCheck.Result health() {
        final HealthCheckAware consumer =
                (HealthCheckAware) context.getRoute("kafka").getConsumer();
        return consumer.getHealthCheck().call();
    }

    boolean isStopping() {
        return context.isStopping();
    }

    @Override
    public void close() {
        context.stop();
    }
}
