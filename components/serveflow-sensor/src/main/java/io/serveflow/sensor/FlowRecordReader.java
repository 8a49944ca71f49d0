/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import io.serveflow.flow.FlowRecord;
import io.serveflow.sensor.line.BadLineException;
import io.serveflow.sensor.line.ByteOrderMark;
import io.serveflow.sensor.line.LinePrefix;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads single lines that are whole flow records, such as the body of a message: JSON lines of
 * Zeek's {@code serveflow} log or {@code conn.log}, and of any other format that has a {@link
 * LineFormat#recordDecoder}.
 *
 * <p>Not safe for use by more than one thread.
 */
public final class FlowRecordReader {

    private static final String READ_BY_SOURCE =
            "; read the log with serveflow-tail:, serveflow-socket: or serveflow-kafka:, which give"
                    + " serveflow: whole flows";

    private final String observer;
    private final List<LineFormat> formats;
    private final LineSniffer sniffer;
    private final Map<LineFormat, Optional<LineFormat.RecordDecoder>> decoders = new HashMap<>();

    /**
     * A reader of the installed formats.
     *
     * @param observer name of the sensor, unless a record names another
     */
    public FlowRecordReader(final String observer) {
        this(SensorFormats.installed(), observer);
    }

    /**
     * @param observer name of the sensor, unless a record names another
     */
    public FlowRecordReader(final SensorFormats formats, final String observer) {
        this.observer = Objects.requireNonNull(observer, "observer");
        this.formats = formats.lines();
        this.sniffer = new LineSniffer(formats);
    }

    /**
     * The record that a line holds.
     *
     * @param line its UTF-8 bytes
     * @param start index of its first byte
     * @param end index behind its last byte
     * @throws IllegalArgumentException if it holds none; the message says why, and what the line is
     *     where it is of another kind; its cause is a {@link BadLineException}
     */
    public FlowRecord read(final byte[] line, final int start, final int end) {
        Objects.checkFromToIndex(start, end, line.length);
        final int from = ByteOrderMark.behind(line, start, end);
        String kind = "";
        try {
            Optional<LineFormat> format = byPrefix(line, from, end);
            if (format.isEmpty()) {
                final LineSniffer.Finding found = sniffer.find(line, from, end);
                kind = kind(found);
                format = found.format();
            }
            return decoder(format).read(line, from, end);
        } catch (final BadLineException e) {
            throw new IllegalArgumentException(kind + e.getMessage(), e);
        }
    }

    private Optional<LineFormat> byPrefix(final byte[] line, final int start, final int end) {
        for (final LineFormat format : formats) {
            final Optional<LinePrefix> prefix = format.prefix();
            if (prefix.isPresent() && prefix.get().isAt(line, start, end)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    /** What is of no known format is given to the first decoder, which says what is wrong. */
    private LineFormat.RecordDecoder decoder(final Optional<LineFormat> format)
            throws BadLineException {
        if (format.isPresent()) {
            return decoderOf(format.get())
                    .orElseThrow(
                            () ->
                                    notARecord(
                                            format.get().lineTitle() + ", which is no whole flow"));
        }
        return formats.stream()
                .flatMap(known -> decoderOf(known).stream())
                .findFirst()
                .orElseThrow(() -> notARecord("of no format whose lines are whole flows"));
    }

    /** Made when a line first needs it, as many readers read one line. */
    private Optional<LineFormat.RecordDecoder> decoderOf(final LineFormat format) {
        return decoders.computeIfAbsent(format, known -> known.recordDecoder(observer));
    }

    private static BadLineException notARecord(final String what) {
        return new BadLineException(
                BadLineException.UNKNOWN_FORMAT, "the line is " + what + READ_BY_SOURCE);
    }

    /** What a line is that cannot be read here; empty if nothing is known of it. */
    private static String kind(final LineSniffer.Finding found) throws BadLineException {
        return switch (found.kind()) {
            case SHIPPED -> throw notARecord("a log shipper's event around a sensor's line");
            case TAGGED -> throw notARecord("an object around another, as zeek-kafka writes it");
            case OTHER_LOG -> "the line is of " + found.title() + ": ";
            case FORMAT, UNKNOWN -> "";
        };
    }
}
