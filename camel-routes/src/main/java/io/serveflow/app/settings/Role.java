/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.settings;

import java.util.Arrays;
import java.util.List;

/** Which part of the routes a process runs: {@code serveflow.role}. */
public enum Role {
    /** Everything, from the sources to the index. */
    ALL("all"),
    /** Reads the sources and asks the tiers that read packet 1. */
    FAST("fast"),
    /**
     * Joins uncertain flows with their contexts and asks the tiers that read more packets; where
     * processes are not linked by Kafka, scores tiers for others.
     */
    SLOW("slow"),
    /** Stores verdicts in Elasticsearch. */
    INDEX("index");

    private final String id;

    Role(final String id) {
        this.id = id;
    }

    /** The word of the setting. */
    public String id() {
        return id;
    }

    /** Whether a process of this role reads what sensors write. */
    public boolean readsSources() {
        return this == ALL || this == FAST;
    }

    /** Whether a process of this role sends verdicts to Elasticsearch. */
    public boolean stores() {
        return this == ALL || this == INDEX;
    }

    /** The role of that word. */
    static Role named(final String id) {
        return Arrays.stream(values())
                .filter(role -> role.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no role " + id));
    }

    /** The words of all roles. */
    static List<String> ids() {
        return Arrays.stream(values()).map(Role::id).toList();
    }
}
