/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.repair;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of {@link RepairLine}s that was taken from its {@link RepairStore} to be repaired, under a
 * name of its own, {@code FILE.repairing-TIME}, while the store goes on with a new one.
 *
 * <p>Whoever takes has the {@link RepairLock} of the store, so that nobody else repairs the same
 * lines. What breaks off leaves it as it was, and is {@linkplain #left left} to the next repair.
 * {@link #finish} leaves the lines that are to stay, and puts those with which nothing can be asked
 * at the end of {@code FILE.remaining}; no line is lost. Not safe for use by more than one thread.
 */
public final class TakenRepairs implements TakenLines, Closeable {

    private static final String TAKEN = ".repairing-";
    private static final String UNFINISHED = ".new";

    /** Of no other file, such as what remained of one that was repaired under this name. */
    private static final Pattern NAME =
            Pattern.compile("(.+)\\.repairing-\\d{8}T\\d{6}\\.\\d{3}Z(-\\d+)?");

    /** A longer one is of no flow. */
    private static final int LONGEST_LINE = 4 << 20;

    /** Who adds a line has the file locked for microseconds. */
    private static final int TRIES = 100;

    private static final long TRY_MILLIS = 10;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final Path store;
    private final Path file;
    private final RandomAccessFile held;
    private final InputStream in;
    private final List<TakenLine> staying = new ArrayList<>();
    private final List<TakenLine> aside = new ArrayList<>();
    private long position;

    private TakenRepairs(final Path store, final Path file, final RandomAccessFile held) {
        this.store = store;
        this.file = file;
        this.held = held;
        this.in = new BufferedInputStream(Channels.newInputStream(held.getChannel()), 1 << 16);
    }

    /** How many bytes there are in a store, and in what was taken of it. */
    public static long bytes(final Path store) throws IOException {
        return (Files.exists(store) ? Files.size(store) : 0) + takenBytes(store);
    }

    /** How many bytes of a store are taken and not repaired yet. */
    static long takenBytes(final Path store) throws IOException {
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

    /** The store of a file that was taken of one; any other file is one itself. */
    public static Path storeOf(final Path file) {
        final Matcher taken = NAME.matcher(file.getFileName().toString());
        return taken.matches() ? file.resolveSibling(taken.group(1)) : file;
    }

    private static boolean isTaken(final Path file) {
        return !storeOf(file).equals(file);
    }

    private static List<Path> taken(final Path store) throws IOException {
        final Path folder = store.toAbsolutePath().getParent();
        final List<Path> files = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return files;
        }
        final Path name = store.getFileName();
        try (DirectoryStream<Path> all =
                Files.newDirectoryStream(
                        folder,
                        path ->
                                isTaken(path)
                                        && storeOf(path).getFileName().equals(name)
                                        && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))) {
            all.forEach(files::add);
        }
        files.sort(null);
        return files;
    }

    /**
     * What earlier repairs have left of a store. Only who has its {@link RepairLock} may ask, and
     * take.
     *
     * @param store the store's file, or one that was taken of it, which is alone then
     * @return one a file, oldest first; to be closed
     * @throws IOException if a file cannot be read, or is in use for long
     */
    public static List<TakenRepairs> left(final Path store)
            throws IOException, InterruptedException {
        final List<TakenRepairs> all = new ArrayList<>();
        try {
            for (final Path file : isTaken(store) ? List.of(store) : taken(store)) {
                all.add(await(storeOf(store), file));
            }
            return all;
        } catch (final IOException | InterruptedException | RuntimeException e) {
            for (final TakenRepairs one : all) {
                one.close();
            }
            throw e;
        }
    }

    /**
     * Takes the lines of a store.
     *
     * @param store the store's file; of one that was taken of it nothing is taken
     * @return empty if there are none
     * @throws IOException if the file cannot be renamed or read, or is in use for long
     */
    public static Optional<TakenRepairs> take(final Path store, final Clock clock)
            throws IOException, InterruptedException {
        return isTaken(store) || Files.notExists(store) || Files.size(store) == 0
                ? Optional.empty()
                : Optional.of(await(store, renamed(store, clock)));
    }

    private static Path renamed(final Path store, final Clock clock) throws IOException {
        final String wanted = store + TAKEN + TIME.format(clock.instant());
        Path name = Path.of(wanted);
        for (int i = 2; Files.exists(name, LinkOption.NOFOLLOW_LINKS); i++) {
            name = Path.of(wanted + "-" + i);
        }
        return Files.move(store, name, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Opens a file when who adds its last line has done so. */
    private static TakenRepairs await(final Path store, final Path file)
            throws IOException, InterruptedException {
        final RandomAccessFile held = new RandomAccessFile(file.toFile(), "rw");
        try {
            for (int i = 0; i < TRIES; i++) {
                if (isLocked(held)) {
                    Files.deleteIfExists(unfinished(file));
                    return new TakenRepairs(store, file, held);
                }
                TimeUnit.MILLISECONDS.sleep(TRY_MILLIS);
            }
            throw new IOException(
                    file
                            + " is in use by another process; run ./serveflow repair again when"
                            + " that has ended");
        } catch (final IOException | InterruptedException | RuntimeException e) {
            held.close();
            throw e;
        }
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

    @Override
    public Optional<TakenLine> next() throws IOException {
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
                TakenLine.of(
                        start,
                        length,
                        length <= LONGEST_LINE
                                ? Optional.of(text.toByteArray())
                                : Optional.empty()));
    }

    @Override
    public String place(final TakenLine line) {
        return "byte " + line.start() + " of " + file;
    }

    @Override
    public void stays(final TakenLine line) {
        staying.add(line.withoutText());
    }

    @Override
    public void putAside(final TakenLine line) {
        aside.add(line.withoutText());
    }

    /** Before those that stay already. */
    @Override
    public void restStays() throws IOException {
        if (position < held.length()) {
            staying.add(0, TakenLine.of(position, held.length() - position, Optional.empty()));
            position = held.length();
        }
    }

    @Override
    public boolean keepRefused(final InputStream letters) throws IOException {
        if (letters.available() == 0) {
            return false;
        }
        append(refused(), letters::transferTo);
        return true;
    }

    /** A file is settled as a whole. */
    @Override
    public boolean isDue() {
        return false;
    }

    /** Does nothing: a file is settled as a whole. */
    @Override
    public void settle() {}

    @Override
    public void finish() throws IOException {
        if (!aside.isEmpty()) {
            append(remaining(), out -> copy(aside, out));
        }
        if (staying.isEmpty()) {
            Files.delete(file);
            return;
        }
        final Path unfinished = unfinished(file);
        Files.deleteIfExists(unfinished);
        append(unfinished, out -> copy(staying, out));
        Files.move(
                unfinished,
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private void append(final Path to, final AppendedLines.Source lines) throws IOException {
        AppendedLines.append(to, lines, file.toString());
    }

    private void copy(final List<TakenLine> lines, final OutputStream out) throws IOException {
        for (final TakenLine line : lines) {
            copy(line, out);
        }
    }

    private void copy(final TakenLine line, final OutputStream out) throws IOException {
        final byte[] part = new byte[1 << 16];
        long left = line.length();
        int last = '\n';
        held.seek(line.start());
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

    @Override
    public boolean hasStaying() {
        return !staying.isEmpty();
    }

    @Override
    public Path remaining() {
        return Path.of(store + ".remaining");
    }

    @Override
    public Path refused() {
        return Path.of(store + ".refused");
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
