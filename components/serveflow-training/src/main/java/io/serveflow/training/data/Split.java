/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.data;

/** What is kept together in one fold. */
public enum Split {
    /** A group of captures, so that flows are tested whose captures no model has seen. */
    GROUP,
    /**
     * A flow. Flows of one capture are alike in ways that no other capture shares, and a model
     * recognises them, so this shows how much a result can lie.
     */
    FLOW
}
