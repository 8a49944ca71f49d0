/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

class ExchangeEndTest {

    private final CompletableFuture<Void> step = new CompletableFuture<>();
    private final Exchange exchange = new DefaultExchange(new DefaultCamelContext());
    private final List<Boolean> done = new ArrayList<>();

    @Test
    void shouldGoOnWhenTheStepEnds() {
        ExchangeEnd.after(step, exchange, done::add, Runnable::run);
        assertThat(done).isEmpty();

        step.complete(null);

        assertThat(done).containsExactly(false);
        assertThat(exchange.getException()).isNull();
    }

    @Test
    void shouldGoOnWithTheErrorOfTheStep() {
        final IOException full = new IOException("full");
        ExchangeEnd.after(step.thenApply(nothing -> nothing), exchange, done::add, Runnable::run);

        step.completeExceptionally(full);

        assertThat(exchange.getException()).isSameAs(full);
        assertThat(done).containsExactly(false);
    }

    @Test
    void shouldGoOnWhereThePoolHasBeenShutDown() {
        final ExecutorService pool = Executors.newSingleThreadExecutor();
        final CompletableFuture<Thread> by = new CompletableFuture<>();
        ExchangeEnd.after(step, exchange, doneSync -> by.complete(Thread.currentThread()), pool);
        pool.shutdown();

        step.complete(null);

        assertThat(by).succeedsWithin(Duration.ofSeconds(30)).isNotSameAs(Thread.currentThread());
    }
}
