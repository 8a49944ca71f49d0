/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import io.serveflow.app.repair.KeptFlows;
import io.serveflow.app.repair.RepairLines;
import io.serveflow.batch.FlowBatch;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;

/**
 * Keeps the flows of a batch whose slow tier had no answer; the exchange goes on when they are
 * kept, or given up, and never fails.
 *
 * <p>Holds no thread meanwhile: the rest of an exchange that has to wait runs on one of the pool
 * {@code ServeflowKept}.
 */
final class UnansweredFlows extends AsyncProcessorSupport {

    private final KeptFlows kept;
    private final Supplier<CamelContext> context;
    private volatile ExecutorService continuations;

    /**
     * @param context the one that runs the routes, once they start
     */
    UnansweredFlows(final KeptFlows kept, final Supplier<CamelContext> context) {
        this.kept = Objects.requireNonNull(kept, "kept");
        this.context = Objects.requireNonNull(context, "context");
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        continuations =
                context.get()
                        .getExecutorServiceManager()
                        .newCachedThreadPool(this, "ServeflowKept");
    }

    @Override
    protected void doStop() throws Exception {
        if (continuations != null) {
            context.get().getExecutorServiceManager().shutdown(continuations);
        }
        super.doStop();
    }

    @Override
    public boolean process(final Exchange exchange, final AsyncCallback callback) {
        final List<byte[]> lines =
                exchange.getMessage().getBody() instanceof FlowBatch batch
                        ? RepairLines.of(batch)
                        : List.of();
        final CompletableFuture<Void> end =
                lines.isEmpty() ? CompletableFuture.completedFuture(null) : kept.keep(lines);
        if (end.isDone()) {
            callback.done(true);
            return true;
        }
        end.whenComplete((done, failure) -> goOn(callback));
        return false;
    }

    /** What completes this must not wait, as it serves Kafka's client. */
    private void goOn(final AsyncCallback callback) {
        try {
            continuations.execute(() -> callback.done(false));
        } catch (final RejectedExecutionException e) {
            // The routes have stopped meanwhile; whoever waits for the exchange is to know its end.
            callback.done(false);
        }
    }
}
