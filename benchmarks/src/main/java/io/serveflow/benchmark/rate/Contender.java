/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.rate;

/** A way at work: it gives the flows of a traffic their verdicts. */
interface Contender extends AutoCloseable {

    /**
     * Gives flows their final verdicts and returns when all have them.
     *
     * @param first number of the first flow
     * @param count how many flows
     */
    void decide(long first, long count) throws Exception;

    @Override
    void close();
}
