/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.line.BadLineException;
import io.serveflow.sensor.line.ByteSearch;
import io.serveflow.sensor.line.UnpackedInput;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.ZipException;

/**
 * The flow records in one message, such as the body that a route sends: lines of any sensor,
 * detected by their content as {@link SensorStream} does, or a capture, gzip-compressed or not.
 *
 * <p>A message is all there is: its last line needs no line end, its flows end with it, and a line
 * that cannot be read refuses it as a whole. Lines that are right and about something else give no
 * record and are counted as {@link Ledger.Entry#SKIPPED}; no other count is kept, as the message is
 * that of a route and its end is known there. Not safe for use by more than one thread.
 */
public final class SensorMessage {

    private static final String NAME = "the message";
    private static final String BAD_GZIP = "bad_gzip";
    private static final int FIRST_BUFFER = 1 << 13;

    private final SensorFormats formats;
    private final FlowAssembler.Options options;
    private final int maxRecords;
    private final Ledger ledger;
    private final Ledger own = new Ledger();
    private final List<FlowRecord> records = new ArrayList<>();
    private final Refusal refusal = new Refusal();
    private final SensorStream lines;
    private long number;
    private boolean empty = true;

    /**
     * @param options what flows are made of, where lines carry packets; its observer is that of
     *     records that name none
     * @param maxRecords most records that a message may have
     * @param ledger where skipped lines and packets are counted
     */
    public SensorMessage(
            final FlowAssembler.Options options, final int maxRecords, final Ledger ledger) {
        this(SensorFormats.installed(), options, maxRecords, ledger);
    }

    /**
     * @param formats those that a message may have
     * @param options what flows are made of, where lines carry packets; its observer is that of
     *     records that name none
     * @param maxRecords most records that a message may have
     * @param ledger where skipped lines and packets are counted
     */
    public SensorMessage(
            final SensorFormats formats,
            final FlowAssembler.Options options,
            final int maxRecords,
            final Ledger ledger) {
        this.formats = Objects.requireNonNull(formats, "formats");
        this.options = Objects.requireNonNull(options, "options");
        this.maxRecords = maxRecords;
        this.ledger = Objects.requireNonNull(ledger, "ledger");
        this.lines =
                new SensorStream(
                        NAME, formats, options, own, refusal, ContextInterest.all(), this::add);
        lines.readAt(System.nanoTime());
    }

    /**
     * Takes a record as it is.
     *
     * @throws IllegalArgumentException if the message has too many
     */
    public void add(final FlowRecord record) {
        if (records.size() == maxRecords) {
            throw new IllegalArgumentException(
                    "the message holds more than the "
                            + maxRecords
                            + " records that are read at once; split it, or let a source such as"
                            + " serveflow-tail: or serveflow-pcap: read the input in batches");
        }
        empty = false;
        records.add(record);
    }

    /** Whether nothing was taken but blank lines. */
    public boolean isEmpty() {
        return empty;
    }

    /**
     * Takes text of one or more lines, or a capture.
     *
     * @param bytes UTF-8, or what a capture or a gzip file holds
     * @throws BadLineException if it cannot be read
     */
    public void read(final byte[] bytes) throws BadLineException {
        if (isPacked(bytes)) {
            try (InputStream in = new ByteArrayInputStream(bytes)) {
                read(in);
            } catch (final IOException e) {
                throw new UncheckedIOException("an array of bytes does not fail", e);
            }
        } else {
            text(bytes, 0, bytes.length);
        }
    }

    /** Whether it is no text: gzip or a capture. */
    private boolean isPacked(final byte[] bytes) {
        return bytes.length > 1 && (bytes[0] & 0xff) == 0x1f && (bytes[1] & 0xff) == 0x8b
                || capture(bytes).isPresent();
    }

    private void text(final byte[] bytes, final int from, final int to) throws BadLineException {
        int start = from;
        while (start < to) {
            final int newline = ByteSearch.indexOf((byte) '\n', bytes, start, to);
            final int end = newline < 0 ? to : newline;
            line(bytes, start, end);
            start = end + 1;
        }
    }

    private void line(final byte[] bytes, final int start, final int newline)
            throws BadLineException {
        final int end = newline > start && bytes[newline - 1] == '\r' ? newline - 1 : newline;
        number++;
        if (end - start > SensorStream.MAX_LINE_BYTES) {
            lines.tooLong(bytes, start, start + SensorStream.MAX_LINE_BYTES, number);
        } else if (!isBlank(bytes, start, end)) {
            empty = false;
            lines.line(bytes, start, end, number);
        }
        refusal.raise(true);
    }

    /** Text that people write has indented or blank ends. */
    private static boolean isBlank(final byte[] bytes, final int start, final int end) {
        for (int i = start; i < end; i++) {
            if (bytes[i] != ' ' && bytes[i] != '\t') {
                return false;
            }
        }
        return true;
    }

    /**
     * Takes what a stream holds, to its end; the caller closes it.
     *
     * @throws BadLineException if it cannot be read
     * @throws IOException if the stream fails
     */
    public void read(final InputStream in) throws IOException, BadLineException {
        final UnpackedInput unpacked;
        try {
            unpacked = UnpackedInput.open(NAME, in);
        } catch (final IOException e) {
            if (e.getCause() instanceof ZipException || e.getCause() instanceof EOFException) {
                throw refused(BAD_GZIP, e.getMessage());
            }
            throw e;
        }
        final byte[] magic = unpacked.readNBytes(CaptureFormat.MAX_MAGIC_BYTES);
        final Optional<CaptureFormat> format = capture(magic);
        if (format.isPresent()) {
            capture(format.get(), magic, unpacked);
        } else {
            text(magic, unpacked);
        }
    }

    /** The format of a capture that begins so; empty if it is none. */
    private Optional<CaptureFormat> capture(final byte[] bytes) {
        final byte[] beginning =
                Arrays.copyOf(bytes, Math.min(CaptureFormat.MAX_MAGIC_BYTES, bytes.length));
        return formats.captures().stream()
                .filter(format -> format.isBeginning(beginning))
                .findFirst();
    }

    private void capture(
            final CaptureFormat format, final byte[] magic, final UnpackedInput unpacked)
            throws IOException, BadLineException {
        empty = false;
        final PushbackInputStream whole = new PushbackInputStream(unpacked, magic.length);
        whole.unread(magic);
        final CaptureStream capture;
        try {
            capture = format.open(NAME, whole, options, own, refusal, this::add);
        } catch (final IOException e) {
            throw refused("bad_capture", e.getMessage());
        }
        while (capture.next()) {
            capture.take();
            refusal.raise(false);
        }
        refusal.raise(false);
        requireWhole(unpacked);
        capture.finish();
    }

    private void text(final byte[] beginning, final UnpackedInput in)
            throws IOException, BadLineException {
        byte[] buffer = Arrays.copyOf(beginning, FIRST_BUFFER);
        int filled = beginning.length;
        int scanned = 0;
        int n = 0;
        while (n >= 0) {
            final int last = lastNewline(buffer, scanned, filled);
            if (last >= 0) {
                text(buffer, 0, last + 1);
                System.arraycopy(buffer, last + 1, buffer, 0, filled - last - 1);
                filled -= last + 1;
            } else if (filled > SensorStream.MAX_LINE_BYTES + 1) {
                line(buffer, 0, filled);
            }
            scanned = filled;
            if (filled == buffer.length) {
                buffer = Arrays.copyOf(buffer, 2 * filled);
            }
            n = in.read(buffer, filled, buffer.length - filled);
            filled += Math.max(n, 0);
        }
        requireWhole(in);
        text(buffer, 0, filled);
    }

    private void requireWhole(final UnpackedInput in) throws BadLineException {
        final Optional<String> fault = in.damage().or(in::leftover);
        if (fault.isPresent()) {
            throw refused(BAD_GZIP, fault.get());
        }
    }

    private static int lastNewline(final byte[] bytes, final int from, final int to) {
        for (int i = to - 1; i >= from; i--) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private BadLineException refused(final String reason, final String detail) {
        return BadLineException.of(
                new DeadLetter(NAME, number + 1, reason, detail, ""), number > 0);
    }

    /**
     * All records of the message; call once, after everything was taken.
     *
     * @throws BadLineException if the end of the message refuses it
     */
    public List<FlowRecord> records() throws BadLineException {
        lines.finish();
        refusal.raise(true);
        count(Ledger.Entry.SKIPPED);
        count(Ledger.Entry.UNKNOWN_VALUES);
        count(Ledger.Entry.EVICTED);
        return records;
    }

    private void count(final Ledger.Entry entry) {
        own.byDetail(entry).forEach((detail, n) -> ledger.add(entry, detail, n));
    }

    /** The first line that could not be read. */
    private static final class Refusal implements DeadLetterSink {

        private DeadLetter first;

        @Override
        public void accept(final DeadLetter letter) {
            if (first == null) {
                first = letter;
            }
        }

        void raise(final boolean line) throws BadLineException {
            if (first != null) {
                throw BadLineException.of(first, line);
            }
        }
    }
}
