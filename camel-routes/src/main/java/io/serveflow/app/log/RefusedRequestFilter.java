/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;

/**
 * Keeps out of the log that a request named no host: Vert.x answers it with 400, as it should, and
 * writes an error with its trace besides, which whoever reaches a port could fill the log with.
 */
public final class RefusedRequestFilter extends Filter<ILoggingEvent> {

    private static final String LOGGER = "io.vertx.ext.web.RoutingContext";
    private static final String MISSING = "'Host' header is required";

    @Override
    public FilterReply decide(final ILoggingEvent event) {
        return event.getLoggerName().equals(LOGGER)
                        && event.getThrowableProxy() != null
                        && String.valueOf(event.getThrowableProxy().getMessage()).contains(MISSING)
                ? FilterReply.DENY
                : FilterReply.NEUTRAL;
    }
}
