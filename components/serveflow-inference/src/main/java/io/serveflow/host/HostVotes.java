/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.host;

import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.BundleManifest;
import io.serveflow.model.VoteRule;
import io.serveflow.verdict.HostVerdict;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.Verdict.BundleRef;
import io.serveflow.verdict.Verdict.LabelProbability;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Gathers the verdicts of a bundle by host and window, and says what each host is.
 *
 * <p>Windows follow the clock of the sensors: each begins at a multiple of its length since 1970,
 * and a flow is of the window in which it began. A window is over when a flow was seen that began
 * well after it, and nothing has been added to it for as long: captures of other days may be read
 * side by side. What is added to a window after that begins it anew; the document that comes of it
 * has the id of the first one, which stands.
 *
 * <p>At most so many hosts are kept, each with a few sums. For one more, that which was silent
 * longest is forgotten and counted as {@link Ledger.Entry#EVICTED}.
 *
 * <p>Safe for use by many threads.
 */
public final class HostVotes {

    /** The reason under which forgotten hosts are counted. */
    public static final String HOST_TABLE_FULL = "host_table_full";

    private static final int TOP = 3;

    private final BundleRef bundle;
    private final List<String> labels;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final VoteRule rule;
    private final Options options;
    private final Ledger ledger;
    private final LongSupplier nanoClock;
    private final LinkedHashMap<Key, Votes> hosts = new LinkedHashMap<>(16, 0.75f, true);
    private long latestMicros = Long.MIN_VALUE;

    /**
     * The bounds of a vote.
     *
     * @param maxHosts most hosts that are kept, over all windows
     * @param graceMicros how long after its end a window is kept open for flows whose verdicts took
     *     their time
     * @param windowed whether windows end; without it all flows of a host vote together
     */
    public record Options(int maxHosts, long graceMicros, boolean windowed) {

        public Options {
            if (maxHosts < 1) {
                throw new IllegalArgumentException("maxHosts must be at least 1, was " + maxHosts);
            }
            if (graceMicros < 0) {
                throw new IllegalArgumentException(
                        "the grace must not be negative, was " + graceMicros);
            }
        }
    }

    /**
     * @param manifest of a bundle that states how hosts are voted on
     * @param bundle the same bundle, as its verdicts refer to it
     * @param nanoClock a clock like {@link System#nanoTime()}
     * @throws IllegalArgumentException if the bundle does not state it
     */
    public HostVotes(
            final BundleManifest manifest,
            final BundleRef bundle,
            final Options options,
            final Ledger ledger,
            final LongSupplier nanoClock) {
        this.rule =
                manifest.vote()
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "bundle "
                                                        + manifest.name()
                                                        + " has no vote; name one that was trained"
                                                        + " with --vote"));
        this.bundle = bundle;
        this.labels = manifest.labels();
        labels.forEach(label -> numbers.put(label, numbers.size()));
        this.options = options;
        this.ledger = ledger;
        this.nanoClock = nanoClock;
    }

    /**
     * Counts a verdict that stands; any other, one of another bundle, and one on a flow of which no
     * end is a host, is ignored.
     */
    public synchronized void add(final FlowRecord flow, final Verdict verdict) {
        if (!verdict.isFinal() || !verdict.bundle().equals(bundle)) {
            return;
        }
        final Optional<String> host = OwnHost.of(flow.tuple());
        if (host.isEmpty()) {
            return;
        }
        final long micros = flow.startMicros();
        hosts.computeIfAbsent(
                        new Key(flow.id().observer(), host.get(), window(micros)),
                        key -> new Votes(new Evidence(rule.combination(), labels.size())))
                .add(flow, verdict, numbers, nanoClock.getAsLong());
        if (options.windowed()) {
            latestMicros = Math.max(latestMicros, micros);
        }
        if (hosts.size() > options.maxHosts()) {
            final Iterator<Key> silent = hosts.keySet().iterator();
            silent.next();
            silent.remove();
            ledger.add(Ledger.Entry.EVICTED, HOST_TABLE_FULL, 1);
        }
    }

    /** How many hosts are kept, over all windows. */
    public synchronized int size() {
        return hosts.size();
    }

    /** Takes out the windows that are over. */
    public synchronized List<HostVerdict> takeOver() {
        final long now = nanoClock.getAsLong();
        final long grace = TimeUnit.MICROSECONDS.toNanos(options.graceMicros());
        final List<HostVerdict> over = new ArrayList<>();
        final Iterator<Map.Entry<Key, Votes>> each = hosts.entrySet().iterator();
        while (each.hasNext()) {
            final Map.Entry<Key, Votes> one = each.next();
            if (now - one.getValue().addedNanos < grace) {
                break; // those that follow were added to later
            }
            if (options.windowed()
                    && end(one.getKey().startMicros) + options.graceMicros() <= latestMicros) {
                over.add(verdict(one.getKey(), one.getValue()));
                each.remove();
            }
        }
        return sorted(over);
    }

    /** Takes out all, over or not. */
    public synchronized List<HostVerdict> takeAll() {
        final List<HostVerdict> all = new ArrayList<>();
        hosts.forEach((key, votes) -> all.add(verdict(key, votes)));
        hosts.clear();
        return sorted(all);
    }

    private static List<HostVerdict> sorted(final List<HostVerdict> verdicts) {
        verdicts.sort(
                Comparator.comparingLong(HostVerdict::firstMicros)
                        .thenComparing(HostVerdict::observer)
                        .thenComparing(HostVerdict::host));
        return List.copyOf(verdicts);
    }

    private long window(final long micros) {
        return options.windowed() ? Math.floorDiv(micros, length()) * length() : 0;
    }

    private long end(final long startMicros) {
        return startMicros + length();
    }

    private long length() {
        return TimeUnit.SECONDS.toMicros(rule.windowSeconds());
    }

    private HostVerdict verdict(final Key key, final Votes votes) {
        final double[] probabilities = votes.evidence.probabilities(rule);
        final List<LabelProbability> top =
                IntStream.range(0, probabilities.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble(label -> -probabilities[label]))
                        .limit(TOP)
                        .map(
                                label ->
                                        new LabelProbability(
                                                labels.get(label), (float) probabilities[label]))
                        .toList();
        return new HostVerdict(
                bundle,
                key.observer,
                key.host,
                options.windowed() ? key.startMicros : votes.firstMicros,
                options.windowed() ? end(key.startMicros) : votes.lastMicros + 1,
                votes.evidence.isUnknown() ? Verdict.UNKNOWN : top.get(0).label(),
                top.get(0).probability(),
                votes.evidence.flows(),
                votes.evidence.unknownFlows(),
                votes.firstMicros,
                votes.lastMicros,
                top);
    }

    private record Key(String observer, String host, long startMicros) {}

    /** What is known of one host in one window. */
    private static final class Votes {

        private final Evidence evidence;
        private long firstMicros = Long.MAX_VALUE;
        private long lastMicros = Long.MIN_VALUE;
        private long addedNanos;

        Votes(final Evidence evidence) {
            this.evidence = evidence;
        }

        void add(
                final FlowRecord flow,
                final Verdict verdict,
                final Map<String, Integer> numbers,
                final long nanos) {
            evidence.add(
                    flow.tuple(), verdict.label().equals(Verdict.UNKNOWN), verdict.top(), numbers);
            firstMicros = Math.min(firstMicros, flow.startMicros());
            lastMicros = Math.max(lastMicros, flow.startMicros());
            addedNanos = nanos;
        }
    }
}
