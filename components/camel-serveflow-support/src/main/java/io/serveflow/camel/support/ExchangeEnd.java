/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.support;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;

/** How an exchange goes on once the asynchronous step of a producer has ended. */
public final class ExchangeEnd {

    private ExchangeEnd() {}

    /**
     * Has the exchange go on when the step ends, with the error of the step if that is how it ends.
     *
     * @param continuations runs the rest of the exchange, which may block; where it takes nothing
     *     more, as after a stop that did not wait for the step, a thread of its own does: an
     *     exchange must have an end all the same, and whoever ends the step should not be blocked,
     *     unless the system gives no thread
     */
    public static void after(
            final CompletableFuture<Void> step,
            final Exchange exchange,
            final AsyncCallback callback,
            final Executor continuations) {
        step.whenComplete(
                (nothing, error) -> {
                    if (error != null) {
                        exchange.setException(
                                error instanceof CompletionException ? error.getCause() : error);
                    }
                    final Runnable rest = () -> callback.done(false);
                    try {
                        continuations.execute(rest);
                    } catch (final RejectedExecutionException e) {
                        try {
                            new Thread(rest, "ServeflowEnd").start();
                        } catch (final OutOfMemoryError noThread) {
                            rest.run();
                        }
                    }
                });
    }
}
