/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.log;

import ch.qos.logback.classic.pattern.ExtendedThrowableProxyConverter;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import io.serveflow.app.terminal.PlainText;
import java.util.Arrays;
import java.util.Set;

/**
 * The stack trace of a line in the log, {@code %plainEx}: as ever, but with the messages of the
 * exceptions, which may quote a sensor, on one line and without control characters.
 *
 * <p>A stack trace is for what code did wrong. Of a failure that came from outside, such as a
 * server that refuses, the first cause is enough, unless {@code SERVEFLOW_LOG} is {@code DEBUG}.
 */
public final class PlainThrowableConverter extends ExtendedThrowableProxyConverter {

    private static final int MAX_CAUSES = 32;

    /** What is thrown by code that is wrong, and not by a server, a file or a setting. */
    private static final Set<String> FAULTS =
            Set.of(
                    "java.lang.NullPointerException",
                    "java.lang.IllegalStateException",
                    "java.lang.ClassCastException",
                    "java.lang.ArrayIndexOutOfBoundsException",
                    "java.lang.StringIndexOutOfBoundsException",
                    "java.lang.IndexOutOfBoundsException",
                    "java.lang.ArithmeticException",
                    "java.lang.UnsupportedOperationException",
                    "java.util.ConcurrentModificationException",
                    "java.util.NoSuchElementException");

    @Override
    protected String throwableProxyToString(final IThrowableProxy thrown) {
        final IThrowableProxy root = root(thrown);
        if (isDebugging()
                || FAULTS.contains(root.getClassName())
                || root.getClassName().endsWith("Error")) {
            return super.throwableProxyToString(new Plain(thrown));
        }
        final String name = root.getClassName();
        return "  because of "
                + name.substring(name.lastIndexOf('.') + 1)
                + (root.getMessage() == null ? "" : ": " + PlainText.of(root.getMessage()))
                + System.lineSeparator();
    }

    private static IThrowableProxy root(final IThrowableProxy thrown) {
        IThrowableProxy root = thrown;
        for (int depth = 0; root.getCause() != null && depth < MAX_CAUSES; depth++) {
            root = root.getCause();
        }
        return root;
    }

    private static boolean isDebugging() {
        final String level =
                System.getProperty("SERVEFLOW_LOG", System.getenv("SERVEFLOW_LOG") + "");
        return level.equalsIgnoreCase("DEBUG") || level.equalsIgnoreCase("TRACE");
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
