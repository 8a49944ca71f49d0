/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The verdicts on the latest flows, and the records of sensors that wait for theirs; both bounded
 * in number and in time.
 *
 * <p>A record meets a verdict by the sensor's id of the flow, or else by its Community ID and
 * start, whichever of the two comes first. Safe for use by many threads.
 */
final class VerdictWindow {

    /** The reason for which verdicts are counted as evicted. */
    static final String FULL = "verdict_window_full";

    private final Options options;
    private final LongSupplier nanoClock;
    private final Ledger ledger;
    private final Executor continuations;
    private final Object lock = new Object();

    /** In the order in which they came. */
    private final Map<String, Flow> byUid = new LinkedHashMap<>();

    private final Map<String, Flow> byCommunityId = new HashMap<>();

    /** In the order in which they came, which is that in which their time is over. */
    private final Map<Long, Waiting> waiting = new LinkedHashMap<>();

    /** The numbers of those that wait, by the ids of their flow. */
    private final Map<Key, Set<Long>> waitingFor = new HashMap<>();

    private long numbers;
    private boolean released;

    /**
     * The bounds.
     *
     * @param maxVerdicts most flows whose verdicts are kept
     * @param windowMillis how long they are kept
     * @param maxWaiting most records that wait
     * @param waitMillis how long they wait
     * @param startToleranceMillis how far the starts of two flows of one Community ID may differ
     *     for them to be one
     */
    record Options(
            int maxVerdicts,
            long windowMillis,
            int maxWaiting,
            long waitMillis,
            long startToleranceMillis) {}

    /**
     * A verdict as records get it.
     *
     * @param stage its id
     * @param json the object
     */
    record Given(String task, boolean last, String stage, String json) {}

    /** Either a verdict, or why there is none. */
    record Answer(Optional<Given> given, Optional<Reason> missed) {

        private static Answer of(final Given given) {
            return new Answer(Optional.of(given), Optional.empty());
        }

        private static Answer missed(final Reason reason) {
            return new Answer(Optional.empty(), Optional.of(reason));
        }
    }

    /** One of the ids of a flow; ids of different kinds may be the same text. */
    private record Key(boolean community, String id) {}

    private static final class Flow {

        private final String uid;
        private final String communityId;
        private final long startMicros;
        private final long since;
        private final Map<String, Given> given = new LinkedHashMap<>(2);

        private Flow(
                final String uid,
                final String communityId,
                final long startMicros,
                final long since) {
            this.uid = uid;
            this.communityId = communityId;
            this.startMicros = startMicros;
            this.since = since;
        }
    }

    private record Waiting(
            FlowReference reference, String task, long since, CompletableFuture<Answer> answer) {}

    /**
     * @param nanoClock a clock like {@link System#nanoTime()}
     * @param continuations runs what goes on when a record that waited is answered
     */
    VerdictWindow(
            final Options options,
            final LongSupplier nanoClock,
            final Ledger ledger,
            final Executor continuations) {
        this.options = options;
        this.nanoClock = nanoClock;
        this.ledger = ledger;
        this.continuations = continuations;
    }

    Options options() {
        return options;
    }

    /** Keeps a verdict, and gives it to the records that wait for it if it stands. */
    void put(
            final String uid, final String communityId, final long startMicros, final Given given) {
        final List<Runnable> ended = new ArrayList<>();
        synchronized (lock) {
            final long now = nanoClock.getAsLong();
            forgetOld(now);
            final Flow flow =
                    byUid.computeIfAbsent(uid, id -> new Flow(uid, communityId, startMicros, now));
            final Given before = flow.given.get(given.task());
            if (before == null || !before.last() || given.last()) {
                flow.given.put(given.task(), given);
            }
            if (!communityId.isEmpty()) {
                byCommunityId.put(communityId, flow);
            }
            while (byUid.size() > options.maxVerdicts()) {
                forgetFirst();
                ledger.add(Ledger.Entry.EVICTED, FULL, 1);
            }
            if (given.last()) {
                endWaiting(new Key(false, uid), flow, given, ended);
                endWaiting(new Key(true, communityId), flow, given, ended);
            }
        }
        ended.forEach(continuations::execute);
    }

    private void endWaiting(
            final Key key, final Flow flow, final Given given, final List<Runnable> ended) {
        for (final long number : List.copyOf(waitingFor.getOrDefault(key, Set.of()))) {
            final Waiting one = waiting.get(number);
            if (isAsked(given, one.task())
                    && (!key.community() || isSameFlow(one.reference(), flow))) {
                forgetWaiting(number, one);
                ended.add(() -> one.answer().complete(Answer.of(given)));
            }
        }
    }

    private static boolean isAsked(final Given given, final String task) {
        return task.isEmpty() || given.task().equals(task);
    }

    private boolean isSameFlow(final FlowReference reference, final Flow flow) {
        final OptionalLong start = reference.startMicros();
        return start.isEmpty()
                || Math.abs(start.getAsLong() - flow.startMicros)
                        <= TimeUnit.MILLISECONDS.toMicros(options.startToleranceMillis());
    }

    /**
     * The final verdict on a flow, at once or when it comes; or, when the record has waited, the
     * one that there is.
     *
     * @param task which one is asked for; empty for the first that comes
     */
    CompletableFuture<Answer> find(final FlowReference reference, final String task) {
        synchronized (lock) {
            final long now = nanoClock.getAsLong();
            forgetOld(now);
            final Optional<Given> known = known(reference, task);
            if (known.filter(Given::last).isPresent()) {
                return CompletableFuture.completedFuture(Answer.of(known.get()));
            }
            final boolean mayWait =
                    !released && options.maxWaiting() > 0 && options.waitMillis() > 0;
            if (!mayWait || waiting.size() >= options.maxWaiting()) {
                final Reason reason = mayWait ? Reason.ENRICH_FULL : Reason.ENRICH_NO_VERDICT;
                return CompletableFuture.completedFuture(
                        known.map(Answer::of).orElseGet(() -> Answer.missed(reason)));
            }
            final long number = numbers++;
            final Waiting one = new Waiting(reference, task, now, new CompletableFuture<>());
            waiting.put(number, one);
            keys(reference)
                    .forEach(
                            key ->
                                    waitingFor
                                            .computeIfAbsent(key, id -> new LinkedHashSet<>(1))
                                            .add(number));
            return one.answer();
        }
    }

    private Optional<Given> known(final FlowReference reference, final String task) {
        Flow flow = reference.uid().isEmpty() ? null : byUid.get(reference.uid());
        if (flow == null && !reference.communityId().isEmpty()) {
            final Flow other = byCommunityId.get(reference.communityId());
            flow = other != null && isSameFlow(reference, other) ? other : null;
        }
        if (flow == null) {
            return Optional.empty();
        }
        final List<Given> asked =
                flow.given.values().stream().filter(given -> isAsked(given, task)).toList();
        return asked.stream().filter(Given::last).findFirst().or(() -> asked.stream().findFirst());
    }

    private static List<Key> keys(final FlowReference reference) {
        final List<Key> keys = new ArrayList<>(2);
        if (!reference.uid().isEmpty()) {
            keys.add(new Key(false, reference.uid()));
        }
        if (!reference.communityId().isEmpty()) {
            keys.add(new Key(true, reference.communityId()));
        }
        return keys;
    }

    /** Ends the waits that are over, and forgets verdicts whose time is; to be called often. */
    void tick() {
        final List<Runnable> ended = new ArrayList<>();
        synchronized (lock) {
            final long now = nanoClock.getAsLong();
            forgetOld(now);
            endWaits(now - TimeUnit.MILLISECONDS.toNanos(options.waitMillis()), now, ended);
        }
        ended.forEach(continuations::execute);
    }

    /** Ends all waits, now and from now on. */
    void release() {
        final List<Runnable> ended = new ArrayList<>();
        synchronized (lock) {
            released = true;
            final long now = nanoClock.getAsLong();
            endWaits(now, now, ended);
        }
        ended.forEach(Runnable::run);
    }

    /** Ends the waits that began at or before a time. */
    private void endWaits(final long until, final long now, final List<Runnable> ended) {
        final Iterator<Map.Entry<Long, Waiting>> oldest = waiting.entrySet().iterator();
        final List<Map.Entry<Long, Waiting>> over = new ArrayList<>();
        while (oldest.hasNext()) {
            final Map.Entry<Long, Waiting> one = oldest.next();
            if (now - one.getValue().since() < now - until) {
                break;
            }
            over.add(one);
        }
        for (final Map.Entry<Long, Waiting> one : over) {
            final Waiting record = one.getValue();
            forgetWaiting(one.getKey(), record);
            final Answer answer =
                    known(record.reference(), record.task())
                            .map(Answer::of)
                            .orElseGet(() -> Answer.missed(Reason.ENRICH_NO_VERDICT));
            ended.add(() -> record.answer().complete(answer));
        }
    }

    private void forgetWaiting(final long number, final Waiting one) {
        waiting.remove(number);
        for (final Key key : keys(one.reference())) {
            waitingFor.computeIfPresent(
                    key,
                    (id, all) -> {
                        all.remove(number);
                        return all.isEmpty() ? null : all;
                    });
        }
    }

    private void forgetOld(final long now) {
        final long window = TimeUnit.MILLISECONDS.toNanos(options.windowMillis());
        while (!byUid.isEmpty() && now - byUid.values().iterator().next().since > window) {
            forgetFirst();
        }
    }

    private void forgetFirst() {
        final Iterator<Flow> flows = byUid.values().iterator();
        final Flow first = flows.next();
        flows.remove();
        byCommunityId.remove(first.communityId, first);
    }

    /** How many flows there are verdicts on. */
    int verdicts() {
        synchronized (lock) {
            return byUid.size();
        }
    }

    /** How many records wait. */
    int waiting() {
        synchronized (lock) {
            return waiting.size();
        }
    }
}
