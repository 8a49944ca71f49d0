/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import java.util.Arrays;

/**
 * The flows that the assembler knows, by key and by how long they have been idle.
 *
 * <p>Open addressing with linear probing, at most half full; a removed flow leaves no gap behind,
 * because those after it move up.
 */
final class FlowTable {

    private static final int INITIAL_SLOTS = 1024;

    private Flow[] slots = new Flow[INITIAL_SLOTS];
    private int size;
    private final FlowQueue byIdleTime = new FlowQueue();

    int size() {
        return size;
    }

    /** The flow that a packet belongs to, null if it is new. */
    Flow find(final FlowKey key) {
        final int mask = slots.length - 1;
        int slot = key.hash & mask;
        while (slots[slot] != null && !slots[slot].matches(key)) {
            slot = slot + 1 & mask;
        }
        return slots[slot];
    }

    /** The flow whose last packet is the longest ago, null if there is none. */
    Flow longestIdle() {
        return byIdleTime.first();
    }

    /** Takes in a flow that is not there yet. */
    void add(final Flow flow) {
        if (2 * (size + 1) > slots.length) {
            grow();
        }
        insert(flow);
        size++;
        byIdleTime.addLast(flow.idlePlace);
    }

    /** Makes a flow the least idle one. */
    void touch(final Flow flow) {
        byIdleTime.remove(flow.idlePlace);
        byIdleTime.addLast(flow.idlePlace);
    }

    void remove(final Flow flow) {
        byIdleTime.remove(flow.idlePlace);
        size--;
        final int mask = slots.length - 1;
        int gap = flow.hash & mask;
        while (slots[gap] != flow) {
            gap = gap + 1 & mask;
        }
        for (int slot = gap + 1 & mask; slots[slot] != null; slot = slot + 1 & mask) {
            // A flow may move into the gap unless that is before the slot it hashes to.
            final int home = slots[slot].hash & mask;
            if ((slot - home & mask) >= (slot - gap & mask)) {
                slots[gap] = slots[slot];
                gap = slot;
            }
        }
        slots[gap] = null;
    }

    void clear() {
        Arrays.fill(slots, null);
        size = 0;
        byIdleTime.clear();
    }

    private void insert(final Flow flow) {
        final int mask = slots.length - 1;
        int slot = flow.hash & mask;
        while (slots[slot] != null) {
            slot = slot + 1 & mask;
        }
        slots[slot] = flow;
    }

    private void grow() {
        final Flow[] old = slots;
        slots = new Flow[2 * old.length];
        for (final Flow flow : old) {
            if (flow != null) {
                insert(flow);
            }
        }
    }
}
