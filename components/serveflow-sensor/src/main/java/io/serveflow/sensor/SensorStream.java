/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.DeadLetterFile;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.line.BadLineException;
import io.serveflow.sensor.line.LineBeginnings;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The flow records in the lines that a sensor goes on writing: a log that is followed, a socket, a
 * partition of a topic.
 *
 * <p>Unless a format is taken for granted, every line is looked at on its own, as one topic may
 * hold all logs of several sensors. Of what a log shipper or zeek-kafka wrapped, the line itself is
 * read; the records are then of the sensor that the shipper names.
 *
 * <p>Lines are pushed in, in order, with a position that ascends; records are given out before the
 * call returns. A line that cannot be read becomes a dead letter with its position and one of the
 * reasons {@code bad_json}, {@code bad_tsv}, {@code missing_field}, {@code bad_field}, {@code
 * unknown_format}, {@code line_too_long}, {@code torn_line}, and the next one is read. Records and
 * dead letters are counted as {@link Ledger.Entry#EVENTS} under their format; lines that are right
 * and about something else as {@link Ledger.Entry#SKIPPED}.
 *
 * <p>A sensor that could not finish a line goes on in the middle of it, after a short write or a
 * crash. Where another line begins inside one that cannot be read, both are looked at: what is
 * whole is read, what is not becomes a dead letter.
 *
 * <p>Packets of a flow whose context record is not complete are kept in memory. {@link
 * #oldestHeld()} says from which position on the lines must be given again to another stream to
 * have those records too. Not safe for use by more than one thread.
 */
public final class SensorStream {

    /** Longest line that is read, its line end not counted. */
    public static final int MAX_LINE_BYTES = 1 << 20;

    private static final String TORN_LINE = "torn_line";

    private final Ledger ledger;
    private final DeadLetterSink deadLetters;
    private final String onlyFormat;
    private final String observer;
    private final StreamDecoders decoders;
    private final FormatDetection detection;
    private final LineBeginnings beginnings;
    private final LongSupplier nanoTime;
    private boolean readTimeStated;
    private long readNanos;
    private String source;

    /**
     * @param source where the lines come from, as dead letters name it
     * @param formats those that are known; unless one of them is taken for granted, each line is
     *     detected by its content
     * @param options what flows are made of, where lines carry packets; its observer is that of the
     *     records in any format
     * @param interest which context records need not be read, where a line holds a whole one
     * @param out takes the records
     * @throws IllegalArgumentException if the one that is taken for granted has no lines
     */
    public SensorStream(
            final String source,
            final SensorFormats formats,
            final FlowAssembler.Options options,
            final Ledger ledger,
            final DeadLetterSink deadLetters,
            final ContextInterest interest,
            final Consumer<FlowRecord> out) {
        this(source, formats, options, ledger, deadLetters, interest, System::nanoTime, out);
    }

    SensorStream(
            final String source,
            final SensorFormats formats,
            final FlowAssembler.Options options,
            final Ledger ledger,
            final DeadLetterSink deadLetters,
            final ContextInterest interest,
            final LongSupplier nanoTime,
            final Consumer<FlowRecord> out) {
        this.source = Objects.requireNonNull(source, "source");
        this.ledger = Objects.requireNonNull(ledger, "ledger");
        this.deadLetters = Objects.requireNonNull(deadLetters, "deadLetters");
        this.nanoTime = Objects.requireNonNull(nanoTime, "nanoTime");
        this.onlyFormat = formats.only().map(SensorFormat::id).orElse("");
        this.observer = options.observer();
        this.beginnings = formats.beginnings();
        this.decoders =
                new StreamDecoders(
                        formats, options, ledger, interest, this::readNanos, beginnings, out);
        this.detection = new FormatDetection(formats, decoders, ledger);
        detection.named(source);
    }

    /**
     * Says when the following lines were read, so that the clock need not be asked for each of
     * them. Where nobody says so, a line was read when it is given.
     *
     * @param nanos a {@link System#nanoTime()}, not before the one said last
     */
    public void readAt(final long nanos) {
        readTimeStated = true;
        readNanos = nanos;
    }

    private long readNanos() {
        return readTimeStated ? readNanos : nanoTime.getAsLong();
    }

    /** Says that the following lines come from another file of the same log. */
    public void continueIn(final String nextSource) {
        source = Objects.requireNonNull(nextSource, "nextSource");
        detection.anotherFile();
        detection.named(source);
    }

    /**
     * Takes a line, without its line end; an empty or blank one is skipped, and so are blanks
     * before an object.
     *
     * @param position where it stands in its source, ascending
     * @return whether it said what time it is for the sensor, from which on {@link #elapse} counts;
     *     lines about something else than packets come in a quiet network too
     */
    public boolean line(final byte[] bytes, final int start, final int end, final long position) {
        if (start == end) {
            return false;
        }
        if (bytes[start] == ' ' || bytes[start] == '\t') {
            final int behind = behindBlanks(bytes, start, end);
            if (behind > start) {
                return line(bytes, behind, end, position);
            }
        }
        try {
            return detection.line(bytes, start, end, position);
        } catch (final BadLineException e) {
            final int next = beginnings.next(bytes, detection.insideFrom(bytes, start, end), end);
            if (next == end) {
                deadLetter(e.reason(), e.getMessage(), bytes, start, end, position);
                return false;
            }
            return readParts(bytes, start, next, end, position);
        }
    }

    /** Reads lines that stand in one, of which some broke off. */
    private boolean readParts(
            final byte[] bytes,
            final int start,
            final int second,
            final int end,
            final long position) {
        boolean timed = false;
        int from = start;
        int to = second;
        while (from < end) {
            try {
                timed |= detection.line(bytes, from, to, position);
            } catch (final BadLineException e) {
                deadLetter(
                        TORN_LINE,
                        "the line breaks off and another begins in it, or before it: "
                                + e.getMessage(),
                        bytes,
                        from,
                        to,
                        position);
            }
            from = to;
            to = from == end ? end : beginnings.next(bytes, from + 1, end);
        }
        return timed;
    }

    /**
     * The first index that is no blank, if an object begins there or the line ends; else the
     * beginning, for blanks may mean something in the rows of a table.
     */
    static int behindBlanks(final byte[] bytes, final int start, final int end) {
        int at = start;
        while (at < end && (bytes[at] == ' ' || bytes[at] == '\t')) {
            at++;
        }
        return at == end || bytes[at] == '{' ? at : start;
    }

    /** Takes a last line that no line end ended, and which will not be completed. */
    public void unterminated(
            final byte[] bytes, final int start, final int end, final long position) {
        if (start == end) {
            return;
        }
        final int behind = behindBlanks(bytes, start, end);
        if (behind > start) {
            unterminated(bytes, behind, end, position);
            return;
        }
        try {
            detection.unterminated(bytes, start, end, position);
        } catch (final BadLineException e) {
            deadLetter(
                    TORN_LINE,
                    "the input ends inside this line: " + e.getMessage(),
                    bytes,
                    start,
                    end,
                    position);
        }
    }

    /** Takes the beginning of a line that is longer than {@link #MAX_LINE_BYTES}. */
    public void tooLong(final byte[] bytes, final int start, final int end, final long position) {
        deadLetter(
                "line_too_long",
                "the line is longer than the " + MAX_LINE_BYTES + " bytes that are read",
                bytes,
                start,
                end,
                position);
    }

    /**
     * Lets time pass in which no packet came, so that waits for packets end.
     *
     * @param micros since the latest {@link #line} that said what time it is
     */
    public void elapse(final long micros) {
        decoders.elapse(micros);
    }

    /** Completes the records of all flows; no more lines come. */
    public void finish() {
        decoders.finish();
    }

    /** The position of the oldest line of which a record is still to come; empty if none is. */
    public OptionalLong oldestHeld() {
        return decoders.oldestHeld();
    }

    /** Says that the source breaks off, and how. */
    void brokenOff(final String reason, final String detail, final long position) {
        deadLetter(reason, detail, new byte[0], 0, 0, position);
    }

    private void deadLetter(
            final String reason,
            final String detail,
            final byte[] bytes,
            final int start,
            final int end,
            final long position) {
        ledger.add(Ledger.Entry.EVENTS, detection.detected(), 1);
        final int kept = Math.min(end - start, DeadLetterFile.MAX_PAYLOAD_BYTES);
        deadLetters.accept(
                new DeadLetter(
                        source,
                        position,
                        reason,
                        detail,
                        new String(bytes, start, kept, StandardCharsets.UTF_8),
                        onlyFormat,
                        observer,
                        end - start));
    }
}
