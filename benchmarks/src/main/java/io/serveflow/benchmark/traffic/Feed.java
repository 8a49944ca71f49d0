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
    private final long first;
    private final long count;
    private final int part;
    private final int parts;
    private final Walk firsts;
    private final Walk contexts;

    Feed(
            final Traffic traffic,
            final long first,
            final long count,
            final int part,
            final int parts) {
        this.traffic = traffic;
        this.first = first;
        this.count = count;
        this.part = part;
        this.parts = parts;
        this.firsts = new Walk(traffic.firsts(), 0);
        this.contexts = new Walk(traffic.contexts(), traffic.contextsLater());
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
        while (true) {
            final boolean more = firsts.number() < count;
            final boolean context = contexts.after() < (more ? firsts.number() : Long.MAX_VALUE);
            final Walk walk = context ? contexts : firsts;
            if (!more && contexts.begins() >= count) {
                return chunk.lines() > 0;
            }
            if (Math.min(walk.after(), count - 1) >= begun) {
                return true;
            }
            if (walk.number() < count && walk.number() % parts == part) {
                if (!chunk.fits(walk.line().end() - walk.line().start())) {
                    return true;
                }
                add(walk, chunk);
            }
            walk.next();
        }
    }

    /** The id of the flow of line i of a chunk, by its place in the line: all dates are as long. */
    public byte[] uid(final Chunk chunk, final int i) {
        final int at = chunk.start(i) + traffic.firsts()[0].uidAt() - traffic.firsts()[0].start();
        return Arrays.copyOfRange(chunk.bytes(), at, at + Uid.LENGTH);
    }

    private void add(final Walk walk, final Chunk chunk) {
        final Traffic.Line line = walk.line();
        final int at = chunk.add(traffic.bytes(), line.start(), line.end(), line.first());
        Uid.write(first + walk.number(), chunk.bytes(), at + line.uidAt() - line.start());
        Uid.digits(
                line.seconds() + (first / traffic.flows() + walk.round) * traffic.spanSeconds(),
                chunk.bytes(),
                at + line.secondsAt() - line.start(),
                Traffic.SECONDS_DIGITS);
    }

    /** Goes through lines of one kind, round after round. */
    private final class Walk {

        private final Traffic.Line[] lines;
        private final long later;
        private long round;
        private int next;

        /**
         * @param later how many more flows begin before each line is written
         */
        private Walk(final Traffic.Line[] lines, final long later) {
            this.lines = lines;
            this.later = later;
        }

        private Traffic.Line line() {
            return lines[next];
        }

        /** The flow that the line is of. */
        private long number() {
            return begins() + line().flow();
        }

        /** The latest flow that has begun when the line is written. */
        private long after() {
            return begins() + line().after() + later;
        }

        /** The first flow of the round. */
        private long begins() {
            return round * traffic.flows();
        }

        private void next() {
            if (++next == lines.length) {
                next = 0;
                round++;
            }
        }
    }
}
