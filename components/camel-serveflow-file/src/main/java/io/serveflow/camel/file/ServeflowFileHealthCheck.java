/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.file;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Down while verdicts are held because they cannot be written, with what cures that, and after
 * verdicts were given up.
 */
final class ServeflowFileHealthCheck extends AbstractHealthCheck {

    private final ServeflowFileEndpoint endpoint;

    ServeflowFileHealthCheck(final ServeflowFileEndpoint endpoint) {
        super("camel", "producer:serveflow-file-" + endpoint.getConfiguration().path());
        this.endpoint = endpoint;
    }

    @Override
    protected void doCall(
            final HealthCheckResultBuilder builder, final Map<String, Object> options) {
        final String folder = endpoint.getConfiguration().path().toString();
        builder.detail("folder", folder);
        builder.detail("held.documents", endpoint.heldDocuments());
        builder.detail("held.seconds", TimeUnit.NANOSECONDS.toSeconds(endpoint.heldNanos()));
        endpoint.trouble()
                .ifPresentOrElse(
                        message -> builder.down().message("The folder " + folder + " " + message),
                        builder::up);
    }
}
