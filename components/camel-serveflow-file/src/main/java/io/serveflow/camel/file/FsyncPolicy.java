/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.file;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** When lines count as durable, so that whoever brought them may forget them. */
enum FsyncPolicy {
    /** When the disk has them: one fsync for all that came together. */
    BATCH("batch"),
    /** When the operating system has them, which brings them to the disk at least so often. */
    INTERVAL("interval"),
    /** When the operating system has them, which brings them to the disk when it likes. */
    NONE("none");

    private final String id;

    FsyncPolicy(final String id) {
        this.id = id;
    }

    /** The word of the option. */
    String id() {
        return id;
    }

    /** The words of all policies. */
    static List<String> ids() {
        return Arrays.stream(values()).map(FsyncPolicy::id).toList();
    }

    /** The policy of that word; empty if there is none. */
    static Optional<FsyncPolicy> named(final String id) {
        return Arrays.stream(values()).filter(policy -> policy.id.equals(id)).findFirst();
    }
}
