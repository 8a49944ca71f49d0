/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.tail;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the latest positions to their file now and then, away from the thread that reads, so that
 * a slow disk delays no verdict. Where the disk refuses, positions get older and it goes on trying.
 */
final class PositionKeeper implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(PositionKeeper.class);

    private final PositionFile file;
    private final AtomicReference<Optional<Positions>> unwritten =
            new AtomicReference<>(Optional.empty());
    private final ScheduledFuture<?> writing;
    private volatile Optional<String> trouble = Optional.empty();

    /**
     * @param millis time between two writes, at least
     */
    PositionKeeper(
            final PositionFile file, final ScheduledExecutorService scheduler, final long millis) {
        this.file = file;
        this.writing =
                scheduler.scheduleWithFixedDelay(
                        this::write, millis, millis, TimeUnit.MILLISECONDS);
    }

    /** Takes positions, which replace those that are not written yet. */
    void keep(final Positions positions) {
        unwritten.set(Optional.of(positions));
    }

    /** Why the latest try to write failed, if it did. */
    Optional<String> trouble() {
        return trouble;
    }

    private synchronized void write() {
        final Optional<Positions> taken = unwritten.getAndSet(Optional.empty());
        if (taken.isEmpty()) {
            return;
        }
        try {
            file.write(taken.get());
            if (trouble.isPresent()) {
                LOG.info("Positions are written to {} again.", file);
            }
            trouble = Optional.empty();
        } catch (final IOException | RuntimeException e) {
            unwritten.compareAndSet(Optional.empty(), taken);
            final String why =
                    e.getMessage() + "; reading goes on, and after a crash more is read twice";
            if (trouble.isEmpty()) {
                LOG.warn("Trying again: {}.", why);
            }
            trouble = Optional.of(why);
        }
    }

    /**
     * Writes what is not written yet, a last time, also on a thread that is interrupted, as where a
     * shutdown ran out of time: a file channel would close under it, and the position be lost.
     */
    @Override
    public void close() {
        writing.cancel(false);
        final boolean interrupted = Thread.interrupted();
        try {
            write();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
