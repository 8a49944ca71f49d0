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
 * <p>For one thread.
 */
final class RotatedFiles implements Closeable {

    /** What is counted under {@link Entry#SINK_FILES}. */
    static final String BEGUN = "begun";

    static final String REPAIRED = "repaired";
    static final String REMOVED = "removed";

    private static final Logger LOG = LoggerFactory.getLogger(RotatedFiles.class);

    private final Options options;
    private final Clock clock;
    private final LongSupplier nanoClock;
    private final Ledger ledger;
    private final FailureLog failures;
    private final FileChannel lock;
    private Optional<FileName> latest;
    private Optional<Open> current = Optional.empty();

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

        private Open(final Path path, final FileOutputStream out, final long sinceNanos) {
            this.path = path;
            this.out = out;
            this.sinceNanos = sinceNanos;
        }
    }

    private RotatedFiles(
            final Options options,
            final Clock clock,
            final LongSupplier nanoClock,
            final Ledger ledger,
            final FileChannel lock) {
        this.options = options;
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
            final Clock clock,
            final LongSupplier nanoClock,
            final Ledger ledger)
            throws IOException {
        final FileChannel lock = lock(options);
        try {
            final RotatedFiles files = new RotatedFiles(options, clock, nanoClock, ledger, lock);
            files.latest = files.repair();
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

    /**
     * Appends lines, to another file where this one is large enough, so that all of them are in the
     * same. They are with the operating system when this returns.
     *
     * @param lines whole lines with their ends
     * @param from where to begin, at a line
     * @throws PartlyWrittenException if lines were written, but not all
     * @throws UnsyncedException if the file before could not be brought to the disk
     * @throws IOException if none was written
     */
    void append(final byte[] lines, final int from) throws IOException {
        final int length = lines.length - from;
        if (current.isPresent() && isFull(current.get(), length)) {
            leave();
        }
        if (current.isEmpty()) {
            begin();
        }
        final Open open = current.orElseThrow();
        try {
            open.dirty = true;
            open.out.write(lines, from, length);
            open.bytes += length;
        } catch (final IOException e) {
            final int whole = keepWholeLines(open, lines, from);
            if (whole > 0) {
                throw new PartlyWrittenException(whole, e);
            }
            throw e;
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

    /** Cuts off a line that is there in part, and returns how many bytes of whole lines are. */
    private int keepWholeLines(final Open open, final byte[] lines, final int from) {
        try {
            final long written = open.out.getChannel().size() - open.bytes;
            int whole = (int) Math.max(0, Math.min(written, lines.length - from));
            while (whole > 0 && lines[from + whole - 1] != '\n') {
                whole--;
            }
            if (whole < written) {
                open.out.getChannel().truncate(open.bytes + whole);
            }
            open.bytes += whole;
            return whole;
        } catch (final IOException e) {
            // The next lines go to another file, and the next start cuts this one.
            abandon();
            return 0;
        }
    }

    /**
     * Brings what was appended to the disk.
     *
     * @throws UnsyncedException if that failed: then nothing is known of what was appended since
     *     the last time, and it goes to another file if it is appended again
     */
    void sync() throws UnsyncedException {
        if (current.isPresent() && current.get().dirty) {
            try {
                current.get().out.getFD().sync();
                current.get().dirty = false;
            } catch (final IOException e) {
                // A second fsync may succeed although the first one lost what it was to bring.
                abandon();
                throw new UnsyncedException(e);
            }
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
        }
        abandon();
    }

    private void abandon() {
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

    private void begin() throws IOException {
        Optional<Path> made = Optional.empty();
        while (made.isEmpty()) {
            final FileName name =
                    latest.map(before -> before.next(clock.instant()))
                            .orElseGet(() -> FileName.at(options.name(), clock.instant()));
            latest = Optional.of(name);
            try {
                made = Optional.of(Files.createFile(path(name)));
            } catch (final FileAlreadyExistsException e) {
                // The next number is free.
                LOG.debug("{} is there already", name.text(), e);
            }
        }
        final Path file = made.get();
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(file, options.permissions());
        }
        // Not a FileChannel: an interrupt of the writing thread would close it.
        final FileOutputStream out = new FileOutputStream(file.toFile(), true);
        current = Optional.of(new Open(file, out, nanoClock.getAsLong()));
        if (options.synced()) {
            syncFolder();
        }
        ledger.add(Entry.SINK_FILES, BEGUN, 1);
        removeOldest();
    }

    /** A file whose name is not on the disk is lost with what is in it. */
    private void syncFolder() throws UnsyncedException {
        try (FileChannel folder = FileChannel.open(options.folder(), StandardOpenOption.READ)) {
            folder.force(true);
        } catch (final UnsupportedOperationException e) {
            LOG.debug("This system opens no folders", e);
        } catch (final IOException e) {
            abandon();
            throw new UnsyncedException(e);
        }
    }

    private void removeOldest() {
        if (options.maxFiles() == 0 && options.maxTotalBytes() == 0) {
            return;
        }
        try {
            final List<FileName> there = names();
            int files = there.size();
            long bytes = 0;
            for (final FileName name : there) {
                bytes += Files.size(path(name));
            }
            for (final FileName name : there.subList(0, Math.max(0, there.size() - 1))) {
                if ((options.maxFiles() == 0 || files <= options.maxFiles())
                        && (options.maxTotalBytes() == 0 || bytes <= options.maxTotalBytes())) {
                    break;
                }
                final Path oldest = path(name);
                final long size = Files.size(oldest);
                Files.delete(oldest);
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
            lock.close();
        }
    }
}
