/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.tail;

import io.serveflow.camel.sensor.BatchSender;
import io.serveflow.camel.sensor.OpenPositions;
import io.serveflow.camel.sensor.ReadRecords;
import io.serveflow.camel.sensor.SensorComponent;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorStream;
import io.serveflow.sensor.line.ByteOrderMark;
import io.serveflow.sensor.line.ByteSearch;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One log that a sensor writes, whichever files it is in: turns their bytes into records, sends
 * these, and knows up to which offset of which file all of them are acknowledged.
 *
 * <p>Positions are counted in bytes taken since the start, over all files; {@link Segment}s say
 * where in which file that was. Not safe for use by more than one thread, but for {@link
 * #pending()}.
 */
final class FollowedLog {

    /** Most batches that the route has taken, but not acknowledged; then reading waits. */
    private static final int MAX_OPEN = 65_536;

    private static final int HEADER_BYTES = 1 << 16;

    private final SensorFormats formats;
    private final DeadLetterSink deadLetters;
    private final int batchSize;
    private final long batchDelayNanos;
    private final BatchSender sender;
    private final ReadRecords records;
    private final SensorStream stream;
    private final OpenPositions<Long> positions;
    private final Deque<Segment> segments = new ArrayDeque<>();
    private long taken;
    private long given;
    private long latestLine;
    private long oldestRecord;

    FollowedLog(
            final String name,
            final ServeflowTailEndpoint endpoint,
            final Ledger ledger,
            final BatchSender sender,
            final long now) {
        final SensorComponent component = endpoint.getComponent();
        this.formats = endpoint.sensorFormats();
        this.deadLetters = component.getDeadLetters();
        this.batchSize = endpoint.getBatchSize();
        this.batchDelayNanos = TimeUnit.MILLISECONDS.toNanos(endpoint.getBatchDelay());
        this.sender = sender;
        this.positions = new OpenPositions<>(sender.clock());
        this.records = new ReadRecords(component.getContextInterest());
        this.stream =
                new SensorStream(
                        name,
                        formats,
                        endpoint.assembling(name),
                        ledger,
                        this::deadLetter,
                        records,
                        records);
        this.latestLine = now;
    }

    /** Dead letters name the offset in the file, not the position in the log. */
    private void deadLetter(final DeadLetter letter) {
        final Segment in = segments.getLast();
        deadLetters.accept(
                new DeadLetter(
                        in.file.path().toString(),
                        in.offset + letter.offset() - in.position,
                        letter.reason(),
                        letter.detail(),
                        letter.payload(),
                        letter.format(),
                        letter.observer(),
                        letter.bytes()));
    }

    /**
     * Takes the whole lines of bytes that were read behind a file's offset.
     *
     * @return whether any byte was taken
     */
    boolean take(final FollowedFile file, final byte[] bytes, final int length, final long now)
            throws IOException {
        begin(file);
        stream.readAt(now);
        final long before = taken;
        final boolean first = records.isEmpty();
        int newline = file.skipped() > 0 ? endOfSkipped(file, bytes, length) : -1;
        if (newline < 0 && file.skipped() > 0) {
            return false;
        }
        int from = newline + 1;
        for (newline = newline(bytes, from, length);
                newline >= 0;
                newline = newline(bytes, from, length)) {
            line(bytes, from, newline);
            advance(file, newline + 1L - from);
            from = newline + 1;
            if (records.size() >= batchSize && !send()) {
                return true;
            }
        }
        if (from == 0 && length == bytes.length) {
            stream.tooLong(bytes, 0, SensorStream.MAX_LINE_BYTES, taken);
            file.skip(length);
        }
        if (taken > before) {
            latestLine = now;
            oldestRecord = first ? now : oldestRecord;
        }
        return taken > before;
    }

    /** Takes a line that is too long with its end, or goes on behind these bytes. */
    private int endOfSkipped(final FollowedFile file, final byte[] bytes, final int length) {
        final int newline = newline(bytes, 0, length);
        if (newline < 0) {
            file.skip(length);
        } else {
            advance(file, file.skipped() + newline + 1);
        }
        return newline;
    }

    private void line(final byte[] bytes, final int start, final int newline) {
        final int end = newline > start && bytes[newline - 1] == '\r' ? newline - 1 : newline;
        if (end - start > SensorStream.MAX_LINE_BYTES) {
            stream.tooLong(bytes, start, start + SensorStream.MAX_LINE_BYTES, taken);
        } else {
            stream.line(bytes, start, end, taken);
        }
    }

    private static int newline(final byte[] bytes, final int from, final int length) {
        return ByteSearch.indexOf((byte) '\n', bytes, from, length);
    }

    /** Takes what a file holds behind its last line end, which will not be completed. */
    void takeRest(final FollowedFile file, final byte[] bytes, final int length, final long now)
            throws IOException {
        begin(file);
        stream.readAt(now);
        if (file.skipped() > 0) {
            advance(file, file.skipped() + length);
        } else {
            stream.unterminated(bytes, 0, length, taken);
            advance(file, length);
        }
        latestLine = now;
        if (file.damage().isPresent()) {
            deadLetterDamage(file);
        }
    }

    private void deadLetterDamage(final FollowedFile file) {
        deadLetters.accept(
                new DeadLetter(
                        file.path().toString(),
                        file.offset(),
                        "bad_gzip",
                        "the packed file breaks off here; what follows cannot be read: "
                                + file.damage().orElseThrow(),
                        ""));
    }

    /** Makes the file the one that lines come from. */
    private void begin(final FollowedFile file) throws IOException {
        final Segment last = segments.peekLast();
        if (last != null && last.file == file && last.end() == file.offset()) {
            return;
        }
        // First, as it may fail: whoever tries again begins with the header then too.
        final byte[] start = startOf(file);
        if (last == null || last.file != file) {
            stream.continueIn(file.path().toString());
        }
        segments.add(new Segment(file, taken, file.offset()));
        readHeader(start);
    }

    private byte[] startOf(final FollowedFile file) throws IOException {
        if (!formats.mayHaveHeaders()) {
            return new byte[0];
        }
        final byte[] bytes = new byte[(int) Math.min(HEADER_BYTES, file.offset())];
        return bytes.length == 0 ? bytes : Arrays.copyOf(bytes, file.readStart(bytes));
    }

    /** The rows of a TSV log mean something only below the header lines of their file. */
    private void readHeader(final byte[] start) {
        // A byte order mark stands before the first of them at most.
        int from = ByteOrderMark.isAt(start, 0, start.length) ? ByteOrderMark.LENGTH : 0;
        while (from < start.length && (start[from] == '#' || isBlank(start[from]))) {
            if (isBlank(start[from])) {
                from++;
                continue;
            }
            final int newline = newline(start, from, start.length);
            if (newline < 0) {
                return;
            }
            line(start, from, newline);
            from = newline + 1;
        }
    }

    private static boolean isBlank(final byte one) {
        return one == '\n' || one == '\r' || one == '\t' || one == ' ';
    }

    private void advance(final FollowedFile file, final long by) {
        file.advance(by);
        segments.getLast().length += by;
        taken += by;
    }

    /** Whether no more may be read before the route has acknowledged some of what it has. */
    boolean isFull() {
        return positions.size() >= MAX_OPEN;
    }

    /** Whether the records that were read may wait for others that are there to be read. */
    boolean mayWait(final long now) {
        return now - oldestRecord < batchDelayNanos;
    }

    /** Lets the time since the latest line pass for flows whose packets are being assembled. */
    void elapse(final long now) {
        stream.elapse((now - latestLine) / 1_000);
    }

    /**
     * Sends what was read; then, or if that was nothing, the position moves.
     *
     * @return false if the source stops before it was sent
     */
    boolean send() {
        final long upTo = Math.min(taken, stream.oldestHeld().orElse(taken));
        if (!records.isEmpty()) {
            given = upTo;
            if (!sender.send(records, positions.add(upTo))) {
                return false;
            }
            records.clear();
        } else if (upTo != given) {
            given = upTo;
            positions.add(upTo).release();
        }
        return true;
    }

    /** Moves the positions of the files to what is acknowledged; returns whether any moved. */
    boolean settle() {
        final Optional<Long> settled = positions.takeSettled();
        settled.ifPresent(this::settle);
        return settled.isPresent();
    }

    private void settle(final long upTo) {
        while (segments.size() > 1 && segments.getFirst().positionEnd() <= upTo) {
            final Segment done = segments.removeFirst();
            done.file.answer(done.end());
        }
        final Segment in = segments.peekFirst();
        if (in != null && upTo > in.position) {
            in.file.answer(in.offset + Math.min(in.length, upTo - in.position));
        }
    }

    /** How many positions are not acknowledged yet; may be asked by any thread. */
    int pending() {
        return positions.pending();
    }

    /** Bytes of a file that were taken one behind the other. */
    private static final class Segment {

        private final FollowedFile file;
        private final long position;
        private final long offset;
        private long length;

        private Segment(final FollowedFile file, final long position, final long offset) {
            this.file = file;
            this.position = position;
            this.offset = offset;
        }

        private long end() {
            return offset + length;
        }

        private long positionEnd() {
            return position + length;
        }
    }
}
