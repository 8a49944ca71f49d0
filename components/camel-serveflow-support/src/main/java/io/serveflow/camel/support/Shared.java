/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.support;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Values by key that their users share: the first one who acquires a key opens its value, and the
 * last one who releases it closes it.
 *
 * <p>A key is opened again only after its value was closed: both are done under one lock for all
 * keys, and so must not wait for another user.
 *
 * <p>Safe for use by many threads.
 *
 * @param <K> what distinguishes values, with an equality of its own
 * @param <V> what is shared, safe for use by as many threads as its users
 */
public final class Shared<K, V> {

    private final Map<K, Counted<V>> byKey = new LinkedHashMap<>();
    private final Consumer<? super V> closer;
    private volatile List<V> values = List.of();

    /**
     * Makes a value.
     *
     * @param <V> what is made
     * @param <E> what it fails with
     */
    @FunctionalInterface
    public interface Opener<V, E extends Exception> {

        /** A new value, never null. */
        V open() throws E;
    }

    /**
     * One use of a value.
     *
     * @param <V> what is used
     */
    public interface Use<V> {

        /** The value, which is open until this is released. */
        V value();

        /** Ends the use; later calls do nothing. */
        void release();
    }

    /**
     * @param closer called with a value that nobody uses any more; what it throws reaches the last
     *     user
     */
    public Shared(final Consumer<? super V> closer) {
        this.closer = Objects.requireNonNull(closer, "closer");
    }

    /**
     * Begins a use of the value of a key.
     *
     * @param opener makes the value if nobody uses it
     * @throws E if it cannot be made, and then nobody uses it
     */
    public <E extends Exception> Use<V> acquire(final K key, final Opener<? extends V, E> opener)
            throws E {
        synchronized (byKey) {
            Counted<V> counted = byKey.get(key);
            if (counted == null) {
                counted = new Counted<>(Objects.requireNonNull(opener.open(), "opened"));
                byKey.put(key, counted);
                keepValues();
            }
            counted.users++;
            return new OneUse(key, counted);
        }
    }

    /** The values in use, in the order in which they were opened; takes no lock, never changes. */
    public List<V> values() {
        return values;
    }

    private void keepValues() {
        values = byKey.values().stream().map(counted -> counted.value).toList();
    }

    private static final class Counted<V> {

        private final V value;
        private int users;

        private Counted(final V value) {
            this.value = value;
        }
    }

    private final class OneUse implements Use<V> {

        private final K key;
        private final Counted<V> counted;
        private boolean released;

        private OneUse(final K key, final Counted<V> counted) {
            this.key = key;
            this.counted = counted;
        }

        @Override
        public V value() {
            return counted.value;
        }

        @Override
        public void release() {
            synchronized (byKey) {
                if (released) {
                    return;
                }
                released = true;
                if (--counted.users == 0) {
                    byKey.remove(key);
                    keepValues();
                    closer.accept(counted.value);
                }
            }
        }
    }
}
