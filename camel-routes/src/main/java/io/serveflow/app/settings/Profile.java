/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.settings;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * What ServeFlow stands beside: a set of settings, in {@code profiles/NAME.properties}, that win
 * over the shipped defaults, and that all others win over.
 */
enum Profile {
    /** Security Onion 3. */
    SO3("so3"),
    /** Security Onion 2.4. */
    SO24("so24"),
    /** Malcolm. */
    MALCOLM("malcolm"),
    /** An Elasticsearch that {@code ./serveflow install elastic} has prepared. */
    ELASTIC("elastic");

    private final String id;

    Profile(final String id) {
        this.id = id;
    }

    /** The word of the setting. */
    String id() {
        return id;
    }

    /** The profile of that word; empty if there is none. */
    static Optional<Profile> named(final String id) {
        return Arrays.stream(values()).filter(one -> one.id.equals(id.strip())).findFirst();
    }

    /** The words of all profiles. */
    static List<String> names() {
        return Arrays.stream(values()).map(Profile::id).toList();
    }

    /** Its settings by name, sorted. */
    Map<String, String> settings() throws IOException {
        final Properties properties = new Properties();
        try (InputStream in =
                Profile.class.getResourceAsStream("/profiles/" + id + ".properties")) {
            properties.load(in);
        }
        final Map<String, String> settings = new TreeMap<>();
        properties
                .stringPropertyNames()
                .forEach(name -> settings.put(name, properties.getProperty(name)));
        return settings;
    }
}
