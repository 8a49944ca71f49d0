/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts who is using something that has to be freed, so that closing it frees it only when the
 * last user has left, and so that nobody begins to use it afterwards. Takes no lock.
 */
final class UseCount {

    /** Added to the count by closing, which makes it negative whatever it was. */
    private static final int CLOSED = Integer.MIN_VALUE;

    private final AtomicInteger users = new AtomicInteger();

    /** Begins a use, unless it is closed; each use that begins must {@link #leave()}. */
    boolean enter() {
        int count = users.get();
        while (count >= 0) {
            if (users.compareAndSet(count, count + 1)) {
                return true;
            }
            count = users.get();
        }
        return false;
    }

    /** Ends a use; true if this was the last one of something closed, which the caller frees. */
    boolean leave() {
        return users.decrementAndGet() == CLOSED;
    }

    /** Closes; true if nobody uses it, so that the caller frees it. Later calls do nothing. */
    boolean close() {
        int count = users.get();
        while (count >= 0) {
            if (users.compareAndSet(count, count + CLOSED)) {
                return count == 0;
            }
            count = users.get();
        }
        return false;
    }
}
