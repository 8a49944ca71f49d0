/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app;

import ch.qos.logback.classic.pattern.ExtendedThrowableProxyConverter;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import java.util.Arrays;

/**
 * The stack trace of a line in the log, {@code %plainEx}: as ever, but with the messages of the
 * exceptions, which may quote a sensor, on one line and without control characters.
 */
public final class PlainThrowableConverter extends ExtendedThrowableProxyConverter {

    @Override
    protected String throwableProxyToString(final IThrowableProxy thrown) {
        return super.throwableProxyToString(new Plain(thrown));
    }

    /** An exception with its message escaped, and so those that it holds. */
    private record Plain(IThrowableProxy thrown) implements IThrowableProxy {

        @Override
        public String getMessage() {
            return escaped(thrown.getMessage());
        }

        private static String escaped(final String message) {
            return message == null ? null : PlainText.of(message);
        }

        @Override
        public String getClassName() {
            return thrown.getClassName();
        }

        @Override
        public StackTraceElementProxy[] getStackTraceElementProxyArray() {
            return thrown.getStackTraceElementProxyArray();
        }

        @Override
        public int getCommonFrames() {
            return thrown.getCommonFrames();
        }

        @Override
        public IThrowableProxy getCause() {
            return thrown.getCause() == null ? null : new Plain(thrown.getCause());
        }

        @Override
        public IThrowableProxy[] getSuppressed() {
            return thrown.getSuppressed() == null
                    ? new IThrowableProxy[0]
                    : Arrays.stream(thrown.getSuppressed())
                            .map(Plain::new)
                            .toArray(IThrowableProxy[]::new);
        }

        @Override
        public boolean isCyclic() {
            return thrown.isCyclic();
        }
    }
}
