/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.traffic;

import java.util.Arrays;

/**
 * Lines of {@link Traffic} with ids and times of their own, copied out chunk by chunk as the bytes
 * of a file are. Not safe for use by more than one thread.
 */
public final class Feed {

    private static final int CHUNK_BYTES = 1 << 16;

    private final Traffic traffic;
    private final Traffic.Line[] lines;
    private final long first;
    private final long count;
    private final int part;
    private final int parts;
    private long round;
    private int next;

    Feed(
            final Traffic traffic,
            final long first,
            final long count,
            final int part,
            final int parts) {
        this.traffic = traffic;
        this.lines = traffic.lines();
        this.first = first;
        this.count = count;
        this.part = part;
        this.parts = parts;
    }

    /** A chunk that any line of the feed fits into. */
    public Chunk chunk() {
        return new Chunk(Math.max(CHUNK_BYTES, traffic.longest() + 1));
    }

    /** Fills a chunk with the next lines; returns false when there are none left. */
    public boolean fill(final Chunk chunk) {
        return fill(chunk, Long.MAX_VALUE);
    }

    /**
     * Fills a chunk with the next lines that are written while only so many flows have begun;
     * returns false when there are none left at all.
     */
    public boolean fill(final Chunk chunk, final long begun) {
        chunk.clear();
        while (round * traffic.flows() < count) {
            final Traffic.Line line = lines[next];
            final long number = round * traffic.flows() + line.flow();
            if (Math.min(round * traffic.flows() + line.after(), count - 1) >= begun) {
                return true;
            }
            if (number < count && number % parts == part) {
                if (!chunk.fits(line.end() - line.start())) {
                    return true;
                }
                add(line, number, chunk);
            }
            if (++next == lines.length) {
                next = 0;
                round++;
            }
        }
        return chunk.lines() > 0;
    }

    /** The id of the flow of line i of a chunk, by its place in the line: all dates are as long. */
    public byte[] uid(final Chunk chunk, final int i) {
        final int at = chunk.start(i) + traffic.lines()[0].uidAt() - traffic.lines()[0].start();
        return Arrays.copyOfRange(chunk.bytes(), at, at + Uid.LENGTH);
    }

    private void add(final Traffic.Line line, final long number, final Chunk chunk) {
        final int at = chunk.add(traffic.bytes(), line.start(), line.end(), line.first());
        Uid.write(first + number, chunk.bytes(), at + line.uidAt() - line.start());
        Uid.digits(
                line.seconds() + (first / traffic.flows() + round) * traffic.spanSeconds(),
                chunk.bytes(),
                at + line.secondsAt() - line.start(),
                Traffic.SECONDS_DIGITS);
    }
}
