/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

/** Says which flows still need their context record, so that the others' can be skipped unread. */
@FunctionalInterface
public interface ContextInterest {

    /**
     * Whether the context record of a flow is to be read. Asked after the flow's first record was
     * given out; must be quick.
     *
     * @param uid the sensor's id of the flow
     */
    boolean wants(String uid);

    /** The interest in every context record. */
    static ContextInterest all() {
        return uid -> true;
    }
}
