/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.tail;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * One file of a log, identified by its first bytes and its key, and how far it is read.
 *
 * <p>Bytes are given out only after a look at the file's beginning behind the read: a file that was
 * truncated and written to again meanwhile shows another one.
 *
 * <p>Not safe for use by more than one thread.
 */
final class FollowedFile implements Closeable {

    /** What {@link #read} returns if nothing was added since it was called last. */
    static final int NOTHING = 0;

    /** What {@link #read} returns if the bytes that this file had are gone from where it was. */
    static final int REPLACED = -1;

    private final String log;
    private Path path;
    private Optional<String> key;
    private Optional<String> formerKey = Optional.empty();
    private Fingerprint fingerprint;
    private byte[] beginning = {};
    private long offset;
    private long answered;
    private long skippedTo;
    private long seenSize = -1;
    private Instant modified;
    private long foundSize;
    private boolean live;
    private boolean found;
    private boolean finished;
    private boolean everFound;
    private boolean packed;
    private long since;
    private Optional<LogBytes> bytes = Optional.empty();

    /** A file that was not known before. */
    FollowedFile(
            final String log,
            final FoundFile file,
            final byte[] beginning,
            final long offset,
            final long now) {
        this.log = log;
        this.fingerprint = Fingerprint.of(beginning);
        this.offset = offset;
        this.answered = offset;
        this.path = file.path();
        this.key = file.key();
        this.modified = file.modified();
        locate(file, beginning, now);
    }

    /** A file that was followed before a restart, and is to be found again. */
    FollowedFile(final FilePosition position, final long now) {
        this.log = position.log();
        this.path = Path.of(position.path());
        this.key = position.key();
        this.fingerprint = position.fingerprint();
        this.offset = position.offset();
        this.answered = position.offset();
        this.modified = position.modified();
        this.finished = position.finished();
        this.since = now;
    }

    /** Says where the file is now. */
    void locate(final FoundFile file, final byte[] itsBeginning, final long now) {
        if (!path.equals(file.path()) || !key.equals(file.key())) {
            since = now;
        }
        path = file.path();
        key = file.key();
        beginning = itsBeginning;
        fingerprint = Fingerprint.of(itsBeginning);
        see(file);
    }

    /** Says that the file is where it was, or was renamed. */
    void see(final FoundFile file) {
        finished &= packed ? !everFound || foundSize == file.size() : file.size() <= offset;
        path = file.path();
        live = file.live();
        modified = file.modified();
        foundSize = file.size();
        found = true;
        everFound = true;
    }

    /** Says that the file was not found. */
    void miss(final long now) {
        if (found) {
            since = now;
        }
        found = false;
        live = false;
    }

    /** Says that another file has taken its place, so that it must be looked for elsewhere. */
    void leave(final long now) {
        closeQuietly();
        formerKey = key.or(() -> formerKey);
        key = Optional.empty();
        miss(now);
        since = now;
    }

    /** Whether what was found under the file's key was not written to since it was seen last. */
    boolean isUntouched(final FoundFile file) {
        return bytes.isPresent()
                || everFound && foundSize == file.size() && modified.equals(file.modified());
    }

    /**
     * Reads on behind {@link #offset()}.
     *
     * @return how many bytes were read, {@link #NOTHING} or {@link #REPLACED}
     */
    int read(final byte[] to, final long now) throws IOException {
        if (bytes.isEmpty() && (foundSize == seenSize || !open())) {
            return NOTHING;
        }
        final LogBytes from = bytes.get();
        final long size = from.size();
        if (size == seenSize) {
            return NOTHING;
        }
        final int n = from.read(to, readsFrom());
        if (!packed && isReplaced(from, to, n)) {
            return REPLACED;
        }
        if (n < to.length) {
            seenSize = packed ? size : readsFrom() + n;
        }
        if (n > 0) {
            since = now;
        }
        return n;
    }

    private boolean open() throws IOException {
        if (!found) {
            return false;
        }
        final LogBytes opened = LogBytes.open(path);
        try {
            packed = opened.isPacked();
            seenSize = -1;
            if (isThis(opened)) {
                bytes = Optional.of(opened);
                return true;
            }
            found = false;
            everFound = false;
            return false;
        } finally {
            if (bytes.isEmpty()) {
                opened.close();
            }
        }
    }

    /** Between the look at the file and the opening, its path may have become another file's. */
    private boolean isThis(final LogBytes opened) throws IOException {
        return FoundFile.at(path, live).key().equals(key) && fingerprint.fits(opened.beginning());
    }

    /** The order matters: what was read is this file's if its beginning is still there now. */
    private boolean isReplaced(final LogBytes from, final byte[] read, final int n)
            throws IOException {
        final byte[] now = from.beginning();
        if (from.size() < readsFrom() + n || !startsWith(now, beginning, beginning.length)) {
            return true;
        }
        if (readsFrom() == 0 && !startsWith(now, read, Math.min(n, Fingerprint.MAX_BYTES))) {
            return true;
        }
        if (now.length > beginning.length) {
            beginning = now;
            fingerprint = Fingerprint.of(now);
        }
        return false;
    }

    private static boolean startsWith(final byte[] bytes, final byte[] start, final int length) {
        return bytes.length >= length && Arrays.equals(bytes, 0, length, start, 0, length);
    }

    /** Moves behind bytes that were taken. */
    void advance(final long by) {
        offset += by;
        skippedTo = 0;
    }

    /** Reads on behind bytes of a line that is too long, which count as taken with its end. */
    void skip(final int more) {
        skippedTo = readsFrom() + more;
    }

    /** How many bytes behind {@link #offset()} were skipped, being of a line that is too long. */
    long skipped() {
        return skippedTo == 0 ? 0 : skippedTo - offset;
    }

    /** Lets bytes that were read, but not taken, be read again. */
    void readAgain() {
        seenSize = -1;
    }

    private long readsFrom() {
        return Math.max(offset, skippedTo);
    }

    /** Reads bytes from the file's start on, for what they say about the rest. */
    int readStart(final byte[] to) throws IOException {
        return bytes.isPresent() ? bytes.get().read(to, 0) : 0;
    }

    /** Takes note that all flows up to an offset are acknowledged. */
    void answer(final long upTo) {
        answered = upTo;
    }

    /** Says that nothing more is expected in it. */
    void finish() {
        finished = true;
        closeQuietly();
    }

    void closeQuietly() {
        try {
            close();
        } catch (final IOException e) {
            // It was only read from, so that nothing is lost with it.
            bytes = Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        if (bytes.isPresent()) {
            bytes.get().close();
            bytes = Optional.empty();
        }
    }

    FilePosition position() {
        return new FilePosition(
                log,
                path.toString(),
                key,
                fingerprint,
                answered,
                modified,
                finished && answered == offset);
    }

    /** Whether a file that begins so is this one or a copy of it, complete or not. */
    boolean isCopiedTo(final byte[] itsBeginning) {
        return fingerprint.tells(itsBeginning)
                || startsWith(beginning, itsBeginning, itsBeginning.length);
    }

    String log() {
        return log;
    }

    Path path() {
        return path;
    }

    Optional<String> key() {
        return key;
    }

    /** The key of a file that has taken its place, if one has. */
    Optional<String> formerKey() {
        return formerKey;
    }

    Fingerprint fingerprint() {
        return fingerprint;
    }

    /** Its first bytes; empty if they were not looked at yet. */
    byte[] beginning() {
        return beginning;
    }

    /** Up to where lines were taken, in bytes from the start of the file, unpacked. */
    long offset() {
        return offset;
    }

    Instant modified() {
        return modified;
    }

    boolean isOpen() {
        return bytes.isPresent();
    }

    boolean isFound() {
        return found;
    }

    boolean isLive() {
        return live;
    }

    boolean isFinished() {
        return finished;
    }

    boolean isPacked() {
        return packed;
    }

    /** Why a packed file ends before its time, if it does. */
    Optional<String> damage() {
        return bytes.flatMap(LogBytes::damage);
    }

    /** Whether all that was ever seen of it is taken and acknowledged. */
    boolean isRead() {
        return answered == offset && (finished || everFound && foundSize <= offset);
    }

    /** How many bytes it is known to have had that were not read. */
    long unread() {
        return Math.max(0, foundSize - offset);
    }

    /** Since when nothing was read in it, it was not found, or it is where it is. */
    long since() {
        return since;
    }
}
