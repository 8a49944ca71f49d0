/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.doctor;

import io.serveflow.app.settings.Settings;
import io.serveflow.camel.elastic.ElasticConnection;
import io.serveflow.camel.elastic.ServeflowIndexComponent;
import java.io.IOException;

/** How the component {@code serveflow-index} would reach Elasticsearch, with no route running. */
final class IndexConnection {

    private IndexConnection() {}

    /**
     * Of the settings of an instance.
     *
     * @throws IllegalArgumentException naming the option that is wrong
     */
    static ElasticConnection of(final Settings settings) throws IOException {
        return ComponentSettings.bind(settings, "serveflow-index", new ServeflowIndexComponent())
                .getConfiguration()
                .connection();
    }
}
