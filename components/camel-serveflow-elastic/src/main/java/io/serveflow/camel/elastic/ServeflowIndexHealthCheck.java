/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Down while documents are held because Elasticsearch does not take them, with what cures that, and
 * after documents were given up.
 */
final class ServeflowIndexHealthCheck extends AbstractHealthCheck {

    private final ServeflowIndexEndpoint endpoint;

    ServeflowIndexHealthCheck(final ServeflowIndexEndpoint endpoint) {
        super("camel", "producer:serveflow-index-" + endpoint.getConfiguration().getDataStream());
        this.endpoint = endpoint;
    }

    @Override
    protected void doCall(
            final HealthCheckResultBuilder builder, final Map<String, Object> options) {
        final ServeflowIndexConfiguration configuration = endpoint.getConfiguration();
        builder.detail("data.stream", configuration.getDataStream());
        builder.detail("urls", configuration.getUrls());
        builder.detail("held.documents", endpoint.heldDocuments());
        builder.detail("held.seconds", TimeUnit.NANOSECONDS.toSeconds(endpoint.heldNanos()));
        endpoint.trouble()
                .ifPresentOrElse(
                        message -> builder.down().message("Elasticsearch " + message), builder::up);
    }
}
