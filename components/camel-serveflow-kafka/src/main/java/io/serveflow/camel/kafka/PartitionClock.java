/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import io.serveflow.batch.SourceClock;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The time of a partition, which goes on as looks are taken at its end: the time of a look has come
 * when everything was given out that was in the partition then.
 *
 * <p>So it stands still while brokers do not answer, as then there are no looks, and while the
 * route does not take what is read; a process that is behind has the time of what it reads. What
 * passes between two looks counts for a few seconds at most, as whoever writes to the partition
 * stood still as well when there was no look.
 *
 * <p>For the thread that polls; the time itself is for any.
 */
final class PartitionClock implements SourceClock {

    /** Often enough for waits of seconds, and a request each. */
    static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long LONGEST_STEP_NANOS = 5 * LOOK_NANOS;

    /** Later looks of a partition that is further behind are left out, and it goes on slower. */
    private static final int MOST_LOOKS = 1_024;

    private final Queue<Look> looks = new ArrayDeque<>();
    private long lastNanos;
    private volatile long nanos;
    private volatile Optional<LongSupplier> other = Optional.empty();

    PartitionClock(final long nanoTime) {
        this.lastNanos = nanoTime;
    }

    /**
     * Notes a look at the end.
     *
     * @param end the offset behind the last record
     * @param nanoTime not later than the end was there
     */
    void looked(final long end, final long nanoTime) {
        if (looks.size() < MOST_LOOKS) {
            looks.add(new Look(end, Math.min(nanoTime - lastNanos, LONGEST_STEP_NANOS)));
        }
        lastNanos = nanoTime;
    }

    /** Whether there was a look whose time has not come. */
    boolean isBehind() {
        return !looks.isEmpty();
    }

    /** Notes that the route has taken everything before an offset. */
    @SuppressWarnings("NonAtomicOperationOnVolatileField") // One thread writes.
    void given(final long position) {
        while (isBehind() && looks.peek().end <= position) {
            nanos += looks.remove().step;
        }
    }

    /**
     * Goes on by another clock from now on, as nobody looks at the partition any more by whose
     * records flows wait.
     */
    void runBy(final LongSupplier clock) {
        final long begin = clock.getAsLong();
        final long before = nanos;
        other = Optional.of(() -> before + clock.getAsLong() - begin);
    }

    @Override
    public long nanos() {
        final Optional<LongSupplier> left = other;
        return left.isPresent() ? left.get().getAsLong() : nanos;
    }

    private record Look(long end, long step) {}
}
