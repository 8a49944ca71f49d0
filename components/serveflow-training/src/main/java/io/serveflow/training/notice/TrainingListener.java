/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.notice;

/**
 * Is called with how training goes, for a progress bar and a log. Called by the training thread;
 * must be quick.
 */
public interface TrainingListener {

    /** Ignores everything. */
    TrainingListener SILENT = new TrainingListener() {};

    /**
     * Some of a step is done.
     *
     * @param step what is being done, such as {@code reading captures}; the same words for the same
     *     step
     * @param done how much of it, 0 to {@code total}
     */
    default void progress(final String step, final long done, final long total) {}

    /** Something that the person who trains should know; one sentence. */
    default void notice(final String sentence) {}
}
