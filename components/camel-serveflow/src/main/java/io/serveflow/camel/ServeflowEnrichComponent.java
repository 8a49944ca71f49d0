/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import io.serveflow.camel.support.CheckedConfigurer;
import io.serveflow.camel.support.OptionText;
import io.serveflow.camel.support.RawValues;
import io.serveflow.camel.support.ServeflowBeans;
import io.serveflow.camel.support.Shared;
import io.serveflow.ledger.Ledger;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.ExecutorServiceManager;
import org.apache.camel.spi.LifecycleStrategy;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.OnCamelContextStopping;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.spi.ThreadPoolProfile;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.LifecycleStrategySupport;
import org.apache.camel.util.concurrent.ThreadPoolRejectedPolicy;

/**
 * Where records of sensors meet the verdicts on their flows: {@code serveflow-enrich:NAME} keeps
 * the verdicts that pass through it, and adds them to the records that do.
 *
 * <p>Endpoints of the same name share their verdicts.
 */
@Component("serveflow-enrich")
public class ServeflowEnrichComponent extends DefaultComponent {

    private static final int THREADS = 2;
    private static final int MIN_TICK_MILLIS = 5;
    private static final int MAX_TICK_MILLIS = 200;

    @Metadata(
            label = "advanced",
            autowired = true,
            description =
                    "The account that is kept; without it one that all ServeFlow components of the"
                            + " Camel context share")
    private Ledger ledger;

    private final Shared<String, Window> windows = new Shared<>(Window::close);

    /** The verdicts of one name, with what ends the waits for them. */
    record Window(
            VerdictWindow verdicts,
            ScheduledExecutorService clock,
            ExecutorService continuations,
            ServeflowEnrichComponent component) {

        private void close() {
            verdicts.release();
            component.shutdown(clock);
            component.shutdown(continuations);
        }
    }

    private void shutdown(final ExecutorService executor) {
        getCamelContext().getExecutorServiceManager().shutdown(executor);
    }

    @Override
    public PropertyConfigurer getComponentPropertyConfigurer() {
        return CheckedConfigurer.of("serveflow-enrich", super.getComponentPropertyConfigurer());
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        // Routes stop only when their exchanges have ended, so waits must end before that.
        final OnCamelContextStopping release =
                context -> windows.values().forEach(window -> window.verdicts().release());
        final LifecycleStrategy strategy = LifecycleStrategySupport.adapt(release);
        getCamelContext().addLifecycleStrategy(strategy);
    }

    @Override
    protected Endpoint createEndpoint(
            final String uri, final String remaining, final Map<String, Object> parameters)
            throws Exception {
        if (remaining.isBlank()) {
            throw new IllegalArgumentException(
                    "a serveflow-enrich endpoint has a name, as in serveflow-enrich:flows; this one"
                            + " has none: "
                            + uri);
        }
        final ServeflowEnrichEndpoint endpoint = new ServeflowEnrichEndpoint(uri, this, remaining);
        RawValues.restore(uri, parameters);
        OptionText.check(uri, getEndpointPropertyConfigurer(), parameters);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    /** The account that endpoints keep, as of the start of the first one. */
    synchronized Ledger account() {
        ledger = ServeflowBeans.of(getCamelContext()).ledger(ledger);
        return ledger;
    }

    /**
     * Begins a use of the verdicts of that name, with these bounds if nobody uses them yet.
     *
     * @throws IllegalArgumentException if they have other bounds
     */
    Shared.Use<Window> acquire(final String name, final VerdictWindow.Options options) {
        final Ledger counted = account();
        final Shared.Use<Window> use = windows.acquire(name, () -> open(name, options, counted));
        final VerdictWindow.Options present = use.value().verdicts().options();
        if (!present.equals(options)) {
            use.release();
            throw new IllegalArgumentException(
                    "serveflow-enrich:"
                            + name
                            + " is used with different bounds: "
                            + present
                            + " and "
                            + options
                            + "; set the same on each endpoint");
        }
        return use;
    }

    private Window open(
            final String name, final VerdictWindow.Options options, final Ledger counted) {
        final String source = "serveflow-enrich-" + name;
        final ExecutorServiceManager executors = getCamelContext().getExecutorServiceManager();
        final ExecutorService continuations =
                executors.newThreadPool(this, source, continuing(source, options.maxWaiting()));
        final ScheduledExecutorService clock =
                executors.newSingleThreadScheduledExecutor(this, source + "-waits");
        final VerdictWindow verdicts =
                new VerdictWindow(
                        options, System::nanoTime, Clock.systemUTC(), counted, continuations);
        final long tick =
                Math.max(MIN_TICK_MILLIS, Math.min(MAX_TICK_MILLIS, options.waitMillis() / 4));
        clock.scheduleWithFixedDelay(verdicts::tick, tick, tick, TimeUnit.MILLISECONDS);
        return new Window(verdicts, clock, continuations, this);
    }

    /**
     * Has room for all records that may wait: if the thread that brings a verdict had to take one,
     * a route of records that stands still would hold up that of the verdicts.
     */
    private static ThreadPoolProfile continuing(final String name, final int records) {
        final ThreadPoolProfile profile = new ThreadPoolProfile(name);
        profile.setPoolSize(THREADS);
        profile.setMaxPoolSize(THREADS);
        profile.setMaxQueueSize(Math.max(1, records));
        profile.setRejectedPolicy(ThreadPoolRejectedPolicy.Abort);
        return profile;
    }

    /** How many records wait for the verdicts on their flows. */
    public int waitingRecords() {
        return windows.values().stream().mapToInt(window -> window.verdicts().waiting()).sum();
    }

    /** On how many flows verdicts are kept. */
    public int keptVerdicts() {
        return windows.values().stream().mapToInt(window -> window.verdicts().verdicts()).sum();
    }

    public Ledger getLedger() {
        return ledger;
    }

    public void setLedger(final Ledger ledger) {
        this.ledger = ledger;
    }
}
