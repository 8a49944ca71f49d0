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
import java.nio.charset.StandardCharsets;
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
 * dead letters are counted as {@link Ledger.Entry#EVENTS}.
 *
 * <p>Packets of a flow whose context record is not complete are kept in memory. {@link
 * #oldestHeld()} says from which position on the lines must be given again to another stream to
 * have those records too. Not safe for use by more than one thread.
 */
public final class SensorStream {

    /** Longest line that is read, its line end not counted. */
    public static final int MAX_LINE_BYTES = 1 << 20;

    private final Ledger ledger;
    private final DeadLetterSink deadLetters;
    private final StreamDecoders decoders;
    private final FrontDoor frontDoor;
    private String source;

    /**
     * @param source where the lines come from, as dead letters name it
     * @param format the format of the lines; empty to tell it by their content
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
        this.decoders = new StreamDecoders(options, ledger, interest, nanoTime, out);
        this.frontDoor = new FrontDoor(format, decoders, ledger);
    }

    /** Says that the following lines come from another file of the same log. */
    public void continueIn(final String nextSource) {
        source = Objects.requireNonNull(nextSource, "nextSource");
        frontDoor.anotherFile();
    }

    /**
     * Takes a line, without its line end; an empty one is passed over.
     *
     * @param position where it stands in its source, ascending
     */
    public void line(final byte[] bytes, final int start, final int end, final long position) {
        if (start == end) {
            return;
        }
        try {
            frontDoor.line(bytes, start, end, position, FrontDoor.Giving.WHOLE);
        } catch (final BadLineException e) {
            bury(e.reason(), e.getMessage(), bytes, start, end, position);
        }
    }

    /** Takes a last line that no line end ended, and which will not be completed. */
    public void unterminated(
            final byte[] bytes, final int start, final int end, final long position) {
        if (start == end) {
            return;
        }
        try {
            frontDoor.line(bytes, start, end, position, FrontDoor.Giving.UNTERMINATED);
        } catch (final BadLineException e) {
            bury(
                    "torn_line",
                    "the file ends inside this line: " + e.getMessage(),
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
     * Lets time pass in which no line came, so that waits for packets end: since the latest line.
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
                        new String(bytes, start, kept, StandardCharsets.UTF_8)));
    }
}
