/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.eve;

import io.serveflow.flow.FlowRecord;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Context records that are complete but for what an event is likely to say of their flow in a
 * moment; each is given on when it was said, or {@value #LONGEST_MICROS} microseconds after it was
 * complete, by the time of the packets.
 *
 * <p>At most {@value #MOST} are held; for one more the first is given on.
 */
final class HeldContexts {

    /** Longer than a handshake lasts between distant hosts. */
    static final long LONGEST_MICROS = 1_000_000;

    static final int MOST = 4_096;

    /** Time that goes back further is that of another part of a merged log. */
    private static final long LONGEST_BACK_MICROS = 60_000_000;

    /**
     * A record that is held.
     *
     * @param since when it was complete
     * @param oldest where the oldest flow begins in the source that was not written yet by then
     */
    private record Held(FlowRecord record, long since, long oldest) {}

    private final Consumer<FlowRecord> out;

    /** Those by the ids of their flows, in the order in which they were complete. */
    private final Map<String, Held> held = new LinkedHashMap<>();

    /** The first one's; meaningless where there is none. */
    private long firstSince;

    HeldContexts(final Consumer<FlowRecord> out) {
        this.out = Objects.requireNonNull(out, "out");
    }

    /**
     * Holds a record.
     *
     * @param now the time of the packet that completed it
     * @param oldest the position of the first packet of the flow or of an older one, ascending
     */
    void hold(final FlowRecord record, final long now, final long oldest) {
        release(record.id().uid());
        if (held.size() == MOST) {
            release(held.keySet().iterator().next());
        }
        if (held.isEmpty()) {
            firstSince = now;
        }
        held.put(record.id().uid(), new Held(record, now, oldest));
    }

    boolean holds(final String uid) {
        return held.containsKey(uid);
    }

    /** Gives on the record of a flow, if it is held. */
    void release(final String uid) {
        final Held released = held.remove(uid);
        if (released != null) {
            noteFirst();
            out.accept(released.record());
        }
    }

    /** Gives on those that were held long enough. */
    void releaseDue(final long now) {
        while (!held.isEmpty() && isDue(now)) {
            release(held.keySet().iterator().next());
        }
    }

    /** Gives on all. */
    void releaseAll() {
        while (!held.isEmpty()) {
            release(held.keySet().iterator().next());
        }
    }

    /** Where the source is to be read from for those that are held; empty if none is. */
    OptionalLong oldest() {
        return held.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(held.values().iterator().next().oldest());
    }

    private boolean isDue(final long now) {
        final long passed = now - firstSince;
        return passed >= LONGEST_MICROS || passed < -LONGEST_BACK_MICROS;
    }

    private void noteFirst() {
        final Iterator<Held> first = held.values().iterator();
        if (first.hasNext()) {
            firstSince = first.next().since();
        }
    }
}
