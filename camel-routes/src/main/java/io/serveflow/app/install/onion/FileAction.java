/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.onion;

import io.serveflow.app.install.Action;
import java.io.IOException;
import java.util.Optional;

/** One thing that is done with a file. */
record FileAction(String shown, Work work) implements Action {

    /** The doing of it. */
    interface Work {
        void run() throws IOException;
    }

    @Override
    public Optional<String> perform() throws IOException {
        work.run();
        return Optional.empty();
    }
}
