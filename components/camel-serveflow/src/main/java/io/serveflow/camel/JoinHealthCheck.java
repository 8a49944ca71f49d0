/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckResultBuilder;

/** The check {@code consumer:ROUTE} of a route from a join: down while the route fails. */
final class JoinHealthCheck implements HealthCheck {

    private final String route;
    private final Supplier<Optional<Exception>> failure;
    private volatile boolean enabled = true;

    /**
     * @param failure why flows are to be given to the route again, if they are
     */
    JoinHealthCheck(final String route, final Supplier<Optional<Exception>> failure) {
        this.route = route;
        this.failure = failure;
    }

    @Override
    public String getGroup() {
        return "camel";
    }

    @Override
    public String getId() {
        return "consumer:" + route;
    }

    @Override
    public boolean isEnabled() {
        return enabled;
    }

    @Override
    public void setEnabled(final boolean enabled) {
        this.enabled = enabled;
    }

    @Override
    public Result call(final Map<String, Object> options) {
        final HealthCheckResultBuilder builder = HealthCheckResultBuilder.on(this);
        failure.get()
                .ifPresentOrElse(
                        e ->
                                builder.down()
                                        .message(
                                                "the route does not take flows from the join, which"
                                                        + " are given to it again: "
                                                        + e.getMessage()),
                        builder::up);
        return builder.build();
    }
}
