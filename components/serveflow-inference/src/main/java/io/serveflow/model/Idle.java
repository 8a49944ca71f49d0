/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Things that nobody uses at the moment, kept for whoever needs one next; safe for use by many
 * threads.
 *
 * <p>There are two slots a processor, so that threads seldom want the same; what finds no free slot
 * is left to the garbage collector.
 */
public final class Idle<T> {

    private final AtomicReferenceArray<T> slots =
            new AtomicReferenceArray<>(2 * Runtime.getRuntime().availableProcessors());

    /** Takes one out; empty if there is none. */
    public Optional<T> borrow() {
        for (int slot = 0; slot < slots.length(); slot++) {
            if (slots.getPlain(slot) != null) {
                final T idle = slots.getAndSet(slot, null);
                if (idle != null) {
                    return Optional.of(idle);
                }
            }
        }
        return Optional.empty();
    }

    /** Puts one in; its user must not touch it any more. */
    public void giveBack(final T idle) {
        for (int slot = 0; slot < slots.length(); slot++) {
            if (slots.compareAndSet(slot, null, idle)) {
                return;
            }
        }
    }
}
