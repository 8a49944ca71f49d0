/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The flows that the assembler knows, by key and by when they are to be forgotten.
 *
 * <p>All flows of one state have the same timeout, so that each state has a queue in the order of
 * the last packet, and only the first of each queue is looked at.
 *
 * <p>Open addressing with linear probing, at most half full; a removed flow leaves no gap behind,
 * because those after it move up.
 */
final class FlowTable {

    private static final int INITIAL_SLOTS = 64;
    private static final FlowState[] STATES = FlowState.values();

    private Flow[] slots = new Flow[INITIAL_SLOTS];
    private int size;
    private final FlowTimeouts timeouts;
    private final List<FlowQueue<Flow>> queues =
            Stream.generate(FlowQueue<Flow>::new).limit(STATES.length).toList();

    /** No flow is due before; of the assembler's clock, compare by difference. */
    private long nextDue;

    FlowTable(final FlowTimeouts timeouts) {
        this.timeouts = timeouts;
    }

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

    /** A flow that has been silent for longer than its timeout, null if there is none. */
    Flow due(final long clock) {
        if (size == 0 || clock - nextDue <= 0) {
            return null;
        }
        final Flow next = nextToEnd(clock);
        nextDue = next.lastSeen + timeouts.micros(next.state);
        return clock - nextDue > 0 ? next : null;
    }

    /** The flow whose timeout ends next; there must be one. */
    Flow nextToEnd(final long clock) {
        Flow next = null;
        long least = Long.MAX_VALUE;
        for (final FlowState state : STATES) {
            final Flow first = queues.get(state.ordinal()).first();
            if (first != null) {
                final long left = timeouts.micros(state) - (clock - first.lastSeen);
                if (next == null || left < least) {
                    next = first;
                    least = left;
                }
            }
        }
        return next;
    }

    /** Takes in a flow that is not there yet. */
    void add(final Flow flow, final long clock) {
        if (2 * (size + 1) > slots.length) {
            grow();
        }
        insert(flow);
        final long due = clock + timeouts.micros(flow.state);
        if (size == 0 || due - nextDue < 0) {
            nextDue = due;
        }
        size++;
        flow.lastSeen = clock;
        queues.get(flow.state.ordinal()).addLast(flow);
    }

    /** Notes that a flow has a packet, which may have changed its state. */
    void touch(final Flow flow, final FlowState state, final long clock) {
        flow.lastSeen = clock;
        if (flow.state == state) {
            queues.get(state.ordinal()).moveToEnd(flow);
            return;
        }
        queues.get(flow.state.ordinal()).remove(flow);
        queues.get(state.ordinal()).addLast(flow);
        flow.state = state;
        final long due = clock + timeouts.micros(state);
        if (due - nextDue < 0) {
            nextDue = due;
        }
    }

    void remove(final Flow flow) {
        queues.get(flow.state.ordinal()).remove(flow);
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
        queues.forEach(FlowQueue::clear);
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
