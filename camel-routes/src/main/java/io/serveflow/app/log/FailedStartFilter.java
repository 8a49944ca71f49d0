/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;

/**
 * Keeps out of the log that Camel could not start: the command that started it ends with one
 * sentence that says why, and with {@code --debug} has the trace. {@code SERVEFLOW_LOG=DEBUG} shows
 * what Camel says of it too.
 */
public final class FailedStartFilter extends Filter<ILoggingEvent> {

    private static final String CAMEL = "org.apache.camel.";

    /** How what Camel says begins. */
    private static final List<String> SAID =
            List.of(
                    "Error initializing CamelContext",
                    "Error starting CamelContext",
                    "Route: {} which failed to startup");

    @Override
    public FilterReply decide(final ILoggingEvent event) {
        return event.getLoggerName().startsWith(CAMEL)
                        && SAID.stream().anyMatch(String.valueOf(event.getMessage())::startsWith)
                        && !StopFilter.isDebugging(event)
                ? FilterReply.DENY
                : FilterReply.NEUTRAL;
    }
}
