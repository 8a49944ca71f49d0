/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.file;

import io.serveflow.camel.support.ExchangeEnd;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.WritableHealthCheckRepository;
import org.apache.camel.support.DefaultAsyncProducer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the verdicts of a message and ends the exchange when every one of them is durable.
 *
 * <p>{@link #process} waits while as many bytes as allowed wait to be written, against the custom
 * of asynchronous producers: this wait holds up the source that calls it. The rest of the exchange
 * runs on a thread of the pool {@code ServeflowFileWritten}.
 */
class ServeflowFileProducer extends DefaultAsyncProducer {

    /** How long what is under way may take to end when the producer stops. */
    static final int DRAIN_SECONDS = 10;

    private static final Logger LOG = LoggerFactory.getLogger(ServeflowFileProducer.class);

    private final ServeflowFileEndpoint endpoint;

    /** Batches of this producer that have no end yet; others may share its writer. */
    private final Set<CompletableFuture<Void>> underWay = ConcurrentHashMap.newKeySet();

    private Optional<ServeflowFileComponent.Use> use = Optional.empty();
    private volatile GroupCommit commit;
    private Clock clock;
    private ExecutorService continuations;
    private Optional<ServeflowFileHealthCheck> healthCheck = Optional.empty();

    ServeflowFileProducer(final ServeflowFileEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    public boolean process(final Exchange exchange, final AsyncCallback callback) {
        final Lines lines;
        try {
            if (!isRunAllowed()) {
                throw new RejectedExecutionException(endpoint + " is not running");
            }
            lines = VerdictLines.of(exchange, clock.instant());
        } catch (final RuntimeException e) {
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        final CompletableFuture<Void> end = commit.write(lines);
        underWay.add(end);
        end.whenComplete((nothing, error) -> underWay.remove(end));
        ExchangeEnd.after(end, exchange, callback, continuations);
        return false;
    }

    @Override
    public ServeflowFileEndpoint getEndpoint() {
        return endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        final ServeflowFileComponent component = endpoint.getComponent();
        final ServeflowFileComponent.Use begun = component.writer(endpoint.getConfiguration());
        use = Optional.of(begun);
        commit = begun.commit();
        clock = component.clock();
        continuations =
                endpoint.getCamelContext()
                        .getExecutorServiceManager()
                        .newCachedThreadPool(this, "ServeflowFileWritten");
        final WritableHealthCheckRepository checks = checks();
        if (checks != null) {
            final ServeflowFileHealthCheck check = new ServeflowFileHealthCheck(endpoint);
            check.setEnabled(component.isHealthCheckProducerEnabled());
            checks.addHealthCheck(check);
            healthCheck = Optional.of(check);
        }
    }

    private WritableHealthCheckRepository checks() {
        return HealthCheckHelper.getHealthCheckRepository(
                endpoint.getCamelContext(), "producers", WritableHealthCheckRepository.class);
    }

    @Override
    protected void doStop() throws Exception {
        healthCheck.ifPresent(check -> checks().removeHealthCheck(check));
        healthCheck = Optional.empty();
        // It was not begun if the start failed.
        if (use.isPresent()) {
            // What is under way may end, or it would count as returned though it is written.
            awaitOwn();
            use.get().release().run();
            use = Optional.empty();
            endpoint.getCamelContext().getExecutorServiceManager().shutdown(continuations);
        }
        super.doStop();
    }

    private void awaitOwn() {
        try {
            CompletableFuture.allOf(underWay.toArray(CompletableFuture[]::new))
                    .get(DRAIN_SECONDS, TimeUnit.SECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (final ExecutionException | TimeoutException e) {
            // Each has said why to its own exchange, or does so when the writer ends.
            LOG.debug("Not all batches of {} were written before its stop", endpoint, e);
        }
    }
}
