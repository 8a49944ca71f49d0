/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.tail;

import io.serveflow.camel.sensor.BatchSender;
import io.serveflow.camel.sensor.SourceHealthCheck;
import io.serveflow.camel.support.IdleStrategy;
import io.serveflow.camel.support.Worker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.Suspendable;
import org.apache.camel.spi.ExecutorServiceManager;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.DefaultConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the lines of log files down its route as flow batches, and keeps up to which of them every
 * flow is acknowledged.
 *
 * <p>At shutdown it stops reading first of all, and then waits until the flows that it gave out are
 * acknowledged, so that a graceful stop leaves nothing to be read twice but flows that waited for
 * their context, which are handed back, and what was read after the first of them.
 */
public class ServeflowTailConsumer extends DefaultConsumer implements ShutdownAware, Suspendable {

    private static final Logger LOG = LoggerFactory.getLogger(ServeflowTailConsumer.class);
    private static final long STOP_MILLIS = 500;

    /** How soon it looks for more lines where there were some; then ever later, to pollDelay. */
    private static final long SHORTEST_MICROS = 250;

    private final ServeflowTailEndpoint endpoint;
    private volatile Optional<Following> following = Optional.empty();

    /** What was stopped, and may still have to end where its own thread stopped it. */
    private volatile Optional<Following> ending = Optional.empty();

    public ServeflowTailConsumer(final ServeflowTailEndpoint endpoint, final Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        follow();
    }

    private void follow() throws Exception {
        awaitEnd();
        final PositionFile positionFile =
                PositionFile.open(Path.of(endpoint.getPositionFile()), endpoint.getPath());
        try {
            following = Optional.of(new Following(positionFile));
        } catch (final Exception e) {
            positionFile.close();
            throw e;
        }
        following.get().start();
    }

    @Override
    protected void doStop() throws Exception {
        endFollowing();
        super.doStop();
    }

    private void endFollowing() throws Exception {
        final Optional<Following> stopped = following;
        following = Optional.empty();
        if (stopped.isPresent()) {
            ending = stopped;
            stopped.get().stop();
        }
        awaitEnd();
    }

    private void awaitEnd() {
        ending.ifPresent(last -> last.reader.stop());
    }

    @Override
    protected void doSuspend() throws Exception {
        endFollowing();
    }

    @Override
    protected void doResume() throws Exception {
        follow();
    }

    /** Called first of all when the route or the context stops. */
    @Override
    public boolean deferShutdown(final ShutdownRunningTask shutdownRunningTask) {
        following.ifPresent(Following::stopReading);
        return true;
    }

    @Override
    public int getPendingExchangesSize() {
        return following.map(Following::pending).orElse(0);
    }

    @Override
    public void prepareShutdown(final boolean suspendOnly, final boolean forced) {
        following.ifPresent(Following::stopReading);
    }

    /** What runs between a start of the consumer and its stop. */
    private final class Following implements Worker.Task {

        private final PositionFile positionFile;
        private final FileSearch search =
                new FileSearch(endpoint.live(), endpoint.rotatedPatterns());
        private final BatchSender sender = new BatchSender(ServeflowTailConsumer.this, endpoint);
        private final LogFollower follower;
        private final Worker reader;
        private final ScheduledExecutorService writer;
        private final PositionKeeper keeper;

        /* Guarded by this. */
        private boolean stopped;
        private boolean readerEnded;

        private Following(final PositionFile positionFile) throws Exception {
            this.positionFile = positionFile;
            final Optional<Positions> kept = positionFile.read();
            final Positions positions = kept.orElseGet(this::begin);
            // Written before anything is read: from now on, what is rotated away is looked for.
            positionFile.write(positions);
            this.follower = new LogFollower(endpoint, search, positions, sender, System::nanoTime);
            final ExecutorServiceManager executors =
                    endpoint.getCamelContext().getExecutorServiceManager();
            this.reader =
                    Worker.of(
                            endpoint.getCamelContext(),
                            "serveflow-tail",
                            IdleStrategy.backoff(
                                    SHORTEST_MICROS,
                                    TimeUnit.MILLISECONDS.toMicros(endpoint.getPollDelay()),
                                    TimeUnit.MICROSECONDS),
                            this);
            this.writer =
                    executors.newSingleThreadScheduledExecutor(this, "serveflow-tail-positions");
            this.keeper = new PositionKeeper(positionFile, writer, endpoint.getPositionDelay());
        }

        private Positions begin() {
            final List<FoundFile> found = search.look();
            if (found.stream().noneMatch(FoundFile::live) && search.troubles().isEmpty()) {
                LOG.info("No file {} is there yet; waiting for it.", endpoint.getPath());
            }
            return KnownFiles.beginning(endpoint.live(), found, endpoint.startsAtEnd());
        }

        private void start() {
            final SourceHealthCheck check =
                    new SourceHealthCheck(
                            ServeflowTailConsumer.this,
                            () ->
                                    new SourceHealthCheck.State(
                                            trouble(),
                                            Map.of("endpoint", endpoint.getEndpointBaseUri())));
            check.setEnabled(endpoint.getComponent().isHealthCheckConsumerEnabled());
            setHealthCheck(check);
            reader.start();
        }

        @Override
        public int turn() {
            try {
                return follower.turn() ? 1 : 0;
            } finally {
                follower.movedPositions().ifPresent(keeper::keep);
            }
        }

        /** What fails is tried again after a while, but for what ends the reader. */
        @Override
        public long failed(final Throwable e, final int failures) {
            if (!(e instanceof RuntimeException)) {
                getExceptionHandler().handleException("Reading has ended", e);
            } else if (failures == 1) {
                getExceptionHandler().handleException("Reading fails, and is tried again", e);
            }
            return TimeUnit.MILLISECONDS.toNanos(endpoint.getRedeliveryDelay());
        }

        private void stopReading() {
            reader.requestStop();
            sender.stop();
            try {
                // Nearly always it ends at once, so that nobody has to ask again a second later.
                reader.awaitEnd(STOP_MILLIS);
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private int pending() {
            return (reader.isRunning() ? 1 : 0) + follower.pending();
        }

        private Optional<String> trouble() {
            return reader.trouble("reading")
                    .or(() -> sender.failure().map(e -> "the route does not take a batch: " + e))
                    .or(follower::trouble)
                    .or(keeper::trouble);
        }

        /**
         * Closes everything, or leaves that to the reader where it ends later, as it does where it
         * is stopped on its own thread, by the route that it sends to.
         */
        private void stop() throws Exception {
            stopReading();
            reader.stop();
            if (isLast(true, !reader.isRunning())) {
                close();
            }
        }

        @Override
        public void ended() {
            if (isLast(false, true)) {
                try {
                    close();
                } catch (final IOException e) {
                    getExceptionHandler().handleException("Cannot close what was followed", e);
                }
            }
        }

        /** Whether it is stopped and the reader has ended, by what the caller says. */
        private synchronized boolean isLast(final boolean nowStopped, final boolean nowEnded) {
            stopped |= nowStopped;
            readerEnded |= nowEnded;
            return stopped && readerEnded;
        }

        private void close() throws IOException {
            follower.movedPositions().ifPresent(keeper::keep);
            keeper.close();
            endpoint.getCamelContext().getExecutorServiceManager().shutdown(writer);
            follower.close();
            positionFile.close();
        }
    }
}
