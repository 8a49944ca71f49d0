/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import io.serveflow.ledger.Ledger;
import io.serveflow.model.BundleWatch;
import io.serveflow.model.Bundles;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the folders of the bundles in use every so often, on a thread of its own, and has a
 * changed one taken into use; logged and counted.
 */
public final class LiveBundles implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LiveBundles.class);

    private final CamelContext context;
    private final ScheduledExecutorService looks;

    private LiveBundles(final CamelContext context, final ScheduledExecutorService looks) {
        this.context = context;
        this.looks = looks;
    }

    /**
     * Begins.
     *
     * @param millis between two looks
     */
    public static LiveBundles watch(
            final CamelContext context,
            final Bundles bundles,
            final Ledger ledger,
            final long millis) {
        final BundleWatch watch = new BundleWatch(bundles, new SwapLog(ledger));
        final ScheduledExecutorService looks =
                context.getExecutorServiceManager()
                        .newSingleThreadScheduledExecutor(watch, "ServeflowBundles");
        looks.scheduleWithFixedDelay(() -> look(watch), millis, millis, TimeUnit.MILLISECONDS);
        return new LiveBundles(context, looks);
    }

    /** Whatever goes wrong with one look, such as memory that is short, there is a next one. */
    private static void look(final BundleWatch watch) {
        try {
            watch.look();
        } catch (final Throwable e) {
            LOG.warn("Bundles in use cannot be looked at; they are at the next look", e);
        }
    }

    /** Ends, after the look that is under way. */
    @Override
    public void close() {
        context.getExecutorServiceManager().shutdownGraceful(looks);
    }
}
