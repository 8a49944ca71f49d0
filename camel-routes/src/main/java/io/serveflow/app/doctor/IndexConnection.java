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
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PropertyBindingSupport;

/** How the component {@code serveflow-index} would reach Elasticsearch, with no route running. */
final class IndexConnection {

    private static final String OPTIONS = "camel.component.serveflow-index.";

    private IndexConnection() {}

    /**
     * Of the settings of an instance.
     *
     * @throws IllegalArgumentException naming the option that is wrong
     */
    static ElasticConnection of(final Settings settings) throws IOException {
        final Map<String, Object> options = new LinkedHashMap<>();
        settings.forCamel().stringPropertyNames().stream()
                .filter(name -> name.startsWith(OPTIONS))
                .forEach(
                        name -> options.put(name.substring(OPTIONS.length()), settings.text(name)));
        final CamelContext context = new DefaultCamelContext();
        try {
            final ServeflowIndexComponent component = new ServeflowIndexComponent();
            component.setCamelContext(context);
            PropertyBindingSupport.build()
                    .withCamelContext(context)
                    .withTarget(component)
                    .withIgnoreCase(true)
                    .withProperties(options)
                    .bind();
            return component.getConfiguration().connection();
        } finally {
            context.stop();
        }
    }
}
