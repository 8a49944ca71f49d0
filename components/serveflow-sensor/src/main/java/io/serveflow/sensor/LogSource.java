/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.line.ByteOrderMark;
import io.serveflow.sensor.line.LineReader;
import io.serveflow.sensor.line.UnpackedInput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.LongSupplier;

/**
 * Flow records read from the lines of one log file, gzip-compressed or not, as a {@link
 * SensorStream} reads them.
 *
 * <p>Dead letters have the byte offset of their line in the text, uncompressed. A compressed file
 * that breaks off gives the lines up to there and a dead letter {@code bad_gzip}. A last line
 * without a newline is used if it is whole beyond doubt.
 */
final class LogSource implements FlowRecordSource {

    static final String UNIT = "lines";

    private final UnpackedInput input;
    private final LineReader lines;
    private final SensorStream stream;
    private final Queue<FlowRecord> ready = new ArrayDeque<>();
    private boolean ended;
    private long read;

    /**
     * Opens a log.
     *
     * @param formats those that its lines may have
     * @param options what flows are made of, where lines carry packets; its observer is that of the
     *     records in any format
     */
    LogSource(
            final Path file,
            final SensorFormats formats,
            final FlowAssembler.Options options,
            final Ledger ledger,
            final DeadLetterSink deadLetters)
            throws IOException {
        this(file, formats, options, ledger, deadLetters, System::nanoTime);
    }

    LogSource(
            final Path file,
            final SensorFormats formats,
            final FlowAssembler.Options options,
            final Ledger ledger,
            final DeadLetterSink deadLetters,
            final LongSupplier nanoTime)
            throws IOException {
        this.stream =
                new SensorStream(
                        file.toString(),
                        formats,
                        options,
                        ledger,
                        deadLetters,
                        ContextInterest.all(),
                        nanoTime,
                        ready::add);
        this.input = UnpackedInput.open(file);
        this.lines = new LineReader(input, SensorStream.MAX_LINE_BYTES);
    }

    @Override
    public Optional<FlowRecord> next() throws IOException {
        while (ready.isEmpty() && !ended) {
            final byte[] bytes = lines.buffer();
            final LineReader.Line line = lines.next();
            if (line != LineReader.Line.NONE && !isHeader(bytes, lines.start(), lines.end())) {
                read++;
            }
            switch (line) {
                case WHOLE -> stream.line(bytes, lines.start(), lines.end(), lines.offset());
                case UNTERMINATED ->
                        stream.unterminated(bytes, lines.start(), lines.end(), lines.offset());
                case TOO_LONG -> stream.tooLong(bytes, lines.start(), lines.end(), lines.offset());
                case NONE -> end();
            }
        }
        return Optional.ofNullable(ready.poll());
    }

    private static boolean isHeader(final byte[] bytes, final int start, final int end) {
        final int mark = ByteOrderMark.isAt(bytes, start, end) ? ByteOrderMark.LENGTH : 0;
        return start + mark < end && bytes[start + mark] == '#';
    }

    private void end() {
        ended = true;
        input.damage()
                .ifPresent(
                        damage ->
                                stream.brokenOff(
                                        "bad_gzip",
                                        "the compressed file breaks off here; what follows cannot"
                                                + " be read: "
                                                + damage,
                                        lines.offset()));
        input.leftover().ifPresent(what -> stream.brokenOff("bad_gzip", what, lines.offset()));
        stream.finish();
    }

    @Override
    public long read() {
        return read;
    }

    @Override
    public String unit() {
        return UNIT;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
