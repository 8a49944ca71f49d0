/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import io.serveflow.ledger.Ledger;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;

/**
 * Looks at each line of a stream, takes it out of its envelope, and hands it to the decoder of its
 * format and of the sensor that the envelope names.
 *
 * <p>Lines that are right and of no use, those of Zeek's other logs, are counted as {@link
 * Ledger.Entry#SKIPPED}. An envelope inside an envelope is not opened.
 */
final class FrontDoor {

    static final String OTHER_LOG = "other_log";

    /** The word under which lines are counted of which no format is known. */
    static final String UNKNOWN = "unknown";

    /** Ways to give a line to its decoder. */
    @FunctionalInterface
    interface Giving {

        /** A line that is over. */
        Giving WHOLE = LineDecoder::line;

        /** A last line that no line end ended. */
        Giving UNTERMINATED = LineDecoder::unterminated;

        void give(LineDecoder to, byte[] bytes, int start, int end, long position)
                throws BadLineException;
    }

    /** What the rows of a TSV log are. */
    private enum Rows {
        NOT_TOLD,
        CONN,
        SERVEFLOW,
        OTHER
    }

    private final Optional<SensorFormat> only;
    private final StreamDecoders decoders;
    private final Ledger ledger;
    private final LineSniffer sniffer = new LineSniffer();
    private final LineSniffer enveloped = new LineSniffer();
    private final LineEnvelope envelope = new LineEnvelope();
    private Rows rows = Rows.NOT_TOLD;
    private String told;

    /**
     * @param only the format of all lines; empty to tell each by its content
     */
    FrontDoor(
            final Optional<SensorFormat> only, final StreamDecoders decoders, final Ledger ledger) {
        this.only = Objects.requireNonNull(only, "only");
        this.decoders = Objects.requireNonNull(decoders, "decoders");
        this.ledger = Objects.requireNonNull(ledger, "ledger");
        this.told = only.map(SensorFormat::id).orElse(UNKNOWN);
        if (only.isPresent() && only.get() == SensorFormat.PCAP) {
            throw new IllegalArgumentException("a capture has no lines; replay it");
        }
    }

    /** The format that was told last, under which a line that cannot be read is counted. */
    String told() {
        return told;
    }

    /** Says that the following lines are of another file: a header above them no longer counts. */
    void anotherFile() {
        rows = Rows.NOT_TOLD;
        decoders.anotherFile();
    }

    /**
     * Takes a line, which is not empty.
     *
     * @throws BadLineException if it cannot be read
     */
    void line(
            final byte[] bytes,
            final int start,
            final int end,
            final long position,
            final Giving giving)
            throws BadLineException {
        if (bytes[start] == '#') {
            header(bytes, start, end, position, giving);
        } else if (bytes[start] != '{' && rows != Rows.NOT_TOLD) {
            row(bytes, start, end, position, giving);
        } else if (NdpidDecoder.hasLength(bytes, start, end)) {
            giving.give(decoder(SensorFormat.NDPID), bytes, start, end, position);
        } else {
            object(bytes, start, end, position, giving);
        }
    }

    private void object(
            final byte[] bytes,
            final int start,
            final int end,
            final long position,
            final Giving giving)
            throws BadLineException {
        final LineSniffer.Kind kind = sniffer.kind(bytes, start, end);
        switch (kind) {
            case SHIPPED -> {
                envelope.openShipped(bytes, start, end);
                enveloped(position);
            }
            case TAGGED -> {
                envelope.openTagged(bytes, start, end);
                enveloped(position);
            }
            default -> {
                final Optional<SensorFormat> format = format(kind);
                if (format.isPresent()) {
                    giving.give(decoder(format.get()), bytes, start, end, position);
                }
            }
        }
    }

    /** Takes the line from the envelope; as part of a whole object it is whole itself. */
    private void enveloped(final long position) throws BadLineException {
        if (envelope.isOtherLog() && only.isEmpty()) {
            skip();
            return;
        }
        if (envelope.start() == envelope.end()) {
            throw BadLineException.missing("message");
        }
        final byte[] bytes = envelope.bytes();
        final int start = envelope.start();
        final int end = envelope.end();
        final Optional<SensorFormat> format =
                NdpidDecoder.hasLength(bytes, start, end)
                        ? Optional.of(SensorFormat.NDPID)
                        : format(enveloped.kind(bytes, start, end));
        if (format.isPresent()) {
            final SensorFormat used = only.orElse(format.get());
            told = used.id();
            final LineDecoder decoder =
                    envelope.observer().isEmpty()
                            ? decoders.of(used)
                            : decoders.of(envelope.observer(), used);
            decoder.line(bytes, start, end, position);
        }
    }

    /** The format of an object; empty, and counted, if it is of no use. */
    private Optional<SensorFormat> format(final LineSniffer.Kind kind) throws BadLineException {
        if (only.isPresent()) {
            return only;
        }
        return switch (kind) {
            case SERVEFLOW -> Optional.of(SensorFormat.ZEEK);
            case CONN -> Optional.of(SensorFormat.CONN);
            case EVE -> Optional.of(SensorFormat.EVE);
            case NDPID -> Optional.of(SensorFormat.NDPID);
            case OTHER_LOG -> {
                skip();
                yield Optional.empty();
            }
            case SHIPPED, TAGGED, UNKNOWN -> {
                told = UNKNOWN;
                throw new BadLineException(
                        BadLineException.UNKNOWN_FORMAT,
                        "the JSON object is of no sensor: it has none of the keys stage,"
                                + " conn_state, event_type, packet_event_name and ts");
            }
        };
    }

    private LineDecoder decoder(final SensorFormat format) {
        final SensorFormat used = only.orElse(format);
        told = used.id();
        return decoders.of(used);
    }

    /** Both readers of TSV hear it; what it says of the rows below decides who gets those. */
    private void header(
            final byte[] bytes,
            final int start,
            final int end,
            final long position,
            final Giving giving)
            throws BadLineException {
        rows = rowsBelow(new String(bytes, start, end - start, StandardCharsets.UTF_8));
        if (only.isPresent()) {
            giving.give(decoder(only.get()), bytes, start, end, position);
            return;
        }
        giving.give(decoders.of(SensorFormat.ZEEK), bytes, start, end, position);
        giving.give(decoders.of(SensorFormat.CONN), bytes, start, end, position);
    }

    private Rows rowsBelow(final String header) {
        if (header.startsWith("#separator")) {
            return Rows.NOT_TOLD;
        }
        if (header.startsWith("#path")) {
            return switch (header.substring("#path".length()).strip()) {
                case "conn" -> Rows.CONN;
                case "serveflow" -> Rows.SERVEFLOW;
                default -> Rows.OTHER;
            };
        }
        if (header.startsWith("#fields") && rows == Rows.NOT_TOLD) {
            if (header.contains(ZeekField.PKT_DATA.key())) {
                return Rows.SERVEFLOW;
            }
            return header.contains(ConnField.STATE.key()) ? Rows.CONN : Rows.OTHER;
        }
        return rows;
    }

    private void row(
            final byte[] bytes,
            final int start,
            final int end,
            final long position,
            final Giving giving)
            throws BadLineException {
        if (only.isEmpty() && rows == Rows.OTHER) {
            skip();
            return;
        }
        final SensorFormat format = rows == Rows.CONN ? SensorFormat.CONN : SensorFormat.ZEEK;
        giving.give(decoder(format), bytes, start, end, position);
    }

    private void skip() {
        ledger.add(Ledger.Entry.SKIPPED, OTHER_LOG, 1);
    }
}
