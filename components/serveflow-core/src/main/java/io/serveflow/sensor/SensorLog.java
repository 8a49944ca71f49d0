/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.DeadLetterFile;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The lines of one log file, gzip'd or not, and the account of those that are of no use.
 *
 * <p>Offsets count the bytes of the text, uncompressed. A compressed file that breaks off gives the
 * lines up to there and a dead letter.
 */
final class SensorLog implements Closeable {

    /** Longest line that is read, its line end not counted. */
    static final int MAX_LINE_BYTES = 1 << 20;

    private static final int GZIP_MAGIC = 0x1f8b;
    private static final int GZIP_BUFFER_BYTES = 1 << 16;

    private final String source;
    private final String kind;
    private final Ledger ledger;
    private final DeadLetterSink deadLetters;
    private final BreakingInput input;
    private final LineReader lines;
    private LineReader.Line line = LineReader.Line.NONE;
    private boolean breakReported;

    /**
     * @param kind the word under which the ledger counts the events of this log
     */
    SensorLog(
            final Path file,
            final String kind,
            final Ledger ledger,
            final DeadLetterSink deadLetters)
            throws IOException {
        this.source = file.toString();
        this.kind = kind;
        this.ledger = Objects.requireNonNull(ledger, "ledger");
        this.deadLetters = Objects.requireNonNull(deadLetters, "deadLetters");
        this.input = new BreakingInput(text(file));
        this.lines = new LineReader(input, MAX_LINE_BYTES);
    }

    /** The bytes of a file, uncompressed if it begins as gzip does. */
    static InputStream text(final Path file) throws IOException {
        final PushbackInputStream raw = new PushbackInputStream(Files.newInputStream(file), 2);
        try {
            final byte[] magic = raw.readNBytes(2);
            raw.unread(magic);
            final boolean gzip =
                    magic.length == 2
                            && ((magic[0] & 0xff) << 8 | magic[1] & 0xff) == GZIP_MAGIC;
            return gzip ? new GZIPInputStream(raw, GZIP_BUFFER_BYTES) : raw;
        } catch (final EOFException | ZipException e) {
            raw.close();
            throw new IOException(
                    file + " begins as gzip does, but its gzip header is broken; is it whole?", e);
        } catch (final IOException e) {
            raw.close();
            throw e;
        }
    }

    /** Moves to the next line of usable length; false at the end. */
    boolean next() throws IOException {
        while (true) {
            line = lines.next();
            switch (line) {
                case WHOLE, UNTERMINATED -> {
                    return true;
                }
                case TOO_LONG -> {
                    countEvent();
                    bury(
                            "line_too_long",
                            "the line is longer than the " + MAX_LINE_BYTES + " bytes that are read");
                }
                case NONE -> {
                    reportBreak();
                    return false;
                }
            }
        }
    }

    byte[] bytes() {
        return lines.buffer();
    }

    int start() {
        return lines.start();
    }

    int end() {
        return lines.end();
    }

    byte first() {
        return lines.buffer()[lines.start()];
    }

    /** Whether the file ended before the line did. */
    boolean unterminated() {
        return line == LineReader.Line.UNTERMINATED;
    }

    /** Counts the current line as an event that came in. */
    void countEvent() {
        ledger.add(Ledger.Entry.EVENTS, kind, 1);
    }

    /** Makes the current line a dead letter; a torn one is counted as that, whatever it lacks. */
    void reject(final BadLineException why) {
        if (unterminated()) {
            bury("torn_line", "the file ends inside this line: " + why.getMessage());
        } else {
            bury(why.reason(), why.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    private void bury(final String reason, final String detail) {
        final int kept =
                Math.min(lines.end() - lines.start(), DeadLetterFile.MAX_PAYLOAD_BYTES);
        final String payload =
                new String(lines.buffer(), lines.start(), kept, StandardCharsets.UTF_8);
        deadLetters.accept(new DeadLetter(source, lines.offset(), reason, detail, payload));
    }

    private void reportBreak() {
        if (input.broken() && !breakReported) {
            breakReported = true;
            countEvent();
            bury(
                    "bad_gzip",
                    "the compressed file breaks off here; what follows cannot be read: "
                            + input.cause());
        }
    }

    /** Ends the text where its compression breaks off, and remembers that it did. */
    private static final class BreakingInput extends FilterInputStream {

        private String cause = "";

        BreakingInput(final InputStream in) {
            super(in);
        }

        @Override
        public int read(final byte[] to, final int from, final int length) throws IOException {
            if (broken()) {
                return -1;
            }
            try {
                return super.read(to, from, length);
            } catch (final EOFException | ZipException e) {
                cause = String.valueOf(e.getMessage());
                return -1;
            }
        }

        boolean broken() {
            return !cause.isEmpty();
        }

        String cause() {
            return cause;
        }
    }
}
