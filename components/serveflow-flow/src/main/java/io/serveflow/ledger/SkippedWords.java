/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.ledger;

import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Says in words what a source has skipped and why, each time of what came since the time before.
 *
 * <p>What is counted as skipped although it is of use, events that add to the records of their
 * flow, is left out, unless nothing else came to which they could add. Not safe for use by more
 * than one thread.
 */
public final class SkippedWords {

    private static final Set<String> OF_USE = Set.of("protocol_event");

    private final Ledger ledger;
    private Map<String, Long> reported = Map.of();

    /**
     * @param ledger that of the source, see {@link Ledger#part()}
     */
    public SkippedWords(final Ledger ledger) {
        this.ledger = Objects.requireNonNull(ledger, "ledger");
    }

    /**
     * What was skipped since the last time.
     *
     * @param count how many packets or lines
     * @param reasons of which how many for which reason, as in {@code 2 not_ip, 1 other_transport}
     */
    public record Skipped(long count, String reasons) {}

    /** What was skipped since the last time, the most first; empty if nothing was. */
    public Optional<Skipped> next() {
        final Map<String, Long> now = ledger.byDetail(Ledger.Entry.SKIPPED);
        final boolean nothingElse = isAllThatCame(now);
        final Map<String, Long> since = new TreeMap<>();
        now.forEach(
                (reason, count) -> {
                    final long more = count - reported.getOrDefault(reason, 0L);
                    if (more > 0 && (nothingElse || !OF_USE.contains(reason))) {
                        since.put(reason, more);
                    }
                });
        reported = now;
        if (since.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Skipped(
                        since.values().stream().mapToLong(Long::longValue).sum(),
                        since.entrySet().stream()
                                .sorted(
                                        Map.Entry.<String, Long>comparingByValue(
                                                Comparator.reverseOrder()))
                                .map(reason -> reason.getValue() + " " + reason.getKey())
                                .collect(Collectors.joining(", "))));
    }

    private boolean isAllThatCame(final Map<String, Long> skipped) {
        final long ofUse = OF_USE.stream().mapToLong(id -> skipped.getOrDefault(id, 0L)).sum();
        return ofUse >= ledger.total(Ledger.Entry.EVENTS);
    }
}
