/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.ledger;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The account in which every event that came in and every verdict that was given has one end.
 *
 * <p>Counts only grow. Safe for use by many threads; a {@link #counts()} taken while work is under
 * way may show an event before its end.
 */
public final class Ledger {

    /** What is counted. Entries with a detail, such as a reason, are counted once per detail. */
    public enum Entry {
        /** Records and lines that came in, by source. */
        EVENTS("events"),
        /** Flows seen, that is, first records read. */
        FLOWS("flows"),
        /**
         * Packets that belong to no TCP or UDP flow, and log lines that are about something else,
         * by reason; they are no events.
         */
        SKIPPED("skipped"),
        /**
         * Values in a line that no sensor can mean, such as a negative duration, by reason; the
         * record of the line has them as unknown.
         */
        UNKNOWN_VALUES("unknown_values"),
        /**
         * Flows that a full table ended early, by reason; their records were written all the same.
         * Also hosts whose votes were forgotten, because too many were voted on at once.
         */
        EVICTED("evicted"),
        /** Context records that no tier needed, because their flow was decided without them. */
        SUPERSEDED("superseded"),
        /** Lines and documents kept as dead letters, by reason. */
        DEAD_LETTERED("dead_lettered"),
        /** Events and verdicts given up on purpose, by reason. */
        DROPPED("dropped"),
        /** Flows that moved on to a better tier, by {@code task/hop}. */
        ESCALATED("escalated"),
        /**
         * Flows that fell back to their earlier verdict because the better tier could not answer,
         * by {@code task/reason}.
         */
        FELL_BACK("fell_back"),
        /** Flows whose slow tier had no answer, kept to be asked about again. */
        REPAIR_STORED("repair_stored"),
        /** Such flows that could not be kept, by reason; their earlier verdict stands for good. */
        REPAIR_DROPPED("repair_dropped"),
        /**
         * Starts of a tier on the CPU because the device that it was to be computed on is missing,
         * by {@code task/tier}.
         */
        CPU_FALLBACKS("cpu_fallbacks"),
        /** Bundles that were replaced while they were in use, by task. */
        BUNDLE_SWAPS("bundle_swaps"),
        /**
         * Flows that a bundle in the shadow of the one in use has scored too, by {@code task/tier}.
         */
        SHADOW_FLOWS("shadow_flows"),
        /** Of those, the ones that it gave another label, by {@code task/tier}. */
        SHADOW_DISAGREED("shadow_disagreed"),
        /** Flows that it was to score and did not, by {@code task/reason}. */
        SHADOW_SKIPPED("shadow_skipped"),
        /** Flows that a canary has answered, by {@code task/tier}. */
        CANARY_FLOWS("canary_flows"),
        /** Canaries that give no verdict any more, by {@code task/reason}. */
        CANARY_ROLLBACKS("canary_rollbacks"),
        /** Bundles that were to replace another one and were not taken, by {@code task/reason}. */
        BUNDLES_REFUSED("bundles_refused"),
        /**
         * Flows that waited for a better answer when everything stopped, or when another process
         * took over their partition, by reason; they are read again after the next start, or there.
         */
        HANDED_BACK("handed_back"),
        /** Verdicts given out, by {@code task/tier/stage}. */
        VERDICTS("verdicts"),
        /** Verdicts on hosts given out, by task. */
        HOST_VERDICTS("host_verdicts"),
        /** Alerts given out, by severity. */
        ALERTS("alerts"),
        /**
         * Flow records and verdict documents that Kafka has acknowledged, for other processes, by
         * topic.
         */
        FORWARDED("forwarded"),
        /** Records of a sensor that left a route with their verdict, by its stage. */
        ENRICHED("enriched"),
        /** Records of a sensor that left a route without a verdict, by reason. */
        ENRICH_MISSED("enrich_missed"),
        /**
         * Documents that were brought to a sink, and records that were brought to Kafka, for a
         * topic: each of them is indexed, forwarded, dead-lettered or returned. What is returned
         * and brought again counts again.
         */
        SENT("sent"),
        /** Verdict documents that the sink has, newly or from before. */
        INDEXED("indexed"),
        /** Of the indexed ones, those that were there already. */
        DUPLICATES("duplicates"),
        /**
         * Of the indexed ones, those of files whose fsync came later and failed, so that the disk
         * may not have them.
         */
        UNSYNCED("unsynced"),
        /**
         * Verdict documents that the sink gave back without an end, and records that Kafka did not
         * acknowledge, for whoever sent them to send them again.
         */
        RETURNED("returned"),
        /**
         * Files of verdicts that were begun, repaired after a crash, or removed because they were
         * too many, by which of the three.
         */
        SINK_FILES("sink_files"),
        /** Requests to the sink or the slow tier that were tried again, by reason. */
        RETRIED("retried"),
        /**
         * Times that a source stopped reading because the route was behind, by source; the sensor
         * keeps what it has to say as long as it can.
         */
        HELD_BACK("held_back");

        private final String id;

        Entry(final String id) {
            this.id = id;
        }

        /** The name in listings. */
        public String id() {
            return id;
        }
    }

    private final ConcurrentMap<Key, LongAdder> counts = new ConcurrentHashMap<>();
    private final Observer observer;

    /** That which this is a part of. */
    private final Optional<Ledger> whole;

    /** A ledger that nobody observes. */
    public Ledger() {
        this((entry, detail, count) -> {});
    }

    /**
     * @param observer called with each count when it is first added to
     */
    public Ledger(final Observer observer) {
        this(observer, Optional.empty());
    }

    private Ledger(final Observer observer, final Optional<Ledger> whole) {
        this.observer = Objects.requireNonNull(observer, "observer");
        this.whole = whole;
    }

    /**
     * The ledger of one source among several that are counted here: what is added to it is added to
     * this one, and of what it skips it has counts of its own.
     */
    public Ledger part() {
        return new Ledger((entry, detail, count) -> {}, Optional.of(this));
    }

    private boolean isKeptHere(final Entry entry) {
        return whole.isEmpty() || entry == Entry.SKIPPED;
    }

    /** Adds {@code n} to an entry that has no detail. */
    public void add(final Entry entry, final long n) {
        add(entry, "", n);
    }

    /** Adds {@code n} to an entry under a reason that is one of its. */
    public void add(final Entry entry, final Reason reason, final long n) {
        add(entry, reason.code(), n);
    }

    /** Adds {@code n} to an entry under a detail, which must come from a small fixed set. */
    public void add(final Entry entry, final String detail, final long n) {
        if (whole.isPresent()) {
            whole.get().add(entry, detail, n);
            if (!isKeptHere(entry)) {
                return;
            }
        }
        final Key key = new Key(entry, detail);
        final LongAdder known = counts.get(key);
        if (known != null) {
            known.add(n);
            return;
        }
        final LongAdder opened = new LongAdder();
        final LongAdder other = counts.putIfAbsent(key, opened);
        if (other != null) {
            other.add(n);
            return;
        }
        opened.add(n);
        observer.opened(entry, detail, opened);
    }

    /** A hold on the count of an entry, for those who add to it often. */
    public Count count(final Entry entry, final String detail) {
        return isKeptHere(entry)
                ? new Count(this, entry, detail)
                : whole.orElseThrow().count(entry, detail);
    }

    /** The sum of an entry over all its details. */
    public long total(final Entry entry) {
        if (!isKeptHere(entry)) {
            return whole.orElseThrow().total(entry);
        }
        return counts.entrySet().stream()
                .filter(e -> e.getKey().entry() == entry)
                .mapToLong(e -> e.getValue().sum())
                .sum();
    }

    /** The counts of an entry by detail, sorted; empty if nothing was counted. */
    public Map<String, Long> byDetail(final Entry entry) {
        if (!isKeptHere(entry)) {
            return whole.orElseThrow().byDetail(entry);
        }
        final Map<String, Long> sums = new TreeMap<>();
        counts.forEach(
                (key, sum) -> {
                    if (key.entry() == entry) {
                        sums.put(key.detail(), sum.sum());
                    }
                });
        return sums;
    }

    /** Called with the counts that a ledger has, each once. */
    @FunctionalInterface
    public interface Observer {

        /**
         * Called by the thread that adds to an entry under this detail for the first time; must be
         * quick and must not throw.
         *
         * @param detail empty for an entry that has none
         * @param count reads as the count of that moment, for good; the ledger holds on to it
         */
        void opened(Entry entry, String detail, Number count);
    }

    /** One count of a ledger, which is opened, as any, with what is first added to it. */
    public static final class Count {

        private final Ledger ledger;
        private final Key key;
        private LongAdder sum;

        private Count(final Ledger ledger, final Entry entry, final String detail) {
            this.ledger = ledger;
            this.key = new Key(entry, detail);
        }

        /** Adds {@code n}; for one thread, unlike the ledger itself. */
        public void add(final long n) {
            if (sum == null || ledger.whole.isPresent()) {
                ledger.add(key.entry, key.detail, n);
                sum = ledger.counts.get(key);
            } else {
                sum.add(n);
            }
        }
    }

    private record Key(Entry entry, String detail) {}
}
