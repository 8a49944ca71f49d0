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
import org.apache.camel.support.DefaultConsumer;

/** Down while a source has a trouble; the details say what it does. */
public final class SourceHealthCheck extends AbstractHealthCheck {

    /**
     * How a source is.
     *
     * @param trouble a sentence, if it cannot do its work
     */
    public record State(Optional<String> trouble, Map<String, Object> details) {}

    private final Supplier<State> state;

    /**
     * The check {@code consumer:ROUTE} of a consumer, as Camel names those of its own.
     *
     * @param consumer one that is being initialized or is later than that, so that it knows its
     *     route; one without a route is named after its endpoint
     */
    public SourceHealthCheck(final DefaultConsumer consumer, final Supplier<State> state) {
        super(
                "camel",
                "consumer:"
                        + (consumer.getRouteId() == null
                                ? consumer.getEndpoint().getEndpointBaseUri()
                                : consumer.getRouteId()));
        this.state = state;
    }

    @Override
    protected void doCall(
            final HealthCheckResultBuilder builder, final Map<String, Object> options) {
        final State now = state.get();
        builder.details(now.details());
        now.trouble().ifPresentOrElse(trouble -> builder.down().message(trouble), builder::up);
    }
}
