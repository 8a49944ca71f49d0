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

    private final ServeflowIndexProducer producer;

    ServeflowIndexHealthCheck(final ServeflowIndexProducer producer) {
        super(
                "camel",
                "producer:serveflow-index-"
                        + producer.getEndpoint().getConfiguration().getDataStream());
        this.producer = producer;
    }

    @Override
    protected void doCall(
            final HealthCheckResultBuilder builder, final Map<String, Object> options) {
        final ServeflowIndexConfiguration configuration = producer.getEndpoint().getConfiguration();
        builder.detail("data.stream", configuration.getDataStream());
        builder.detail("urls", configuration.getUrls());
        builder.detail("held.documents", producer.heldDocuments());
        builder.detail("held.seconds", TimeUnit.NANOSECONDS.toSeconds(producer.heldNanos()));
        producer.trouble()
                .ifPresentOrElse(
                        message -> builder.down().message("Elasticsearch " + message), builder::up);
    }
}
