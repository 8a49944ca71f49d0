/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

/**
 * Members in the order in which they came; any of them leaves in constant time.
 *
 * @param <T> what is queued; one queue at a time
 */
final class FlowQueue<T extends FlowQueue.Member> {

    /** What can be queued: it carries its place itself, so that queueing allocates nothing. */
    abstract static class Member {

        private Member before;
        private Member after;
    }

    private static final class Ends extends Member {}

    private final Member ends = new Ends();

    FlowQueue() {
        clear();
    }

    /** The member that came first, null if there is none. */
    @SuppressWarnings("unchecked") // what is queued is a T, but for the ends
    T first() {
        return ends.after == ends ? null : (T) ends.after;
    }

    void addLast(final T member) {
        final Member place = member;
        place.before = ends.before;
        place.after = ends;
        ends.before.after = place;
        ends.before = place;
    }

    /** Makes a member the last one. */
    void moveToEnd(final T member) {
        if (ends.before != member) {
            remove(member);
            addLast(member);
        }
    }

    void remove(final T member) {
        final Member place = member;
        place.before.after = place.after;
        place.after.before = place.before;
    }

    void clear() {
        ends.before = ends;
        ends.after = ends;
    }
}
