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
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Flows that wait for their context: by their key, and for each clock that they wait by in the
 * order in which their waits began. All wait equally long, so of each clock the first is over
 * first.
 *
 * <p>Not safe for use by more than one thread.
 *
 * @param <K> the key of a flow
 * @param <V> what is known of it
 */
final class WaitingFlows<K, V> {

    private final Function<V, SourceClock> clock;
    private final ToLongFunction<V> since;
    private final Map<K, Place<K, V>> places = new HashMap<>();
    /* None is empty. */
    private final Map<SourceClock, NavigableSet<Place<K, V>>> byClock = new LinkedHashMap<>();
    private long arrivals;

    /**
     * @param since when the wait of a flow began, by its clock
     */
    WaitingFlows(final Function<V, SourceClock> clock, final ToLongFunction<V> since) {
        this.clock = clock;
        this.since = since;
    }

    /** Adds a flow or replaces one; of those whose waits began at the same time, in its turn. */
    void put(final K key, final V flow) {
        final Place<K, V> before = places.get(key);
        if (before != null) {
            leave(before);
        }
        final Place<K, V> place =
                new Place<>(
                        key,
                        flow,
                        since.applyAsLong(flow),
                        before == null ? arrivals++ : before.arrival);
        places.put(key, place);
        byClock.computeIfAbsent(clock.apply(flow), c -> new TreeSet<>()).add(place);
    }

    boolean contains(final K key) {
        return places.containsKey(key);
    }

    /** The flow of a key that is contained. */
    V get(final K key) {
        return places.get(key).flow;
    }

    /** Takes out the flow of a key that is contained. */
    V remove(final K key) {
        final Place<K, V> place = places.remove(key);
        leave(place);
        return place.flow;
    }

    private void leave(final Place<K, V> place) {
        final SourceClock itsClock = clock.apply(place.flow);
        final NavigableSet<Place<K, V>> queue = byClock.get(itsClock);
        queue.remove(place);
        if (queue.isEmpty()) {
            byClock.remove(itsClock);
        }
    }

    /** The flows of each clock, the one that has waited longest first; none is empty. */
    Collection<NavigableSet<Place<K, V>>> queues() {
        return byClock.values();
    }

    /** The keys of all flows, as a copy. */
    List<K> keys() {
        return List.copyOf(places.keySet());
    }

    void forEach(final BiConsumer<K, V> each) {
        places.forEach((key, place) -> each.accept(key, place.flow));
    }

    int size() {
        return places.size();
    }

    void clear() {
        places.clear();
        byClock.clear();
    }

    /**
     * A flow in its turn.
     *
     * @param since when its wait began, of which only differences have a meaning
     * @param arrival its number, which no other flow has
     */
    record Place<K, V>(K key, V flow, long since, long arrival) implements Comparable<Place<K, V>> {

        @Override
        public int compareTo(final Place<K, V> other) {
            return since == other.since
                    ? Long.compare(arrival, other.arrival)
                    : Long.signum(since - other.since);
        }
    }
}
