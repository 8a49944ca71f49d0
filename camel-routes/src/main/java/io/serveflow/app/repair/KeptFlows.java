/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.repair;

import java.io.Closeable;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * Where flows are kept whose slow tier had no answer, until {@code serveflow repair} asks again.
 */
public interface KeptFlows extends Closeable {

    /**
     * Keeps lines, or counts that they could not be kept; never throws.
     *
     * @param lines of {@link RepairLine}s
     * @return ends, without a failure, when they are kept, or nobody should wait for that any
     *     longer
     */
    CompletableFuture<Void> keep(List<byte[]> lines);

    /** How many bytes of lines wait to be repaired; empty where somebody else knows. */
    OptionalLong bytes();

    /** Lets go of what it needs; counts what is not kept by then. */
    @Override
    void close();
}
