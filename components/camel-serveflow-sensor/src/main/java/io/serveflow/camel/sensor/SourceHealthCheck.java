/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Down while a source cannot read, or cannot get rid of what it has read. */
final class SourceHealthCheck extends AbstractHealthCheck {

    private final SensorEndpoint endpoint;
    private final Supplier<Optional<String>> trouble;

    /**
     * @param trouble what is wrong, as a sentence; empty if nothing is
     */
    SourceHealthCheck(
            final String routeId,
            final SensorEndpoint endpoint,
            final Supplier<Optional<String>> trouble) {
        super("camel", "consumer:" + routeId);
        this.endpoint = endpoint;
        this.trouble = trouble;
    }

    @Override
    protected void doCall(
            final HealthCheckResultBuilder builder, final Map<String, Object> options) {
        builder.detail("endpoint", endpoint.getEndpointBaseUri());
        trouble.get().ifPresentOrElse(why -> builder.down().message(why), builder::up);
    }
}
