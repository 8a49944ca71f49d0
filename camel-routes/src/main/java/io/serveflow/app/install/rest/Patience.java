/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.rest;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * How long a server is asked again that is not ready, and who hears of it.
 *
 * @param longest after which no other try begins
 * @param between what is waited between two tries
 * @param nanoClock as {@link System#nanoTime()}
 * @param notices hears once of each wait, in a sentence
 */
public record Patience(
        Duration longest,
        Duration between,
        LongSupplier nanoClock,
        Pause pause,
        Consumer<String> notices) {

    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration BETWEEN = Duration.ofMillis(500);

    /** A wait. */
    @FunctionalInterface
    public interface Pause {

        /** Waits. */
        void of(Duration time) throws InterruptedException;
    }

    public Patience {
        Objects.requireNonNull(longest, "longest");
        Objects.requireNonNull(between, "between");
        Objects.requireNonNull(nanoClock, "nanoClock");
        Objects.requireNonNull(pause, "pause");
        Objects.requireNonNull(notices, "notices");
    }

    /** That of a command, whose user waits before a screen. */
    public static Patience of(final Consumer<String> notices) {
        return new Patience(
                LONGEST,
                BETWEEN,
                System::nanoTime,
                time -> TimeUnit.NANOSECONDS.sleep(time.toNanos()),
                notices);
    }
}
