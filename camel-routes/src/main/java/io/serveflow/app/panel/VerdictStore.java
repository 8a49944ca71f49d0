/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.panel;

import io.serveflow.camel.elastic.ElasticConnection;
import io.serveflow.camel.elastic.IndexProfile;

/** Where the verdicts of a process are. */
public sealed interface VerdictStore {

    /**
     * In Elasticsearch, or for Malcolm in OpenSearch.
     *
     * @param index the data stream; for Malcolm what the names of the daily indices begin with
     */
    record Index(ElasticConnection connection, String index, IndexProfile profile)
            implements VerdictStore {

        /** What a search names. */
        String pattern() {
            return switch (profile) {
                case ECS -> index;
                // Not the alerts, which are in indices of a longer name.
                case MALCOLM -> index + "-*";
            };
        }

        /** What the server is called. */
        String server() {
            return switch (profile) {
                case ECS -> "Elasticsearch";
                case MALCOLM -> "OpenSearch";
            };
        }
    }

    /**
     * Where no search reaches them.
     *
     * @param sentence says where they are, and where to look at them
     */
    record Elsewhere(String sentence) implements VerdictStore {}
}
