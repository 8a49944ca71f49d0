/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import io.serveflow.cascade.ContextJoin;
import io.serveflow.cascade.FlowBatch;
import io.serveflow.flow.FlowRecord;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.DefaultConsumer;

/**
 * Sends what leaves the join down the slow route, one exchange a batch: flows with their context
 * and {@code CamelServeflowUncertain} true, and flows whose context did not come with it false.
 *
 * <p>At shutdown the route stays open until the join is empty, so that no flow goes without its
 * verdict.
 */
public class ServeflowJoinConsumer extends DefaultConsumer implements ShutdownAware {

    private static final long POLL_MILLIS = 100;

    private final ServeflowJoinEndpoint endpoint;
    private ContextJoin join;
    private ExecutorService threads;
    private volatile boolean running;

    public ServeflowJoinConsumer(final ServeflowJoinEndpoint endpoint, final Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        join =
                endpoint.getComponent()
                        .acquire(endpoint.getName(), ServeflowJoinComponent.options(endpoint));
        running = true;
        threads =
                endpoint.getCamelContext()
                        .getExecutorServiceManager()
                        .newFixedThreadPool(
                                this,
                                "serveflow-join-" + endpoint.getName(),
                                endpoint.getConcurrentConsumers());
        for (int i = 0; i < endpoint.getConcurrentConsumers(); i++) {
            threads.execute(this::deliver);
        }
    }

    @Override
    protected void doStop() throws Exception {
        running = false;
        if (threads != null) {
            endpoint.getCamelContext().getExecutorServiceManager().shutdownGraceful(threads);
            threads = null;
            endpoint.getComponent().release(endpoint.getName());
        }
        super.doStop();
    }

    private void deliver() {
        while (running) {
            try {
                final Optional<FlowBatch> batch =
                        join.poll(endpoint.getBatchSize(), POLL_MILLIS, TimeUnit.MILLISECONDS);
                if (batch.isPresent()) {
                    deliver(batch.get());
                }
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (final Exception e) {
                getExceptionHandler().handleException("Cannot deliver joined flows", e);
            }
        }
    }

    private void deliver(final FlowBatch batch) throws Exception {
        final Exchange exchange = createExchange(false);
        try {
            exchange.getMessage().setBody(batch);
            exchange.getMessage()
                    .setHeader(
                            ServeflowConstants.UNCERTAIN,
                            batch.stage() == FlowRecord.Stage.CONTEXT);
            getProcessor().process(exchange);
            if (exchange.getException() != null) {
                getExceptionHandler()
                        .handleException(
                                "Cannot process joined flows", exchange, exchange.getException());
            }
        } finally {
            releaseExchange(exchange, false);
        }
    }

    @Override
    public boolean deferShutdown(final ShutdownRunningTask shutdownRunningTask) {
        return true;
    }

    @Override
    public int getPendingExchangesSize() {
        return join == null ? 0 : join.size();
    }

    @Override
    public void prepareShutdown(final boolean suspendOnly, final boolean forced) {
        if (!suspendOnly && join != null) {
            join.close();
        }
    }
}
