/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.cascade;

import io.serveflow.batch.SourceClock;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Flows that wait for their context: by their key, and for each clock that they wait by in the
 * order of their arrival. All wait equally long, so of each clock the first is over first.
 *
 * <p>Not safe for use by more than one thread.
 *
 * @param <K> the key of a flow
 * @param <V> what is known of it
 */
final class WaitingFlows<K, V> {

    private final Function<V, SourceClock> clock;
    private final Map<K, V> flows = new HashMap<>();
    /* None is empty. */
    private final Map<SourceClock, Map<K, V>> byClock = new LinkedHashMap<>();

    WaitingFlows(final Function<V, SourceClock> clock) {
        this.clock = clock;
    }

    /**
     * Adds a flow, the last of its clock, or replaces one, in its turn if its clock is the same.
     */
    void put(final K key, final V flow) {
        final V before = flows.put(key, flow);
        if (before != null && !clock.apply(before).equals(clock.apply(flow))) {
            leave(key, before);
        }
        byClock.computeIfAbsent(clock.apply(flow), c -> new LinkedHashMap<>()).put(key, flow);
    }

    boolean contains(final K key) {
        return flows.containsKey(key);
    }

    /** The flow of a key that is contained. */
    V get(final K key) {
        return flows.get(key);
    }

    /** Takes out the flow of a key that is contained. */
    V remove(final K key) {
        final V flow = flows.remove(key);
        leave(key, flow);
        return flow;
    }

    private void leave(final K key, final V flow) {
        final Map<K, V> queue = byClock.get(clock.apply(flow));
        queue.remove(key);
        if (queue.isEmpty()) {
            byClock.remove(clock.apply(flow));
        }
    }

    /** The flows of each clock in the order of their arrival; none is empty. */
    Collection<Map<K, V>> queues() {
        return byClock.values();
    }

    /** The keys of all flows, as a copy. */
    List<K> keys() {
        return List.copyOf(flows.keySet());
    }

    void forEach(final BiConsumer<K, V> each) {
        flows.forEach(each);
    }

    int size() {
        return flows.size();
    }

    void clear() {
        flows.clear();
        byClock.clear();
    }
}
