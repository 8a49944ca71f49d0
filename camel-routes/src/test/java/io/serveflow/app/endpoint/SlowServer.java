/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.endpoint;

import io.serveflow.app.fixture.WorkerProcess;
import java.io.IOException;

/** A server that scores the slow tier, and what can happen to one. */
interface SlowServer extends AutoCloseable {

    /** {@code HOST:PORT}. */
    String address();

    /** Has it answer nothing more, with its connections open. */
    void freeze() throws Exception;

    /** Has it go on. */
    void thaw() throws Exception;

    /** Ends it at once, with all that it is doing. */
    void kill() throws Exception;

    /** Starts it again at the same address. */
    void startAgain() throws Exception;

    @Override
    void close();

    /** A worker process of our own. */
    record OurWorker(WorkerProcess process) implements SlowServer {

        @Override
        public String address() {
            return process.address();
        }

        @Override
        public void freeze() throws IOException, InterruptedException {
            process.freeze();
        }

        @Override
        public void thaw() throws IOException, InterruptedException {
            process.thaw();
        }

        @Override
        public void kill() {
            process.kill();
        }

        @Override
        public void startAgain() throws IOException {
            process.startAgain();
        }

        @Override
        public void close() {
            process.close();
        }
    }
}
