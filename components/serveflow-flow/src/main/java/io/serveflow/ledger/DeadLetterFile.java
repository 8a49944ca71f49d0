/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.ledger;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Dead letters kept in a file, one JSON object a line, appended: {@code
 * {"ts":"2026-11-22T10:15:30.123456Z","source":"serveflow.log","offset":4711,"reason":"bad_json","detail":"...","format":"zeek","observer":"sensor-1","bytes":212,"payload":"..."}}.
 *
 * <p>Only its owner may read it where it is made here, for it holds what sensors saw. While it is
 * open it is locked, so that nobody replays letters that are still being written ({@link
 * DeadLetterReplay}).
 *
 * <p>A letter is with the operating system when {@link #accept} returns, and only then counted. A
 * line that a crash or a full disk left unfinished stays a line of its own: the next letter begins
 * behind a newline. The log of the process hears of the first letter of each reason, then at most
 * once a minute how many more came.
 *
 * <p>The file is bounded: a letter that would make it longer is dropped, and counted as that under
 * the same reason, as a cause that spoils everything would otherwise fill the disk on which
 * positions are kept. A file that was moved away meanwhile is still written to, and still bounded.
 */
public final class DeadLetterFile implements DeadLetterSink, Closeable {

    /** The most bytes of UTF-8 that are kept of a payload. */
    public static final int MAX_PAYLOAD_BYTES = 64 * 1024;

    /** How long a file may become where nothing else is said. */
    public static final long MAX_BYTES = 1L << 30;

    private static final int MAX_DETAIL_BYTES = 8 * 1024;

    /** What the log calls letters that do not fit. */
    private static final String FULL = "full";

    private static final Set<PosixFilePermission> OWNER_ALONE =
            PosixFilePermissions.fromString("rw-------");

    private static final JsonFactory JSON = new JsonFactory();

    private final Path file;
    private final Ledger ledger;
    private final Clock clock;
    private final long maxBytes;
    private final FailureLog log = new FailureLog(this::notice, this::notice, System::nanoTime);
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
    private final FileOutputStream out;

    /** What tells the file from one that has taken its place; empty where nothing does. */
    private final Optional<Object> key;

    /** How long the file is, as far as this process knows. */
    private long length;

    private boolean unfinished;
    private boolean closed;

    /**
     * Opens the file, which need not exist yet, and neither need its folders, of {@value
     * #MAX_BYTES} bytes at most.
     *
     * @throws IOException if it cannot be written to
     */
    public DeadLetterFile(final Path file, final Ledger ledger) throws IOException {
        this(file, ledger, Clock.systemUTC(), MAX_BYTES);
    }

    /**
     * The same.
     *
     * @param clock dates the letters
     * @param maxBytes how long the file may become; 0 for without bound
     */
    public DeadLetterFile(
            final Path file, final Ledger ledger, final Clock clock, final long maxBytes)
            throws IOException {
        this.file = file;
        this.maxBytes = maxBytes;
        this.ledger = Objects.requireNonNull(ledger, "ledger");
        this.clock = Objects.requireNonNull(clock, "clock");
        final Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        createForOwner(file);
        // Before it is opened to write, which would stay open if this failed; and before it is
        // locked, as to close a file lets go of all locks that this process has on it.
        this.unfinished = endsInsideLine(file);
        // Not a FileChannel: an interrupt of the writing thread would close it for all others.
        this.out = new FileOutputStream(file.toFile(), true);
        lock(out);
        final Optional<BasicFileAttributes> opened = attributes();
        this.key = opened.flatMap(DeadLetterFile::key);
        this.length = opened.map(BasicFileAttributes::size).orElse(0L);
    }

    private Optional<BasicFileAttributes> attributes() {
        try {
            return Optional.of(Files.readAttributes(file, BasicFileAttributes.class));
        } catch (final IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<Object> key(final BasicFileAttributes of) {
        return Optional.ofNullable(of.fileKey());
    }

    /** Makes a file that only its owner may read, where there is none. */
    public static void createForOwner(final Path file) throws IOException {
        final boolean posix =
                file.toAbsolutePath()
                        .getFileSystem()
                        .supportedFileAttributeViews()
                        .contains("posix");
        if (posix && Files.notExists(file)) {
            try {
                Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ALONE));
            } catch (final FileAlreadyExistsException e) {
                // Somebody else was faster, and it is theirs to say who may read it.
                return;
            }
        }
    }

    /** The lock ends with the stream. Two who write to one file keep their lines apart anyway. */
    private static void lock(final FileOutputStream out) {
        try {
            out.getChannel().tryLock();
        } catch (final IOException | OverlappingFileLockException e) {
            // A device or a file system without locks, or another one in this process.
            return;
        }
    }

    /** A warning in the log of the process. */
    @Override
    public void notice(final String sentence) {
        System.getLogger(DeadLetterFile.class.getName()).log(System.Logger.Level.WARNING, sentence);
    }

    /**
     * Appends a letter and counts it under its reason, or counts it as dropped where the file is as
     * long as it may be.
     *
     * @throws UncheckedIOException if it could not be written, so that whoever feeds the input in
     *     stops before it counts as done
     */
    @Override
    public void accept(final DeadLetter letter) {
        synchronized (line) {
            try {
                if (closed) {
                    throw new IOException("the file is closed");
                }
                encode(letter);
                if (maxBytes > 0 && length() + line.size() > maxBytes) {
                    full(letter);
                    return;
                }
                unfinished = true;
                line.writeTo(out);
                length += line.size();
                unfinished = false;
            } catch (final IOException e) {
                throw new UncheckedIOException(
                        "a dead letter (%s, %s at offset %d) could not be kept in %s: %s%s"
                                .formatted(
                                        letter.reason(),
                                        letter.source(),
                                        letter.offset(),
                                        file,
                                        e.getMessage(),
                                        closed ? "" : "; see that its disk has room"),
                        e);
            }
        }
        ledger.add(Ledger.Entry.DEAD_LETTERED, letter.reason(), 1);
        log.failed(
                letter.reason(),
                "A dead letter (%s, %s at offset %d: %s) is kept in %s"
                        .formatted(
                                letter.reason(),
                                letter.source(),
                                letter.offset(),
                                letter.detail(),
                                file));
    }

    /** Asked each time, as an operator may have emptied the file, or moved it away. */
    private long length() {
        attributes()
                .filter(now -> key.isPresent() && key.equals(key(now)))
                .ifPresent(now -> length = now.size());
        return length;
    }

    private void full(final DeadLetter letter) {
        ledger.add(Ledger.Entry.DROPPED, letter.reason(), 1);
        log.failed(
                FULL,
                file
                        + " has as many bytes as it may ("
                        + maxBytes
                        + "): dead letters that do not fit are dropped; cure what their reasons"
                        + " say, then stop this process, and replay the file or move it away");
    }

    /** Closes the file; letters that come later are refused with an exception. */
    @Override
    public void close() throws IOException {
        synchronized (line) {
            closed = true;
            out.close();
        }
    }

    private void encode(final DeadLetter letter) throws IOException {
        line.reset();
        if (unfinished) {
            line.write('\n');
        }
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("ts", clock.instant().toString());
            json.writeStringField("source", encodable(letter.source(), Integer.MAX_VALUE));
            json.writeNumberField("offset", letter.offset());
            json.writeStringField("reason", encodable(letter.reason(), Integer.MAX_VALUE));
            json.writeStringField("detail", encodable(letter.detail(), MAX_DETAIL_BYTES));
            json.writeStringField("format", letter.format());
            json.writeStringField("observer", encodable(letter.observer(), MAX_DETAIL_BYTES));
            json.writeNumberField("bytes", letter.bytes());
            json.writeStringField("payload", encodable(letter.payload(), MAX_PAYLOAD_BYTES));
            json.writeEndObject();
        }
        line.write('\n');
    }

    /** The text without unpaired surrogates, which UTF-8 cannot hold, and at most so long in it. */
    private static String encodable(final String text, final int maxBytes) {
        final byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(utf8.length, maxBytes);
        while (length < utf8.length && length > 0 && (utf8[length] & 0xc0) == 0x80) {
            length--;
        }
        return new String(utf8, 0, length, StandardCharsets.UTF_8);
    }

    private static boolean endsInsideLine(final Path file) throws IOException {
        if (Files.notExists(file)) {
            return false;
        }
        try (RandomAccessFile existing = new RandomAccessFile(file.toFile(), "r")) {
            final long length = existing.length();
            if (length == 0) {
                return false;
            }
            existing.seek(length - 1);
            return existing.read() != '\n';
        }
    }
}
