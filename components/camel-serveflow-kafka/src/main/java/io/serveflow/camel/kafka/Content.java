/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import java.util.Arrays;
import java.util.Optional;

/** What the values of the records of a topic are. */
enum Content {
    /** Lines of sensors, in any of their formats; read only. */
    LINES("lines"),
    /** Flow records with the verdicts that they have, for another process: {@link FlowMessage}. */
    FLOWS("flows"),
    /** Verdict documents as the index has them. */
    DOCUMENTS("documents");

    private final String id;

    Content(final String id) {
        this.id = id;
    }

    /** The word of the option. */
    String id() {
        return id;
    }

    /** The content of that word; empty if there is none. */
    static Optional<Content> named(final String id) {
        return Arrays.stream(values()).filter(content -> content.id.equals(id)).findFirst();
    }
}
