/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The verdicts on the latest flows, and the records of sensors that wait for theirs; both bounded
 * in number and in time.
 *
 * <p>A record meets a verdict by the sensor's id of the flow, or else by its Community ID and
 * start, whichever of the two comes first. The next flow between the same ports has the same
 * Community ID, so a record that does not say when its flow began is not joined by it. Another flow
 * may have the same id, of another sensor or after a restart, so where a record states when its
 * flow began, it gets no verdict on one that began at another time. Safe for use by many threads.
 */
final class VerdictWindow {

    /** The reason for which verdicts are counted as evicted. */
    static final String FULL = "verdict_window_full";

    /** Of so many sensors it is known how far their verdicts have come. */
    private static final int MAX_OBSERVERS = 1_024;

    private final Options options;
    private final LongSupplier nanoClock;
    private final Clock clock;
    private final Ledger ledger;
    private final Executor continuations;
    private final Object lock = new Object();

    /** In the order in which they came. */
    private final Set<Flow> flows = new LinkedHashSet<>();

    /** By the sensor's id and by when they began. */
    private final NavigableSet<Flow> byUid =
            new TreeSet<>(
                    Comparator.<Flow, String>comparing(flow -> flow.uid)
                            .thenComparingLong(flow -> flow.startMicros)
                            .thenComparing(flow -> flow.communityId));

    /** Those that have a Community ID, by it and by when they began. */
    private final NavigableSet<Flow> byCommunityId =
            new TreeSet<>(
                    Comparator.<Flow, String>comparing(flow -> flow.communityId)
                            .thenComparingLong(flow -> flow.startMicros)
                            .thenComparing(flow -> flow.uid));

    /** In the order in which they came, which is that in which their time is over. */
    private final Map<Long, Waiting> waiting = new LinkedHashMap<>();

    /** The numbers of those that wait, by the ids of their flow. */
    private final Map<Key, Set<Long>> waitingFor = new HashMap<>();

    /** When the flow began that began last of those with verdicts; not later than now. */
    private OptionalLong newestMicros = OptionalLong.empty();

    /** The same of each sensor, the one that was not named for longest first. */
    private final Map<String, Observer> observers = new LinkedHashMap<>(16, 0.75f, true);

    private long numbers;

    /** Records that are answered and have not gone on yet. */
    private int continuing;

    private boolean released;

    /**
     * The bounds.
     *
     * @param maxVerdicts most flows whose verdicts are kept
     * @param windowMillis how long they are kept
     * @param maxWaiting most records that wait
     * @param waitMillis how long they wait
     * @param startToleranceMillis how far the starts of two flows of one id may differ for them to
     *     be one
     * @param latenessMillis how much later than the end of a flow others of its sensor may begin
     *     whose verdicts come before its own; others of any sensor, where that is not known
     */
    record Options(
            int maxVerdicts,
            long windowMillis,
            int maxWaiting,
            long waitMillis,
            long startToleranceMillis,
            long latenessMillis) {}

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

        /* Made with the first one: most flows are made to be sought by. */
        private Map<String, Given> given = Map.of();

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

        private void give(final Given verdict) {
            if (given.isEmpty()) {
                given = new LinkedHashMap<>(2);
            }
            given.put(verdict.task(), verdict);
        }

        /** The verdict for a task, or for any: the one that stands if there is one. */
        private Optional<Given> of(final String task) {
            final List<Given> asked =
                    given.values().stream().filter(one -> isAsked(one, task)).toList();
            return asked.stream()
                    .filter(Given::last)
                    .findFirst()
                    .or(() -> asked.stream().findFirst());
        }
    }

    /** A sensor, as verdicts and records name it. */
    private static final class Observer {

        private final long since;
        private OptionalLong newestMicros = OptionalLong.empty();

        /** When its last verdict came. */
        private long lastNanos;

        private Observer(final long since) {
            this.since = since;
        }
    }

    private record Waiting(
            FlowReference reference, String task, long since, CompletableFuture<Answer> answer) {}

    /**
     * @param nanoClock a clock like {@link System#nanoTime()}
     * @param clock what sensors' clocks are not to be ahead of
     * @param continuations runs what goes on when a record that waited is answered, never more than
     *     may wait; what it refuses runs in the thread that brought it
     */
    VerdictWindow(
            final Options options,
            final LongSupplier nanoClock,
            final Clock clock,
            final Ledger ledger,
            final Executor continuations) {
        this.options = options;
        this.nanoClock = nanoClock;
        this.clock = clock;
        this.ledger = ledger;
        this.continuations = continuations;
    }

    Options options() {
        return options;
    }

    /**
     * Keeps a verdict, and gives it to the records that wait for it if it stands.
     *
     * @param observer the sensor of the flow; empty if it has no name
     */
    void put(
            final String observer,
            final String uid,
            final String communityId,
            final long startMicros,
            final Given given) {
        final List<Runnable> ended = new ArrayList<>();
        synchronized (lock) {
            final long now = nanoClock.getAsLong();
            forgetOld(now);
            see(observer, startMicros, now);
            final Flow flow = flow(uid, communityId, startMicros, now);
            final Given before = flow.given.get(given.task());
            if (before == null || !before.last() || given.last()) {
                flow.give(given);
            }
            while (flows.size() > options.maxVerdicts()) {
                forgetFirst();
                ledger.add(Ledger.Entry.EVICTED, FULL, 1);
            }
            if (given.last()) {
                endWaiting(new Key(false, uid), flow, given, ended);
                endWaiting(new Key(true, communityId), flow, given, ended);
            }
            continuing += ended.size();
        }
        goOn(ended);
    }

    private void see(final String observer, final long startMicros, final long now) {
        final long start = Math.min(startMicros, TimeUnit.MILLISECONDS.toMicros(clock.millis()));
        newestMicros = later(newestMicros, start);
        if (!observer.isEmpty()) {
            final Observer sensor = observer(observer, now);
            sensor.newestMicros = later(sensor.newestMicros, start);
            sensor.lastNanos = now;
        }
    }

    private static OptionalLong later(final OptionalLong newest, final long start) {
        return OptionalLong.of(Math.max(newest.orElse(start), start));
    }

    private Observer observer(final String name, final long now) {
        final Observer observer = observers.computeIfAbsent(name, one -> new Observer(now));
        if (observers.size() > MAX_OBSERVERS) {
            observers.remove(observers.keySet().iterator().next());
        }
        return observer;
    }

    /** The flow of that id and start; where sensors use an id again, it is another one. */
    private Flow flow(
            final String uid, final String communityId, final long startMicros, final long now) {
        final Flow flow = new Flow(uid, communityId, startMicros, now);
        if (!byUid.add(flow)) {
            return byUid.floor(flow);
        }
        flows.add(flow);
        if (!communityId.isEmpty()) {
            byCommunityId.add(flow);
        }
        return flow;
    }

    /** Lets records that are answered go on, without the lock. */
    private void goOn(final List<Runnable> ended) {
        for (final Runnable one : ended) {
            final Runnable counted =
                    () -> {
                        try {
                            one.run();
                        } finally {
                            synchronized (lock) {
                                continuing--;
                            }
                        }
                    };
            try {
                continuations.execute(counted);
            } catch (final RejectedExecutionException e) {
                // It is shut down, and a record whose answer is not completed would never go on.
                counted.run();
            }
        }
    }

    private void endWaiting(
            final Key key, final Flow flow, final Given given, final List<Runnable> ended) {
        for (final long number : List.copyOf(waitingFor.getOrDefault(key, Set.of()))) {
            final Waiting one = waiting.get(number);
            if (isAsked(given, one.task())
                    && (isSameFlow(one.reference(), flow)
                            || !key.community() && !one.reference().startStated())) {
                forgetWaiting(number, one);
                ended.add(() -> one.answer().complete(Answer.of(given)));
            }
        }
    }

    private static boolean isAsked(final Given given, final String task) {
        return task.isEmpty() || given.task().equals(task);
    }

    /** Whether a flow began when a record with one of its ids says. */
    private boolean isSameFlow(final FlowReference reference, final Flow flow) {
        final OptionalLong start = reference.startMicros();
        return start.isPresent()
                && apart(start.getAsLong(), flow.startMicros)
                        <= TimeUnit.MILLISECONDS.toMicros(options.startToleranceMillis());
    }

    private static long apart(final long one, final long other) {
        final long apart = Math.max(one, other) - Math.min(one, other);
        return apart < 0 ? Long.MAX_VALUE : apart;
    }

    /**
     * Whether no verdict on a flow is to be expected any more, as there are verdicts on flows that
     * began long after it was over.
     */
    private boolean isLate(final FlowReference reference, final long now) {
        final OptionalLong last =
                reference.endMicros().isPresent() ? reference.endMicros() : reference.startMicros();
        final OptionalLong newest = newest(reference.observer(), now);
        return newest.isPresent()
                && last.isPresent()
                && last.getAsLong() < newest.getAsLong()
                && apart(newest.getAsLong(), last.getAsLong())
                        > TimeUnit.MILLISECONDS.toMicros(options.latenessMillis());
    }

    /**
     * How far the verdicts on the flows of a sensor have come. One of which there are none may be
     * about to give its first; when a record of it could have waited for that, it counts how far
     * those of all sensors have come, as where verdicts and records do not name it alike. So it is
     * where none has come for as long as verdicts are kept.
     */
    private OptionalLong newest(final String observer, final long now) {
        if (observer.isEmpty()) {
            return newestMicros;
        }
        final Observer sensor = observer(observer, now);
        final boolean counts =
                sensor.newestMicros.isPresent()
                        ? now - sensor.lastNanos
                                < TimeUnit.MILLISECONDS.toNanos(options.windowMillis())
                        : now - sensor.since < TimeUnit.MILLISECONDS.toNanos(options.waitMillis());
        return counts ? sensor.newestMicros : newestMicros;
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
            final Optional<Flow> flow = flow(reference);
            final Optional<Given> known = flow.flatMap(one -> one.of(task));
            if (known.filter(Given::last).isPresent()) {
                return CompletableFuture.completedFuture(Answer.of(known.get()));
            }
            if (flow.isEmpty() && isLate(reference, now)) {
                return CompletableFuture.completedFuture(Answer.missed(Reason.ENRICH_LATE));
            }
            final List<Key> keys = keys(reference);
            final boolean mayWait =
                    !released
                            && !keys.isEmpty()
                            && options.maxWaiting() > 0
                            && options.waitMillis() > 0;
            if (!mayWait || waiting.size() + continuing >= options.maxWaiting()) {
                final Reason reason = mayWait ? Reason.ENRICH_FULL : Reason.ENRICH_NO_VERDICT;
                return CompletableFuture.completedFuture(
                        known.map(Answer::of).orElseGet(() -> Answer.missed(reason)));
            }
            final long number = numbers++;
            final Waiting one = new Waiting(reference, task, now, new CompletableFuture<>());
            waiting.put(number, one);
            for (final Key key : keys) {
                waitingFor.computeIfAbsent(key, id -> new LinkedHashSet<>(1)).add(number);
            }
            return one.answer();
        }
    }

    private Optional<Flow> flow(final FlowReference reference) {
        return byUid(reference).or(() -> byCommunityId(reference));
    }

    /** Of the flows of an id the one that began last, where the record does not state when. */
    private Optional<Flow> byUid(final FlowReference reference) {
        final String uid = reference.uid();
        if (uid.isEmpty()) {
            return Optional.empty();
        }
        if (reference.startStated()) {
            return nearest(byUid, uid, "", reference, flow -> flow.uid.equals(uid));
        }
        final Flow behind = new Flow(uid + '\0', "", Long.MIN_VALUE, 0);
        return Optional.ofNullable(byUid.lower(behind)).filter(flow -> flow.uid.equals(uid));
    }

    private Optional<Flow> byCommunityId(final FlowReference reference) {
        if (reference.communityId().isEmpty() || reference.startMicros().isEmpty()) {
            return Optional.empty();
        }
        final String id = reference.communityId();
        return nearest(byCommunityId, "", id, reference, flow -> flow.communityId.equals(id));
    }

    /** Of the flows of an id the one that began next to when the record's did. */
    private Optional<Flow> nearest(
            final NavigableSet<Flow> flowsById,
            final String uid,
            final String communityId,
            final FlowReference reference,
            final Predicate<Flow> hasId) {
        final long start = reference.startMicros().orElseThrow();
        final Flow sought = new Flow(uid, communityId, start, 0);
        return Stream.of(
                        Optional.ofNullable(flowsById.floor(sought)),
                        Optional.ofNullable(flowsById.ceiling(sought)))
                .flatMap(Optional::stream)
                .filter(hasId)
                .filter(flow -> isSameFlow(reference, flow))
                .min(Comparator.comparingLong(flow -> apart(start, flow.startMicros)));
    }

    /** The ids by which a record may meet a verdict. */
    private static List<Key> keys(final FlowReference reference) {
        final List<Key> keys = new ArrayList<>(2);
        if (!reference.uid().isEmpty()) {
            keys.add(new Key(false, reference.uid()));
        }
        if (!reference.communityId().isEmpty() && reference.startMicros().isPresent()) {
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
            continuing += ended.size();
        }
        goOn(ended);
    }

    /** Ends all waits, now and from now on. */
    void release() {
        final List<Runnable> ended = new ArrayList<>();
        synchronized (lock) {
            released = true;
            final long now = nanoClock.getAsLong();
            endWaits(now, now, ended);
            continuing += ended.size();
        }
        goOn(ended);
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
                    flow(record.reference())
                            .flatMap(flow -> flow.of(record.task()))
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
        while (!flows.isEmpty() && now - flows.iterator().next().since > window) {
            forgetFirst();
        }
    }

    private void forgetFirst() {
        final Iterator<Flow> oldest = flows.iterator();
        final Flow first = oldest.next();
        oldest.remove();
        byUid.remove(first);
        byCommunityId.remove(first);
    }

    /** How many flows there are verdicts on. */
    int verdicts() {
        synchronized (lock) {
            return flows.size();
        }
    }

    /** Of how many sensors it is known how far their verdicts have come. */
    int observers() {
        synchronized (lock) {
            return observers.size();
        }
    }

    /** How many records wait. */
    int waiting() {
        synchronized (lock) {
            return waiting.size();
        }
    }
}
