/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.file;

import io.serveflow.camel.support.Backoff;
import io.serveflow.camel.support.IdleStrategy;
import io.serveflow.camel.support.Worker;
import io.serveflow.ledger.FailureLog;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Ledger.Entry;
import io.serveflow.ledger.Reason;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings lines to {@link RotatedFiles} on a thread of its own, all that gathered together with one
 * fsync, and gives each batch of them one end: durable, as the policy says, or returned to the
 * caller.
 *
 * <p>While a group is under way the next one gathers: the slower the disk, the larger the groups,
 * and nobody waits for company while the disk is free. Beyond {@code maxWaitingBytes} the thread
 * that brings more waits, which is what slows a source down to the pace of the disk.
 *
 * <p>A group that fails is held and tried again, ever more slowly, from the first line that is not
 * in a file; it is returned with a {@link FileWriteException} when the time for retries is over, or
 * with a {@link FileStoppedException} when this stops. Whoever sends a returned batch again may
 * write lines of it a second time, under the same id.
 *
 * <p>Safe for use by many threads.
 */
final class GroupCommit {

    /** How long a write may be under way before the disk counts as silent. */
    static final long SILENT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long MAX_GROUP_BYTES = 4 * 1024 * 1024;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

    private final RotatedFiles files;
    private final Options options;
    private final LongSupplier nanoClock;
    private final Ledger ledger;
    private final FailureLog failures;
    private final Worker writer;

    private final ReentrantLock lock = new ReentrantLock(true);
    private final Condition arrived = lock.newCondition();
    private final Condition room = lock.newCondition();
    /* Guarded by the lock: what is to be written, and all that has no end yet. */
    private final Deque<Batch> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private long openDocuments;
    private volatile boolean ended;

    /* Of the writer's thread alone: what is being written, and when the latest fsync was. */
    private final Deque<Batch> group = new ArrayDeque<>();
    private long syncedAt;
    private long lost;

    private volatile boolean draining;
    private volatile Optional<Trouble> trouble = Optional.empty();
    private volatile Optional<String> gaveUp = Optional.empty();
    private volatile Optional<String> unsynced = Optional.empty();
    private volatile long writingSince;
    private volatile boolean writing;

    /**
     * What bounds the work.
     *
     * @param fsync when lines are durable
     * @param fsyncIntervalMillis how often they are brought to the disk with the policy interval
     * @param maxWaitingBytes most bytes of lines that wait to be written
     * @param retryForMillis how long a group is tried again before it is returned; 0 for as long as
     *     this runs
     */
    record Options(
            FsyncPolicy fsync,
            long fsyncIntervalMillis,
            long maxWaitingBytes,
            long retryForMillis,
            Backoff backoff) {

        Options {
            Objects.requireNonNull(fsync, "fsync");
            Objects.requireNonNull(backoff, "backoff");
        }
    }

    /** Lines with what has become of them. */
    private static final class Batch {
        private final Lines lines;
        private final CompletableFuture<Void> end = new CompletableFuture<>();

        /* Where it begins in all that is appended, and how much of it is in files. */
        private long begin = Long.MAX_VALUE;
        private int written;

        private Batch(final Lines lines) {
            this.lines = lines;
        }

        /** Files hold all that was appended up to a position, and nothing behind it. */
        private void heldUpTo(final long position) {
            written = (int) Math.max(0, Math.min(lines.bytes().length, position - begin));
        }
    }

    /** Since when writing fails, and why. */
    private record Trouble(String sentence, long sinceNanos) {}

    /**
     * @param files to be used by nobody else from now on; they are closed when the writer ends
     * @param nanoClock {@link System#nanoTime()} or a test's own
     */
    GroupCommit(
            final RotatedFiles files,
            final Options options,
            final String name,
            final CamelContext context,
            final LongSupplier nanoClock,
            final Ledger ledger) {
        this.files = Objects.requireNonNull(files, "files");
        this.options = Objects.requireNonNull(options, "options");
        this.nanoClock = Objects.requireNonNull(nanoClock, "nanoClock");
        this.ledger = Objects.requireNonNull(ledger, "ledger");
        this.failures = new FailureLog(LOG::warn, LOG::info, nanoClock);
        this.syncedAt = nanoClock.getAsLong();
        this.writer = Worker.of(context, name, IdleStrategy.none(), new Writing());
        writer.start();
    }

    /**
     * Brings lines; waits while too many wait already.
     *
     * @return completes when they are durable as the policy says, or with the reason why they are
     *     returned, on a thread that must not be blocked
     */
    CompletableFuture<Void> write(final Lines lines) {
        if (lines.documents() == 0) {
            return CompletableFuture.completedFuture(null);
        }
        final Batch batch = new Batch(lines);
        lock.lock();
        try {
            while (!ended
                    && !waiting.isEmpty()
                    && waitingBytes + lines.bytes().length > options.maxWaitingBytes()) {
                room.await();
            }
            if (!ended) {
                waiting.add(batch);
                waitingBytes += lines.bytes().length;
                openDocuments += lines.documents();
                ledger.add(Entry.SENT, lines.documents());
                arrived.signal();
                return batch.end;
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return returned(
                    lines,
                    new FileWriteException(
                            "interrupted while waiting to write to " + files.folder(), e));
        } finally {
            lock.unlock();
        }
        return returned(lines, stopped());
    }

    private CompletableFuture<Void> returned(final Lines lines, final RuntimeException why) {
        ledger.add(Entry.SENT, lines.documents());
        ledger.add(Entry.RETURNED, lines.documents());
        return CompletableFuture.failedFuture(why);
    }

    private FileStoppedException stopped() {
        return new FileStoppedException(
                "writing to "
                        + files.folder()
                        + " was stopped before every verdict was durable"
                        + trouble.map(why -> ": the folder " + why.sentence()).orElse(""));
    }

    /**
     * Why verdicts are held or were given up, or that the disk does not answer: the part of a
     * sentence that follows the name of the folder. Empty if all is well.
     */
    Optional<String> trouble() {
        return trouble.map(Trouble::sentence)
                .or(() -> gaveUp)
                .or(() -> unsynced)
                .or(
                        () ->
                                ended
                                        ? Optional.of(
                                                "is not written to any more, as the log says;"
                                                        + " restart the route")
                                        : silence());
    }

    private Optional<String> silence() {
        final long nanos = nanoClock.getAsLong() - writingSince;
        return writing && nanos >= SILENT_NANOS
                ? Optional.of(
                        "has not taken a write for "
                                + TimeUnit.NANOSECONDS.toSeconds(nanos)
                                + " s; see that its disk is well and not overloaded")
                : Optional.empty();
    }

    /** How many verdicts are held because they cannot be written. */
    long heldDocuments() {
        return trouble.isEmpty() ? 0 : openDocuments();
    }

    /** How many verdicts have no end yet: they wait to be written, are being written, or held. */
    long openDocuments() {
        lock.lock();
        try {
            return openDocuments;
        } finally {
            lock.unlock();
        }
    }

    /** For how long verdicts have been held without a break, nanoseconds; 0 if none are. */
    long heldNanos() {
        return trouble.map(why -> Math.max(0, nanoClock.getAsLong() - why.sinceNanos())).orElse(0L);
    }

    /** Lets what can be written be written, and gives up what fails or has failed. */
    void drain() {
        draining = true;
        if (trouble.isPresent()) {
            writer.requestStop();
        }
    }

    /** Ends the writer, which returns what has no end yet, and closes the files. */
    void close() {
        writer.requestStop();
        lock.lock();
        try {
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
        writer.stop();
    }

    /** The turns of the writer. */
    private final class Writing implements Worker.Task {

        @Override
        public int turn() throws Exception {
            if (group.isEmpty()) {
                takeGroup();
            }
            if (group.isEmpty()) {
                syncWhenDue();
                files.leaveWhenOld();
                return 0;
            }
            writingSince = nanoClock.getAsLong();
            writing = true;
            try {
                commit();
            } finally {
                writing = false;
            }
            return 1;
        }

        @Override
        public long failed(final Throwable failure, final int tries) {
            if (!(failure instanceof IOException cause)) {
                // What is left is returned when the turns have ended.
                LOG.error("Writing to {} has ended", files.folder(), failure);
                return Worker.END;
            }
            if (cause instanceof UnsyncedException failed) {
                distrust(failed);
            }
            // Nobody waits for what an interval or a rotation could not bring to the disk.
            return group.isEmpty() ? 0 : hold(cause, tries);
        }

        @Override
        public void ended() {
            end();
        }
    }

    /** Waits a little for lines, and takes as many as are written together. */
    private void takeGroup() throws InterruptedException {
        lock.lock();
        try {
            if (waiting.isEmpty()) {
                arrived.awaitNanos(LOOK_NANOS);
            }
            long bytes = 0;
            while (!waiting.isEmpty()
                    && (group.isEmpty()
                            || bytes + waiting.peek().lines.bytes().length <= MAX_GROUP_BYTES)) {
                final Batch next = waiting.remove();
                bytes += next.lines.bytes().length;
                group.add(next);
            }
            waitingBytes -= bytes;
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void commit() throws IOException {
        try {
            for (final Batch batch : group) {
                append(batch);
            }
            if (options.fsync() == FsyncPolicy.BATCH || unsynced.isPresent()) {
                files.sync();
            }
        } catch (final IOException e) {
            group.forEach(batch -> batch.heldUpTo(files.position()));
            throw e;
        }
        trouble = Optional.empty();
        gaveUp = Optional.empty();
        unsynced = Optional.empty();
        lost = 0;
        failures.over("Verdicts are written to " + files.folder() + " again");
        final List<Batch> done = new ArrayList<>(group);
        group.clear();
        files.keep(done.stream().mapToLong(batch -> batch.lines.documents()).sum());
        for (final Batch batch : done) {
            ledger.add(Entry.INDEXED, batch.lines.documents());
            batch.end.complete(null);
        }
        left(done);
        syncWhenDue();
    }

    private void append(final Batch batch) throws IOException {
        final byte[] bytes = batch.lines.bytes();
        if (batch.written == 0) {
            batch.begin = files.position();
        }
        if (batch.written < bytes.length) {
            files.append(bytes, batch.written);
            batch.written = bytes.length;
        }
    }

    private void syncWhenDue() throws IOException {
        if (options.fsync() == FsyncPolicy.INTERVAL
                && nanoClock.getAsLong() - syncedAt
                        >= TimeUnit.MILLISECONDS.toNanos(options.fsyncIntervalMillis())) {
            syncedAt = nanoClock.getAsLong();
            files.sync();
        }
    }

    /** Nanoseconds until the next try. */
    private long hold(final IOException cause, final int tries) {
        final long now = nanoClock.getAsLong();
        final String sentence = WriteFault.of(cause, files.folder());
        final long since = trouble.map(Trouble::sinceNanos).orElse(now);
        trouble = Optional.of(new Trouble(sentence, since));
        report(
                WriteFault.kind(cause),
                sentence + "; verdicts are held, and sources wait, until it can be");
        if (draining) {
            return Worker.END;
        }
        if (options.retryForMillis() > 0
                && now - since >= TimeUnit.MILLISECONDS.toNanos(options.retryForMillis())) {
            giveUp(sentence, cause);
            return 0;
        }
        ledger.add(Entry.RETRIED, Reason.FILE_WRITE, 1);
        return TimeUnit.MILLISECONDS.toNanos(options.backoff().delayMillis(tries));
    }

    private void giveUp(final String sentence, final IOException cause) {
        gaveUp = Optional.of(sentence);
        trouble = Optional.empty();
        final List<Batch> held = takeAll();
        giveBack(
                held,
                new FileWriteException("the folder " + files.folder() + " " + sentence, cause));
    }

    /** All that has no end yet; nothing of it is left. */
    private List<Batch> takeAll() {
        final List<Batch> all = new ArrayList<>(group);
        group.clear();
        lock.lock();
        try {
            all.addAll(waiting);
            waiting.clear();
            waitingBytes = 0;
            room.signalAll();
        } finally {
            lock.unlock();
        }
        return all;
    }

    private void report(final String kind, final String sentence) {
        failures.failed(kind, "The folder " + files.folder() + " " + sentence);
    }

    /** From here on nothing is acknowledged without an fsync, until one succeeds. */
    private void distrust(final UnsyncedException cause) {
        lost += cause.acknowledged();
        final String sentence = unsyncedSentence(cause, lost);
        if (lost > 0 || group.isEmpty()) {
            unsynced = Optional.of(sentence);
            report("fsync: " + WriteFault.kind(cause), sentence);
        } else if (options.fsync() == FsyncPolicy.INTERVAL) {
            // What is held says it, and is brought to the disk before it is acknowledged.
            unsynced = Optional.of(sentence);
        }
    }

    private String unsyncedSentence(final UnsyncedException cause, final long acknowledged) {
        return WriteFault.of(cause, files.folder())
                + (acknowledged == 0
                        ? "; none is acknowledged without an fsync until one succeeds"
                        : "; "
                                + acknowledged
                                + " verdicts that were acknowledged before their fsync may be"
                                + " missing on its disk, and none is acknowledged without an fsync"
                                + " until one succeeds");
    }

    private void giveBack(final List<Batch> batches, final RuntimeException why) {
        for (final Batch batch : batches) {
            ledger.add(Entry.RETURNED, batch.lines.documents());
            batch.end.completeExceptionally(why);
        }
        left(batches);
    }

    /** Batches have their end, which their callers have heard of. */
    private void left(final List<Batch> batches) {
        lock.lock();
        try {
            batches.forEach(batch -> openDocuments -= batch.lines.documents());
        } finally {
            lock.unlock();
        }
    }

    /** Returns all that is left, whatever ended the turns. */
    private void end() {
        lock.lock();
        try {
            // Nothing comes in from here on.
            ended = true;
        } finally {
            lock.unlock();
        }
        final List<Batch> rest = takeAll();
        if (!rest.isEmpty()) {
            final long documents = rest.stream().mapToLong(one -> one.lines.documents()).sum();
            final FileStoppedException why = stopped();
            giveBack(rest, why);
            LOG.warn(
                    "{} verdicts for {} were not written before the stop{}; sources that can read"
                            + " again bring them at the next start",
                    documents,
                    files.folder(),
                    trouble.map(held -> ": the folder " + held.sentence()).orElse(""));
        }
        try {
            files.close();
        } catch (final UnsyncedException e) {
            LOG.warn("The folder {} {}", files.folder(), unsyncedSentence(e, e.acknowledged()));
        } catch (final IOException e) {
            LOG.warn("The folder {} {}", files.folder(), WriteFault.of(e, files.folder()));
        }
    }
}
