/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.repair;

import io.serveflow.ledger.DeadLetterFile;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A file of {@link RepairLine}s that was taken from its {@link RepairStore} to be repaired, under a
 * name of its own, {@code FILE.repairing-TIME}, while the store goes on with a new one.
 *
 * <p>It is locked as long as it is open, so that nobody else repairs the same lines. What breaks
 * off leaves it as it was, and the next who {@linkplain #take takes} has it too. {@link #finish}
 * leaves the lines that are to stay, and puts those with which nothing can be asked at the end of
 * {@code FILE.remaining}; no line is lost. Not safe for use by more than one thread.
 */
public final class TakenRepairs implements Closeable {

    private static final String TAKEN = ".repairing-";
    private static final String UNFINISHED = ".new";

    /** A longer one is of no flow. */
    private static final int LONGEST_LINE = 4 << 20;

    /** Who adds a line has the file locked for microseconds; another repair has it for long. */
    private static final int TRIES = 100;

    private static final long TRY_MILLIS = 10;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final Path store;
    private final Path file;
    private final RandomAccessFile held;
    private final InputStream in;
    private final List<Line> staying = new ArrayList<>();
    private final List<Line> aside = new ArrayList<>();
    private long position;

    /**
     * Where a line is in the file.
     *
     * @param start of its first byte
     * @param length without its newline, which the last one may lack
     * @param text its bytes; empty where it is too long for a flow
     */
    public record Line(long start, long length, Optional<byte[]> text) {

        private Line withoutText() {
            return new Line(start, length, Optional.empty());
        }
    }

    private TakenRepairs(final Path store, final Path file, final RandomAccessFile held) {
        this.store = store;
        this.file = file;
        this.held = held;
        this.in = new BufferedInputStream(Channels.newInputStream(held.getChannel()), 1 << 16);
    }

    /** How many bytes of a store are taken and not repaired yet. */
    static long bytes(final Path store) throws IOException {
        long bytes = 0;
        for (final Path file : taken(store)) {
            try {
                bytes += Files.size(file);
            } catch (final NoSuchFileException e) {
                // Repaired meanwhile.
                continue;
            }
        }
        return bytes;
    }

    /** Whether there is a line in a store, or in what was taken of it. */
    public static boolean hasAny(final Path store) throws IOException {
        return bytes(store) > 0 || Files.exists(store) && Files.size(store) > 0;
    }

    private static List<Path> taken(final Path store) throws IOException {
        final Path folder = store.toAbsolutePath().getParent();
        final String prefix = store.getFileName() + TAKEN;
        final List<Path> files = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return files;
        }
        try (DirectoryStream<Path> all =
                Files.newDirectoryStream(
                        folder,
                        path -> {
                            final String name = path.getFileName().toString();
                            return name.startsWith(prefix) && !name.endsWith(UNFINISHED);
                        })) {
            all.forEach(files::add);
        }
        files.sort(null);
        return files;
    }

    /**
     * Takes the lines of a store, after those that an earlier repair has left; none that somebody
     * else is repairing.
     *
     * @return one a file, oldest first; to be closed
     * @throws IOException if a file cannot be renamed or read, or the store's is in use for long
     */
    public static List<TakenRepairs> take(final Path store, final Clock clock)
            throws IOException, InterruptedException {
        final List<TakenRepairs> all = new ArrayList<>();
        try {
            for (final Path left : taken(store)) {
                open(store, left).ifPresent(all::add);
            }
            if (Files.exists(store) && Files.size(store) > 0) {
                final Path name = free(store + TAKEN + TIME.format(clock.instant()));
                Files.move(store, name, StandardCopyOption.ATOMIC_MOVE);
                all.add(await(store, name));
            }
            return all;
        } catch (final IOException | InterruptedException | RuntimeException e) {
            for (final TakenRepairs one : all) {
                one.close();
            }
            throw e;
        }
    }

    private static Path free(final String wanted) {
        Path path = Path.of(wanted);
        for (int i = 2; Files.exists(path, LinkOption.NOFOLLOW_LINKS); i++) {
            path = Path.of(wanted + "-" + i);
        }
        return path;
    }

    /** Opens a file that is this process's to take, when who adds its last line has done so. */
    private static TakenRepairs await(final Path store, final Path file)
            throws IOException, InterruptedException {
        for (int i = 0; i < TRIES; i++) {
            final Optional<TakenRepairs> opened = open(store, file);
            if (opened.isPresent()) {
                return opened.get();
            }
            TimeUnit.MILLISECONDS.sleep(TRY_MILLIS);
        }
        throw new IOException(
                file
                        + " is in use by another process; run ./serveflow repair again when that"
                        + " has ended");
    }

    /** Opens and locks a file; empty where somebody else has it, or it is gone. */
    private static Optional<TakenRepairs> open(final Path store, final Path file)
            throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        final RandomAccessFile held = new RandomAccessFile(file.toFile(), "rw");
        try {
            if (isLocked(held) && Files.exists(file)) {
                Files.deleteIfExists(unfinished(file));
                return Optional.of(new TakenRepairs(store, file, held));
            }
        } catch (final IOException | RuntimeException e) {
            held.close();
            throw e;
        }
        held.close();
        return Optional.empty();
    }

    private static boolean isLocked(final RandomAccessFile held) throws IOException {
        try {
            return held.getChannel().tryLock() != null;
        } catch (final OverlappingFileLockException e) {
            return false;
        }
    }

    private static Path unfinished(final Path file) {
        return Path.of(file + UNFINISHED);
    }

    /** The next line that is not blank; empty at the end. */
    public Optional<Line> next() throws IOException {
        final ByteArrayOutputStream text = new ByteArrayOutputStream(4_096);
        long start = position;
        boolean blank = true;
        int next = in.read();
        while (next >= 0 && (next != '\n' || blank)) {
            position++;
            if (next == '\n') {
                start = position;
                text.reset();
            } else {
                blank &= next <= ' ';
                if (text.size() <= LONGEST_LINE) {
                    text.write(next);
                }
            }
            next = in.read();
        }
        if (blank) {
            return Optional.empty();
        }
        final long length = position - start;
        position += next < 0 ? 0 : 1;
        return Optional.of(
                new Line(
                        start,
                        length,
                        length <= LONGEST_LINE
                                ? Optional.of(text.toByteArray())
                                : Optional.empty()));
    }

    /** Has a line stay for the next repair. */
    public void stays(final Line line) {
        staying.add(line.withoutText());
    }

    /** Has a line put aside with which nothing can be asked. */
    public void putAside(final Line line) {
        aside.add(line.withoutText());
    }

    /** Has a line and all behind it stay, before those that stay already. */
    public void restStays(final Line first) throws IOException {
        staying.add(0, new Line(first.start, held.length() - first.start, Optional.empty()));
    }

    /** Ends the repair: of the file only what stays is left. */
    public void finish() throws IOException {
        if (!aside.isEmpty()) {
            DeadLetterFile.createForOwner(remaining());
            write(
                    remaining(),
                    aside,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.APPEND);
        }
        if (staying.isEmpty()) {
            Files.delete(file);
            return;
        }
        final Path unfinished = unfinished(file);
        DeadLetterFile.createForOwner(unfinished);
        write(
                unfinished,
                staying,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
        Files.move(
                unfinished,
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private void write(final Path to, final List<Line> lines, final StandardOpenOption... options)
            throws IOException {
        try (FileChannel channel = FileChannel.open(to, options);
                OutputStream out = Channels.newOutputStream(channel)) {
            for (final Line line : lines) {
                copy(line, out);
            }
            channel.force(true);
        } catch (final IOException e) {
            // Not as the cause, whose bare message would be the sentence that a person reads.
            final IOException named =
                    new IOException(
                            "%s could not be written (%s); all lines are still in %s"
                                    .formatted(to, e.getMessage(), file));
            named.addSuppressed(e);
            throw named;
        }
    }

    private void copy(final Line line, final OutputStream out) throws IOException {
        final byte[] part = new byte[1 << 16];
        long left = line.length;
        int last = '\n';
        held.seek(line.start);
        while (left > 0) {
            final int n = held.read(part, 0, (int) Math.min(part.length, left));
            out.write(part, 0, n);
            last = part[n - 1];
            left -= n;
        }
        if (last != '\n') {
            out.write('\n');
        }
    }

    /** Whether any line is to stay for the next repair. */
    public boolean hasStaying() {
        return !staying.isEmpty();
    }

    /** Where lines are put with which nothing can be asked. */
    public Path remaining() {
        return Path.of(store + ".remaining");
    }

    /** Where the lines are meanwhile, and where those are afterwards that stay. */
    public Path file() {
        return file;
    }

    /** Lets go of the file. */
    @Override
    public void close() throws IOException {
        held.close();
    }
}
