/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import io.serveflow.camel.elastic.IndexStoppedException;
import io.serveflow.camel.file.FileStoppedException;
import java.util.Set;

/**
 * Keeps out of the log that each exchange failed whose documents a stop gave back: the index says
 * once how many. {@code SERVEFLOW_LOG=DEBUG} shows them all.
 */
public final class StopFilter extends Filter<ILoggingEvent> {

    private static final int MAX_CAUSES = 32;

    private static final Set<String> OF_A_STOP =
            Set.of(IndexStoppedException.class.getName(), FileStoppedException.class.getName());

    @Override
    public FilterReply decide(final ILoggingEvent event) {
        if (isDebugging(event)) {
            return FilterReply.NEUTRAL;
        }
        IThrowableProxy thrown = event.getThrowableProxy();
        for (int depth = 0; thrown != null && depth < MAX_CAUSES; depth++) {
            if (OF_A_STOP.contains(thrown.getClassName())) {
                return FilterReply.DENY;
            }
            thrown = thrown.getCause();
        }
        return FilterReply.NEUTRAL;
    }

    /** Whether everything is to be logged. */
    static boolean isDebugging(final ILoggingEvent event) {
        final String level =
                event.getLoggerContextVO().getPropertyMap().getOrDefault("SERVEFLOW_LOG", "")
                        + String.valueOf(System.getenv("SERVEFLOW_LOG"));
        return level.contains(Level.DEBUG.levelStr) || level.contains(Level.TRACE.levelStr);
    }
}
