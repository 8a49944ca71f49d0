/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import io.serveflow.ledger.DeadLetterSink;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.support.DefaultEndpoint;

/**
 * Index the verdicts of flow batches in an Elasticsearch data stream, item by item acknowledged.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "serveflow-index",
        title = "ServeFlow Index",
        syntax = "serveflow-index:dataStream",
        producerOnly = true,
        category = {Category.SEARCH, Category.MONITORING})
public class ServeflowIndexEndpoint extends DefaultEndpoint {

    @UriParam private final ServeflowIndexConfiguration configuration;

    @UriParam(label = "producer")
    private DeadLetterSink deadLetters;

    /** Those that run, one a step of a route that sends here. */
    private final List<ServeflowIndexProducer> producers = new CopyOnWriteArrayList<>();

    public ServeflowIndexEndpoint(
            final String uri,
            final ServeflowIndexComponent component,
            final ServeflowIndexConfiguration configuration) {
        super(uri, component);
        this.configuration = configuration;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        configuration.validate();
    }

    @Override
    public Producer createProducer() {
        return new ServeflowIndexProducer(this);
    }

    /** Called when a producer has started. */
    void started(final ServeflowIndexProducer producer) {
        producers.add(producer);
    }

    /** Called when a producer stops. */
    void stopping(final ServeflowIndexProducer producer) {
        producers.remove(producer);
    }

    /** Why documents are held or were given up by any step that sends here, or empty. */
    Optional<String> trouble() {
        return producers.stream().flatMap(producer -> producer.trouble().stream()).findFirst();
    }

    /** How many documents are held by all steps that send here. */
    long heldDocuments() {
        return producers.stream().mapToLong(ServeflowIndexProducer::heldDocuments).sum();
    }

    /** For how long any step that sends here has held documents without a break, nanoseconds. */
    long heldNanos() {
        return producers.stream().mapToLong(ServeflowIndexProducer::heldNanos).max().orElse(0);
    }

    @Override
    public Consumer createConsumer(final Processor processor) {
        throw new UnsupportedOperationException(
                "serveflow-index writes only, so a route cannot start from " + this);
    }

    @Override
    public ServeflowIndexComponent getComponent() {
        return (ServeflowIndexComponent) super.getComponent();
    }

    public DeadLetterSink getDeadLetters() {
        return deadLetters;
    }

    /**
     * Where documents go that the server refuses for their own sake: the path of a file, or a bean
     * as #NAME; without it that of the component, which is the DeadLetterSink of the registry if
     * there is exactly one. An endpoint does not start without any.
     */
    public void setDeadLetters(final DeadLetterSink deadLetters) {
        this.deadLetters = deadLetters;
    }

    public ServeflowIndexConfiguration getConfiguration() {
        return configuration;
    }
}
