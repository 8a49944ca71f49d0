/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

/** Flows in the order in which they came; any of them leaves in constant time. */
final class FlowQueue {

    /** A flow's place in a queue, owned by the flow so that queueing allocates nothing. */
    static final class Place {

        private final Flow flow;
        private Place before;
        private Place after;

        Place(final Flow flow) {
            this.flow = flow;
        }
    }

    private final Place ends = new Place(null);

    FlowQueue() {
        clear();
    }

    /** The flow that came first, null if there is none. */
    Flow first() {
        return ends.after.flow;
    }

    void addLast(final Place place) {
        place.before = ends.before;
        place.after = ends;
        ends.before.after = place;
        ends.before = place;
    }

    void remove(final Place place) {
        place.before.after = place.after;
        place.after.before = place.before;
    }

    void clear() {
        ends.before = ends;
        ends.after = ends;
    }
}
