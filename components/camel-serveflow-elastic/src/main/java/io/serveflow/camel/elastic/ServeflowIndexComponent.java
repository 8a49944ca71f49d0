/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import io.serveflow.camel.support.CheckedConfigurer;
import io.serveflow.camel.support.OptionText;
import io.serveflow.camel.support.RawValues;
import io.serveflow.camel.support.ServeflowBeans;
import io.serveflow.camel.support.Shared;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.OnCamelContextStopping;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.HealthCheckComponent;
import org.apache.camel.support.LifecycleStrategySupport;
import org.elasticsearch.client.RestClient;

/**
 * Puts the verdicts of a {@code FlowBatch} into an Elasticsearch data stream.
 *
 * <p>Owns the clients: endpoints that reach Elasticsearch in the same way share one.
 */
@Component("serveflow-index")
public class ServeflowIndexComponent extends HealthCheckComponent {

    @Metadata private ServeflowIndexConfiguration configuration = new ServeflowIndexConfiguration();

    @Metadata(label = "advanced", autowired = true)
    private Ledger ledger;

    @Metadata(label = "advanced", autowired = true)
    private DeadLetterSink deadLetters;

    @Metadata(label = "advanced", autowired = true)
    private Clock clock;

    private final Shared<ElasticConnection, RestClient> clients =
            new Shared<>(ServeflowIndexComponent::close);
    private final Set<BulkDelivery> deliveries = ConcurrentHashMap.newKeySet();

    @Override
    public PropertyConfigurer getComponentPropertyConfigurer() {
        return CheckedConfigurer.of("serveflow-index", super.getComponentPropertyConfigurer());
    }

    @Override
    protected Endpoint createEndpoint(
            final String uri, final String remaining, final Map<String, Object> parameters)
            throws Exception {
        final ServeflowIndexConfiguration copy = configuration.copy();
        copy.setDataStream(remaining);
        final ServeflowIndexEndpoint endpoint = new ServeflowIndexEndpoint(uri, this, copy);
        RawValues.restore(uri, parameters);
        OptionText.check(uri, getEndpointPropertyConfigurer(), parameters);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    /** Names of dead letter files are understood before any option is set. */
    @Override
    public void setCamelContext(final CamelContext camelContext) {
        super.setCamelContext(camelContext);
        ServeflowBeans.of(camelContext);
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        // Routes stop only when their exchanges have ended, so tries must end before that.
        final OnCamelContextStopping drain = context -> deliveries.forEach(BulkDelivery::drain);
        getCamelContext().addLifecycleStrategy(LifecycleStrategySupport.adapt(drain));
    }

    /**
     * Begins a use of the client of a connection, the same for equal connections; it is closed with
     * the last use.
     *
     * @throws IOException if the certificate cannot be read
     */
    Shared.Use<RestClient> client(final ElasticConnection connection) throws IOException {
        return clients.acquire(connection, connection::open);
    }

    private static void close(final RestClient client) {
        try {
            client.close();
        } catch (final IOException e) {
            throw new UncheckedIOException("a client of Elasticsearch could not be closed", e);
        }
    }

    /** The account that endpoints keep, as of the start of the first one. */
    synchronized Ledger account() {
        ledger = ServeflowBeans.of(getCamelContext()).ledger(ledger);
        return ledger;
    }

    /** How many documents that were brought to all endpoints have no end yet, held or not. */
    public long openDocuments() {
        return deliveries.stream().mapToLong(BulkDelivery::openDocuments).sum();
    }

    /** How many documents all endpoints hold because the server does not take them. */
    public long heldDocuments() {
        return deliveries.stream().mapToLong(BulkDelivery::heldDocuments).sum();
    }

    /** For how long the endpoint that has held documents longest has done so, seconds. */
    public double heldSeconds() {
        return deliveries.stream().mapToLong(BulkDelivery::heldNanos).max().orElse(0) / 1e9;
    }

    void opened(final BulkDelivery delivery) {
        deliveries.add(delivery);
    }

    void closed(final BulkDelivery delivery) {
        deliveries.remove(delivery);
    }

    public ServeflowIndexConfiguration getConfiguration() {
        return configuration;
    }

    /** Options that all endpoints of the component begin with. */
    public void setConfiguration(final ServeflowIndexConfiguration configuration) {
        this.configuration = configuration;
    }

    public Ledger getLedger() {
        return ledger;
    }

    /**
     * The account in which indexed, duplicate and retried documents are counted; without it one
     * that all ServeFlow components of the Camel context share.
     */
    public void setLedger(final Ledger ledger) {
        this.ledger = ledger;
    }

    public DeadLetterSink getDeadLetters() {
        return deadLetters;
    }

    /**
     * Where documents go that the server refuses for their own sake: the path of a file, or a bean
     * as #NAME. An endpoint does not start without it.
     */
    public void setDeadLetters(final DeadLetterSink deadLetters) {
        this.deadLetters = deadLetters;
    }

    public Clock getClock() {
        return clock;
    }

    /** The clock that event.created is read from, by default the system's. */
    public void setClock(final Clock clock) {
        this.clock = clock;
    }
}
