/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.socket;

import io.serveflow.batch.Receipt;
import io.serveflow.camel.sensor.BatchSender;
import io.serveflow.camel.sensor.PassingRecords;
import io.serveflow.camel.sensor.SkippedLog;
import io.serveflow.camel.sensor.SourceHealthCheck;
import io.serveflow.camel.support.IdleStrategy;
import io.serveflow.camel.support.Worker;
import io.serveflow.ledger.FailureLog;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import io.serveflow.sensor.SensorStream;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.Suspendable;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckAware;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.DefaultConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for sensors and sends what they say down its route.
 *
 * <p>A thread a connection does nothing but read, so that sensors, which drop events rather than
 * wait, need not; one more makes records and sends them. Between them at most {@code readAhead}
 * bytes wait; from there on the sensors are not read. Nobody sends an event again: what was read
 * and not acknowledged is lost when the process dies.
 *
 * <p>When the route stops, it reads no more first of all, and ends when the route has acknowledged
 * what was read.
 */
public class ServeflowSocketConsumer extends DefaultConsumer
        implements HealthCheckAware, ShutdownAware, Suspendable {

    /** The source under which the ledger counts how often reading stopped. */
    static final String SOCKET = "socket";

    private static final Logger LOG = LoggerFactory.getLogger(ServeflowSocketConsumer.class);
    private static final long TICK_MILLIS = 100;
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long WARNING_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final ServeflowSocketEndpoint endpoint;
    private final LongSupplier nanoTime;
    private final FailureLog failures;
    private HealthCheck healthCheck;
    private volatile Optional<Listening> listening = Optional.empty();

    /** What was stopped, and may still deliver where its own thread stopped it. */
    private volatile Optional<Listening> ending = Optional.empty();

    /**
     * @param nanoTime a clock like {@link System#nanoTime()}
     */
    ServeflowSocketConsumer(
            final ServeflowSocketEndpoint endpoint,
            final Processor processor,
            final LongSupplier nanoTime) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.nanoTime = nanoTime;
        this.failures = new FailureLog(LOG::warn, LOG::info, nanoTime);
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        healthCheck = new SourceHealthCheck(this, this::state);
        healthCheck.setEnabled(endpoint.getComponent().isHealthCheckConsumerEnabled());
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        listen();
    }

    private void listen() throws IOException {
        final ListeningSocket socket =
                ListeningSocket.open(endpoint.socketAddress(), endpoint.filePermissions());
        LOG.info(
                "Listening on {}:{}. A socket is best effort: events that a sensor has sent and"
                    + " that are not acknowledged are lost when this process dies, and those that"
                    + " it cannot send meanwhile are dropped by the sensor.",
                endpoint.getProtocol(),
                socket.address());
        if (!socket.isLocal()) {
            LOG.warn(
                    "{} can be reached from other machines: whoever connects is taken for a sensor,"
                            + " and what it sends is not encrypted. Listen on 127.0.0.1 or a Unix"
                            + " socket where the sensor runs on this machine.",
                    socket.address());
        }
        listening = Optional.of(new Listening(socket));
        listening.get().start();
    }

    @Override
    protected void doStop() throws Exception {
        endListening();
        super.doStop();
    }

    private void endListening() {
        ending = listening.or(() -> ending);
        listening = Optional.empty();
        ending.ifPresent(Listening::stop);
    }

    @Override
    protected void doSuspend() {
        endListening();
    }

    @Override
    protected void doResume() throws Exception {
        listen();
    }

    /** Called first of all when the route or the context stops. */
    @Override
    public boolean deferShutdown(final ShutdownRunningTask shutdownRunningTask) {
        listening.ifPresent(Listening::stopReading);
        return true;
    }

    @Override
    public int getPendingExchangesSize() {
        return listening.map(Listening::pending).orElse(0);
    }

    @Override
    public void prepareShutdown(final boolean suspendOnly, final boolean forced) {
        listening.ifPresent(Listening::stopReading);
    }

    /** Where it listens, if it does; with the port that was chosen where the option named none. */
    Optional<ListeningSocket> socket() {
        return listening.map(current -> current.socket);
    }

    private SourceHealthCheck.State state() {
        return listening
                .map(Listening::state)
                .orElseGet(
                        () ->
                                new SourceHealthCheck.State(
                                        Optional.of("the socket is not open"), Map.of()));
    }

    @Override
    public HealthCheck getHealthCheck() {
        return healthCheck;
    }

    @Override
    public void setHealthCheck(final HealthCheck healthCheck) {
        this.healthCheck = healthCheck;
    }

    /** The exception handler hears of the first failure of a kind, and of the others by number. */
    private void report(final String what, final Throwable failure) {
        failures.due(what + failure.getClass(), what)
                .ifPresent(line -> getExceptionHandler().handleException(line, failure));
    }

    /** The work from a start to a stop. */
    private final class Listening {

        private final ListeningSocket socket;
        private final Ledger ledger = endpoint.getComponent().getLedger();
        private final SkippedLog skipped =
                new SkippedLog(
                        endpoint.getEndpointBaseUri(), ledger, nanoTime.getAsLong(), LOG::info);
        private final ReadAhead queue = new ReadAhead(endpoint.getReadAhead(), this::heldBack);
        private final BatchSender sender = new BatchSender(ServeflowSocketConsumer.this, endpoint);
        private final PassingRecords records =
                new PassingRecords(endpoint, sender, nanoTime, Receipt.NONE);
        private final Set<SensorConnection> connections = ConcurrentHashMap.newKeySet();
        private final Worker acceptor = worker("serveflow-socket-accept", new Accepting());
        private final Worker deliverer = worker("serveflow-socket", new Delivering());
        private final ExecutorService readers;
        private final AtomicInteger open = new AtomicInteger();
        private long accepted;
        private long warned = nanoTime.getAsLong() - WARNING_NANOS;
        private long turnedAway = warned;

        private Listening(final ListeningSocket socket) {
            this.socket = socket;
            this.readers =
                    endpoint.getCamelContext()
                            .getExecutorServiceManager()
                            .newThreadPool(
                                    ServeflowSocketConsumer.this,
                                    "serveflow-socket-reader",
                                    endpoint.getMaxConnections(),
                                    endpoint.getMaxConnections());
        }

        private Worker worker(final String name, final Worker.Task task) {
            return Worker.of(endpoint.getCamelContext(), name, IdleStrategy.none(), task);
        }

        private void start() {
            acceptor.start();
            deliverer.start();
        }

        /**
         * Stops reading; what was read is sent, and that is tried once where the route fails. Later
         * calls do nothing.
         */
        private synchronized void stopReading() {
            if (acceptor.isStopping()) {
                return;
            }
            acceptor.requestStop();
            sender.stop();
            queue.endReading();
            try {
                socket.close();
                for (final SensorConnection connection : connections) {
                    connection.close();
                }
            } catch (final IOException e) {
                getExceptionHandler().handleException("Cannot close a socket", e);
            }
            acceptor.stop();
            endpoint.getCamelContext().getExecutorServiceManager().shutdownGraceful(readers);
            queue.close();
        }

        /** Whether what was read is not all sent; exchanges under way are for Camel to count. */
        private int pending() {
            return deliverer.isRunning() ? 1 : 0;
        }

        private void stop() {
            stopReading();
            deliverer.finish();
            if (!deliverer.isRunning()) {
                abandonUnread();
            }
        }

        /** Counts what nobody makes records of any more. */
        private void abandonUnread() {
            final long bytes = queue.bytes();
            final long lines = queue.abandon();
            if (bytes > 0) {
                ledger.add(Ledger.Entry.DROPPED, Reason.SOCKET_ABANDONED, lines);
                LOG.warn(
                        "{} is forced to stop; {} lines that were read, {} bytes, are lost.",
                        endpoint.getEndpointBaseUri(),
                        lines,
                        bytes);
            }
        }

        private void welcome(final SocketChannel channel) throws IOException {
            if (open.get() >= endpoint.getMaxConnections()) {
                channel.close();
                if (nanoTime.getAsLong() - turnedAway >= WARNING_NANOS) {
                    turnedAway = nanoTime.getAsLong();
                    LOG.warn(
                            "{} has its {} connections and turns others away; maxConnections allows"
                                    + " more.",
                            endpoint.getEndpointBaseUri(),
                            endpoint.getMaxConnections());
                }
                return;
            }
            accepted++;
            final String name = endpoint.getProtocol() + ":" + socket.address() + "#" + accepted;
            final SensorConnection connection =
                    new SensorConnection(
                            name,
                            channel,
                            new SensorStream(
                                    name,
                                    endpoint.sensorFormats(),
                                    endpoint.assembling(),
                                    skipped.ledger(),
                                    endpoint.getComponent().getDeadLetters(),
                                    records,
                                    records),
                            ledger,
                            e -> report("Cannot keep a line", e),
                            nanoTime);
            connections.add(connection);
            open.incrementAndGet();
            LOG.info("{} is connected from '{}'.", name, channel.getRemoteAddress());
            readers.execute(() -> read(connection));
            if (acceptor.isStopping()) {
                /* Came in while the others were closed. */
                connection.close();
            }
        }

        private void read(final SensorConnection connection) {
            try (connection) {
                connection.readInto(queue);
                LOG.info("{} has closed its connection.", connection);
            } catch (final IOException e) {
                if (!acceptor.isStopping()) {
                    LOG.info("{} is disconnected: {}", connection, e.toString());
                }
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                open.decrementAndGet();
            }
        }

        private void take(final ReadAhead.Piece piece) {
            if (piece.isEnd()) {
                connections.remove(piece.from());
                piece.from().end();
            } else {
                piece.from().take(piece.bytes());
            }
        }

        private void heldBack() {
            ledger.add(Ledger.Entry.HELD_BACK, SOCKET, 1);
            if (nanoTime.getAsLong() - warned >= WARNING_NANOS) {
                warned = nanoTime.getAsLong();
                LOG.warn(
                        "The route from {} is behind: {} bytes wait for it, so sensors are not read"
                                + " and drop events when their sockets are full.",
                        endpoint.getEndpointBaseUri(),
                        endpoint.getReadAhead());
            }
        }

        private SourceHealthCheck.State state() {
            final Optional<String> trouble =
                    sender.failure()
                            .map(e -> "the route has not taken a batch: " + e.getMessage())
                            .or(
                                    () ->
                                            acceptor.failure()
                                                    .map(
                                                            e ->
                                                                    "no sensor can connect: "
                                                                            + e.getMessage()))
                            .or(() -> deliverer.trouble("delivering"));
            return new SourceHealthCheck.State(
                    trouble,
                    Map.of(
                            "connections", open.get(),
                            "bytes.waiting", queue.bytes()));
        }

        /** Lets a sensor connect, one a turn; closing the socket ends the turn. */
        private final class Accepting implements Worker.Task {

            @Override
            public int turn() throws IOException {
                try {
                    welcome(socket.accept());
                    return 1;
                } catch (final IOException | RuntimeException e) {
                    if (acceptor.isStopping()) {
                        return Worker.DONE;
                    }
                    throw e;
                }
            }

            @Override
            public long failed(final Throwable e, final int failures) {
                report("Cannot let a sensor connect", e);
                return PAUSE_NANOS;
            }
        }

        /** Makes records of what was read and sends them, until nothing more will come. */
        private final class Delivering implements Worker.Task {

            @Override
            public int turn() throws InterruptedException {
                queue.poll(TICK_MILLIS, TimeUnit.MILLISECONDS).ifPresent(Listening.this::take);
                final boolean nothingMore = queue.isEmpty();
                if (nothingMore) {
                    connections.forEach(SensorConnection::elapse);
                }
                records.sendIfDue(nothingMore);
                skipped.at(nanoTime.getAsLong());
                return queue.isDone() ? Worker.DONE : 1;
            }

            @Override
            public long failed(final Throwable e, final int failures) {
                report("Cannot deliver what was read", e);
                return 0;
            }

            @Override
            public void ended() {
                if (deliverer.isStopping() && !queue.isDone()) {
                    records.sendIfDue(true);
                    abandonUnread();
                }
                skipped.end();
            }
        }
    }
}
