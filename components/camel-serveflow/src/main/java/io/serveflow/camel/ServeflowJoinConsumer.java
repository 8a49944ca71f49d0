/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import io.serveflow.batch.FlowBatch;
import io.serveflow.camel.support.Backoff;
import io.serveflow.camel.support.IdleStrategy;
import io.serveflow.camel.support.Shared;
import io.serveflow.camel.support.StopSignal;
import io.serveflow.camel.support.Worker;
import io.serveflow.cascade.ContextJoin;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.FailureLog;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.VerdictDocument;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.StatefulService;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckAware;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.DefaultConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what leaves the join down the slow route, one exchange a batch: flows with their context
 * and {@code CamelServeflowUncertain} true, and flows whose context did not come with it false.
 *
 * <p>Nobody before this consumer could send the flows again, so it does: where the route fails,
 * those that the tier had not answered go to it again, and those with a final verdict go down the
 * route with it. Flows whose source keeps them until they are acknowledged go until the route takes
 * them, or until another process reads them. Of others, what fails after {@code maxRedeliveries}
 * too becomes dead letters, one document a flow. The health check is down meanwhile.
 *
 * <p>When the Camel context stops, flows that wait are handed back to sources that can read them
 * again, at once. The route stays open for those that met their context, and for the others until
 * all sources have stopped and what they read before is through. When only the route stops, it
 * stays open until the join is empty. A route that fails then is not tried again.
 */
public class ServeflowJoinConsumer extends DefaultConsumer
        implements HealthCheckAware, ShutdownAware {

    private static final long POLL_MILLIS = 100;
    private static final long LONGEST_DELAY_MILLIS = 60_000;

    private static final Logger LOG = LoggerFactory.getLogger(ServeflowJoinConsumer.class);

    private final ServeflowJoinEndpoint endpoint;
    private final FailureLog failures = new FailureLog(LOG::warn, LOG::info, System::nanoTime);
    private volatile Optional<ContextJoin> join = Optional.empty();
    private Optional<Shared.Use<ServeflowJoinComponent.NamedJoin>> use = Optional.empty();
    private List<Worker> workers = List.of();
    private final Map<Delivery, Exception> failing = new ConcurrentHashMap<>();
    private HealthCheck healthCheck;
    private volatile boolean handingBack;

    /** From when on a route that fails is not tried again; workers go on after that. */
    private volatile StopSignal noMoreTries = new StopSignal();

    public ServeflowJoinConsumer(final ServeflowJoinEndpoint endpoint, final Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    /** The name of the join that flows are taken out of. */
    String joinName() {
        return endpoint.getName();
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        healthCheck =
                new JoinHealthCheck(
                        Optional.ofNullable(getRouteId()).orElse(endpoint.getEndpointBaseUri()),
                        () -> failing.values().stream().findFirst());
    }

    @Override
    public void setHealthCheck(final HealthCheck healthCheck) {
        this.healthCheck = healthCheck;
    }

    @Override
    public HealthCheck getHealthCheck() {
        return healthCheck;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        endpoint.getComponent().openDeadLetters();
        final Shared.Use<ServeflowJoinComponent.NamedJoin> begun =
                endpoint.getComponent()
                        .acquire(endpoint.getName(), ServeflowJoinComponent.options(endpoint));
        use = Optional.of(begun);
        final ContextJoin acquired = begun.value().join();
        /* Producers keep the join alive while this route is stopped, which closes it. */
        acquired.open();
        join = Optional.of(acquired);
        noMoreTries = new StopSignal();
        handingBack = false;
        workers =
                IntStream.range(0, endpoint.getConcurrentConsumers())
                        .mapToObj(i -> worker(new Delivering(acquired)))
                        .toList();
        workers.forEach(Worker::start);
    }

    private Worker worker(final Worker.Task task) {
        return Worker.of(
                endpoint.getCamelContext(),
                "serveflow-join-" + endpoint.getName(),
                IdleStrategy.none(),
                task);
    }

    @Override
    protected void doStop() throws Exception {
        workers.forEach(Worker::requestStop);
        noMoreTries.raise();
        Worker.stop(
                workers,
                endpoint.getCamelContext()
                        .getExecutorServiceManager()
                        .getShutdownAwaitTermination());
        workers = List.of();
        join = Optional.empty();
        use.ifPresent(Shared.Use::release);
        use = Optional.empty();
        super.doStop();
    }

    /** Takes a batch from the join, if one is ready soon, and delivers it. */
    private final class Delivering implements Worker.Task {

        private final ContextJoin from;

        private Delivering(final ContextJoin from) {
            this.from = from;
        }

        @Override
        public int turn() throws InterruptedException {
            if (handingBack && isNothingToCome()) {
                from.close();
            }
            final Optional<FlowBatch> batch =
                    from.poll(endpoint.getBatchSize(), POLL_MILLIS, TimeUnit.MILLISECONDS);
            if (batch.isPresent()) {
                try {
                    deliver(from, batch.get());
                } finally {
                    from.done(batch.get());
                }
            }
            return 1;
        }

        @Override
        public long failed(final Throwable e, final int failures) {
            report("Cannot deliver joined flows", Optional.empty(), e);
            return 0;
        }
    }

    private void deliver(final ContextJoin from, final FlowBatch batch) {
        final Delivery delivery = new Delivery(batch);
        delivery.run();
        final long first = endpoint.getRedeliveryDelay();
        final Backoff backoff = Backoff.of(first, Math.max(first, LONGEST_DELAY_MILLIS));
        try {
            for (int tries = 1; !delivery.isDone(); tries++) {
                failing.put(delivery, delivery.failure.orElseThrow());
                if (tries > endpoint.getMaxRedeliveries()) {
                    final BitSet gone = delivery.rows();
                    gone.andNot(from.kept(batch, gone));
                    keep(delivery, gone);
                }
                if (delivery.isDone() || stopsWithin(backoff.delayMillis(tries))) {
                    break;
                }
                delivery.leave(from.leaveToOthers(batch, delivery.rows()));
                if (!delivery.isDone()) {
                    ledger().add(Ledger.Entry.RETRIED, Reason.SLOW_ROUTE_FAILED, 1);
                    delivery.run();
                }
            }
            if (!delivery.isDone()) {
                if (isContextStopping()) {
                    delivery.leave(from.handBack(batch, delivery.rows()));
                }
                keep(delivery, delivery.rows());
            }
        } finally {
            failing.remove(delivery);
        }
        if (delivery.failure.isEmpty()) {
            failures.over("The route takes flows from the join again");
        }
    }

    private boolean isContextStopping() {
        return endpoint.getCamelContext().isStopping();
    }

    private boolean stopsWithin(final long millis) {
        try {
            return noMoreTries.await(TimeUnit.MILLISECONDS.toNanos(millis));
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /**
     * A batch until the route has taken all of it. It goes in parts, flows without a final verdict
     * and those with one, since a try that failed may have decided some or all of them; a first try
     * is always one part.
     */
    private final class Delivery {

        private List<FlowBatch> left;
        private Optional<Exception> failure = Optional.empty();

        private Delivery(final FlowBatch batch) {
            left = List.of(batch);
        }

        private boolean isDone() {
            return left.isEmpty();
        }

        /** Which rows of the batch are left. */
        private BitSet rows() {
            final BitSet rows = new BitSet();
            for (final FlowBatch part : left) {
                for (int i = 0; i < part.size(); i++) {
                    rows.set(part.originIndex(i));
                }
            }
            return rows;
        }

        /** Sends flows no more, by their rows in the batch. */
        private void leave(final BitSet rows) {
            left =
                    left.stream()
                            .map(part -> part.where(i -> !rows.get(part.originIndex(i))))
                            .filter(part -> !part.isEmpty())
                            .toList();
        }

        /** Sends what is left, until a part of it fails. */
        private void run() {
            final Deque<FlowBatch> parts = new ArrayDeque<>();
            for (final FlowBatch flows : left) {
                Stream.of(flows.uncertain(), flows.certain())
                        .filter(part -> !part.isEmpty())
                        .forEach(parts::add);
            }
            boolean failed = false;
            while (!parts.isEmpty() && !failed) {
                final Optional<FlowBatch> untaken = send(parts.remove());
                failed = untaken.isPresent();
                untaken.ifPresent(parts::addFirst);
            }
            left = List.copyOf(parts);
        }

        /**
         * Sends a part; gives it back, with the verdicts that it got on its way, if the route
         * failed.
         */
        private Optional<FlowBatch> send(final FlowBatch part) {
            final Exchange exchange = createExchange(false);
            try {
                exchange.getMessage().setBody(part);
                part.task()
                        .ifPresent(
                                task ->
                                        exchange.getMessage()
                                                .setHeader(ServeflowConstants.TASK, task));
                exchange.getMessage()
                        .setHeader(ServeflowConstants.UNCERTAIN, FlowBodies.isUncertain(part));
                getProcessor().process(exchange);
                failure = Optional.ofNullable(exchange.getException());
            } catch (final Exception e) {
                failure = Optional.of(e);
            }
            failure.ifPresent(e -> report("Cannot process joined flows", Optional.of(exchange), e));
            final Optional<FlowBatch> untaken =
                    failure.map(
                            e ->
                                    exchange.getMessage().getBody() instanceof FlowBatch batch
                                                    && batch.hasRecordsOf(part)
                                            ? batch
                                            : part);
            releaseExchange(exchange, false);
            return untaken;
        }
    }

    /** Flows that the route does not take, by their rows in the batch, become dead letters. */
    private void keep(final Delivery delivery, final BitSet rows) {
        for (final FlowBatch part : delivery.left) {
            for (int i = 0; i < part.size(); i++) {
                if (rows.get(part.originIndex(i))) {
                    keep(part.record(i), last(part, i), delivery.failure.orElseThrow());
                }
            }
        }
        delivery.leave(rows);
    }

    private Verdict last(final FlowBatch part, final int row) {
        final Verdict verdict = part.verdict(row);
        if (verdict.isFinal()) {
            return verdict;
        }
        ledger().add(
                        Ledger.Entry.FELL_BACK,
                        verdict.bundle().task() + "/" + Reason.SLOW_ROUTE_FAILED.code(),
                        1);
        final Verdict standing = verdict.standing(ContextJoin.SLOW_UNAVAILABLE);
        final Verdict last =
                standing.supersedes() ? standing : standing.superseding(part.givenOut(row));
        endpoint.getComponent().getVerdictListener().given(part.record(row), last);
        return last;
    }

    private void keep(final FlowRecord flow, final Verdict verdict, final Exception failure) {
        final byte[] document = VerdictDocument.json(flow, verdict, Instant.now());
        try {
            endpoint.getComponent()
                    .getDeadLetters()
                    .accept(
                            DeadLetter.document(
                                    endpoint.getEndpointBaseUri(),
                                    Reason.SLOW_ROUTE_FAILED.code(),
                                    "the route from here failed: " + failure.getMessage(),
                                    new String(document, StandardCharsets.UTF_8)));
        } catch (final RuntimeException e) {
            ledger().add(Ledger.Entry.DROPPED, Reason.SLOW_ROUTE_FAILED, 1);
            report("Cannot keep a dead letter", Optional.empty(), e);
        }
    }

    /** The exception handler hears of the first failure of a kind, and of the others by number. */
    private void report(
            final String what, final Optional<Exchange> exchange, final Throwable failure) {
        failures.due(what + failure.getClass(), what)
                .ifPresent(
                        line ->
                                getExceptionHandler()
                                        .handleException(line, exchange.orElse(null), failure));
    }

    private Ledger ledger() {
        return endpoint.getComponent().getLedger();
    }

    /** Called first of all when the route or the context stops. */
    @Override
    public boolean deferShutdown(final ShutdownRunningTask shutdownRunningTask) {
        noMoreTries.raise();
        if (isContextStopping()) {
            join.ifPresent(ContextJoin::handBack);
            handingBack = true;
        }
        return true;
    }

    /** Whether all sources have stopped and what they gave out has gone through its routes. */
    private boolean isNothingToCome() {
        final CamelContext context = endpoint.getCamelContext();
        return context.getRoutes().stream()
                .filter(route -> !(route.getConsumer() instanceof ServeflowJoinConsumer))
                .noneMatch(
                        route ->
                                isReading(route.getConsumer())
                                        || context.getInflightRepository().size(route.getId()) > 0);
    }

    private static boolean isReading(final Consumer consumer) {
        return consumer instanceof ShutdownAware aware
                ? aware.getPendingExchangesSize() > 0
                : consumer instanceof StatefulService service && service.isStarted();
    }

    @Override
    public int getPendingExchangesSize() {
        return join.map(ContextJoin::pending).orElse(0);
    }

    @Override
    public void prepareShutdown(final boolean suspendOnly, final boolean forced) {
        if (!suspendOnly) {
            join.ifPresent(ContextJoin::close);
        }
    }
}
