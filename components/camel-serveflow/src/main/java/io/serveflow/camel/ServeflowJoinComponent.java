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
import io.serveflow.cascade.ContextJoin;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import io.serveflow.verdict.VerdictListener;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/**
 * The slow path's meeting place: {@code serveflow-join:NAME} takes in uncertain flows and context
 * records, and gives out flows together with their contexts.
 *
 * <p>Endpoints of the same name share one join, as those of {@code seda} share a queue.
 */
@Component("serveflow-join")
public class ServeflowJoinComponent extends DefaultComponent {

    @Metadata(
            label = "advanced",
            autowired = true,
            description =
                    "The account that is kept; without it one that all ServeFlow components of the"
                            + " Camel context share")
    private Ledger ledger;

    @Metadata(
            label = "advanced",
            autowired = true,
            description = "Called with each verdict that is given out")
    private VerdictListener verdictListener;

    @Metadata(
            label = "advanced",
            autowired = true,
            description =
                    "Keeps the verdicts of flows whose route fails for good: the path of a file, or"
                            + " a bean as #NAME. A route from a join does not start without it")
    private DeadLetterSink deadLetters;

    /** What joins have counted that nobody uses any more. */
    private final AtomicLong takenBefore = new AtomicLong();

    private final AtomicLong givenUpBefore = new AtomicLong();

    private final Shared<String, NamedJoin> joins = new Shared<>(this::end);

    /** Those of the routes that there are, by which the joins are known that flows come out of. */
    private final Set<ServeflowJoinConsumer> consumers =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    /** Names of dead letter files are understood before any option is set. */
    @Override
    public void setCamelContext(final CamelContext camelContext) {
        super.setCamelContext(camelContext);
        ServeflowBeans.of(camelContext);
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        getCamelContext()
                .addStartupListener((context, started) -> requireConsumers(context, started));
    }

    /** Fills in what neither an option nor the registry has, when an endpoint is made ready. */
    synchronized void complete() {
        ledger = ServeflowBeans.of(getCamelContext()).ledger(ledger);
        if (verdictListener == null) {
            verdictListener = (flow, verdict) -> {};
        }
    }

    /** Where dead letters go; an endpoint that may have some does not start without it. */
    DeadLetterSink openDeadLetters() {
        return ServeflowBeans.deadLetters("serveflow-join", ledger, deadLetters);
    }

    /** Notes that a route takes flows out of a join. */
    void consumed(final ServeflowJoinConsumer consumer) {
        consumers.add(consumer);
    }

    private Set<String> consumed() {
        synchronized (consumers) {
            return consumers.stream()
                    .map(ServeflowJoinConsumer::joinName)
                    .collect(Collectors.toSet());
        }
    }

    /**
     * Called when all routes are made, and before the first of them reads. Of routes that come
     * later, the one that takes flows out may be the last.
     */
    private void requireConsumers(final CamelContext context, final boolean started) {
        if (started) {
            return;
        }
        final Set<String> consumed = consumed();
        joins.values().stream()
                .map(NamedJoin::name)
                .filter(name -> !consumed.contains(name))
                .sorted()
                .findFirst()
                .ifPresent(
                        name -> {
                            throw new IllegalArgumentException(
                                    "flows go into serveflow-join:"
                                            + name
                                            + ", but no route takes them out again; add a"
                                            + " route that begins with serveflow-join:"
                                            + name
                                            + ", or leave the join out");
                        });
    }

    @Override
    public PropertyConfigurer getComponentPropertyConfigurer() {
        return CheckedConfigurer.of("serveflow-join", super.getComponentPropertyConfigurer());
    }

    @Override
    protected Endpoint createEndpoint(
            final String uri, final String remaining, final Map<String, Object> parameters)
            throws Exception {
        if (remaining.isBlank()) {
            throw new IllegalArgumentException(
                    "a serveflow-join endpoint has a name, as in serveflow-join:slow; this one has"
                            + " none: "
                            + uri);
        }
        final ServeflowJoinEndpoint endpoint = new ServeflowJoinEndpoint(uri, this, remaining);
        RawValues.restore(uri, parameters);
        OptionText.check(uri, getEndpointPropertyConfigurer(), parameters);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    /**
     * Begins a use of the join of that name, made with these options if nobody uses it yet. With
     * the last use it is forgotten, and what is left in it counted.
     *
     * @throws IllegalArgumentException if it exists with other options
     */
    Shared.Use<NamedJoin> acquire(final String name, final ContextJoin.Options options) {
        final Shared.Use<NamedJoin> use =
                joins.acquire(
                        name,
                        () ->
                                new NamedJoin(
                                        name,
                                        options,
                                        new ContextJoin(
                                                options,
                                                System::nanoTime,
                                                ledger,
                                                verdictListener,
                                                new LoggedLoad(name),
                                                new SecureRandom())));
        final ContextJoin.Options present = use.value().options();
        if (!present.equals(options)) {
            use.release();
            throw new IllegalArgumentException(
                    "serveflow-join:"
                            + name
                            + " is used with different bounds: "
                            + present
                            + " and "
                            + options
                            + "; set the same on each endpoint");
        }
        return use;
    }

    private void end(final NamedJoin named) {
        named.join().abandon();
        takenBefore.addAndGet(named.join().taken());
        givenUpBefore.addAndGet(named.join().givenUp());
    }

    /** Flows that all joins have ever taken in, once for each task. */
    public long takenFlows() {
        return takenBefore.get()
                + joins.values().stream().mapToLong(named -> named.join().taken()).sum();
    }

    /** Of those, the ones that got no verdict behind a join, as {@link ContextJoin#givenUp()}. */
    public long givenUpFlows() {
        return givenUpBefore.get()
                + joins.values().stream().mapToLong(named -> named.join().givenUp()).sum();
    }

    /** Flows in all joins: waiting for their context or for the slow tier, or on the slow route. */
    public int pendingFlows() {
        return joins.values().stream().mapToInt(named -> named.join().pending()).sum();
    }

    /** Flows in all joins that have met their context: ready for the slow tier, or on its route. */
    public int readyFlows() {
        return joins.values().stream().mapToInt(named -> named.join().ready()).sum();
    }

    /**
     * How long flows that are ready are expected to wait for the slow tier, in seconds: the longest
     * of all joins.
     */
    public double slowDelaySeconds() {
        return joins.values().stream()
                .mapToDouble(named -> named.join().delaySeconds())
                .max()
                .orElse(0);
    }

    /**
     * The uncertainty from which on flows are taken at that delay: the highest of all joins and
     * tasks, 0 while every flow is taken.
     */
    public double slowThreshold() {
        return joins.values().stream()
                .mapToDouble(named -> named.join().threshold())
                .max()
                .orElse(0);
    }

    /**
     * Whether a flow may need its context record, as far as the joins know: one of them awaits it,
     * or there is none yet.
     *
     * @param uid the sensor's id of a flow that has been through the fast tiers
     */
    public boolean awaits(final String uid) {
        final List<NamedJoin> present = joins.values();
        for (final NamedJoin named : present) {
            if (named.join().awaits(uid)) {
                return true;
            }
        }
        return present.isEmpty();
    }

    static ContextJoin.Options options(final ServeflowJoinEndpoint endpoint) {
        return new ContextJoin.Options(
                endpoint.getMaxFlows(),
                TimeUnit.MILLISECONDS.toNanos(endpoint.getMaxWait()),
                endpoint.getMaxEarly(),
                new ContextJoin.Load(
                        TimeUnit.MILLISECONDS.toNanos(endpoint.getTargetDelay()),
                        endpoint.getMaxSourceShare(),
                        endpoint.getMaxSourceReady(),
                        endpoint.getIpv4Prefix(),
                        endpoint.getIpv6Prefix()));
    }

    public Ledger getLedger() {
        return ledger;
    }

    public void setLedger(final Ledger ledger) {
        this.ledger = ledger;
    }

    public VerdictListener getVerdictListener() {
        return verdictListener;
    }

    public void setVerdictListener(final VerdictListener verdictListener) {
        this.verdictListener = verdictListener;
    }

    public DeadLetterSink getDeadLetters() {
        return deadLetters;
    }

    public void setDeadLetters(final DeadLetterSink deadLetters) {
        this.deadLetters = deadLetters;
    }

    /** A join that the endpoints of one name share. */
    record NamedJoin(String name, ContextJoin.Options options, ContextJoin join) {}
}
