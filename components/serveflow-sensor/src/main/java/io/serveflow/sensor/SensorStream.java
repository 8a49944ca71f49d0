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
import io.serveflow.sensor.line.ByteSearch;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The flow records in the lines that a sensor goes on writing: a log that is followed, a socket, a
 * partition of a topic.
 *
 * <p>Unless the format is given, every line is looked at on its own, as one topic may hold all logs
 * of several sensors. Of what a log shipper or zeek-kafka wrapped, the line itself is read; the
 * records are then of the sensor that the shipper names.
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
    private static final byte[] EVE_BEGINNING = ascii("{\"timestamp\":\"");

    /** How long the byte order mark of UTF-8 is. */
    public static final int BOM_BYTES = 3;

    private static final byte[] BOM = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
    private static final byte[] ZEEK_BEGINNING = ascii("{\"ts\":");

    private final Ledger ledger;
    private final DeadLetterSink deadLetters;
    private final Optional<SensorFormat> format;
    private final String observer;
    private final StreamDecoders decoders;
    private final FrontDoor frontDoor;
    private final LongSupplier nanoTime;
    private boolean readTold;
    private long readNanos;
    private String source;

    /**
     * @param source where the lines come from, as dead letters name it
     * @param format the format of the lines; empty to tell each by its content
     * @param options what flows are made of, where lines carry packets; its observer is that of the
     *     records in any format
     * @param interest which context records need not be read, where a line holds a whole one
     * @param out takes the records
     * @throws IllegalArgumentException if the format has no lines
     */
    public SensorStream(
            final String source,
            final Optional<SensorFormat> format,
            final FlowAssembler.Options options,
            final Ledger ledger,
            final DeadLetterSink deadLetters,
            final ContextInterest interest,
            final Consumer<FlowRecord> out) {
        this(source, format, options, ledger, deadLetters, interest, System::nanoTime, out);
    }

    SensorStream(
            final String source,
            final Optional<SensorFormat> format,
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
        this.format = format;
        this.observer = options.observer();
        this.decoders = new StreamDecoders(options, ledger, interest, this::readNanos, out);
        this.frontDoor = new FrontDoor(format, decoders, ledger);
        frontDoor.named(source);
    }

    /**
     * Says when the following lines were read, so that the clock need not be asked for each of
     * them. Where nobody says so, a line was read when it is given.
     *
     * @param nanos a {@link System#nanoTime()}, not before the one said last
     */
    public void readAt(final long nanos) {
        readTold = true;
        readNanos = nanos;
    }

    private long readNanos() {
        return readTold ? readNanos : nanoTime.getAsLong();
    }

    /** Says that the following lines come from another file of the same log. */
    public void continueIn(final String nextSource) {
        source = Objects.requireNonNull(nextSource, "nextSource");
        frontDoor.anotherFile();
        frontDoor.named(source);
    }

    /**
     * Takes a line, without its line end; an empty or blank one is passed over, and so are blanks
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
            return frontDoor.line(bytes, start, end, position);
        } catch (final BadLineException e) {
            final int next = nextBeginning(bytes, frontDoor.insideFrom(bytes, start, end), end);
            if (next == end) {
                bury(e.reason(), e.getMessage(), bytes, start, end, position);
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
                timed |= frontDoor.line(bytes, from, to, position);
            } catch (final BadLineException e) {
                bury(
                        TORN_LINE,
                        "the line breaks off and another begins in it, or before it: "
                                + e.getMessage(),
                        bytes,
                        from,
                        to,
                        position);
            }
            from = to;
            to = from == end ? end : nextBeginning(bytes, from + 1, end);
        }
        return timed;
    }

    /** Where a line of a sensor begins, looked for from an index on; the end if none does. */
    public static int nextBeginning(final byte[] bytes, final int from, final int end) {
        int brace = ByteSearch.indexOf((byte) '{', bytes, from, end);
        while (brace >= 0
                && !startsWith(bytes, brace, end, EVE_BEGINNING)
                && !startsWith(bytes, brace, end, ZEEK_BEGINNING)) {
            brace = ByteSearch.indexOf((byte) '{', bytes, brace + 1, end);
        }
        return brace < 0 ? end : brace;
    }

    private static boolean startsWith(
            final byte[] bytes, final int from, final int end, final byte[] with) {
        return end - from >= with.length
                && Arrays.equals(bytes, from, from + with.length, with, 0, with.length);
    }

    /** Whether the byte order mark of UTF-8 is there. */
    public static boolean beginsWithBom(final byte[] bytes, final int start, final int end) {
        return startsWith(bytes, start, end, BOM);
    }

    /** The first index at which there is no byte order mark; files that are joined have several. */
    static int behindBoms(final byte[] bytes, final int start, final int end) {
        int at = start;
        while (beginsWithBom(bytes, at, end)) {
            at += BOM_BYTES;
        }
        return at;
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

    private static byte[] ascii(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
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
            frontDoor.unterminated(bytes, start, end, position);
        } catch (final BadLineException e) {
            bury(
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
        bury(
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
        bury(reason, detail, new byte[0], 0, 0, position);
    }

    private void bury(
            final String reason,
            final String detail,
            final byte[] bytes,
            final int start,
            final int end,
            final long position) {
        ledger.add(Ledger.Entry.EVENTS, frontDoor.told(), 1);
        final int kept = Math.min(end - start, DeadLetterFile.MAX_PAYLOAD_BYTES);
        deadLetters.accept(
                new DeadLetter(
                        source,
                        position,
                        reason,
                        detail,
                        new String(bytes, start, kept, StandardCharsets.UTF_8),
                        format.map(SensorFormat::id).orElse(""),
                        observer,
                        end - start));
    }
}
