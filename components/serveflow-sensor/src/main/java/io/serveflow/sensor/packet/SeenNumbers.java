/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.packet;

/**
 * Which of the numbered packets of a flow were seen, so that an event that was shipped twice is
 * distinguished from the next packet, whatever the order in which they come.
 *
 * <p>A number that comes again with a time that is no later than the latest is the same event. With
 * a later one the sensor counts anew, and it is another flow under the same id. Numbers above
 * {@value #MAX_NUMBER} are taken as not seen.
 */
public final class SeenNumbers {

    /** The detail under which events are counted that were shipped before. */
    public static final String DUPLICATE_EVENT = "duplicate_event";

    public static final int MAX_NUMBER = 1 << 15;

    /** What a number came to. */
    public enum Finding {
        /** A packet that was not seen. */
        ANOTHER,
        /** An event that was seen. */
        DUPLICATE,
        /** A packet of another flow. */
        ANEW
    }

    private long first;

    /** The numbers from 65 on, of 64 each; null where there are none. */
    private long[] more;

    private long highest;
    private long latestMicros = Long.MIN_VALUE;

    /**
     * Notes a packet, unless it is of another flow.
     *
     * @param number from 1 on
     */
    public Finding note(final long number, final long micros) {
        final boolean late = micros <= latestMicros;
        if (isSeen(number)) {
            return late ? Finding.DUPLICATE : Finding.ANEW;
        }
        if (number < highest && !late) {
            return Finding.ANEW;
        }
        see(number);
        highest = Math.max(highest, number);
        latestMicros = Math.max(latestMicros, micros);
        return Finding.ANOTHER;
    }

    /** Whether a packet is not later than all that were seen. */
    public boolean isBehind(final long micros) {
        return micros <= latestMicros;
    }

    private boolean isSeen(final long number) {
        if (number < 1 || number > MAX_NUMBER) {
            return false;
        }
        final int word = word(number);
        final long bit = 1L << (number - 1 & Long.SIZE - 1);
        return word == 0
                ? (first & bit) != 0
                : more != null && word <= more.length && (more[word - 1] & bit) != 0;
    }

    private void see(final long number) {
        if (number < 1 || number > MAX_NUMBER) {
            return;
        }
        final int word = word(number);
        final long bit = 1L << (number - 1 & Long.SIZE - 1);
        if (word == 0) {
            first |= bit;
            return;
        }
        if (more == null || word > more.length) {
            final long[] longer = new long[Math.max(word, more == null ? 1 : 2 * more.length)];
            if (more != null) {
                System.arraycopy(more, 0, longer, 0, more.length);
            }
            more = longer;
        }
        more[word - 1] |= bit;
    }

    private static int word(final long number) {
        return (int) (number - 1) / Long.SIZE;
    }
}
