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
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The lines of one log file, gzip'd or not, and the account of those that are of no use.
 *
 * <p>Offsets count the bytes of the text, uncompressed. A compressed file that breaks off gives the
 * lines up to there and a dead letter.
 */
final class SensorLog implements Closeable {

    /** Longest line that is read, its line end not counted. */
    static final int MAX_LINE_BYTES = 1 << 20;

    private final String source;
    private final String kind;
    private final Ledger ledger;
    private final DeadLetterSink deadLetters;
    private final UnpackedInput input;
    private final LineReader lines;
    private LineReader.Line line = LineReader.Line.NONE;
    private boolean damageReported;

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
        this.input = UnpackedInput.open(file);
        this.lines = new LineReader(input, MAX_LINE_BYTES);
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
                    bury(
                            "line_too_long",
                            "the line is longer than the "
                                    + MAX_LINE_BYTES
                                    + " bytes that are read");
                }
                case NONE -> {
                    reportDamage();
                    return false;
                }
            }
        }
    }

    /** Gives the current line to a decoder; what it cannot read becomes a dead letter. */
    void decode(final LineDecoder decoder) {
        try {
            if (line == LineReader.Line.UNTERMINATED) {
                decoder.unterminated(lines.buffer(), lines.start(), lines.end(), lines.offset());
            } else {
                decoder.line(lines.buffer(), lines.start(), lines.end(), lines.offset());
            }
        } catch (final BadLineException e) {
            reject(e);
        }
    }

    /** A torn line is counted as that, whatever it lacks. */
    private void reject(final BadLineException why) {
        if (line == LineReader.Line.UNTERMINATED) {
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
        ledger.add(Ledger.Entry.EVENTS, kind, 1);
        final int kept = Math.min(lines.end() - lines.start(), DeadLetterFile.MAX_PAYLOAD_BYTES);
        final String payload =
                new String(lines.buffer(), lines.start(), kept, StandardCharsets.UTF_8);
        deadLetters.accept(new DeadLetter(source, lines.offset(), reason, detail, payload));
    }

    private void reportDamage() {
        if (input.damage().isPresent() && !damageReported) {
            damageReported = true;
            bury(
                    "bad_gzip",
                    "the compressed file breaks off here; what follows cannot be read: "
                            + input.damage().get());
        }
    }
}
