/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import io.serveflow.camel.sensor.ReadRecords;
import io.serveflow.camel.sensor.SensorEndpoint;
import io.serveflow.camel.support.OptionFaults;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.ContextInterest;
import io.serveflow.sensor.SensorStream;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.kafka.common.TopicPartition;

/**
 * Read the lines of sensors, or flows and verdicts of other processes, from Kafka topics, and
 * commit offsets when every flow is acknowledged; send flows and verdicts to a topic.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "serveflow-kafka",
        title = "ServeFlow Kafka",
        syntax = "serveflow-kafka:topic",
        category = {Category.MESSAGING, Category.MONITORING})
@Metadata(excludeProperties = "batchSize,batchDelay")
public class ServeflowKafkaEndpoint extends SensorEndpoint {

    @UriParam private final ServeflowKafkaConfiguration configuration;

    public ServeflowKafkaEndpoint(
            final String uri,
            final ServeflowKafkaComponent component,
            final ServeflowKafkaConfiguration configuration) {
        super(uri, component);
        this.configuration = configuration;
    }

    @Override
    protected void check(final OptionFaults faults) {
        super.check(faults);
        configuration.check(faults);
    }

    @Override
    public Consumer createConsumer(final Processor processor) throws Exception {
        final ServeflowKafkaConsumer consumer = new ServeflowKafkaConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public Producer createProducer() {
        final Content content = configuration.contentOfValues();
        if (content == Content.LINES) {
            throw new IllegalArgumentException(
                    getEndpointBaseUri()
                            + ": content must be flows or documents to send to a topic, was "
                            + content.id()
                            + ", which is only read");
        }
        if (configuration.isTopicIsPattern() || configuration.topics().size() != 1) {
            throw new IllegalArgumentException(
                    getEndpointBaseUri() + ": topic must be one name to send to");
        }
        return new ServeflowKafkaProducer(this, configuration.topics().get(0), content);
    }

    /** What the values of the topics are read as. */
    PolledContent content() {
        return switch (configuration.contentOfValues()) {
            case LINES -> new PolledLines(this);
            case FLOWS ->
                    new PolledFlows(getComponent().getLedger(), getComponent().getDeadLetters());
            case DOCUMENTS ->
                    new PolledDocuments(
                            getComponent().getLedger(), getComponent().getDeadLetters());
        };
    }

    /** Which context records need not be read, where records of a flow come in order. */
    ContextInterest interest() {
        return configuration.isKeyedByFlow()
                ? getComponent().getContextInterest()
                : ContextInterest.all();
    }

    /** The flow records in the lines of a partition. */
    SensorStream stream(
            final TopicPartition partition, final Ledger ledger, final ReadRecords records) {
        return new SensorStream(
                "kafka:" + partition,
                sensorFormats(),
                assembling(),
                ledger,
                getComponent().getDeadLetters(),
                records,
                records);
    }

    @Override
    public ServeflowKafkaComponent getComponent() {
        return (ServeflowKafkaComponent) super.getComponent();
    }

    public ServeflowKafkaConfiguration getConfiguration() {
        return configuration;
    }
}
