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
    private final LineSniffer inner = new LineSniffer();
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

    /**
     * From where on another line may begin inside the one that could not be read: behind the
     * beginning of what zeek-kafka tagged, if it is that.
     */
    int insideFrom(final byte[] bytes, final int start, final int end) {
        final boolean tagged =
                envelope.bytes() == bytes && envelope.start() > start && envelope.end() <= end;
        return (tagged ? envelope.start() : start) + 1;
    }

    /** Says that the following lines are of another file: a header above them no longer counts. */
    void anotherFile() {
        rows = Rows.NOT_TOLD;
        decoders.anotherFile();
    }

    /**
     * Takes a line, which is not empty.
     *
     * @return whether the line says what time it is for its sensor
     * @throws BadLineException if it cannot be read
     */
    boolean line(final byte[] bytes, final int start, final int end, final long position)
            throws BadLineException {
        envelope.clear();
        if (bytes[start] == '#') {
            header(bytes, start, end, position);
            return false;
        }
        if (plainLine(bytes, start, end, position)) {
            return true;
        }
        if (isObject(bytes, start, end)) {
            final LineSniffer.Kind kind = sniffer.kind(bytes, start, end);
            if (opens(kind, bytes, start, end)) {
                return enveloped(position);
            }
            return line(formatOf(kind), bytes, start, end, position);
        }
        return line(formatOfText(bytes, start, end), bytes, start, end, position);
    }

    /** Takes a line that is just like the one before, without a look at what it is. */
    private boolean plainLine(
            final byte[] bytes, final int start, final int end, final long position)
            throws BadLineException {
        final Optional<SensorFormat> latest = decoders.latestFormat();
        if (bytes[start] != '{' || latest.isEmpty()) {
            return false;
        }
        final String toldBefore = told;
        told = latest.get().id();
        if (decoders.plainLine(bytes, start, end, position)) {
            return true;
        }
        told = toldBefore;
        return false;
    }

    private boolean line(
            final Optional<SensorFormat> format,
            final byte[] bytes,
            final int start,
            final int end,
            final long position)
            throws BadLineException {
        return format.isPresent() && decoders.line(told(format.get()), bytes, start, end, position);
    }

    /** Takes a last line that no line end ended, which is not empty. */
    void unterminated(final byte[] bytes, final int start, final int end, final long position)
            throws BadLineException {
        if (bytes[start] == '#') {
            return;
        }
        final Optional<SensorFormat> format;
        if (isObject(bytes, start, end)) {
            final LineSniffer.Kind kind = sniffer.kind(bytes, start, end);
            if (opens(kind, bytes, start, end)) {
                enveloped(position);
                return;
            }
            format = formatOf(kind);
        } else {
            format = formatOfText(bytes, start, end);
        }
        if (format.isPresent()) {
            decoders.unterminated(told(format.get()), bytes, start, end, position);
        }
    }

    /** Whether a line is to be read as an object: what is none says so itself. */
    private boolean isObject(final byte[] bytes, final int start, final int end) {
        return bytes[start] == '{'
                || rows == Rows.NOT_TOLD && !NdpidDecoder.hasLength(bytes, start, end);
    }

    /** Opens the envelope that a line is, if it is one. */
    private boolean opens(
            final LineSniffer.Kind kind, final byte[] bytes, final int start, final int end)
            throws BadLineException {
        switch (kind) {
            case SHIPPED -> envelope.openShipped(bytes, start, end);
            case TAGGED -> envelope.openTagged(bytes, start, end);
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Takes the line from the envelope; as part of a whole object it is whole itself. */
    private boolean enveloped(final long position) throws BadLineException {
        if (envelope.isOtherLog()) {
            skip();
            return false;
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
                        : formatOf(inner.kind(bytes, start, end));
        if (format.isEmpty() || envelope.observer().isEmpty()) {
            return line(format, bytes, start, end, position);
        }
        return decoders.line(envelope.observer(), told(format.get()), bytes, start, end, position);
    }

    /** The format of an object; empty, and counted, if it is of no use. */
    private Optional<SensorFormat> formatOf(final LineSniffer.Kind kind) throws BadLineException {
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

    /** The format of a row, or of what has its length before it; empty if it is of no use. */
    private Optional<SensorFormat> formatOfText(
            final byte[] bytes, final int start, final int end) {
        if (NdpidDecoder.hasLength(bytes, start, end)) {
            return Optional.of(SensorFormat.NDPID);
        }
        if (only.isPresent()) {
            return only;
        }
        if (rows == Rows.OTHER) {
            skip();
            return Optional.empty();
        }
        return Optional.of(rows == Rows.CONN ? SensorFormat.CONN : SensorFormat.ZEEK);
    }

    /** The format by which a line is read, given what it was found to be. */
    private SensorFormat told(final SensorFormat found) {
        final SensorFormat used = only.orElse(found);
        told = used.id();
        return used;
    }

    /** Both readers of TSV hear it; what it says of the rows below decides who gets those. */
    private void header(final byte[] bytes, final int start, final int end, final long position)
            throws BadLineException {
        rows = rowsBelow(new String(bytes, start, end - start, StandardCharsets.UTF_8));
        if (only.isPresent()) {
            decoders.line(only.get(), bytes, start, end, position);
            return;
        }
        decoders.line(SensorFormat.ZEEK, bytes, start, end, position);
        decoders.line(SensorFormat.CONN, bytes, start, end, position);
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

    private void skip() {
        ledger.add(Ledger.Entry.SKIPPED, OTHER_LOG, 1);
    }
}
