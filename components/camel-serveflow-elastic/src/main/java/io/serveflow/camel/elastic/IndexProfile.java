/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Whose fields documents have, and what they are stored in. */
public enum IndexProfile {
    /** ECS, in a data stream of Elasticsearch. */
    ECS,
    /** Malcolm's, in plain indices of OpenSearch, one for each day on which flows began. */
    MALCOLM;

    /** What the names begin with that the template of {@link #MALCOLM} is for. */
    public static final String MALCOLM_NAMES = "malcolm_beats_serveflow";

    /** The word of the option. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The profile of that word; empty if there is none. */
    public static Optional<IndexProfile> named(final String word) {
        return Arrays.stream(values()).filter(one -> one.id().equals(word)).findFirst();
    }

    /** The words of all. */
    static List<String> ids() {
        return Arrays.stream(values()).map(IndexProfile::id).toList();
    }
}
