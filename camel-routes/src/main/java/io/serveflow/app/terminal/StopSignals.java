/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.terminal;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * SIGTERM and SIGINT, taken as the wish to stop while the process still works as ever.
 *
 * <p>Without it, the JVM answers them by running the shutdown hooks of all libraries at once, so
 * that servers, temporary files and native memory go away beneath routes that are coming to their
 * end, and what is just starting fails.
 *
 * <p>The class of the JDK for it, {@code sun.misc.Signal}, is supported but cannot be named without
 * a compiler warning. Where it is missing, or the JVM was started with {@code -Xrs}, shutdown hooks
 * have to do.
 */
public final class StopSignals {

    /** A process that a signal ended has this and the signal's number as its exit code. */
    private static final int SIGNALLED = 128;

    private final AtomicInteger received = new AtomicInteger();

    private StopSignals() {}

    /**
     * Runs {@code stop} at the first signal, on a thread of its own; further ones do nothing.
     *
     * @param stop may take as long as a stop does, and be called when the process is already
     *     stopping for another reason
     */
    public static StopSignals runAtFirst(final Runnable stop) {
        final StopSignals signals = new StopSignals();
        final Thread hook = new Thread(stop, "shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            final Class<?> type = Class.forName("sun.misc.Signal");
            final Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            final Method number = type.getMethod("getNumber");
            final InvocationHandler called =
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            signals.receive((int) number.invoke(arguments[0]), stop);
                        }
                        return null;
                    };
            final Object handler =
                    Proxy.newProxyInstance(
                            handlerType.getClassLoader(), new Class<?>[] {handlerType}, called);
            for (final String name : List.of("TERM", "INT")) {
                type.getMethod("handle", type, handlerType)
                        .invoke(null, type.getConstructor(String.class).newInstance(name), handler);
            }
        } catch (final ReflectiveOperationException e) {
            System.getLogger(StopSignals.class.getName())
                    .log(System.Logger.Level.DEBUG, "Signals are left to the JVM", e);
        }
        return signals;
    }

    private void receive(final int signal, final Runnable stop) {
        if (received.compareAndSet(0, signal)) {
            new Thread(stop, "stop").start();
        }
    }

    /** The exit code of a process that the signal stopped: 143 or 130; empty if none came. */
    public OptionalInt exitCode() {
        final int signal = received.get();
        return signal == 0 ? OptionalInt.empty() : OptionalInt.of(SIGNALLED + signal);
    }
}
