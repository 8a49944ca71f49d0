/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import java.util.Objects;

/**
 * Where documents go, as messages about refusals speak of it.
 *
 * @param name of the data stream; of plain indices what covers all of them
 * @param rights that it takes to create documents there
 */
record Destination(String name, String rights) {

    Destination {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(rights, "rights");
    }

    static Destination dataStream(final String name) {
        return new Destination(name, "create_doc and auto_configure");
    }

    /** Plain indices whose names begin with that name and a hyphen. */
    static Destination indices(final String name) {
        return new Destination(name + "-*", "create_index and index");
    }
}
