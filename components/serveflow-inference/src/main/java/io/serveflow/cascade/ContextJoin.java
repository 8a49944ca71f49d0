/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.cascade;

import io.serveflow.batch.FlowBatch;
import io.serveflow.batch.Receipt;
import io.serveflow.batch.SourceClock;
import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.VerdictListener;
import java.security.SecureRandom;
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
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
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
 *   <li>Where the options have a target for the delay of the slow tier, only the more unsure ones
 *       of a source whose flows would wait longer; and of one source never so many that none is
 *       left for others, nor more that are ready than the options say. What holds for these is
 *       described at {@link SlowLoad}.
 * </ul>
 *
 * <p>Sources take turns in what is ready: a source that sends a lot waits for itself.
 *
 * <p>A flow waits by the clock of its source ({@link Receipt#clock()}), so that no wait ends while
 * the context is in what the source has not given out yet; ten times as long by the clock of the
 * process at most. Where the source begins anew and its flow goes on waiting by the clock of
 * another reader, it may stand behind a flow that came later, and the bound is up to twice that.
 *
 * <p>A context record whose flow does not wait is either not needed, since its flow was decided
 * without it, or early. Where one source delivers a flow's first record before its context, early
 * ones do not exist and {@code maxEarly} is 0. Where the two travel apart, as through Kafka, up to
 * {@code maxEarly} contexts are kept for {@code maxWait}; and as many of those that a task waited
 * for, as another task may be asked about the same flow later.
 *
 * <p>When everything stops, flows that wait are handed back to sources that can read them again
 * ({@link #handBack()}), so that they get their answer after the next start, from their context;
 * only those of other sources keep the fast tier's answer. Flows whose source has lost them to
 * another process (their receipts are {@link Receipt#isWithdrawn() withdrawn}) get no answer from
 * here: they are not taken in, and left out when it is their turn.
 *
 * <p>Safe for use by many threads.
 *
 * @see <a href="https://arxiv.org/abs/2402.03694">ServeFlow, section on flow assignment: its queues
 *     2 and 3</a>
 */
public final class ContextJoin {

    /** Why a verdict stands although a better tier was to be asked. */
    public static final String SLOW_UNAVAILABLE = "slow_unavailable";

    /** Why a verdict stands while the slow tier is behind. */
    public static final String SLOW_OVERLOADED = "slow_overloaded";

    /** Why a verdict stands of a flow whose source sends more than its share. */
    public static final String SLOW_SOURCE_SHARE = "slow_source_share";

    /**
     * How many times as long a flow waits whose source does not go on, by the process's clock; up
     * to twice that where it has moved behind one that came later, as only the first flow of each
     * clock is looked at.
     */
    private static final int LONGEST_WAITS = 10;

    /** How often the clock of a source is looked at that may stand still. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final Reason[] REASONS = Reason.values();

    /** What part of a batch flows are whose first verdict stands, while others are ready. */
    private static final int STANDING_PARTS = 16;

    private final Options options;
    private final LongSupplier nanoClock;
    private final SourceClock systemClock;
    private final Ledger ledger;
    private final FallbackCounter fallbacks;
    private final VerdictListener listener;
    private final SlowLoad load;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final WaitingFlows<Key, Waiting> waiting =
            new WaitingFlows<>(Waiting::clock, Waiting::sinceOfClock);
    /* These maps are in order of arrival and every entry waits equally long: the head expires first. */
    private final Map<FlowId, Early> early = new LinkedHashMap<>();
    /* Contexts that some tasks waited for: others may be asked about the flow later. */
    private final Map<FlowId, Early> shared = new LinkedHashMap<>();
    /* What waits by uid, of which several flows may have the same where observers give it out. */
    private final Map<String, List<Key>> keysOfUid = new HashMap<>();
    /* By task, the one that waits longest for its turn first; none is empty. */
    private final LinkedHashMap<String, FairQueue<Joined>> ready = new LinkedHashMap<>();
    /* The queues of all tasks, empty or not. */
    private final Map<String, FairQueue<Joined>> queues = new HashMap<>();
    private int readyFlows;
    /* Flows that met their context and are not answered by the slow tier because of load. */
    private final ArrayDeque<Refused> refused = new ArrayDeque<>();
    /* How long the latest batch for the slow tier took, and those after it that stand. */
    private long slowNanos;
    private long standingNanos;
    /* By the number of the reason, until they are counted. */
    private final int[] refusals = new int[REASONS.length];
    /* Flows that are ready or handed out, which are answered once if they come again. */
    private final Map<Key, UnderWay> underWay = new HashMap<>();
    private final Map<FlowBatch, HandedOut> handedOut = new IdentityHashMap<>();
    private int handedOutFlows;
    /* Flows ever taken in, and those of them that left without being handed out and done. */
    private long taken;
    private long givenUp;
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
        this(options, nanoClock, ledger, listener, SlowLoadListener.NONE, new SecureRandom());
    }

    /**
     * @param nanoClock a clock like {@link System#nanoTime()}
     * @param listener called with each provisional verdict that this takes in and each answer that
     *     it lets stand
     * @param loadListener called when flows begin to be refused because of load, and at the end
     * @param random makes the key by which sources are parted; hard to guess, or else senders could
     *     choose addresses that count as somebody else's
     */
    public ContextJoin(
            final Options options,
            final LongSupplier nanoClock,
            final Ledger ledger,
            final VerdictListener listener,
            final SlowLoadListener loadListener,
            final RandomGenerator random) {
        this.options = Objects.requireNonNull(options, "options");
        this.nanoClock = Objects.requireNonNull(nanoClock, "nanoClock");
        this.systemClock = nanoClock::getAsLong;
        this.ledger = Objects.requireNonNull(ledger, "ledger");
        this.fallbacks = FallbackCounter.of(ledger);
        this.listener = Objects.requireNonNull(listener, "listener");
        this.load =
                new SlowLoad(
                        options.load(),
                        options.maxFlows(),
                        new SourcePrefixes(
                                options.load().ipv4Prefix(),
                                options.load().ipv6Prefix(),
                                random.nextLong(),
                                random.nextLong()),
                        loadListener);
    }

    /**
     * Takes in the flows of a batch whose verdict is provisional, for each of its tasks.
     *
     * @return the same records; each flow that was taken in, or handed back, or is left to another
     *     process, still has its provisional verdict, and the verdict of each that was refused
     *     stands
     * @throws IllegalStateException if the flows have no verdict of any tier
     */
    public FlowBatch escalate(final FlowBatch batch) {
        return escalate(batch, fallbacks);
    }

    /**
     * The same for a batch that may come again.
     *
     * @param refusals counts the flows that are refused
     */
    public FlowBatch escalate(final FlowBatch batch, final FallbackCounter refusals) {
        if (!batch.isEmpty() && batch.tasks().isEmpty()) {
            throw new IllegalStateException(
                    "no tier has answered flow "
                            + batch.record(0).id()
                            + " yet, and a flow waits with its provisional verdict; send first"
                            + " records through serveflow:TIER before");
        }
        if (batch.receipt().isWithdrawn()) {
            leaveToOthers(batch);
            return batch;
        }
        FlowBatch taken = batch;
        lock.lock();
        try {
            final long now = look();
            for (final String task : batch.tasks()) {
                taken = escalateTask(taken.of(task), now, refusals);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        return taken;
    }

    /** What came too late: another process reads it again, and answers it. */
    private void leaveToOthers(final FlowBatch batch) {
        long flows = 0;
        for (final String task : batch.tasks()) {
            final FlowBatch ofTask = batch.of(task);
            for (int i = 0; i < batch.size(); i++) {
                flows += ofTask.hasVerdict(i) && !ofTask.verdict(i).isFinal() ? 1 : 0;
            }
        }
        if (flows > 0) {
            ledger.add(Ledger.Entry.HANDED_BACK, Reason.PARTITION_REVOKED, flows);
            lock.lock();
            try {
                taken += flows;
                givenUp += flows;
            } finally {
                lock.unlock();
            }
            batch.receipt().hold();
            batch.receipt().handBack();
        }
    }

    private FlowBatch escalateTask(
            final FlowBatch batch, final long now, final FallbackCounter counter) {
        final Verdict[] standing = new Verdict[batch.size()];
        boolean none = true;
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
                taken++;
                handBack(key.flow, List.of(batch.receipt()));
            } else if (waiting.contains(key)) {
                takeAgain(key, batch.receipt(), now);
            } else {
                standing[i] = takeOrRefuse(key, batch, i, now);
                none &= standing[i] == null;
            }
        }
        countRefusals(batch.task().orElseThrow(), counter);
        return none
                ? batch
                : batch.withVerdicts(i -> standing[i] == null ? batch.verdict(i) : standing[i]);
    }

    /**
     * A replayed first record: the flow waits already and is answered once, for both. Where its
     * source keeps positions and another reader of it has begun, it waits anew, as its context is
     * read again too. A source that does not, such as a file, may begin anew for ever: its flows go
     * on waiting, by the clock of the latest reader.
     */
    private void takeAgain(final Key key, final Receipt receipt, final long now) {
        final Waiting before = waiting.get(key);
        if (before.receipts.contains(receipt)) {
            return;
        }
        receipt.hold();
        final SourceClock clock = clock(receipt);
        final Waiting again = before.with(receipt);
        if (clock == systemClock || clock == before.clock) {
            waiting.put(key, again);
        } else if (receipt.isKept()) {
            waiting.put(key, again.from(now, clock));
        } else {
            waiting.put(key, again.goingOnBy(clock));
        }
    }

    private SourceClock clock(final Receipt receipt) {
        return receipt.clock() == SourceClock.SYSTEM ? systemClock : receipt.clock();
    }

    /**
     * The verdict that stands; null if the flow is taken. Where its provisional verdict was given
     * out before, as by another process, it follows that one.
     */
    private Verdict takeOrRefuse(
            final Key key, final FlowBatch batch, final int row, final long now) {
        final FlowRecord first = batch.record(row);
        final Verdict verdict = batch.verdict(row);
        final int source = load.source(first);
        load.asked(verdict);
        final Optional<Reason> reason =
                closed
                        ? Optional.of(Reason.CLOSED)
                        : load.atEscalation(
                                first, verdict, source, ahead(key.task, source), held(), now);
        if (reason.isEmpty()) {
            take(key, first, verdict, batch.receipt(), source, now);
            return null;
        }
        final Verdict last = verdict.standing(said(reason.get()));
        final Verdict standing =
                batch.hasGivenOut(row) ? last.superseding(batch.givenOut(row)) : last;
        listener.given(first, standing);
        refusals[reason.get().ordinal()]++;
        return standing;
    }

    /** What a verdict says that stands for a reason. */
    private static String said(final Reason reason) {
        return switch (reason) {
            case SLOW_OVERLOADED, SLOW_QUEUE_FULL -> SLOW_OVERLOADED;
            case SLOW_SOURCE_SHARE -> SLOW_SOURCE_SHARE;
            default -> SLOW_UNAVAILABLE;
        };
    }

    /** Flows that hold a place. */
    private int held() {
        return waiting.size() + readyFlows + refused.size();
    }

    /** Notes what the slow tier has in hand; the present time. */
    private long look() {
        final long now = nanoClock.getAsLong();
        load.look(now, handedOut.values());
        return now;
    }

    /** How many ready flows go out before one of this task and source, as tasks take turns too. */
    private int ahead(final String task, final int source) {
        final FairQueue<Joined> queue = queues.get(task);
        if (queue == null || readyFlows == 0) {
            return 0;
        }
        final long ahead = (long) queue.ahead(source) * Math.max(1, ready.size());
        return (int) Math.min(readyFlows, ahead);
    }

    private void take(
            final Key key,
            final FlowRecord first,
            final Verdict provisional,
            final Receipt receipt,
            final int source,
            final long now) {
        /* First, as a receipt that is settled refuses it, and then the flow does not wait. */
        receipt.hold();
        taken++;
        listener.given(first, provisional);
        load.entered(source, now);
        final SourceClock clock = clock(receipt);
        final Waiting flow =
                new Waiting(
                        first, provisional, now, clock, clock.nanos(), source, List.of(receipt));
        final Early context = early.getOrDefault(first.id(), shared.get(first.id()));
        if (context != null) {
            context.used = true;
            ready(key, context.record, flow, now);
            return;
        }
        waiting.put(key, flow);
        keysOfUid.merge(first.id().uid(), List.of(key), ContextJoin::both);
    }

    private void ready(
            final Key key, final FlowRecord context, final Waiting flow, final long now) {
        final UnderWay answer = underWay(key, flow.receipts);
        final int ahead = ahead(key.task, flow.source);
        load.met(now - flow.sinceNanos);
        final Optional<Reason> reason =
                closed
                        ? Optional.empty()
                        : load.whenReady(
                                flow.first, flow.provisional, flow.source, ahead, held(), now);
        if (reason.isPresent()) {
            refused.add(new Refused(flow, reason.get(), answer));
            return;
        }
        final FairQueue<Joined> queue =
                queues.computeIfAbsent(key.task, task -> new FairQueue<>(SourcePrefixes.COUNT));
        queue.add(flow.source, new Joined(context, flow.provisional, flow.source, answer));
        load.queued(flow.source);
        ready.putIfAbsent(key.task, queue);
        readyFlows++;
    }

    private UnderWay underWay(final Key key, final List<Receipt> receipts) {
        final UnderWay answer = new UnderWay(key, receipts);
        underWay.put(key, answer);
        return answer;
    }

    /**
     * The receipts of a flow with one more, which takes the place of an earlier one that was not
     * kept either: of a source that is read again and again, one is enough.
     */
    private static List<Receipt> with(final List<Receipt> receipts, final Receipt receipt) {
        return receipt.isKept() || !receipt.canBeReadAgain()
                ? both(receipts, List.of(receipt))
                : both(
                        receipts.stream()
                                .filter(one -> one.isKept() || !one.canBeReadAgain())
                                .toList(),
                        List.of(receipt));
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
            final long now = look();
            for (int i = 0; i < batch.size(); i++) {
                owed |= context(batch.record(i), now);
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
    private boolean context(final FlowRecord context, final long now) {
        final List<Key> keys = forgetKeys(context.id());
        if (handingBack
                && keys.isEmpty()
                && (options.maxEarly() > 0 || handedBack.contains(context.id()))) {
            return true;
        }
        for (final Key key : keys) {
            ready(key, context, waiting.remove(key), now);
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
        if (ofUid.size() == 1 && ofUid.get(0).flow.equals(flow)) {
            keysOfUid.remove(flow.uid()); // as it nearly always is
            return ofUid;
        }
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
                load.quiet(nanoClock.getAsLong());
                /* Sources wait for those that stand too, however much is ready all the time. */
                final boolean readyIsNext = !ready.isEmpty() && standingNanos > slowNanos;
                final Optional<FlowBatch> standing =
                        readyIsNext ? Optional.empty() : takeStanding(max);
                if (standing.isPresent()) {
                    return standing;
                }
                if (!ready.isEmpty()) {
                    final Optional<FlowBatch> joined = takeReady(max);
                    if (joined.isPresent()) {
                        return joined;
                    }
                    continue;
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

    /**
     * Flows whose first verdict stands. Few at a time while others are ready, which wait for them.
     */
    private Optional<FlowBatch> takeStanding(final int max) {
        final int most = ready.isEmpty() ? max : Math.max(1, max / STANDING_PARTS);
        final Optional<FlowBatch> standing =
                refused.isEmpty() ? Optional.empty() : takeRefused(most);
        if (standing.isPresent()) {
            return standing;
        }
        return closed ? Optional.empty() : takeExpired(most);
    }

    private long awaitAtMost(final long nanos) throws InterruptedException {
        return nanos - changed.awaitNanos(nanos);
    }

    private long untilNextExpiry() {
        long least = Long.MAX_VALUE;
        for (final NavigableSet<WaitingFlows.Place<Key, Waiting>> queue : waiting.queues()) {
            final Waiting oldest = queue.first().flow();
            least =
                    Math.min(
                            least,
                            Math.max(
                                    oldest.clock == systemClock ? 1 : LOOK_NANOS,
                                    options.maxWaitNanos() - oldest.waitedNanos()));
        }
        return least;
    }

    private boolean isOver(final Waiting flow, final long now) {
        return flow.waitedNanos() >= options.maxWaitNanos()
                || (now - flow.sinceNanos) / LONGEST_WAITS >= options.maxWaitNanos();
    }

    /** Empty if others have all flows whose turn it is. */
    private Optional<FlowBatch> takeReady(final int max) {
        final Map.Entry<String, FairQueue<Joined>> next = ready.entrySet().iterator().next();
        final FairQueue<Joined> flows = next.getValue();
        final int most = load.mostOfABatch(max);
        final List<Joined> taken = new ArrayList<>(Math.min(most, flows.size()));
        flows.take(most, load.mostOfASource(most, nanoClock.getAsLong()), taken);
        readyFlows -= taken.size();
        standingNanos = 0;
        taken.forEach(flow -> leftReady(flow.source));
        taken.removeIf(flow -> isLeftToOthers(flow.answer));
        ready.remove(next.getKey());
        if (!flows.isEmpty()) {
            ready.put(next.getKey(), flows);
        }
        if (taken.isEmpty()) {
            return Optional.empty();
        }
        final FlowBatch batch =
                FlowBatch.of(taken.stream().map(Joined::context).toList())
                        .withVerdicts(i -> taken.get(i).provisional)
                        .asGivenOut();
        handOut(batch, taken.stream().map(Joined::answer).toList(), most);
        return Optional.of(batch);
    }

    private void leftReady(final int source) {
        load.dequeued(source);
        load.left(source);
    }

    /** Whether other processes have the flow now, which gets no answer from here then. */
    private boolean isLeftToOthers(final UnderWay answer) {
        if (!isWithdrawn(answer.receipts)) {
            return false;
        }
        underWay.remove(answer.key, answer);
        withdraw(answer.receipts);
        return true;
    }

    /** Whether other processes read the flow now, from all positions that it came from. */
    private static boolean isWithdrawn(final List<Receipt> receipts) {
        return receipts.stream().allMatch(Receipt::isWithdrawn);
    }

    private void withdraw(final List<Receipt> receipts) {
        givenUp++;
        ledger.add(Ledger.Entry.HANDED_BACK, Reason.PARTITION_REVOKED, 1);
        receipts.forEach(Receipt::handBack);
    }

    /** Those of one task that were refused when they were ready; empty if others have them. */
    private Optional<FlowBatch> takeRefused(final int max) {
        final List<Refused> taken = new ArrayList<>();
        final String task = refused.element().flow.task();
        while (taken.size() < max
                && !refused.isEmpty()
                && refused.element().flow.task().equals(task)) {
            taken.add(refused.remove());
        }
        taken.forEach(flow -> load.left(flow.flow.source));
        taken.removeIf(flow -> isLeftToOthers(flow.answer));
        if (taken.isEmpty()) {
            return Optional.empty();
        }
        for (final Refused flow : taken) {
            refusals[flow.reason.ordinal()]++;
        }
        countRefusals(task, fallbacks);
        return Optional.of(
                handOut(
                        taken.stream().map(Refused::flow).toList(),
                        taken.stream().map(Refused::standing).toList(),
                        taken.stream().map(Refused::answer).toList(),
                        max));
    }

    private void countRefusals(final String task, final FallbackCounter counter) {
        for (final Reason reason : REASONS) {
            if (refusals[reason.ordinal()] > 0) {
                counter.fellBack(task, reason, refusals[reason.ordinal()]);
                refusals[reason.ordinal()] = 0;
            }
        }
    }

    private Optional<FlowBatch> takeExpired(final int max) {
        final long now = nanoClock.getAsLong();
        final List<Waiting> taken = new ArrayList<>();
        final List<UnderWay> answers = new ArrayList<>();
        final List<Key> withdrawn = new ArrayList<>();
        for (final NavigableSet<WaitingFlows.Place<Key, Waiting>> queue : waiting.queues()) {
            for (final WaitingFlows.Place<Key, Waiting> next : queue) {
                final Waiting flow = next.flow();
                final boolean leftToOthers = isWithdrawn(flow.receipts);
                if (taken.size() >= max || !closed && !leftToOthers && !isOver(flow, now)) {
                    break;
                }
                if (leftToOthers) {
                    withdrawn.add(next.key());
                } else if (taken.isEmpty() || taken.get(0).task().equals(next.key().task)) {
                    taken.add(flow);
                    answers.add(underWay(next.key(), flow.receipts));
                }
            }
        }
        withdrawn.forEach(key -> withdraw(leave(key).receipts));
        answers.forEach(answer -> leave(answer.key));
        if (taken.isEmpty()) {
            return Optional.empty();
        }
        fallbacks.fellBack(taken.get(0).task(), Reason.NO_CONTEXT, taken.size());
        return Optional.of(
                handOut(taken, taken.stream().map(Waiting::unanswered).toList(), answers, max));
    }

    /** Takes a flow out that waits no longer, with or without its context. */
    private Waiting leave(final Key key) {
        forget(key);
        final Waiting flow = waiting.remove(key);
        load.left(flow.source);
        return flow;
    }

    /** Hands out flows whose first verdict stands. */
    private FlowBatch handOut(
            final List<Waiting> flows,
            final List<Verdict> standing,
            final List<UnderWay> answers,
            final int max) {
        final FlowBatch batch =
                FlowBatch.of(flows.stream().map(Waiting::first).toList())
                        .withVerdicts(standing::get);
        for (int i = 0; i < standing.size(); i++) {
            listener.given(batch.record(i), batch.verdict(i));
        }
        handOut(batch, answers, max);
        return batch;
    }

    private void handOut(final FlowBatch batch, final List<UnderWay> answers, final int max) {
        final long now = nanoClock.getAsLong();
        handedOut.put(batch, new HandedOut(answers, now, batch.stage()));
        handedOutFlows += batch.size();
        if (batch.stage() == FlowRecord.Stage.CONTEXT) {
            load.handedOut(now, max);
        }
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
            return held();
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
            final HandedOut out = handedOut.remove(batch);
            answers = out.answers;
            handedOutFlows -= batch.size();
            final long now = nanoClock.getAsLong();
            if (out.isForSlowTier()) {
                slowNanos = now - out.sinceNanos;
                load.answered(now, batch.size(), slowNanos);
            } else {
                standingNanos += now - out.sinceNanos;
            }
            answers.forEach(answer -> underWay.remove(answer.key, answer));
        } finally {
            lock.unlock();
        }
        answers.forEach(answer -> answer.receipts.forEach(Receipt::release));
    }

    /**
     * Which of some flows of a batch that {@link #poll} gave are kept by their sources, which can
     * read them again until the batch is {@link #done}.
     */
    public BitSet kept(final FlowBatch batch, final BitSet flows) {
        return those(batch, flows, receipts -> receipts.stream().anyMatch(Receipt::isKept));
    }

    /**
     * Leaves flows of a batch that {@link #poll} gave to the processes that read them now; the
     * batch is still to be {@link #done}.
     *
     * @param unanswered which flows of the batch have no answer that is stored
     * @return which of these were left
     */
    public BitSet leaveToOthers(final FlowBatch batch, final BitSet unanswered) {
        lock.lock();
        try {
            final BitSet left = those(batch, unanswered, ContextJoin::isWithdrawn);
            final List<UnderWay> answers = handedOut.get(batch).answers;
            left.stream()
                    .mapToObj(answers::get)
                    .forEach(
                            answer -> {
                                isLeftToOthers(answer);
                                answer.receipts = List.of();
                            });
            return left;
        } finally {
            lock.unlock();
        }
    }

    private BitSet those(
            final FlowBatch batch, final BitSet flows, final Predicate<List<Receipt>> condition) {
        final BitSet those = new BitSet();
        lock.lock();
        try {
            final List<UnderWay> answers = handedOut.get(batch).answers;
            flows.stream()
                    .filter(row -> condition.test(answers.get(row).receipts))
                    .forEach(those::set);
        } finally {
            lock.unlock();
        }
        return those;
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
            final List<UnderWay> answers = handedOut.get(batch).answers;
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
            for (final Key key : waiting.keys()) {
                if (canBeReadAgain(waiting.get(key).receipts)) {
                    handBack(key.flow, leave(key).receipts);
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
        givenUp++;
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

    /** How many flows have met their context and are not done. */
    public int ready() {
        lock.lock();
        try {
            return readyFlows + handedOutFlows;
        } finally {
            lock.unlock();
        }
    }

    /**
     * How long a flow that is ready is expected to wait for the slow tier, in seconds: on average
     * over flows that came lately.
     */
    public double delaySeconds() {
        lock.lock();
        try {
            look();
            return load.delaySeconds(readyFlows);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The uncertainty from which on flows are taken at {@link #delaySeconds()}, 0 to 1; of several
     * tasks the highest. 0 while every flow is taken.
     */
    public double threshold() {
        lock.lock();
        try {
            look();
            return load.threshold(readyFlows);
        } finally {
            lock.unlock();
        }
    }

    /** How many flows are inside or handed out and not done. */
    public int pending() {
        lock.lock();
        try {
            return held() + handedOutFlows;
        } finally {
            lock.unlock();
        }
    }

    /** How many receipts are held for the flows inside and for those handed out. */
    int receipts() {
        lock.lock();
        try {
            return Stream.concat(
                            waiting.keys().stream().map(key -> waiting.get(key).receipts),
                            underWay.values().stream().map(answer -> answer.receipts))
                    .mapToInt(List::size)
                    .sum();
        } finally {
            lock.unlock();
        }
    }

    /** How many flows were ever taken in, once for each task. */
    public long taken() {
        lock.lock();
        try {
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /**
     * How many of those got no verdict from here: they were handed back, left to other processes,
     * or dropped at a forced stop.
     */
    public long givenUp() {
        lock.lock();
        try {
            return givenUp;
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
            waiting.forEach(
                    (key, flow) -> {
                        load.left(flow.source);
                        abandon(key.flow, flow.receipts);
                    });
            final List<Joined> left = new ArrayList<>(readyFlows);
            ready.values().forEach(flows -> flows.take(flows.size(), Integer.MAX_VALUE, left));
            left.forEach(
                    flow -> {
                        leftReady(flow.source);
                        abandon(flow.answer);
                    });
            refused.forEach(
                    flow -> {
                        load.left(flow.flow.source);
                        abandon(flow.answer);
                    });
            waiting.clear();
            refused.clear();
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
            givenUp++;
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
     * @param load what holds under load
     */
    public record Options(int maxFlows, long maxWaitNanos, int maxEarly, Load load) {

        /** Options without a target for the delay, and without bounds on what a source has. */
        public Options(final int maxFlows, final long maxWaitNanos, final int maxEarly) {
            this(maxFlows, maxWaitNanos, maxEarly, new Load(0, 1, 0, 24, 64));
        }

        public Options {
            Objects.requireNonNull(load, "load");
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

    /**
     * Which flows are refused under load.
     *
     * @param targetDelayNanos how long a ready flow may wait for the slow tier before the less
     *     uncertain ones are refused; 0 for any time
     * @param maxSourceShare the most of the flows that may be held which one source has, above 0; 1
     *     for all
     * @param maxSourceReady the most flows of one source that are ready for the slow tier, whatever
     *     others have; 0 for any number
     * @param ipv4Prefix how many bits of an IPv4 address name a source, 0 to 32
     * @param ipv6Prefix how many bits of an IPv6 address name a source, 0 to 64
     */
    public record Load(
            long targetDelayNanos,
            double maxSourceShare,
            int maxSourceReady,
            int ipv4Prefix,
            int ipv6Prefix) {

        public Load {
            if (targetDelayNanos < 0) {
                throw new IllegalArgumentException(
                        "targetDelay must not be negative, was " + targetDelayNanos);
            }
            if (!(maxSourceShare > 0) || maxSourceShare > 1) {
                throw new IllegalArgumentException(
                        "maxSourceShare must be above 0 and at most 1, was " + maxSourceShare);
            }
            if (maxSourceReady < 0) {
                throw new IllegalArgumentException(
                        "maxSourceReady must not be negative, was " + maxSourceReady);
            }
            if (ipv4Prefix < 0 || ipv4Prefix > 32 || ipv6Prefix < 0 || ipv6Prefix > 64) {
                throw new IllegalArgumentException(
                        "prefixes have 0 to 32 and 0 to 64 bits, not "
                                + ipv4Prefix
                                + " and "
                                + ipv6Prefix);
            }
        }
    }

    private record Key(FlowId flow, String task) {}

    private record Joined(FlowRecord context, Verdict provisional, int source, UnderWay answer) {}

    private record Refused(Waiting flow, Reason reason, UnderWay answer) {

        private Verdict standing() {
            return flow.standing(said(reason));
        }
    }

    /** What is known of a batch that is out. */
    private record HandedOut(List<UnderWay> answers, long sinceNanos, FlowRecord.Stage stage)
            implements SlowLoad.InHand {

        @Override
        public boolean isForSlowTier() {
            return stage == FlowRecord.Stage.CONTEXT;
        }

        @Override
        public int flows() {
            return answers.size();
        }
    }

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
                receipts = ContextJoin.with(receipts, receipt);
            }
        }
    }

    private record Waiting(
            FlowRecord first,
            Verdict provisional,
            long sinceNanos,
            SourceClock clock,
            long sinceOfClock,
            int source,
            List<Receipt> receipts) {

        private long waitedNanos() {
            return clock.nanos() - sinceOfClock;
        }

        private String task() {
            return provisional.bundle().task();
        }

        /** The answer of a flow whose context did not come. */
        private Verdict unanswered() {
            return standing(SLOW_UNAVAILABLE);
        }

        private Verdict standing(final String reason) {
            return provisional.standing(reason).superseding(provisional);
        }

        private Waiting with(final Receipt receipt) {
            return new Waiting(
                    first,
                    provisional,
                    sinceNanos,
                    clock,
                    sinceOfClock,
                    source,
                    ContextJoin.with(receipts, receipt));
        }

        private Waiting from(final long nanos, final SourceClock other) {
            return new Waiting(first, provisional, nanos, other, other.nanos(), source, receipts);
        }

        /** The same wait by another clock. */
        private Waiting goingOnBy(final SourceClock other) {
            return new Waiting(
                    first,
                    provisional,
                    sinceNanos,
                    other,
                    other.nanos() - waitedNanos(),
                    source,
                    receipts);
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
