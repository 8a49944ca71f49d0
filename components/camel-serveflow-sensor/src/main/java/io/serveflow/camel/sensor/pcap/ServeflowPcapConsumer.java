/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.pcap;

import io.serveflow.batch.Receipt;
import io.serveflow.camel.sensor.BatchSender;
import io.serveflow.camel.sensor.PassingRecords;
import io.serveflow.camel.sensor.SourceHealthCheck;
import io.serveflow.camel.support.IdleStrategy;
import io.serveflow.camel.support.Worker;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.SkippedWords;
import io.serveflow.sensor.CaptureStream;
import io.serveflow.sensor.SensorInput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
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
 * Replays captures down its route, once from a start on, one after the other; each is a capture of
 * its own, whose flows end with it.
 *
 * <p>A route that fails holds the replay. What is due by then is made up for at once; the packets
 * after it come at their own times again. A stop ends the replay where it is, and then waits until
 * the route has acknowledged what was read; the next start begins anew.
 */
public class ServeflowPcapConsumer extends DefaultConsumer
        implements HealthCheckAware, ShutdownAware, Suspendable {

    private static final Logger LOG = LoggerFactory.getLogger(ServeflowPcapConsumer.class);
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** How far a replay is. */
    enum Progress {
        RUNNING,
        COMPLETED,
        ABORTED,
        FAILED
    }

    private final ServeflowPcapEndpoint endpoint;
    private final ReplayClock clock;
    private HealthCheck healthCheck;
    private volatile Optional<Replay> replay = Optional.empty();

    ServeflowPcapConsumer(
            final ServeflowPcapEndpoint endpoint,
            final Processor processor,
            final ReplayClock clock) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.clock = clock;
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
        begin();
    }

    private void begin() throws IOException {
        final List<Path> files = CaptureFiles.named(endpoint.getFile());
        final Replay begun = new Replay(files);
        for (final Path file : files) {
            /* What is no capture is reported now, not after hours of replay. */
            begun.open(file, endpoint.getComponent().getLedger()).close();
        }
        replay = Optional.of(begun);
        begun.start();
    }

    @Override
    protected void doStop() throws Exception {
        end();
        super.doStop();
    }

    private void end() {
        replay.ifPresent(Replay::stop);
    }

    @Override
    protected void doSuspend() {
        end();
    }

    @Override
    protected void doResume() throws Exception {
        begin();
    }

    /** Called first of all when the route or the context stops. */
    @Override
    public boolean deferShutdown(final ShutdownRunningTask shutdownRunningTask) {
        replay.ifPresent(Replay::requestStop);
        return true;
    }

    @Override
    public int getPendingExchangesSize() {
        return replay.map(Replay::pending).orElse(0);
    }

    @Override
    public void prepareShutdown(final boolean suspendOnly, final boolean forced) {
        replay.ifPresent(Replay::requestStop);
    }

    /** How far the replay is that the latest start began. */
    Optional<Progress> progress() {
        return replay.map(current -> current.progress);
    }

    private SourceHealthCheck.State state() {
        return replay.map(Replay::state)
                .orElseGet(
                        () ->
                                new SourceHealthCheck.State(
                                        Optional.of("the replay has not begun"), Map.of()));
    }

    @Override
    public HealthCheck getHealthCheck() {
        return healthCheck;
    }

    @Override
    public void setHealthCheck(final HealthCheck healthCheck) {
        this.healthCheck = healthCheck;
    }

    /** One replay of all captures: a turn takes a packet, or waits a moment for the next. */
    private final class Replay implements Worker.Task {

        private final List<Path> files;
        private final Worker worker =
                Worker.of(endpoint.getCamelContext(), "serveflow-pcap", IdleStrategy.none(), this);
        private final BatchSender sender = new BatchSender(ServeflowPcapConsumer.this, endpoint);
        private final PassingRecords records =
                new PassingRecords(
                        endpoint, sender, clock::nanos, Receipt.readAgain(sender.clock()));
        private final ReplaySpeed speed = endpoint.replaySpeed();
        private long startNanos;
        private Optional<OpenCapture> capture = Optional.empty();
        private volatile Progress progress = Progress.RUNNING;
        private volatile Optional<Throwable> failure = Optional.empty();

        /* Written by the thread of the replay alone. */
        private volatile int filesDone;
        private volatile long packets;
        private volatile long recordsRead;

        private Replay(final List<Path> files) {
            this.files = files;
        }

        private void start() {
            startNanos = clock.nanos();
            worker.start();
        }

        @Override
        public int turn() throws IOException, InterruptedException {
            if (capture.isPresent()) {
                if (!capture.get().turn()) {
                    closeCapture();
                    filesDone++;
                }
            } else if (filesDone < files.size()) {
                capture = Optional.of(new OpenCapture(files.get(filesDone)));
            } else if (sender.awaitTaken(TICK_NANOS, TimeUnit.NANOSECONDS)) {
                return Worker.DONE;
            }
            return 1;
        }

        @Override
        public long failed(final Throwable e, final int failures) {
            failure = Optional.of(e);
            progress = Progress.FAILED;
            getExceptionHandler().handleException("Cannot go on with the replay", e);
            return Worker.END;
        }

        @Override
        public void ended() {
            try {
                if (failure.isEmpty()) {
                    capture.ifPresent(OpenCapture::sendRest);
                }
                closeCapture();
            } catch (final IOException | RuntimeException e) {
                failed(e, 1);
            }
            if (failure.isEmpty()) {
                progress = worker.isStopping() ? Progress.ABORTED : Progress.COMPLETED;
            }
            LOG.info(
                    "The replay of {} is {}: {} of {} captures, {} packets, {} records in {} s.",
                    endpoint.getFile(),
                    progress.name().toLowerCase(Locale.ROOT),
                    filesDone,
                    files.size(),
                    packets,
                    recordsRead,
                    TimeUnit.NANOSECONDS.toSeconds(clock.nanos() - startNanos));
        }

        private void closeCapture() throws IOException {
            if (capture.isPresent()) {
                capture.get().stream.close();
                capture = Optional.empty();
            }
        }

        private CaptureStream open(final Path file, final Ledger ledger) throws IOException {
            return SensorInput.openCapture(
                    file,
                    endpoint.sensorFormats(),
                    endpoint.assembling(),
                    ledger,
                    endpoint.getComponent().getDeadLetters(),
                    record -> {
                        recordsRead++;
                        records.accept(record);
                    });
        }

        private void requestStop() {
            worker.requestStop();
            sender.stop();
        }

        private void stop() {
            requestStop();
            worker.stop();
        }

        /** Whether what was read is not all sent; exchanges under way are for Camel to count. */
        private int pending() {
            return worker.isRunning() ? 1 : 0;
        }

        private SourceHealthCheck.State state() {
            final Optional<String> trouble =
                    failure.map(e -> "the replay has failed: " + e.getMessage())
                            .or(
                                    () ->
                                            sender.failure()
                                                    .map(
                                                            e ->
                                                                    "the route has not taken a"
                                                                            + " batch: "
                                                                            + e.getMessage()));
            return new SourceHealthCheck.State(
                    trouble,
                    Map.of(
                            "replay", progress.name().toLowerCase(Locale.ROOT),
                            "captures.done", filesDone,
                            "captures", files.size(),
                            "packets", packets,
                            "records", recordsRead));
        }

        /** The capture that is being replayed. */
        private final class OpenCapture {

            private final Path file;
            private final Ledger ledger = endpoint.getComponent().getLedger().part();
            private final CaptureStream stream;
            private final ReplayPace pace = new ReplayPace(speed, clock.nanos());
            private long latestDue = clock.nanos();
            private long due = latestDue;
            private boolean atPacket;

            private OpenCapture(final Path file) throws IOException {
                this.file = file;
                this.stream = open(file, ledger);
            }

            /**
             * Takes a packet, or waits a moment for it where it is not due.
             *
             * @return false if there are no more
             */
            private boolean turn() throws IOException, InterruptedException {
                if (!atPacket && !stream.next()) {
                    stream.finish();
                    sendRest();
                    return false;
                }
                if (!speed.isFull() && !isDue()) {
                    awaitDue();
                    return true;
                }
                atPacket = false;
                latestDue = due;
                stream.take();
                packets++;
                records.sendIfDue(false);
                return true;
            }

            private boolean isDue() {
                if (!atPacket) {
                    atPacket = true;
                    due = pace.due(stream.timeMicros());
                }
                return due - clock.nanos() <= 0;
            }

            /** Gives out meanwhile what waits for no more packets. */
            private void awaitDue() throws InterruptedException {
                stream.elapse(speed.captureMicros(clock.nanos() - latestDue));
                records.sendIfDue(true);
                /* Sending may have taken longer than there was time. */
                final long left = Math.max(0, due - clock.nanos());
                clock.pause(Math.min(left, TICK_NANOS), worker.stopSignal());
            }

            private void sendRest() {
                records.sendIfDue(true);
                new SkippedWords(ledger)
                        .next()
                        .ifPresent(
                                skipped ->
                                        LOG.info(
                                                "{}: {} of {} packets skipped: {}",
                                                file,
                                                skipped.count(),
                                                stream.packets(),
                                                skipped.reasons()));
            }
        }
    }
}
