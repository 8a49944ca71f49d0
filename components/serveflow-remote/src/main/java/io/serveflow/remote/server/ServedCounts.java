/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.remote.server;

/**
 * What a server has done with a model.
 *
 * @param requests those that were scored
 * @param rows of those
 * @param batches in which they were scored
 * @param refused requests beyond what may wait
 * @param givenUp requests for which nobody waited any more when their turn came
 * @param failed requests that could not be scored
 * @param queueNanos how long the scored requests waited for their batch, altogether
 * @param computeNanos how long their batches took, counted for each of them
 * @param lastMillis when one was scored last, in milliseconds since 1970; 0 for never
 */
public record ServedCounts(
        long requests,
        long rows,
        long batches,
        long refused,
        long givenUp,
        long failed,
        long queueNanos,
        long computeNanos,
        long lastMillis) {}
