/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import java.util.Arrays;

/**
 * Which end opened flows that were forgotten: a bounded table of fingerprints, eight bytes a flow.
 *
 * <p>It holds as many flows as it was made for, rounded up to a power of two, and grows to that
 * with use. A fingerprint has one set of eight places; where they are taken, the one that came
 * first is overwritten, so that some are forgotten before the table is full. With n flows in it,
 * one that is not there is taken for one of them with a chance of n / 2^63.
 */
final class RoleMemory {

    private static final int WAYS = 8;
    private static final int FIRST_SLOTS = 64;
    private static final int LEAST_MAX_SLOTS = 1_024;
    private static final long LOWER_IS_ORIGINATOR = 1;
    private static final long EMPTY = 0;

    private final int maxSlots;

    /** Sets of places, the latest first; the lowest bit of each says who opened the flow. */
    private long[] slots = new long[FIRST_SLOTS];

    /**
     * @param flows how many are kept
     */
    RoleMemory(final int flows) {
        maxSlots = Math.max(LEAST_MAX_SLOTS, Integer.highestOneBit(2 * flows - 1));
    }

    /** Keeps the roles of a flow, of which none are kept. */
    void remember(final long fingerprint, final boolean lowerIsOriginator) {
        // More than once where what falls out of a full set would fall into a full one again.
        while (slots[set(fingerprint) + WAYS - 1] != EMPTY && slots.length < maxSlots) {
            grow();
        }
        insert(
                significant(fingerprint) | (lowerIsOriginator ? LOWER_IS_ORIGINATOR : 0),
                set(fingerprint));
    }

    /**
     * Whether the end that sends is the one that did not open the flow of which this packet is;
     * false if nothing is known of it. The roles are no longer kept then.
     */
    boolean takeWhetherResponder(final long fingerprint, final boolean lowerSends) {
        final int slot = find(fingerprint);
        if (slot < 0) {
            return false;
        }
        final boolean responder = (slots[slot] & LOWER_IS_ORIGINATOR) != 0 != lowerSends;
        final int last = slot | WAYS - 1;
        System.arraycopy(slots, slot + 1, slots, slot, last - slot);
        slots[last] = EMPTY;
        return responder;
    }

    void clear() {
        Arrays.fill(slots, EMPTY);
    }

    private int find(final long fingerprint) {
        final long wanted = significant(fingerprint);
        final int first = set(fingerprint);
        for (int slot = first; slot < first + WAYS && slots[slot] != EMPTY; slot++) {
            if ((slots[slot] & ~LOWER_IS_ORIGINATOR) == wanted) {
                return slot;
            }
        }
        return -1;
    }

    private void insert(final long entry, final int first) {
        System.arraycopy(slots, first, slots, first + 1, WAYS - 1);
        slots[first] = entry;
    }

    private void grow() {
        final long[] old = slots;
        slots = new long[2 * old.length];
        for (int set = 0; set < old.length; set += WAYS) {
            for (int slot = set + WAYS - 1; slot >= set; slot--) {
                if (old[slot] != EMPTY) {
                    insert(old[slot], set(old[slot]));
                }
            }
        }
    }

    /** Where the set of a fingerprint begins; of bits that its place keeps. */
    private int set(final long fingerprint) {
        return (int) (fingerprint >>> 32) & slots.length - WAYS;
    }

    /** Never that of an empty place. */
    private static long significant(final long fingerprint) {
        final long bits = fingerprint & ~LOWER_IS_ORIGINATOR;
        return bits == EMPTY ? 2 * LOWER_IS_ORIGINATOR : bits;
    }
}
