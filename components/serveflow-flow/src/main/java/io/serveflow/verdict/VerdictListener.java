/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.verdict;

import io.serveflow.flow.FlowRecord;

/**
 * Called with each verdict that is given out: every final one, and every provisional one whose flow
 * waits for a better tier. Called by many threads; must be quick and must not throw.
 */
@FunctionalInterface
public interface VerdictListener {

    /**
     * @param flow the record that the verdict rests on
     */
    void given(FlowRecord flow, Verdict verdict);
}
