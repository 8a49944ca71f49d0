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

/**
 * The flow records in the lines that a sensor goes on writing: a log that is followed, a socket, a
 * partition of a topic.
 *
 * <p>Lines are pushed in, in order, with a position that ascends; records are given out before the
 * call returns. A line that cannot be read becomes a dead letter with its position and one of the
 * reasons {@code bad_json}, {@code bad_tsv}, {@code missing_field}, {@code bad_field}, {@code
 * line_too_long}, {@code torn_line}, and the next one is read. Records and dead letters are counted
 * as {@link Ledger.Entry#EVENTS}.
 *
 * <p>Packets of a flow whose context record is not complete are kept in memory. {@link
 * #oldestHeld()} says from which position on the lines must be given again to another stream to
 * have those records too. Not safe for use by more than one thread.
 */
public final class SensorStream {

    /** Longest line that is read, its line end not counted. */
    public static final int MAX_LINE_BYTES = SensorLog.MAX_LINE_BYTES;

    private final Optional<SensorFormat> format;
    private final FlowAssembler.Options options;
    private final Ledger ledger;
    private final DeadLetterSink deadLetters;
    private final ContextInterest interest;
    private final Consumer<FlowRecord> out;
    private String source;
    private Optional<LineDecoder> decoder = Optional.empty();

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
        this.source = Objects.requireNonNull(source, "source");
        this.format = format;
        this.options = Objects.requireNonNull(options, "options");
        this.ledger = Objects.requireNonNull(ledger, "ledger");
        this.deadLetters = Objects.requireNonNull(deadLetters, "deadLetters");
        this.interest = Objects.requireNonNull(interest, "interest");
        this.out = Objects.requireNonNull(out, "out");
        if (format.isPresent() && format.get() == SensorFormat.PCAP) {
            throw new IllegalArgumentException("a capture has no lines; replay it");
        }
    }

    /** Says that the following lines come from another file of the same log. */
    public void continueIn(final String nextSource) {
        source = Objects.requireNonNull(nextSource, "nextSource");
        decoder.ifPresent(LineDecoder::anotherFile);
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
            decoder(bytes, start, end).line(bytes, start, end, position);
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
            decoder(bytes, start, end).unterminated(bytes, start, end, position);
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
        decoder.ifPresent(d -> d.elapse(micros));
    }

    /** Completes the records of all flows; no more lines come. */
    public void finish() {
        decoder.ifPresent(LineDecoder::finish);
    }

    /** The position of the oldest line of which a record is still to come; empty if none is. */
    public OptionalLong oldestHeld() {
        return decoder.map(LineDecoder::oldestHeld).orElse(OptionalLong.empty());
    }

    private LineDecoder decoder(final byte[] bytes, final int start, final int end) {
        if (decoder.isEmpty()) {
            decoder = Optional.of(open(format.orElseGet(() -> formatOf(bytes, start, end))));
        }
        return decoder.get();
    }

    private static SensorFormat formatOf(final byte[] bytes, final int start, final int end) {
        final String line = new String(bytes, start, end - start, StandardCharsets.UTF_8);
        return line.contains("\"event_type\"") ? SensorFormat.EVE : SensorFormat.ZEEK;
    }

    private LineDecoder open(final SensorFormat of) {
        return switch (of) {
            case ZEEK ->
                    new ZeekDecoder(options.observer(), ledger, interest, System::nanoTime, out);
            case EVE -> new EveDecoder(options, ledger, out);
            case CONN -> new ConnDecoder(options.observer(), ledger, System::nanoTime, out);
            case PCAP -> throw new IllegalStateException("a capture has no lines");
        };
    }

    private void bury(
            final String reason,
            final String detail,
            final byte[] bytes,
            final int start,
            final int end,
            final long position) {
        ledger.add(Ledger.Entry.EVENTS, format.map(SensorFormat::id).orElse("unknown"), 1);
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
