/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.repair;

import io.serveflow.ledger.DeadLetterFile;
import io.serveflow.ledger.FailureLog;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of flows whose slow tier had no answer, one {@link RepairLine} each, appended; bounded
 * in bytes, together with what {@link TakenRepairs} has taken of it and not repaired yet.
 *
 * <p>A line is with the operating system when {@link #add} returns: it survives a kill of this
 * process, not a loss of power. What cannot be kept is counted and given up; nobody waits for it,
 * and the verdict stands all the same. Only its owner may read a file that is made here, for it
 * holds what sensors saw.
 *
 * <p>The file may be renamed at any time by a process that repairs: it is locked only while a line
 * is written, and the next line makes a new one.
 *
 * <p>Safe for use by many threads.
 */
public final class RepairStore implements KeptFlows {

    /** How often, at most, a full store asks how much is still taken. */
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How often a file is opened that somebody else has taken or writes to. */
    private static final int TRIES = 100;

    private static final Logger LOG = LoggerFactory.getLogger(RepairStore.class);

    private final Path file;
    private final long maxBytes;
    private final Ledger ledger;
    private final LongSupplier nanoClock;
    private final FailureLog failures;
    private Optional<Open> open = Optional.empty();
    private long taken;
    private long lookedNanos;

    /**
     * A store that makes its file with its first line.
     *
     * @param maxBytes most bytes of lines, those taken and not repaired included; 0 keeps none
     * @param nanoClock a clock like {@link System#nanoTime()}
     */
    public RepairStore(
            final Path file,
            final long maxBytes,
            final Ledger ledger,
            final LongSupplier nanoClock) {
        this.file = Objects.requireNonNull(file, "file").toAbsolutePath();
        this.maxBytes = maxBytes;
        this.ledger = Objects.requireNonNull(ledger, "ledger");
        this.nanoClock = Objects.requireNonNull(nanoClock, "nanoClock");
        this.failures = new FailureLog(LOG::warn, LOG::info, nanoClock);
    }

    /** Keeps a line, or counts that it could not be kept; never throws. */
    public synchronized void add(final byte[] line) {
        try {
            if (write(line)) {
                ledger.add(Ledger.Entry.REPAIR_STORED, 1);
            } else {
                drop(
                        Reason.REPAIR_STORE_FULL,
                        "The repair store "
                                + file
                                + " is full, "
                                + maxBytes
                                + " bytes (serveflow.repair.maxBytes): flows without an answer of"
                                + " the slow tier are not kept for ./serveflow repair");
            }
        } catch (final IOException | RuntimeException e) {
            forget();
            drop(
                    Reason.REPAIR_STORE_FAILED,
                    "A flow without an answer of the slow tier could not be kept in "
                            + file
                            + ": "
                            + e.getMessage());
        }
    }

    @Override
    public CompletableFuture<Void> keep(final List<byte[]> lines) {
        lines.forEach(this::add);
        return CompletableFuture.completedFuture(null);
    }

    private void drop(final Reason reason, final String sentence) {
        ledger.add(Ledger.Entry.REPAIR_DROPPED, reason, 1);
        failures.failed(reason.code(), sentence);
    }

    @Override
    public synchronized OptionalLong bytes() {
        try {
            return OptionalLong.of(TakenRepairs.bytes(file));
        } catch (final IOException e) {
            return OptionalLong.of(0);
        }
    }

    /** Whether the line fitted in. */
    private boolean write(final byte[] line) throws IOException {
        if (line.length > maxBytes) {
            return false;
        }
        for (int i = 0; i < TRIES; i++) {
            final Open current = opened();
            try (FileLock lock = current.lock()) {
                if (lock != null && current.isAt(file)) {
                    return isRoom(current.length() + line.length) && current.append(line);
                }
            }
            /* Somebody has taken the file to repair what is in it, or writes to it. */
            forget();
        }
        throw new IOException("another process has locked it");
    }

    private Open opened() throws IOException {
        if (open.isEmpty()) {
            open = Optional.of(Open.at(file));
            look();
        }
        return open.get();
    }

    private boolean isRoom(final long needed) throws IOException {
        if (needed + taken > maxBytes && nanoClock.getAsLong() - lookedNanos >= LOOK_NANOS) {
            look();
        }
        return needed + taken <= maxBytes;
    }

    private void look() throws IOException {
        taken = TakenRepairs.takenBytes(file);
        lookedNanos = nanoClock.getAsLong();
    }

    private void forget() {
        open.ifPresent(Open::close);
        open = Optional.empty();
    }

    /** Lets go of the file; a later line opens it again. */
    @Override
    public synchronized void close() {
        forget();
    }

    /** The file as it was opened, under whatever name it is now. */
    private static final class Open {

        /* Not a FileChannel to write: an interrupt of the writing thread would close it. */
        private final RandomAccessFile lines;
        private final Optional<Object> key;
        private boolean torn;

        private Open(final RandomAccessFile lines, final Optional<Object> key) throws IOException {
            this.lines = lines;
            this.key = key;
            this.torn = endsInsideLine(lines);
        }

        private static Open at(final Path file) throws IOException {
            Files.createDirectories(file.getParent());
            DeadLetterFile.createForOwner(file);
            final RandomAccessFile lines = new RandomAccessFile(file.toFile(), "rw");
            try {
                return new Open(lines, key(file));
            } catch (final IOException | RuntimeException e) {
                lines.close();
                throw e;
            }
        }

        /** What tells a file from others, whatever its name; empty where nothing does. */
        private static Optional<Object> key(final Path file) throws IOException {
            return Optional.ofNullable(
                    Files.readAttributes(file, BasicFileAttributes.class).fileKey());
        }

        private static boolean endsInsideLine(final RandomAccessFile lines) throws IOException {
            if (lines.length() == 0) {
                return false;
            }
            lines.seek(lines.length() - 1);
            return lines.read() != '\n';
        }

        /** A lock on the file; null where another process, or another part of this one, has it. */
        private FileLock lock() throws IOException {
            try {
                return lines.getChannel().tryLock();
            } catch (final OverlappingFileLockException e) {
                return null;
            }
        }

        private boolean isAt(final Path file) throws IOException {
            try {
                return key(file).equals(key);
            } catch (final NoSuchFileException e) {
                return false;
            }
        }

        private long length() throws IOException {
            return lines.length();
        }

        /** What is written of a line that does not fit on the disk is taken back. */
        private boolean append(final byte[] line) throws IOException {
            final long end = lines.length();
            lines.seek(end);
            try {
                if (torn) {
                    lines.write('\n');
                }
                lines.write(line);
                torn = false;
                return true;
            } catch (final IOException e) {
                lines.setLength(end);
                throw e;
            }
        }

        private void close() {
            try {
                lines.close();
            } catch (final IOException e) {
                LOG.debug("A repair store could not be closed", e);
            }
        }
    }
}
