/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import io.serveflow.camel.elastic.BulkItem.Outcome;
import io.serveflow.camel.support.Backoff;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.FailureLog;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Ledger.Entry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings documents to a {@link DocumentStore} in batches and gives each of them one end: indexed,
 * kept as a dead letter, or returned to the caller.
 *
 * <p>Every document has an id of its own and is only ever created, so that sending it again is
 * harmless: where the first try arrived after all, the second is refused as a duplicate, or was
 * found before it was sent, and counted as indexed. Documents that callers bring while requests are
 * under way go out together; a caller hears of them when all that went with them have their end.
 * The result of every item of an answer is read ({@link BulkItem.Outcome}):
 *
 * <ul>
 *   <li>created now or before is indexed;
 *   <li>an error that time or a person can cure holds the document: such items alone are sent
 *       again, ever more slowly, until they are taken;
 *   <li>an error of the document itself makes it a dead letter;
 *   <li>an error that tells neither holds the document too, but when it has been refused {@value
 *       #UNKNOWN_TRIES} times while others were taken, it is a dead letter.
 * </ul>
 *
 * A request that fails as a whole is held in the same way ({@link RequestFailure}), and sent in
 * halves if it was too large. Held documents count as under way, so that what comes behind them
 * waits with its source. They are returned to the caller with an {@link IndexException} when the
 * time for retries is over, or by {@link #close()}. Returned documents are counted, for they are
 * the caller's to send again.
 *
 * <p>Safe for use by many threads.
 */
final class BulkDelivery implements AutoCloseable {

    /** How often a document may be refused for an unknown reason while others are taken. */
    static final int UNKNOWN_TRIES = 5;

    /** How long a request may be under way before the server counts as silent. */
    static final long SILENT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long WATCH_MILLIS = 500;

    private static final Logger LOG = LoggerFactory.getLogger(BulkDelivery.class);

    private final DocumentStore store;
    private final Options options;
    private final ScheduledExecutorService scheduler;
    private final LongSupplier nanoClock;
    private final Ledger ledger;
    private final DeadLetterSink deadLetters;
    private final FailureLog failures;
    private final AtomicLong created = new AtomicLong();

    /** Documents that a stop gave back to callers. */
    private final AtomicLong givenBack = new AtomicLong();

    private final ReentrantLock lock = new ReentrantLock(true);
    private final Condition room = lock.newCondition();
    private final Condition drained = lock.newCondition();
    /* Guarded by the lock: what is to be sent, its bytes, and how many requests may begin. */
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private int free;
    private final Set<Delivery> deliveries = ConcurrentHashMap.newKeySet();
    private volatile State state = State.RUNNING;
    private volatile long drainingSince;
    private boolean closed;

    /** What is wrong with the deliveries that are held, by delivery; and when that began. */
    private final Map<Delivery, String> held = new ConcurrentHashMap<>();

    private volatile long heldSince;

    /** Why documents were given up, until one is taken again. */
    private volatile Optional<String> gaveUp = Optional.empty();

    /**
     * What bounds the work.
     *
     * @param maxInFlight requests that may be under way or waiting to be sent again
     * @param maxRequestBytes bytes of a request before compression; a single document may be larger
     * @param retryForMillis how long a request is tried again before its documents are given up,
     *     milliseconds; 0 for as long as this is open
     */
    record Options(int maxInFlight, int maxRequestBytes, long retryForMillis, Backoff backoff) {

        Options {
            Objects.requireNonNull(backoff, "backoff");
        }
    }

    private enum State {
        RUNNING,
        /** Requests under way may end unless the server is silent, none is tried again. */
        DRAINING,
        CLOSED
    }

    /**
     * @param scheduler runs everything but the first send; work on it must not wait for this
     * @param nanoClock {@link System#nanoTime()} or a test's own
     */
    BulkDelivery(
            final DocumentStore store,
            final Options options,
            final ScheduledExecutorService scheduler,
            final LongSupplier nanoClock,
            final Ledger ledger,
            final DeadLetterSink deadLetters) {
        this.store = Objects.requireNonNull(store, "store");
        this.options = Objects.requireNonNull(options, "options");
        this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
        this.nanoClock = Objects.requireNonNull(nanoClock, "nanoClock");
        this.ledger = Objects.requireNonNull(ledger, "ledger");
        this.deadLetters = Objects.requireNonNull(deadLetters, "deadLetters");
        this.failures = new FailureLog(LOG::warn, LOG::info, nanoClock);
        this.free = options.maxInFlight();
    }

    /**
     * Sends documents, in as many requests as their size asks for.
     *
     * <p>While as many requests as allowed are under way, documents of all callers gather, and the
     * next request takes as many of them as fit: the slower the server, the larger the requests,
     * and nobody waits for company while there is a request free. Where a whole request has
     * gathered, this waits until some of it is sent or the index is closed, which is what slows a
     * source down to the pace of the server. A thread that is interrupted meanwhile stays
     * interrupted, and what it had not sent yet fails.
     *
     * @return completes when every document has its end, with an {@link IndexException} if any was
     *     given up, on a thread that must not be blocked
     */
    CompletableFuture<Void> index(final List<IndexDocument> documents) {
        final List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (final List<IndexDocument> part : cut(documents)) {
            ends.add(deliver(part));
        }
        return CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new));
    }

    /**
     * Why documents are held, or were given up by the last request that came back, or that no
     * answer comes; the part of a sentence that follows the name of the server. Empty if all is
     * well.
     */
    Optional<String> trouble() {
        return held.values().stream().findFirst().or(() -> gaveUp).or(this::silence);
    }

    private Optional<String> silence() {
        final long nanos = silentNanos();
        return nanos < SILENT_NANOS
                ? Optional.empty()
                : Optional.of(
                        "has not answered a request for "
                                + TimeUnit.NANOSECONDS.toSeconds(nanos)
                                + " s; check that it runs and is not overloaded");
    }

    /** For how long the request has been under way that waits longest; 0 if none is. */
    private long silentNanos() {
        final long now = nanoClock.getAsLong();
        return deliveries.stream()
                .filter(delivery -> delivery.asking)
                .mapToLong(delivery -> now - delivery.askedAt)
                .max()
                .orElse(0);
    }

    /** How many documents have no end yet: they wait to be sent, are under way, or are held. */
    long openDocuments() {
        lock.lock();
        try {
            return waiting.stream().mapToLong(part -> part.documents.size()).sum()
                    + deliveries.stream().mapToLong(delivery -> delivery.open.get()).sum();
        } finally {
            lock.unlock();
        }
    }

    /** How many documents are held because the server does not take them. */
    long heldDocuments() {
        return held.keySet().stream().mapToLong(delivery -> delivery.open.get()).sum();
    }

    /** For how long documents have been held without a break, nanoseconds; 0 if none are. */
    long heldNanos() {
        final long since = heldSince;
        return held.isEmpty() ? 0 : Math.max(0, nanoClock.getAsLong() - since);
    }

    /**
     * Lets requests under way end and gives up those that wait for another try; gives up everything
     * when the server is silent from now on.
     */
    synchronized void drain() {
        if (state == State.RUNNING) {
            drainingSince = nanoClock.getAsLong();
            state = State.DRAINING;
            scheduler.schedule(this::watchDraining, WATCH_MILLIS, TimeUnit.MILLISECONDS);
        }
        deliveries.forEach(Delivery::giveUpRetry);
    }

    private void watchDraining() {
        if (state != State.DRAINING) {
            return;
        }
        if (Math.min(silentNanos(), drainingNanos()) >= SILENT_NANOS) {
            giveUpAll();
        } else {
            scheduler.schedule(this::watchDraining, WATCH_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private long drainingNanos() {
        return state == State.RUNNING ? 0 : nanoClock.getAsLong() - drainingSince;
    }

    /**
     * Waits until every document has its end; meant to be called after {@link #drain()}.
     *
     * @param timeout from the call of {@link #drain()} on
     * @return whether they have; false if the time is over or the thread is interrupted
     */
    boolean awaitDrained(final long timeout, final TimeUnit unit) {
        long left = unit.toNanos(timeout) - drainingNanos();
        lock.lock();
        try {
            while (free < options.maxInFlight() || !waiting.isEmpty()) {
                if (left <= 0) {
                    return false;
                }
                left = drained.awaitNanos(left);
            }
            return true;
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Gives up every document that has no end yet and wakes the threads that wait to send more. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        giveUpAll();
        final long documents = givenBack.get();
        if (documents > 0) {
            LOG.warn(
                    "{} documents for {} were not stored before the stop{}; sources that can read"
                            + " again bring them at the next start",
                    documents,
                    store.destination(),
                    gaveUp.map(this::ofServer).orElse(""));
        }
    }

    private synchronized void giveUpAll() {
        state = State.CLOSED;
        deliveries.forEach(Delivery::giveUp);
        lock.lock();
        try {
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private List<List<IndexDocument>> cut(final List<IndexDocument> documents) {
        final List<List<IndexDocument>> parts = new ArrayList<>();
        int from = 0;
        long bytes = 0;
        for (int i = 0; i < documents.size(); i++) {
            final int more = documents.get(i).wireBytes();
            if (i > from && bytes + more > options.maxRequestBytes()) {
                parts.add(documents.subList(from, i));
                from = i;
                bytes = 0;
            }
            bytes += more;
        }
        if (from < documents.size()) {
            parts.add(documents.subList(from, documents.size()));
        }
        return parts;
    }

    private CompletableFuture<Void> deliver(final List<IndexDocument> part) {
        final Waiting documents =
                new Waiting(
                        part,
                        part.stream().mapToLong(IndexDocument::wireBytes).sum(),
                        new CompletableFuture<>());
        lock.lock();
        try {
            while (isFull(documents) && state != State.CLOSED) {
                room.await();
            }
            waiting.add(documents);
            waitingBytes += documents.bytes;
            count(Entry.SENT, part.size());
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            count(Entry.SENT, part.size());
            count(Entry.RETURNED, part.size());
            return CompletableFuture.failedFuture(
                    new IndexException(
                            "interrupted while waiting to send to " + store.destination(), e));
        } finally {
            lock.unlock();
        }
        beginRequests();
        return documents.end;
    }

    private boolean isFull(final Waiting more) {
        return !waiting.isEmpty() && waitingBytes + more.bytes > options.maxRequestBytes();
    }

    private void beginRequests() {
        for (Optional<Delivery> next = takeRequest(); next.isPresent(); next = takeRequest()) {
            final Delivery delivery = next.get();
            delivery.end.whenComplete((nothing, error) -> end(delivery, error));
            delivery.send();
        }
    }

    /** The next request; empty if nothing waits or none is free. */
    private Optional<Delivery> takeRequest() {
        lock.lock();
        try {
            final List<Waiting> taken = new ArrayList<>();
            long bytes = 0;
            while (free > 0
                    && !waiting.isEmpty()
                    && (taken.isEmpty()
                            || bytes + waiting.peek().bytes <= options.maxRequestBytes())) {
                bytes += waiting.peek().bytes;
                taken.add(waiting.remove());
            }
            if (taken.isEmpty()) {
                return Optional.empty();
            }
            free--;
            waitingBytes -= bytes;
            room.signalAll();
            // Under the lock, so that no document is in neither of the two.
            final Delivery delivery = new Delivery(taken);
            deliveries.add(delivery);
            return Optional.of(delivery);
        } finally {
            lock.unlock();
        }
    }

    private void end(final Delivery delivery, final Throwable error) {
        if (error != null) {
            count(Entry.RETURNED, delivery.open.get());
            if (error instanceof IndexStoppedException) {
                givenBack.addAndGet(delivery.open.get());
            }
            gaveUp =
                    Optional.ofNullable(held.get(delivery))
                            .or(() -> delivery.stoppedFor)
                            .or(
                                    () ->
                                            Optional.of(
                                                    "has answered, and not every document could be"
                                                            + " given its end: "
                                                            + RequestFailure.oneLine(
                                                                    error.getMessage())));
        }
        held.remove(delivery);
        deliveries.remove(delivery);
        // Before the request counts as ended, so that whoever waits for that finds callers
        // notified.
        for (final Waiting documents : delivery.parts) {
            if (error == null) {
                documents.end.complete(null);
            } else {
                documents.end.completeExceptionally(error);
            }
        }
        lock.lock();
        try {
            free++;
            drained.signalAll();
        } finally {
            lock.unlock();
        }
        beginRequests();
    }

    private IndexStoppedException stopped(final String before) {
        return new IndexStoppedException(
                "indexing into "
                        + store.destination()
                        + " was stopped before every document had its end"
                        + before);
    }

    /**
     * Documents that a caller brought together.
     *
     * @param bytes what they take of a request
     * @param end completes when each of them has its end
     */
    private record Waiting(
            List<IndexDocument> documents, long bytes, CompletableFuture<Void> end) {}

    /**
     * The documents of one request until each has its end; it counts as under way through all
     * tries.
     *
     * <p>Its steps follow one another, so that nothing but the handle of the current step is shared
     * between threads.
     */
    private final class Delivery {

        private final CompletableFuture<Void> end = new CompletableFuture<>();
        private final Deque<List<IndexDocument>> unsent = new ArrayDeque<>();
        private final long startNanos = nanoClock.getAsLong();

        /** Documents without an end; read by whichever thread gives the delivery up. */
        private final AtomicInteger open;

        private int tries;
        private int breaks;
        private int unknownTries;
        private boolean isolating;

        /** Whether a request may have arrived all the same, before a rollover that is not known. */
        private boolean unsure;

        private long createdBefore;
        private volatile Future<?> step = CompletableFuture.completedFuture(null);
        private volatile boolean pausing;

        /* Whether a request is under way, and since when. */
        private volatile boolean asking;
        private volatile long askedAt;

        /** What the server did when this was given up. */
        private volatile Optional<String> stoppedFor = Optional.empty();

        private final List<Waiting> parts;

        private Delivery(final List<Waiting> parts) {
            this.parts = parts;
            final List<IndexDocument> documents =
                    parts.stream().flatMap(part -> part.documents.stream()).toList();
            open = new AtomicInteger(documents.size());
            unsent.add(documents);
        }

        private void send() {
            pausing = false;
            if (state == State.CLOSED) {
                giveUp();
                return;
            }
            try {
                final List<IndexDocument> documents = unsent.remove();
                final Optional<CompletableFuture<BitSet>> stored =
                        store.findStored(documents, unsure);
                if (stored.isPresent()) {
                    find(stored.get(), documents);
                } else {
                    create(documents);
                }
            } catch (final RuntimeException e) {
                end.completeExceptionally(e);
            }
            if (state == State.CLOSED) {
                giveUp();
            }
        }

        private void asks() {
            askedAt = nanoClock.getAsLong();
            asking = true;
        }

        /** Leaves out what is stored already, or tries the documents again later. */
        private void find(
                final CompletableFuture<BitSet> answer, final List<IndexDocument> documents) {
            asks();
            step = answer;
            answer.whenCompleteAsync(
                    (stored, error) -> {
                        asking = false;
                        try {
                            if (end.isDone()) {
                                return; // Cancelled by ourselves, or too late.
                            }
                            if (error == null) {
                                // Of a request that was cut in two, the rest is unsure still.
                                unsure &= !unsent.isEmpty();
                                create(documents, stored);
                            } else {
                                failed(documents, error);
                            }
                        } catch (final RuntimeException e) {
                            end.completeExceptionally(e);
                        }
                    },
                    scheduler);
        }

        private void create(final List<IndexDocument> documents, final BitSet stored) {
            final int known = stored.cardinality();
            if (known == 0) {
                create(documents);
                return;
            }
            count(Entry.INDEXED, known);
            count(Entry.DUPLICATES, known);
            open.addAndGet(-known);
            final List<IndexDocument> unknown = new ArrayList<>(documents.size() - known);
            for (int i = stored.nextClearBit(0);
                    i < documents.size();
                    i = stored.nextClearBit(i + 1)) {
                unknown.add(documents.get(i));
            }
            if (unknown.isEmpty()) {
                next();
            } else {
                create(unknown);
            }
        }

        private void create(final List<IndexDocument> documents) {
            if (state == State.CLOSED) {
                giveUp();
                return;
            }
            asks();
            final CompletableFuture<List<BulkItem>> request = store.create(documents);
            step = request;
            request.whenCompleteAsync((items, error) -> came(documents, items, error), scheduler);
            if (state == State.CLOSED) {
                giveUp();
            }
        }

        private void came(
                final List<IndexDocument> documents,
                final List<BulkItem> items,
                final Throwable error) {
            asking = false;
            if (end.isDone()) {
                return; // Cancelled by ourselves, or too late.
            }
            try {
                if (error == null && items.size() == documents.size()) {
                    answered(documents, items);
                } else if (error == null) {
                    failed(
                            documents,
                            new IllegalStateException(
                                    "an answer for "
                                            + items.size()
                                            + " documents when "
                                            + documents.size()
                                            + " were sent"));
                } else {
                    failed(documents, error);
                }
            } catch (final RuntimeException e) {
                // Such as a dead letter that cannot be kept.
                end.completeExceptionally(e);
            }
        }

        private void answered(final List<IndexDocument> documents, final List<BulkItem> items) {
            breaks = 0;
            final List<IndexDocument> refused = new ArrayList<>();
            final List<Integer> unknown = new ArrayList<>();
            BulkItem why = BulkItem.CREATED;
            int taken = 0;
            int duplicates = 0;
            for (int i = 0; i < items.size(); i++) {
                final BulkItem item = items.get(i);
                switch (item.outcome()) {
                    case CREATED -> taken++;
                    case DUPLICATE -> duplicates++;
                    case REJECTED -> deadLetter(documents.get(i), item.reason(), item.detail());
                    case HELD, UNPREPARED -> {
                        refused.add(documents.get(i));
                        unsure |= item.unsure();
                        why = isKnown(why) ? why : item;
                    }
                    case UNKNOWN -> {
                        unknown.add(i);
                        unsure |= item.unsure();
                        why = isKnown(why) ? why : item;
                    }
                }
            }
            if (unknownTries == 0) {
                createdBefore = created.get();
            }
            created.addAndGet(taken);
            count(Entry.INDEXED, taken + duplicates);
            count(Entry.DUPLICATES, duplicates);
            open.addAndGet(-(taken + duplicates));
            if (!unknown.isEmpty()) {
                unknownTries++;
            } else if (!isolating) {
                unknownTries = 0;
            }
            final boolean othersTaken = othersWereTaken();
            for (final int i : unknown) {
                if (othersTaken) {
                    deadLetter(documents.get(i), items.get(i).reason(), items.get(i).detail());
                } else {
                    refused.add(documents.get(i));
                }
            }
            if (refused.isEmpty()) {
                next();
            } else {
                unsent.addFirst(refused);
                final String some =
                        refused.size() < items.size()
                                ? ", for " + refused.size() + " of " + items.size() + " documents"
                                : "";
                again(why.reason(), why.message() + some, why.outcome() == Outcome.UNPREPARED);
            }
        }

        private static boolean isKnown(final BulkItem refused) {
            return refused.outcome() == Outcome.HELD || refused.outcome() == Outcome.UNPREPARED;
        }

        /** Whether what is refused for an unknown reason is refused for its own sake. */
        private boolean othersWereTaken() {
            return unknownTries >= UNKNOWN_TRIES && created.get() > createdBefore;
        }

        private void failed(final List<IndexDocument> documents, final Throwable error) {
            final RequestFailure failure = store.failure(error);
            unsure |= failure.unsure();
            switch (failure.remedy()) {
                case RETRY -> {
                    unsent.addFirst(documents);
                    again(failure.reason(), failure.message(), failure.unprepared());
                }
                case RETRY_SMALLER -> {
                    if (++breaks > 1 && documents.size() > 1) {
                        halve(documents);
                    } else {
                        unsent.addFirst(documents);
                    }
                    again(failure.reason(), failure.message(), false);
                }
                case ISOLATE -> isolate(documents, failure);
                case SPLIT -> {
                    if (documents.size() > 1) {
                        halve(documents);
                        ledger.add(Entry.RETRIED, failure.reason(), 1);
                    } else {
                        deadLetter(documents.get(0), failure.reason(), failure.message());
                    }
                    next();
                }
            }
        }

        private void isolate(final List<IndexDocument> documents, final RequestFailure failure) {
            if (unknownTries == 0) {
                createdBefore = created.get();
            }
            unknownTries++;
            if (!othersWereTaken()) {
                unsent.addFirst(documents);
                again(failure.reason(), failure.message(), false);
            } else if (documents.size() > 1) {
                isolating = true;
                halve(documents);
                again(failure.reason(), failure.message(), false);
            } else {
                deadLetter(documents.get(0), failure.reason(), failure.message());
                next();
            }
        }

        private void halve(final List<IndexDocument> documents) {
            final int half = documents.size() / 2;
            unsent.addFirst(documents.subList(half, documents.size()));
            unsent.addFirst(documents.subList(0, half));
        }

        private void next() {
            tries = 0;
            wentOn();
            if (unsent.isEmpty()) {
                end.complete(null);
            } else {
                send();
            }
        }

        private void again(final String reason, final String message, final boolean unprepared) {
            final String trouble =
                    unprepared && state == State.RUNNING
                            ? message + store.prepare().map(what -> "; " + what).orElse("")
                            : message;
            hold(reason, trouble);
            final long spentMillis =
                    TimeUnit.NANOSECONDS.toMillis(nanoClock.getAsLong() - startNanos);
            final long limit = options.retryForMillis();
            if (state != State.RUNNING) {
                end.completeExceptionally(stopped(ofServer(trouble)));
            } else if (limit > 0 && spentMillis >= limit) {
                end.completeExceptionally(
                        new IndexException(
                                "gave up documents for "
                                        + store.destination()
                                        + " after retryFor="
                                        + limit
                                        + " ms"
                                        + ofServer(trouble)));
            } else {
                tries++;
                final long delay = options.backoff().delayMillis(tries);
                final long millis = limit > 0 ? Math.min(delay, limit - spentMillis) : delay;
                ledger.add(Entry.RETRIED, reason, 1);
                pausing = true;
                step = scheduler.schedule(this::send, millis, TimeUnit.MILLISECONDS);
                if (state != State.RUNNING) {
                    giveUpRetry();
                }
            }
        }

        private void giveUpRetry() {
            if (pausing) {
                giveUp();
            }
        }

        private void giveUp() {
            final String why = trouble().orElse("had not answered yet");
            stoppedFor = Optional.of(why);
            end.completeExceptionally(stopped(ofServer(why)));
            step.cancel(false);
        }

        private void hold(final String reason, final String message) {
            if (held.isEmpty()) {
                heldSince = nanoClock.getAsLong();
            }
            held.put(this, message);
            failures.failed(
                    reason,
                    "Documents for " + store.destination() + " are held" + ofServer(message));
        }

        private void wentOn() {
            held.remove(this);
            gaveUp = Optional.empty();
            if (held.isEmpty()) {
                failures.over("Indexing into " + store.destination() + " goes on");
            }
        }

        private void deadLetter(
                final IndexDocument document, final String reason, final String detail) {
            deadLetters.accept(
                    DeadLetter.document(store.destination(), reason, detail, document.text()));
            open.decrementAndGet();
        }
    }

    private void count(final Entry entry, final int n) {
        if (n > 0) {
            ledger.add(entry, n);
        }
    }

    private String ofServer(final String message) {
        return ": " + store.server() + " " + message;
    }
}
