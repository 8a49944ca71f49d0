/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the references to something that has to be freed, so that closing it frees it only when
 * the last one is released, and so that none is taken afterwards. Takes no lock.
 */
final class RefCount {

    /** Added to the count by closing, which makes it negative whatever it was. */
    private static final int CLOSED = Integer.MIN_VALUE;

    private final AtomicInteger references = new AtomicInteger();

    /**
     * Takes a reference, unless it is closed; each one that is taken needs a {@link #release()}.
     */
    boolean retain() {
        int count = references.get();
        while (count >= 0) {
            if (references.compareAndSet(count, count + 1)) {
                return true;
            }
            count = references.get();
        }
        return false;
    }

    /**
     * Takes one more reference where somebody has one, closed or not; each one that is taken needs
     * a {@link #release()}.
     */
    boolean retainAgain() {
        int count = references.get();
        while (count > 0 || count < 0 && count > CLOSED) {
            if (references.compareAndSet(count, count + 1)) {
                return true;
            }
            count = references.get();
        }
        return false;
    }

    /**
     * Gives a reference up; true if it was the last one of something closed, which the caller
     * frees.
     */
    boolean release() {
        return references.decrementAndGet() == CLOSED;
    }

    /**
     * Closes; true if there are no references, so that the caller frees it. Later calls do nothing.
     */
    boolean close() {
        int count = references.get();
        while (count >= 0) {
            if (references.compareAndSet(count, count + CLOSED)) {
                return count == 0;
            }
            count = references.get();
        }
        return false;
    }
}
