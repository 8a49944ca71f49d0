/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.socket;

import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What connections have brought and nobody has looked at yet, in the order in which it came,
 * bounded in bytes. Who brings more than fits waits, and reads no more meanwhile.
 *
 * <p>Safe for use by many threads.
 */
final class ReadAhead {

    /**
     * What one read has brought.
     *
     * @param bytes none where the connection has ended
     */
    record Piece(SensorConnection from, byte[] bytes) {

        Piece {
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(bytes, "bytes");
        }

        boolean isEnd() {
            return bytes.length == 0;
        }
    }

    private final long maxBytes;
    private final Runnable full;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Condition emptied = lock.newCondition();
    private final Queue<Piece> pieces = new ArrayDeque<>();
    private long bytes;
    private boolean closing;
    private boolean closed;

    /**
     * @param maxBytes from how many bytes on nothing more is taken; the piece that reaches it is
     * @param full called each time that somebody has to wait; quick, must not throw
     */
    ReadAhead(final long maxBytes, final Runnable full) {
        this.maxBytes = maxBytes;
        this.full = Objects.requireNonNull(full, "full");
    }

    /** Adds a piece, when there is room for it. */
    void put(final Piece piece) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (isFull()) {
                full.run();
            }
            while (isFull()) {
                emptied.await();
            }
            pieces.add(piece);
            bytes += piece.bytes().length;
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    private boolean isFull() {
        return bytes >= maxBytes && !closing;
    }

    /**
     * Takes out the oldest piece.
     *
     * @return empty if none came in time, or none will come any more
     */
    Optional<Piece> poll(final long timeout, final TimeUnit unit) throws InterruptedException {
        long left = unit.toNanos(timeout);
        lock.lockInterruptibly();
        try {
            while (pieces.isEmpty() && !closed && left > 0) {
                left = filled.awaitNanos(left);
            }
            final Optional<Piece> next = Optional.ofNullable(pieces.poll());
            next.ifPresent(piece -> bytes -= piece.bytes().length);
            emptied.signalAll();
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** Lets everybody in who has read something already; nothing more is read. */
    void endReading() {
        lock.lock();
        try {
            closing = true;
            emptied.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Throws away what is inside.
     *
     * @return how many lines end in it
     */
    long abandon() {
        lock.lock();
        try {
            long lines = 0;
            for (final Piece piece : pieces) {
                for (final byte each : piece.bytes()) {
                    lines += each == '\n' ? 1 : 0;
                }
            }
            pieces.clear();
            bytes = 0;
            emptied.signalAll();
            return lines;
        } finally {
            lock.unlock();
        }
    }

    /** Says that nothing will come any more. */
    void close() {
        lock.lock();
        try {
            closed = true;
            filled.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing is inside. */
    boolean isEmpty() {
        lock.lock();
        try {
            return pieces.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing is inside and nothing will come. */
    boolean isDone() {
        lock.lock();
        try {
            return closed && pieces.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** How many bytes are inside. */
    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }
}
