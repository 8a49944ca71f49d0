/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install;

import java.io.IOException;
import java.util.Optional;

/** One call or file: what it is, for people, and the doing of it. */
public interface Action {

    /** The whole of it as text of one or more lines, without what is secret. */
    String shown();

    /**
     * Does it.
     *
     * @return why the thing stays as it was, where the system that it is in needs it; empty if it
     *     is done
     * @throws IOException if it cannot be done; the message is a sentence with the cure
     */
    Optional<String> perform() throws IOException;
}
