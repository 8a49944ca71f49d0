/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.terminal;

import java.io.PrintStream;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar with rate and remaining time on stderr; nothing where stderr is no terminal. */
public final class Progress implements AutoCloseable {

    private static final int UPDATE_MILLIS = 500;

    private final Optional<ProgressBar> bar;

    private Progress(final Optional<ProgressBar> bar) {
        this.bar = bar;
    }

    /** Progress over so many bytes of input. */
    public static Progress ofBytes(final String what, final long bytes) {
        return of(what, bytes, " MiB", 1 << 20);
    }

    /** Progress over so many steps. */
    public static Progress ofSteps(final String what, final long steps) {
        return of(what, steps, "", 1);
    }

    private static Progress of(
            final String what, final long total, final String unit, final long unitSize) {
        if (!Boolean.getBoolean("serveflow.terminal")) {
            return new Progress(Optional.empty());
        }
        final PrintStream err = System.err;
        return new Progress(
                Optional.of(
                        new ProgressBarBuilder()
                                .setTaskName(what)
                                .setInitialMax(total)
                                .setUnit(unit, unitSize)
                                .setStyle(ProgressBarStyle.ASCII)
                                .setUpdateIntervalMillis(UPDATE_MILLIS)
                                .showSpeed()
                                .setConsumer(new ConsoleProgressBarConsumer(err))
                                .build()));
    }

    /** Moves on by {@code n}. */
    public void step(final long n) {
        bar.ifPresent(shown -> shown.stepBy(n));
    }

    /** Moves to a place and says what is done there. */
    public void at(final long place, final long total, final String doing) {
        bar.ifPresent(
                shown -> {
                    shown.maxHint(total);
                    shown.stepTo(place);
                    shown.setExtraMessage(" " + doing);
                });
    }

    @Override
    public void close() {
        bar.ifPresent(ProgressBar::close);
    }
}
