/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.file;

import io.serveflow.camel.support.WrongOptionException;
import io.serveflow.ledger.FailureLog;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Ledger.Entry;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of verdicts of one name in a folder, of which the latest is written to.
 *
 * <p>A file has the name that it was begun with for good, is only ever appended to, and is left
 * when it is large or old enough; so whoever follows the folder needs to know nothing of rotation
 * ({@link FileName}). Each holds whole lines: what a failed write left of a line is cut off at
 * once, and what a crash left, at the next {@link #open}. While this is open nobody else writes
 * files of that name, which a lock on a hidden file ensures.
 *
 * <p>All that is appended is one stream of bytes, of which {@link #position()} says how much is in
 * files. A failed fsync takes it back to what the disk has, or what {@link #keep} has kept: what
 * lies behind is cut off, and is to be appended again, to another file. So lines that nobody was
 * promised never stay in two files, and files do not multiply while the disk fails.
 *
 * <p>For one thread.
 */
final class RotatedFiles implements Closeable {

    /** What is counted under {@link Entry#SINK_FILES}. */
    static final String BEGUN = "begun";

    static final String REPAIRED = "repaired";
    static final String REMOVED = "removed";

    /** By how many of its first bytes an agent knows a file; no document is shorter. */
    private static final int KNOWN_BY = 256;

    private static final Logger LOG = LoggerFactory.getLogger(RotatedFiles.class);

    private final Options options;
    private final Disk disk;
    private final Clock clock;
    private final LongSupplier nanoClock;
    private final Ledger ledger;
    private final FailureLog failures;
    private final FileChannel lock;
    private Optional<FileName> latest;

    /** The file that was written last before this was opened, until one is begun. */
    private Optional<Path> before = Optional.empty();

    private Optional<Open> current = Optional.empty();
    private long position;

    /** What has to be cut off before anything is appended. */
    private Optional<Cut> owed = Optional.empty();

    /** Files that were begun and hold nothing that has to stay; two at most. */
    private final Deque<Path> discarded = new ArrayDeque<>();

    /** Whether the file that is written to was begun since old ones were last removed. */
    private boolean crowded;

    /**
     * What files are like.
     *
     * @param folder that has to be there
     * @param name what their names begin with
     * @param maxFileBytes beyond which another one is begun
     * @param maxFileAgeMillis after which a file is left
     * @param maxFiles how many stay, with the one that is written; 0 for all
     * @param maxTotalBytes how many bytes stay when a file is begun, 0 for all
     * @param permissions of each file
     * @param synced whether a file is brought to the disk before it is left
     */
    record Options(
            Path folder,
            String name,
            long maxFileBytes,
            long maxFileAgeMillis,
            int maxFiles,
            long maxTotalBytes,
            Set<PosixFilePermission> permissions,
            boolean synced) {

        Options {
            Objects.requireNonNull(folder, "folder");
            Objects.requireNonNull(name, "name");
            permissions = Set.copyOf(permissions);
        }
    }

    /** The file that is written to. */
    private static final class Open {
        private final Path path;
        private final FileOutputStream out;
        private final long sinceNanos;
        private long bytes;
        private boolean dirty;

        /* What stays whatever happens: on the disk, or acknowledged. */
        private long keptBytes;

        /* Acknowledged documents that may not be on the disk. */
        private long unsynced;

        /* Whether it is among the files that were begun: one that is discarded is not. */
        private boolean counted;

        private Open(final Path path, final FileOutputStream out, final long sinceNanos) {
            this.path = path;
            this.out = out;
            this.sinceNanos = sinceNanos;
        }
    }

    /** The end of a file that is not to be there. */
    private record Cut(Path file, long from) {}

    private RotatedFiles(
            final Options options,
            final Disk disk,
            final Clock clock,
            final LongSupplier nanoClock,
            final Ledger ledger,
            final FileChannel lock) {
        this.options = options;
        this.disk = disk;
        this.clock = clock;
        this.nanoClock = nanoClock;
        this.ledger = ledger;
        this.lock = lock;
        this.failures = new FailureLog(LOG::warn, LOG::info, nanoClock);
    }

    /**
     * Takes possession of the files of a name in a folder, and cuts off what a crash left of their
     * last lines. No file is begun before there is a line.
     *
     * @throws WrongOptionException if the folder is not there, may not be written to, or if
     *     somebody else writes there
     * @throws IOException if the disk fails
     */
    static RotatedFiles open(
            final Options options,
            final Disk disk,
            final Clock clock,
            final LongSupplier nanoClock,
            final Ledger ledger)
            throws IOException {
        final FileChannel lock = lock(options);
        try {
            final RotatedFiles files =
                    new RotatedFiles(options, disk, clock, nanoClock, ledger, lock);
            files.latest = files.repair();
            files.before = files.latest.map(files::path);
            return files;
        } catch (final IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static FileChannel lock(final Options options) throws IOException {
        final Path folder = options.folder();
        if (Files.notExists(folder)) {
            throw wrong(
                    folder,
                    ", and there is no such folder; make it for the user that runs this (install"
                            + " -d -o "
                            + WriteFault.user()
                            + " -m 0750 "
                            + folder
                            + "), or name another one");
        }
        if (!Files.isDirectory(folder)) {
            throw wrong(folder, ", which is a file; name a folder");
        }
        final Path file = folder.resolve("." + options.name() + ".lock");
        final FileChannel channel;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (final IOException e) {
            throw new WrongOptionException(
                    "serveflow-file: folder is " + folder + ", which " + WriteFault.of(e, folder),
                    e);
        }
        try {
            final FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (final OverlappingFileLockException e) {
            // Of this very process; said below.
        }
        channel.close();
        throw wrong(
                folder,
                ", where another process, or another endpoint of this one with other options,"
                        + " writes files of the name "
                        + options.name()
                        + "; give each a name or a folder of its own");
    }

    private static WrongOptionException wrong(final Path folder, final String what) {
        return new WrongOptionException("serveflow-file: folder is " + folder + what);
    }

    /** Where they are. */
    Path folder() {
        return options.folder();
    }

    /** The latest name that is there. */
    private Optional<FileName> repair() throws IOException {
        final List<FileName> there = names();
        final Optional<FileName> last =
                there.isEmpty() ? Optional.empty() : Optional.of(there.get(there.size() - 1));
        for (final FileName name : there) {
            final Path file = path(name);
            try {
                final Optional<TornTail> torn = TornTail.of(file, last.get().equals(name));
                if (torn.isPresent()) {
                    torn.get().cut();
                    ledger.add(Entry.SINK_FILES, REPAIRED, 1);
                    LOG.warn(
                            "The last {} bytes of {} are no whole line, as a crash leaves it, and"
                                    + " were cut off; their source brings those verdicts again",
                            torn.get().bytes(),
                            file);
                }
            } catch (final AccessDeniedException | FileNotFoundException e) {
                throw new WrongOptionException(
                        "serveflow-file: folder is "
                                + options.folder()
                                + ", and in it "
                                + file.getFileName()
                                + " may not be read and written by this user; give it to the user"
                                + " that runs this: chown "
                                + WriteFault.user()
                                + " "
                                + file,
                        e);
            }
        }
        return last;
    }

    /** The files of this name, oldest first. */
    private List<FileName> names() throws IOException {
        try (Stream<Path> there = Files.list(options.folder())) {
            return there.flatMap(
                            file ->
                                    FileName.parse(options.name(), file.getFileName().toString())
                                            .stream())
                    .sorted()
                    .toList();
        }
    }

    private Path path(final FileName name) {
        return options.folder().resolve(name.text());
    }

    /** How many bytes of all that was appended are in files, in whole lines. */
    long position() {
        return position;
    }

    /**
     * Appends lines, to another file where this one is large enough, so that all of them are in the
     * same. They are with the operating system when this returns.
     *
     * @param lines whole lines with their ends
     * @param from where to begin, at a line
     * @throws UnsyncedException if the file before could not be brought to the disk, or this one
     *     had to be left
     * @throws IOException if not all lines are in a file; {@link #position()} says how many are
     */
    void append(final byte[] lines, final int from) throws IOException {
        final int length = lines.length - from;
        payOwed();
        if (current.isPresent() && isFull(current.get(), length)) {
            leave();
        }
        if (current.isEmpty() && !goOnWhereAlike(lines, from)) {
            begin();
        }
        final Open open = current.orElseThrow();
        try {
            open.dirty = true;
            disk.write(open.out, lines, from, length);
        } catch (final IOException e) {
            keepWholeLines(open, lines, from);
            throw e;
        }
        added(open, length);
        if (!options.synced()) {
            removeOldest();
        }
    }

    private void added(final Open open, final int bytes) {
        open.bytes += bytes;
        position += bytes;
    }

    /**
     * Keeps what was appended so far, for it is acknowledged: it is not cut off any more.
     *
     * @param documents how many verdicts that are, at most
     */
    void keep(final long documents) {
        current.ifPresent(
                open -> {
                    stays(open);
                    if (open.dirty) {
                        open.unsynced += documents;
                    }
                });
    }

    /** All of a file so far is to be there from now on. */
    private void stays(final Open open) {
        open.keptBytes = open.bytes;
        count(open);
    }

    private void count(final Open open) {
        if (!open.counted && open.bytes > 0) {
            open.counted = true;
            ledger.add(Entry.SINK_FILES, BEGUN, 1);
        }
    }

    private boolean isFull(final Open open, final int more) {
        return open.bytes > 0 && open.bytes + more > options.maxFileBytes()
                || isOld(open)
                // Somebody removed it; what is written there now would be seen by nobody.
                || Files.notExists(open.path);
    }

    private boolean isOld(final Open open) {
        return nanoClock.getAsLong() - open.sinceNanos
                >= TimeUnit.MILLISECONDS.toNanos(options.maxFileAgeMillis());
    }

    /** Cuts off a line that is there in part. */
    private void keepWholeLines(final Open open, final byte[] lines, final int from)
            throws UnsyncedException {
        try {
            final long written = disk.length(open.out) - open.bytes;
            int whole = (int) Math.max(0, Math.min(written, lines.length - from));
            while (whole > 0 && lines[from + whole - 1] != '\n') {
                whole--;
            }
            if (whole < written) {
                disk.truncate(open.out, open.bytes + whole);
            }
            added(open, whole);
        } catch (final IOException e) {
            throw abandon(open, e);
        }
    }

    /**
     * Brings what was appended to the disk.
     *
     * @throws UnsyncedException if that failed: then nothing is known of what was appended since
     *     the last time, and {@link #position()} is where to go on
     */
    void sync() throws UnsyncedException {
        if (current.isEmpty() || !current.get().dirty) {
            return;
        }
        final Open open = current.get();
        try {
            disk.sync(open.out);
        } catch (final IOException e) {
            // A second fsync may succeed although the first one lost what it was to bring.
            throw abandon(open, e);
        }
        open.dirty = false;
        stays(open);
        open.unsynced = 0;
        removeOldest();
    }

    /** Leaves a file of which nobody knows what the disk has, without what nobody was promised. */
    private UnsyncedException abandon(final Open open, final IOException why) {
        closeCurrent();
        position -= open.bytes - open.keptBytes;
        if (open.keptBytes == 0) {
            discarded.add(open.path);
        } else {
            owed = Optional.of(new Cut(open.path, open.keptBytes));
            try {
                payOwed();
            } catch (final IOException e) {
                LOG.debug("{} will be cut before more is written", open.path, e);
            }
        }
        final long acknowledged = options.synced() ? open.unsynced : 0;
        if (acknowledged > 0) {
            ledger.add(Entry.UNSYNCED, acknowledged);
        }
        return new UnsyncedException(acknowledged, why);
    }

    private void payOwed() throws IOException {
        if (owed.isPresent()) {
            disk.cut(owed.get().file(), owed.get().from());
            owed = Optional.empty();
        }
    }

    private void removeDiscarded() throws IOException {
        while (!discarded.isEmpty()) {
            disk.delete(discarded.getFirst());
            discarded.removeFirst();
        }
    }

    /** Leaves the file if it is old enough, also where nothing comes any more. */
    void leaveWhenOld() throws UnsyncedException {
        if (current.isPresent() && isOld(current.get())) {
            leave();
        }
    }

    private void leave() throws UnsyncedException {
        if (options.synced()) {
            sync();
        } else {
            current.ifPresent(this::count);
        }
        current.filter(open -> open.bytes == 0).ifPresent(open -> discarded.add(open.path));
        closeCurrent();
    }

    private void closeCurrent() {
        current.ifPresent(
                open -> {
                    try {
                        open.out.close();
                    } catch (final IOException e) {
                        LOG.debug("{} could not be closed", open.path, e);
                    }
                });
        current = Optional.empty();
    }

    /**
     * Goes on in the file that was written last before the start, if one that is begun now would
     * begin as that does: an agent would take the two for one, and read the first alone. That is so
     * where documents that others have made come again, because they were not acknowledged before a
     * crash.
     */
    private boolean goOnWhereAlike(final byte[] lines, final int from) throws IOException {
        final Optional<Path> alike = before.filter(Files::exists);
        if (alike.isEmpty() || lines.length - from < KNOWN_BY) {
            before = Optional.empty();
            return false;
        }
        final Path file = alike.get();
        try (InputStream in = Files.newInputStream(file)) {
            if (!Arrays.equals(
                    in.readNBytes(KNOWN_BY), Arrays.copyOfRange(lines, from, from + KNOWN_BY))) {
                before = Optional.empty();
                return false;
            }
        }
        final long size = Files.size(file);
        final Open open =
                new Open(file, new FileOutputStream(file.toFile(), true), nanoClock.getAsLong());
        open.bytes = size;
        open.keptBytes = size;
        open.counted = true;
        current = Optional.of(open);
        // Not before it is open: another try has to look again.
        before = Optional.empty();
        return true;
    }

    private void begin() throws IOException {
        if (discarded.size() > 1) {
            removeDiscarded();
        }
        final Path file = create();
        try {
            // Not before there is another one, which would have the inode of the one that goes.
            removeDiscarded();
            disk.setPermissions(file, options.permissions());
            // Not a FileChannel: an interrupt of the writing thread would close it.
            final FileOutputStream out = new FileOutputStream(file.toFile(), true);
            current = Optional.of(new Open(file, out, nanoClock.getAsLong()));
            if (options.synced()) {
                disk.syncFolder(options.folder());
            }
        } catch (final IOException e) {
            closeCurrent();
            discarded.add(file);
            throw e;
        }
        crowded = true;
    }

    private Path create() throws IOException {
        while (true) {
            final FileName name =
                    latest.map(before -> before.next(clock.instant()))
                            .orElseGet(() -> FileName.at(options.name(), clock.instant()));
            latest = Optional.of(name);
            try {
                return Files.createFile(path(name));
            } catch (final FileAlreadyExistsException e) {
                // The next number is free.
                LOG.debug("{} is there already", name.text(), e);
            }
        }
    }

    /** Once after a file was begun, when something of it is safe. */
    private void removeOldest() {
        if (!crowded || options.maxFiles() == 0 && options.maxTotalBytes() == 0) {
            return;
        }
        crowded = false;
        try {
            final List<FileName> there = names();
            int files = there.size();
            final List<FileName> before = there.subList(0, Math.max(0, files - 1));
            long bytes = 0;
            for (final FileName name : before) {
                bytes += Files.size(path(name));
            }
            for (final FileName name : before) {
                if ((options.maxFiles() == 0 || files <= options.maxFiles())
                        && (options.maxTotalBytes() == 0 || bytes <= options.maxTotalBytes())) {
                    break;
                }
                final Path oldest = path(name);
                final long size = Files.size(oldest);
                disk.delete(oldest);
                files--;
                bytes -= size;
                ledger.add(Entry.SINK_FILES, REMOVED, 1);
                LOG.debug("{} is removed, as maxFiles or maxTotalBytes says", oldest);
            }
            failures.over("Old files are removed again");
        } catch (final UncheckedIOException e) {
            notRemoved(e.getCause());
        } catch (final IOException e) {
            notRemoved(e);
        }
    }

    private void notRemoved(final IOException e) {
        failures.failed(
                WriteFault.kind(e),
                "Old files in "
                        + options.folder()
                        + " are not removed: "
                        + e.getMessage()
                        + "; more stay than maxFiles or maxTotalBytes say");
    }

    /** Leaves the file and lets others write. */
    @Override
    public void close() throws IOException {
        try {
            leave();
        } finally {
            tidy();
            lock.close();
        }
    }

    private void tidy() {
        try {
            payOwed();
            removeDiscarded();
        } catch (final IOException e) {
            LOG.warn(
                    "The folder {} {}; files in it hold lines that were not acknowledged, whose"
                            + " sources bring them again under the same ids",
                    options.folder(),
                    WriteFault.of(e, options.folder()));
        }
    }
}
