/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.cascade;

import io.serveflow.batch.FlowBatch;
import io.serveflow.batch.Receipt;
import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.VerdictListener;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * The bounded meeting place of the slow path: flows that a fast tier was unsure of wait here for
 * their context records, and go on to the slow tier together.
 *
 * <p>Every flow taken in comes out of {@link #poll} exactly once: with its context, or, when no
 * context came in time, with the fast tier's answer as the one that stands. Nothing here ever
 * blocks the fast path; what does not fit is refused:
 *
 * <ul>
 *   <li>Up to half of {@code maxFlows}, every flow is taken.
 *   <li>From there on only the more unsure ones: the bar rises with the load, from uncertainty 0 at
 *       half full to 1 at full. A refused flow keeps the fast tier's answer, and is counted.
 * </ul>
 *
 * <p>A context record whose flow does not wait is either not needed, since its flow was decided
 * without it, or early. Where one source delivers a flow's first record before its context, early
 * ones do not exist and {@code maxEarly} is 0. Where the two travel apart, as through Kafka, up to
 * {@code maxEarly} contexts are kept for {@code maxWait}; and as many of those that a task waited
 * for, as another task may be asked about the same flow later.
 *
 * <p>When everything stops, flows that wait are handed back to sources that can read them again
 * ({@link #handBack()}), so that they get their answer after the next start, from their context;
 * only those of other sources keep the fast tier's answer.
 *
 * <p>Safe for use by many threads.
 *
 * @see <a href="https://arxiv.org/abs/2402.03694">ServeFlow, section on flow assignment: its queues
 *     2 and 3</a>
 */
public final class ContextJoin {

    /** Why a verdict stands although a better tier was to be asked. */
    public static final String SLOW_UNAVAILABLE = "slow_unavailable";

    private final Options options;
    private final LongSupplier nanoClock;
    private final Ledger ledger;
    private final VerdictListener listener;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /* These maps are in order of arrival and every entry waits equally long: the head expires first. */
    private final Map<Key, Waiting> waiting = new LinkedHashMap<>();
    private final Map<FlowId, Early> early = new LinkedHashMap<>();
    /* Contexts that some tasks waited for: others may be asked about the flow later. */
    private final Map<FlowId, Early> shared = new LinkedHashMap<>();
    /* What waits by uid, of which several flows may have the same where observers give it out. */
    private final Map<String, List<Key>> keysOfUid = new HashMap<>();
    /* By task, the one that waits longest for its turn first; none is empty. */
    private final LinkedHashMap<String, ArrayDeque<Joined>> ready = new LinkedHashMap<>();
    private int readyFlows;
    /* Flows that are ready or handed out, which are answered once if they come again. */
    private final Map<Key, UnderWay> underWay = new HashMap<>();
    private final Map<FlowBatch, List<UnderWay>> handedOut = new IdentityHashMap<>();
    private int handedOutFlows;
    private boolean closed;
    private boolean handingBack;
    /* Their contexts are to be read again too. */
    private final Set<FlowId> handedBack = new HashSet<>();

    /**
     * @param nanoClock a clock like {@link System#nanoTime()}
     * @param listener called with each provisional verdict that this takes in and each answer that
     *     it lets stand
     */
    public ContextJoin(
            final Options options,
            final LongSupplier nanoClock,
            final Ledger ledger,
            final VerdictListener listener) {
        this.options = Objects.requireNonNull(options, "options");
        this.nanoClock = Objects.requireNonNull(nanoClock, "nanoClock");
        this.ledger = Objects.requireNonNull(ledger, "ledger");
        this.listener = Objects.requireNonNull(listener, "listener");
    }

    /**
     * Takes in the flows of a batch whose verdict is provisional, for each of its tasks.
     *
     * @return the same records; each flow that was taken in, or handed back, still has its
     *     provisional verdict, and the verdict of each that was refused stands
     * @throws IllegalStateException if the flows have no verdict of any tier
     */
    public FlowBatch escalate(final FlowBatch batch) {
        if (!batch.isEmpty() && batch.tasks().isEmpty()) {
            throw new IllegalStateException(
                    "no tier has answered flow "
                            + batch.record(0).id()
                            + " yet, and a flow waits with its provisional verdict; send first"
                            + " records through serveflow:TIER before");
        }
        FlowBatch taken = batch;
        lock.lock();
        try {
            for (final String task : batch.tasks()) {
                taken = escalateTask(taken.of(task));
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        return taken;
    }

    private FlowBatch escalateTask(final FlowBatch batch) {
        final Verdict[] refused = new Verdict[batch.size()];
        int n = 0;
        for (int i = 0; i < batch.size(); i++) {
            final Verdict verdict = batch.verdict(i);
            if (verdict.isFinal()) {
                continue;
            }
            final Key key = new Key(batch.record(i).id(), verdict.bundle().task());
            final UnderWay answer = underWay.get(key);
            if (answer != null) {
                answer.with(batch.receipt());
            } else if (handingBack && batch.receipt().canBeReadAgain()) {
                listener.given(batch.record(i), verdict);
                batch.receipt().hold();
                handBack(key.flow, List.of(batch.receipt()));
            } else if (waiting.containsKey(key) || takes(verdict)) {
                take(key, batch.record(i), verdict, batch.receipt());
            } else {
                refused[i] = verdict.standing(SLOW_UNAVAILABLE);
                listener.given(batch.record(i), refused[i]);
                n++;
            }
        }
        if (n > 0) {
            fellBack(
                    batch.task().orElseThrow(), closed ? Reason.CLOSED : Reason.SLOW_QUEUE_FULL, n);
        }
        return n == 0
                ? batch
                : batch.withVerdicts(i -> refused[i] == null ? batch.verdict(i) : refused[i]);
    }

    private boolean takes(final Verdict verdict) {
        final int held = waiting.size() + readyFlows;
        if (closed || held >= options.maxFlows()) {
            return false;
        }
        final double bar = 2.0 * held / options.maxFlows() - 1.0;
        return verdict.uncertainty() >= bar;
    }

    private void take(
            final Key key,
            final FlowRecord first,
            final Verdict provisional,
            final Receipt receipt) {
        final Waiting before = waiting.get(key);
        if (before != null) {
            /* A replayed first record: the flow waits already and is answered once, for both. */
            if (!before.receipts.contains(receipt)) {
                receipt.hold();
                waiting.replace(key, before.with(receipt));
            }
            return;
        }
        /* First, as a receipt that is settled refuses it, and then the flow does not wait. */
        receipt.hold();
        listener.given(first, provisional);
        final Early context = early.getOrDefault(first.id(), shared.get(first.id()));
        if (context != null) {
            context.used = true;
            ready(key, context.record, provisional, List.of(receipt));
            return;
        }
        waiting.put(key, new Waiting(first, provisional, nanoClock.getAsLong(), List.of(receipt)));
        keysOfUid.merge(first.id().uid(), List.of(key), ContextJoin::both);
    }

    private void ready(
            final Key key,
            final FlowRecord context,
            final Verdict provisional,
            final List<Receipt> receipts) {
        ready.computeIfAbsent(key.task, task -> new ArrayDeque<>())
                .add(new Joined(context, provisional, underWay(key, receipts)));
        readyFlows++;
    }

    private UnderWay underWay(final Key key, final List<Receipt> receipts) {
        final UnderWay answer = new UnderWay(key, receipts);
        underWay.put(key, answer);
        return answer;
    }

    private static <T> List<T> both(final List<T> some, final List<T> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    /**
     * Takes in context records: those that a flow waits for make it ready.
     *
     * @throws IllegalArgumentException if the batch holds records of another stage
     */
    public void contexts(final FlowBatch batch) {
        if (batch.stage() != FlowRecord.Stage.CONTEXT) {
            throw new IllegalArgumentException(
                    "flows wait for " + FlowRecord.Stage.CONTEXT + " records, not " + batch);
        }
        lock.lock();
        try {
            boolean owed = false;
            for (int i = 0; i < batch.size(); i++) {
                owed |= context(batch.record(i));
            }
            if (owed && batch.receipt().canBeReadAgain()) {
                batch.receipt().hold();
                batch.receipt().handBack();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the context has to be read again, as its flow is handed back, or may still be. */
    private boolean context(final FlowRecord context) {
        final List<Key> keys = forgetKeys(context.id());
        if (handingBack
                && keys.isEmpty()
                && (options.maxEarly() > 0 || handedBack.contains(context.id()))) {
            return true;
        }
        for (final Key key : keys) {
            final Waiting flow = waiting.remove(key);
            ready(key, context, flow.provisional, flow.receipts);
        }
        if (options.maxEarly() > 0 && !closed) {
            keep(context, keys.isEmpty() ? early : shared);
        } else if (keys.isEmpty()) {
            ledger.add(Ledger.Entry.SUPERSEDED, 1);
        }
        return false;
    }

    private void keep(final FlowRecord context, final Map<FlowId, Early> where) {
        final Early former = where.remove(context.id());
        if (former != null) {
            forget(former);
        } else if (where.size() >= options.maxEarly()) {
            final Iterator<Early> oldest = where.values().iterator();
            forget(oldest.next());
            oldest.remove();
        }
        where.put(context.id(), new Early(context, nanoClock.getAsLong(), where == shared));
    }

    /** The tasks of a flow that wait, which are not looked up by its uid from now on. */
    private List<Key> forgetKeys(final FlowId flow) {
        final List<Key> ofUid = keysOfUid.getOrDefault(flow.uid(), List.of());
        final List<Key> ofFlow = ofUid.stream().filter(key -> key.flow.equals(flow)).toList();
        ofFlow.forEach(this::forget);
        return ofFlow;
    }

    private void forget(final Key key) {
        keysOfUid.computeIfPresent(
                key.flow.uid(),
                (uid, keys) -> {
                    final List<Key> left = keys.stream().filter(k -> !k.equals(key)).toList();
                    return left.isEmpty() ? null : left;
                });
    }

    private void forget(final Early context) {
        if (!context.used) {
            ledger.add(Ledger.Entry.SUPERSEDED, 1);
        }
    }

    /**
     * Takes out flows of one task that are ready for the slow tier, or that wait no longer, as one
     * batch. They are {@link #pending()} until {@link #done}.
     *
     * <p>A batch of {@link FlowRecord.Stage#CONTEXT} carries, as verdicts that were given out, the
     * provisional ones; the slow tier supersedes them. A batch of {@link FlowRecord.Stage#FIRST}
     * carries flows whose context did not come, with a verdict that stands.
     *
     * @param max most flows in the batch
     * @return empty if nothing became ready within the timeout, or this is closed and empty
     */
    public Optional<FlowBatch> poll(final int max, final long timeout, final TimeUnit unit)
            throws InterruptedException {
        long left = unit.toNanos(timeout);
        lock.lockInterruptibly();
        try {
            while (true) {
                expire(early);
                expire(shared);
                /* First, as sources wait for them too, however much is ready all the time. */
                final Optional<FlowBatch> expired = closed ? Optional.empty() : takeExpired(max);
                if (expired.isPresent()) {
                    return expired;
                }
                if (!ready.isEmpty()) {
                    return Optional.of(takeReady(max));
                }
                if (closed) {
                    return takeExpired(max);
                }
                if (left <= 0) {
                    return Optional.empty();
                }
                left -= awaitAtMost(Math.min(left, untilNextExpiry()));
            }
        } finally {
            lock.unlock();
        }
    }

    private long awaitAtMost(final long nanos) throws InterruptedException {
        return nanos - changed.awaitNanos(nanos);
    }

    private long untilNextExpiry() {
        if (waiting.isEmpty()) {
            return Long.MAX_VALUE;
        }
        final long since = waiting.values().iterator().next().sinceNanos;
        return Math.max(1, options.maxWaitNanos() - (nanoClock.getAsLong() - since));
    }

    private FlowBatch takeReady(final int max) {
        final Map.Entry<String, ArrayDeque<Joined>> next = ready.entrySet().iterator().next();
        final ArrayDeque<Joined> flows = next.getValue();
        final List<Joined> taken = new ArrayList<>(Math.min(max, flows.size()));
        while (taken.size() < max && !flows.isEmpty()) {
            taken.add(flows.poll());
        }
        readyFlows -= taken.size();
        ready.remove(next.getKey());
        if (!flows.isEmpty()) {
            ready.put(next.getKey(), flows);
        }
        final FlowBatch batch =
                FlowBatch.of(taken.stream().map(Joined::context).toList())
                        .withVerdicts(i -> taken.get(i).provisional)
                        .asGivenOut();
        handOut(batch, taken.stream().map(Joined::answer).toList());
        return batch;
    }

    private void fellBack(final String task, final Reason reason, final int flows) {
        ledger.add(Ledger.Entry.FELL_BACK, task + "/" + reason.code(), flows);
    }

    private Optional<FlowBatch> takeExpired(final int max) {
        final long now = nanoClock.getAsLong();
        final List<Waiting> taken = new ArrayList<>();
        final List<UnderWay> answers = new ArrayList<>();
        final Iterator<Map.Entry<Key, Waiting>> oldest = waiting.entrySet().iterator();
        while (taken.size() < max && oldest.hasNext()) {
            final Map.Entry<Key, Waiting> next = oldest.next();
            if (!closed && now - next.getValue().sinceNanos < options.maxWaitNanos()) {
                break;
            }
            if (taken.isEmpty() || taken.get(0).task().equals(next.getKey().task)) {
                oldest.remove();
                forget(next.getKey());
                taken.add(next.getValue());
                answers.add(underWay(next.getKey(), next.getValue().receipts));
            }
        }
        if (taken.isEmpty()) {
            return Optional.empty();
        }
        fellBack(taken.get(0).task(), Reason.NO_CONTEXT, taken.size());
        final FlowBatch batch =
                FlowBatch.of(taken.stream().map(Waiting::first).toList())
                        .withVerdicts(i -> taken.get(i).unanswered());
        for (int i = 0; i < taken.size(); i++) {
            listener.given(batch.record(i), batch.verdict(i));
        }
        handOut(batch, answers);
        return Optional.of(batch);
    }

    private void handOut(final FlowBatch batch, final List<UnderWay> answers) {
        handedOut.put(batch, answers);
        handedOutFlows += batch.size();
    }

    private void expire(final Map<FlowId, Early> kept) {
        final long now = nanoClock.getAsLong();
        final Iterator<Early> oldest = kept.values().iterator();
        while (oldest.hasNext()) {
            final Early next = oldest.next();
            if (!closed && now - next.sinceNanos < options.maxWaitNanos()) {
                return;
            }
            forget(next);
            oldest.remove();
        }
    }

    /** How many flows are inside: waiting for their context or for the slow tier. */
    public int size() {
        lock.lock();
        try {
            return waiting.size() + readyFlows;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends the hand-out of a batch that {@link #poll} gave: its flows have their verdicts, or are
     * dead letters, and their sources need not keep them any longer.
     */
    public void done(final FlowBatch batch) {
        final List<UnderWay> answers;
        lock.lock();
        try {
            answers = handedOut.remove(batch);
            handedOutFlows -= batch.size();
            answers.forEach(answer -> underWay.remove(answer.key, answer));
        } finally {
            lock.unlock();
        }
        answers.forEach(answer -> answer.receipts.forEach(Receipt::release));
    }

    /**
     * Hands flows of a batch that {@link #poll} gave back to their sources, where those can read
     * them again; the batch is still to be {@link #done}.
     *
     * @param unanswered which flows of the batch have no answer that is stored
     * @return which of these were handed back
     */
    public BitSet handBack(final FlowBatch batch, final BitSet unanswered) {
        final BitSet flows = new BitSet();
        lock.lock();
        try {
            final List<UnderWay> answers = handedOut.get(batch);
            unanswered.stream()
                    .filter(row -> canBeReadAgain(answers.get(row).receipts))
                    .forEach(
                            row -> {
                                handBack(answers.get(row));
                                flows.set(row);
                            });
        } finally {
            lock.unlock();
        }
        return flows;
    }

    private void handBack(final UnderWay answer) {
        underWay.remove(answer.key, answer);
        handBack(answer.key.flow, answer.receipts);
        answer.receipts = List.of();
    }

    /**
     * Hands the flows that wait for their context back to sources that can read them again, those
     * too that come in from now on until {@link #open}, and their contexts with them. Flows of
     * other sources wait as before, until {@link #close}.
     */
    public void handBack() {
        lock.lock();
        try {
            handingBack = true;
            final Iterator<Map.Entry<Key, Waiting>> flows = waiting.entrySet().iterator();
            while (flows.hasNext()) {
                final Map.Entry<Key, Waiting> next = flows.next();
                if (canBeReadAgain(next.getValue().receipts)) {
                    flows.remove();
                    forget(next.getKey());
                    handBack(next.getKey().flow, next.getValue().receipts);
                }
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** A flow that came from two sources is read again if one of them can. */
    private static boolean canBeReadAgain(final List<Receipt> receipts) {
        return receipts.stream().anyMatch(Receipt::canBeReadAgain);
    }

    private void handBack(final FlowId flow, final List<Receipt> receipts) {
        if (handedBack.add(flow)) {
            ledger.add(Ledger.Entry.HANDED_BACK, Reason.STOPPED, 1);
        }
        receipts.stream().filter(Receipt::canBeReadAgain).forEach(Receipt::handBack);
    }

    /**
     * Whether a context record of this flow may be needed: its flow waits for it, or contexts that
     * come early are kept. To be asked when the flow's first record has been through the fast
     * tiers; what is not needed may then be skipped unread.
     *
     * @param uid the sensor's id of the flow, under whatever observer
     */
    public boolean awaits(final String uid) {
        if (options.maxEarly() > 0) {
            return true;
        }
        lock.lock();
        try {
            return keysOfUid.containsKey(uid);
        } finally {
            lock.unlock();
        }
    }

    /** How many flows are inside or handed out and not done. */
    public int pending() {
        lock.lock();
        try {
            return waiting.size() + readyFlows + handedOutFlows;
        } finally {
            lock.unlock();
        }
    }

    /** Takes in flows (again), as it does from the beginning. */
    public void open() {
        lock.lock();
        try {
            closed = false;
            handingBack = false;
            handedBack.clear();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Closes this for good. Flows inside, which nobody will take out any more, are handed back to
     * sources that can read them again; the others are counted as dropped, and their provisional
     * verdicts stay the last ones.
     */
    public void abandon() {
        lock.lock();
        try {
            closed = true;
            waiting.forEach((key, flow) -> abandon(key.flow, flow.receipts));
            ready.values().forEach(flows -> flows.forEach(flow -> abandon(flow.answer)));
            waiting.clear();
            keysOfUid.clear();
            ready.clear();
            readyFlows = 0;
            early.values().forEach(this::forget);
            early.clear();
            shared.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void abandon(final UnderWay answer) {
        underWay.remove(answer.key, answer);
        abandon(answer.key.flow, answer.receipts);
    }

    private void abandon(final FlowId flow, final List<Receipt> receipts) {
        if (canBeReadAgain(receipts)) {
            handBack(flow, receipts);
        } else {
            ledger.add(Ledger.Entry.DROPPED, Reason.JOIN_ABANDONED, 1);
        }
    }

    /**
     * Takes in nothing more until {@link #open}, and lets {@link #poll} hand out what is inside
     * without waiting.
     */
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The bounds of a join.
     *
     * @param maxFlows most flows that wait for their context or for the slow tier
     * @param maxWaitNanos how long a flow waits for its context; longer than the sensor's own wait
     * @param maxEarly most contexts kept that came before their flow was escalated
     */
    public record Options(int maxFlows, long maxWaitNanos, int maxEarly) {

        public Options {
            if (maxFlows < 1) {
                throw new IllegalArgumentException("maxFlows must be at least 1, was " + maxFlows);
            }
            if (maxWaitNanos < 1) {
                throw new IllegalArgumentException("maxWait must be above 0, was " + maxWaitNanos);
            }
            if (maxEarly < 0) {
                throw new IllegalArgumentException(
                        "maxEarly must not be negative, was " + maxEarly);
            }
        }
    }

    private record Key(FlowId flow, String task) {}

    private record Joined(FlowRecord context, Verdict provisional, UnderWay answer) {}

    /** A flow that no longer waits for its context, until it is done. */
    private static final class UnderWay {

        private final Key key;

        /** What is released when it is done. */
        private List<Receipt> receipts;

        private UnderWay(final Key key, final List<Receipt> receipts) {
            this.key = key;
            this.receipts = receipts;
        }

        private void with(final Receipt receipt) {
            if (!receipts.contains(receipt)) {
                receipt.hold();
                receipts = both(receipts, List.of(receipt));
            }
        }
    }

    private record Waiting(
            FlowRecord first, Verdict provisional, long sinceNanos, List<Receipt> receipts) {

        private String task() {
            return provisional.bundle().task();
        }

        /** The answer of a flow whose context did not come. */
        private Verdict unanswered() {
            return provisional.standing(SLOW_UNAVAILABLE).superseding(provisional);
        }

        private Waiting with(final Receipt receipt) {
            return new Waiting(first, provisional, sinceNanos, both(receipts, List.of(receipt)));
        }
    }

    private static final class Early {

        private final FlowRecord record;
        private final long sinceNanos;
        private boolean used;

        private Early(final FlowRecord record, final long sinceNanos, final boolean used) {
            this.record = record;
            this.sinceNanos = sinceNanos;
            this.used = used;
        }
    }
}
