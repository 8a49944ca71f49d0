/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.ledger;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Tells of failures that come again and again without flooding the log: each kind at once, then at
 * most once a minute how often it came, and once when all is well again.
 *
 * <p>Counts are reported when a failure comes or when it is over; there is no timer. Safe for use
 * by many threads.
 */
public final class FailureLog {

    /** Kinds that are distinguished between two ends; those beyond them count as one more. */
    static final int MAX_KINDS = 16;

    private static final long INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final String OTHER = "other";

    private final Consumer<String> warn;
    private final Consumer<String> info;
    private final LongSupplier nanoClock;
    private final Map<String, Repeats> kinds = new LinkedHashMap<>();
    private long since;

    /** What came of one kind since it was reported last. */
    private static final class Repeats {
        private long reportedAt;
        private long more;
    }

    /**
     * @param warn writes a failure, such as {@code LOG::warn}
     * @param info writes that it is over, such as {@code LOG::info}
     * @param nanoClock {@link System#nanoTime()} or a test's own
     */
    public FailureLog(
            final Consumer<String> warn,
            final Consumer<String> info,
            final LongSupplier nanoClock) {
        this.warn = Objects.requireNonNull(warn, "warn");
        this.info = Objects.requireNonNull(info, "info");
        this.nanoClock = Objects.requireNonNull(nanoClock, "nanoClock");
    }

    /**
     * Something failed.
     *
     * @param kind what makes two failures the same, a short word such as {@code index_403}
     * @param sentence what happened, for people, without a full stop
     */
    public void failed(final String kind, final String sentence) {
        due(kind, sentence).ifPresent(warn);
    }

    /**
     * The same for a failure that is written by somebody else than {@code warn}, such as a handler
     * of exceptions.
     *
     * @return what to write; empty if this failure is counted only
     */
    public synchronized Optional<String> due(final String kind, final String sentence) {
        final long now = nanoClock.getAsLong();
        if (kinds.isEmpty()) {
            since = now;
        }
        final String known = kinds.containsKey(kind) || kinds.size() < MAX_KINDS ? kind : OTHER;
        final Repeats repeats = kinds.get(known);
        if (repeats == null) {
            final Repeats first = new Repeats();
            first.reportedAt = now;
            kinds.put(known, first);
            return Optional.of(sentence);
        }
        repeats.more++;
        return now - repeats.reportedAt >= INTERVAL_NANOS
                ? Optional.of(report(repeats, sentence, now))
                : Optional.empty();
    }

    /**
     * All is well; does nothing if nothing had failed.
     *
     * @param sentence what goes on, for people, without a full stop
     */
    public synchronized void over(final String sentence) {
        if (kinds.isEmpty()) {
            return;
        }
        final long more = kinds.values().stream().mapToLong(repeats -> repeats.more).sum();
        final long seconds = TimeUnit.NANOSECONDS.toSeconds(nanoClock.getAsLong() - since);
        kinds.clear();
        info.accept(
                sentence
                        + ", after "
                        + seconds
                        + " s"
                        + (more > 0 ? "; the failure came " + times(more) + " more" : ""));
    }

    private static String report(final Repeats repeats, final String latest, final long now) {
        final long seconds = TimeUnit.NANOSECONDS.toSeconds(now - repeats.reportedAt);
        final String report =
                latest + ", " + times(repeats.more) + " more in the last " + seconds + " s";
        repeats.reportedAt = now;
        repeats.more = 0;
        return report;
    }

    private static String times(final long n) {
        return n == 1 ? "once" : String.format(Locale.ROOT, "%,d times", n);
    }
}
