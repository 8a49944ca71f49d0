/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.pool;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A pool of objects that are costly to make and hold no state of their user; safe for use by many
 * threads.
 *
 * <p>There are two slots a processor, so that threads seldom want the same; what finds no free slot
 * is left to the garbage collector.
 */
public final class ObjectPool<T> {

    private final AtomicReferenceArray<T> slots =
            new AtomicReferenceArray<>(2 * Runtime.getRuntime().availableProcessors());

    /** Takes one out; empty if there is none. */
    public Optional<T> borrow() {
        for (int slot = 0; slot < slots.length(); slot++) {
            if (slots.getPlain(slot) != null) {
                final T object = slots.getAndSet(slot, null);
                if (object != null) {
                    return Optional.of(object);
                }
            }
        }
        return Optional.empty();
    }

    /** Puts one in; its user must not touch it any more. */
    public void giveBack(final T object) {
        for (int slot = 0; slot < slots.length(); slot++) {
            if (slots.compareAndSet(slot, null, object)) {
                return;
            }
        }
    }
}
