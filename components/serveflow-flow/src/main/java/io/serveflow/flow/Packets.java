/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import java.util.Arrays;

/**
 * The first packets of a flow, in order of arrival, from the IP header on: when, which way, how
 * long on the wire, and the leading bytes that the sensor kept.
 *
 * <p>Immutable. All slices share one byte array, so that a flow of ten packets costs five objects
 * and not fifty. Times are microseconds since the flow's first packet, the finest that Zeek and
 * Suricata write.
 */
public final class Packets {

    /** No packets, as in the summary of a flow. */
    public static final Packets NONE = new Builder().build();

    private final long[] offsetMicros;
    private final boolean[] fromOriginator;
    private final int[] lengths;
    private final int[] ends;
    private final byte[] bytes;

    private Packets(
            final long[] offsetMicros,
            final boolean[] fromOriginator,
            final int[] lengths,
            final int[] ends,
            final byte[] bytes) {
        this.offsetMicros = offsetMicros;
        this.fromOriginator = fromOriginator;
        this.lengths = lengths;
        this.ends = ends;
        this.bytes = bytes;
    }

    /**
     * Packets out of arrays that hold a value a packet, and maybe more; they are copied.
     *
     * @param ends where each packet ends (exclusive) in the bytes, ascending
     * @param bytes the kept bytes of all packets, one after the other
     */
    public static Packets copyOf(
            final int count,
            final long[] offsetMicros,
            final boolean[] fromOriginator,
            final int[] lengths,
            final int[] ends,
            final byte[] bytes) {
        return new Packets(
                Arrays.copyOf(offsetMicros, count),
                Arrays.copyOf(fromOriginator, count),
                Arrays.copyOf(lengths, count),
                Arrays.copyOf(ends, count),
                Arrays.copyOf(bytes, count == 0 ? 0 : ends[count - 1]));
    }

    /** How many packets there are; none only in the summary of a flow. */
    public int count() {
        return ends.length;
    }

    /** Microseconds between the flow's first packet and packet {@code i}; 0 for packet 0. */
    public long offsetMicros(final int i) {
        return offsetMicros[i];
    }

    /** Whether the flow's originator sent packet {@code i}. */
    public boolean fromOriginator(final int i) {
        return fromOriginator[i];
    }

    /** Length in bytes of packet {@code i} on the wire, from the IP header on. */
    public int length(final int i) {
        return lengths[i];
    }

    /** Where packet {@code i} begins in {@link #bytes()}. */
    public int start(final int i) {
        return i == 0 ? 0 : ends[i - 1];
    }

    /** Where packet {@code i} ends (exclusive) in {@link #bytes()}. */
    public int end(final int i) {
        return ends[i];
    }

    /**
     * The kept bytes of all packets, one after the other. The array is shared, not copied, for the
     * feature encoders; callers must not write to it.
     */
    public byte[] bytes() {
        return bytes;
    }

    /** These packets cut after the first {@code n}; itself when there are no more than that. */
    public Packets first(final int n) {
        if (n >= count()) {
            return this;
        }
        return copyOf(n, offsetMicros, fromOriginator, lengths, ends, bytes);
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof Packets that
                && Arrays.equals(offsetMicros, that.offsetMicros)
                && Arrays.equals(fromOriginator, that.fromOriginator)
                && Arrays.equals(lengths, that.lengths)
                && Arrays.equals(ends, that.ends)
                && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(lengths) + Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "Packets[count=" + count() + ", lengths=" + Arrays.toString(lengths) + "]";
    }

    /** Collects packets one by one; may be used again after {@link #clear()}. */
    public static final class Builder {

        private int count;
        private long[] offsetMicros = new long[1];
        private boolean[] fromOriginator = new boolean[1];
        private int[] lengths = new int[1];
        private int[] ends = new int[1];
        private byte[] bytes = new byte[128];

        /**
         * Adds a packet.
         *
         * @param offset microseconds since the flow's first packet
         * @param originator whether the originator sent it
         * @param length bytes on the wire, from the IP header on
         * @param source where the kept bytes are
         * @param from index of the first kept byte
         * @param kept how many bytes are kept, at most {@code length}
         */
        public Builder add(
                final long offset,
                final boolean originator,
                final int length,
                final byte[] source,
                final int from,
                final int kept) {
            final int start = count == 0 ? 0 : ends[count - 1];
            if (count == ends.length) {
                grow(Math.max(4, count * 2));
            }
            if (start + kept > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(start + kept, bytes.length * 2));
            }
            System.arraycopy(source, from, bytes, start, kept);
            offsetMicros[count] = offset;
            fromOriginator[count] = originator;
            lengths[count] = length;
            ends[count] = start + kept;
            count++;
            return this;
        }

        /** How many packets were added since the last {@link #clear()}. */
        public int count() {
            return count;
        }

        /** Forgets all packets and keeps the room. */
        public void clear() {
            count = 0;
        }

        /** The packets added so far, as a copy that later calls do not change. */
        public Packets build() {
            return copyOf(count, offsetMicros, fromOriginator, lengths, ends, bytes);
        }

        private void grow(final int capacity) {
            offsetMicros = Arrays.copyOf(offsetMicros, capacity);
            fromOriginator = Arrays.copyOf(fromOriginator, capacity);
            lengths = Arrays.copyOf(lengths, capacity);
            ends = Arrays.copyOf(ends, capacity);
        }
    }
}
