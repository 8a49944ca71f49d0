/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor;

import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.SkippedWords;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Says now and then what a source skips and why, so that a log of which nothing is of use does not
 * pass in silence: soon after the start, then once a minute at most, and at the end.
 *
 * <p>For one thread, but for its {@link #ledger()}.
 */
public final class SkippedLog {

    private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long NEXT_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final String source;
    private final Ledger ledger;
    private final SkippedWords words;
    private final Consumer<String> log;
    private long due;

    /**
     * @param source what the sentences call it
     * @param all the ledger in which everything is counted
     * @param nanos what the clock says now
     * @param log takes a sentence
     */
    public SkippedLog(
            final String source, final Ledger all, final long nanos, final Consumer<String> log) {
        this.source = Objects.requireNonNull(source, "source");
        this.ledger = all.part();
        this.words = new SkippedWords(ledger);
        this.log = Objects.requireNonNull(log, "log");
        this.due = nanos + FIRST_NANOS;
    }

    /** The ledger that the source is to count in. */
    public Ledger ledger() {
        return ledger;
    }

    /** Says what was skipped, if it is time to. */
    public void at(final long nanos) {
        if (nanos - due >= 0) {
            due = nanos + (tell(", since the last such line") ? NEXT_NANOS : FIRST_NANOS);
        }
    }

    /** Says what was skipped and not reported yet. */
    public void end() {
        tell("");
    }

    private boolean tell(final String when) {
        final Optional<SkippedWords.Skipped> skipped = words.next();
        skipped.ifPresent(
                some ->
                        log.accept(
                                source
                                        + " has skipped "
                                        + some.count()
                                        + " packets or lines"
                                        + when
                                        + ": "
                                        + some.reasons()
                                        + "."));
        return skipped.isPresent();
    }
}
