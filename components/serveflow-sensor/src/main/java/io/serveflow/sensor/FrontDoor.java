/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.envelope.LineEnvelope;
import io.serveflow.sensor.line.BadLineException;
import io.serveflow.sensor.ndpid.NdpidDecoder;
import io.serveflow.sensor.tsv.ZeekTsvForm;
import java.util.Objects;
import java.util.Optional;

/**
 * Looks at each line of a stream, takes it out of its envelope, and hands it to the decoder of its
 * format and of the sensor that the envelope names.
 *
 * <p>The keys of a line say what it is, in TSV the columns. What the path of a log, its file or the
 * ingest pipeline is called is only a hint, as each site may change it: of a line that cannot be
 * read it tells whether it is of another log, and of a line of {@code conn.log}'s form whether its
 * connection goes on. Lines that are right and of no use, those of Zeek's other logs, are counted
 * as {@link Ledger.Entry#SKIPPED}.
 *
 * <p>Envelopes are opened {@value #MAX_ENVELOPES} deep, as where one shipper reads what another
 * wrote.
 */
public final class FrontDoor {

    static final String OTHER_LOG = "other_log";

    /** The detail under which records of connections that go on are counted. */
    public static final String INTERIM_RECORD = "interim_record";

    private static final int MAX_ENVELOPES = 2;

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
    private final LineSniffer[] inner = new LineSniffer[MAX_ENVELOPES];
    private final LineEnvelope[] envelopes = new LineEnvelope[MAX_ENVELOPES];
    private ZeekTsvForm form = new ZeekTsvForm();
    private Rows rows = Rows.NOT_TOLD;
    private boolean interimSource;
    private boolean interimRows;
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
        for (int i = 0; i < MAX_ENVELOPES; i++) {
            inner[i] = new LineSniffer();
            envelopes[i] = new LineEnvelope();
        }
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
        final LineEnvelope envelope = envelopes[0];
        final boolean tagged =
                envelope.bytes() == bytes && envelope.start() > start && envelope.end() <= end;
        return (tagged ? envelope.start() : start) + 1;
    }

    /** Says what the following lines come from, such as a file, whose name may be a hint. */
    void named(final String source) {
        interimSource = ZeekLogName.isInterim(source);
    }

    /** Says that the following lines are of another file: a header above them no longer counts. */
    void anotherFile() {
        rows = Rows.NOT_TOLD;
        form = new ZeekTsvForm();
        interimRows = false;
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
        envelopes[0].clear();
        if (bytes[start] == '#') {
            header(bytes, start, end, position);
            return false;
        }
        if (plainLine(bytes, start, end, position)) {
            return true;
        }
        if (SensorStream.beginsWithBom(bytes, start, end)) {
            final int behind = SensorStream.behindBoms(bytes, start, end);
            return behind < end && line(bytes, behind, end, position);
        }
        if (isObject(bytes, start, end)) {
            final LineSniffer.Kind kind = sniffer.kind(bytes, start, end);
            if (isEnvelope(kind)) {
                return enveloped(kind, bytes, start, end, 0, position);
            }
            return bareLine(formatOf(kind), bytes, start, end, position);
        }
        return line(formatOfText(bytes, start, end), bytes, start, end, position);
    }

    /** Takes a line without an envelope, of which only the name of its file may be a hint. */
    private boolean bareLine(
            final Optional<SensorFormat> format,
            final byte[] bytes,
            final int start,
            final int end,
            final long position)
            throws BadLineException {
        if (interimSource && isConn(format)) {
            skip(INTERIM_RECORD);
            return false;
        }
        return line(format, bytes, start, end, position);
    }

    private static boolean isConn(final Optional<SensorFormat> format) {
        return format.isPresent() && format.get() == SensorFormat.CONN;
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
        if (SensorStream.beginsWithBom(bytes, start, end)) {
            final int behind = SensorStream.behindBoms(bytes, start, end);
            if (behind < end) {
                unterminated(bytes, behind, end, position);
            }
            return;
        }
        final Optional<SensorFormat> format;
        if (isObject(bytes, start, end)) {
            final LineSniffer.Kind kind = sniffer.kind(bytes, start, end);
            if (isEnvelope(kind)) {
                enveloped(kind, bytes, start, end, 0, position);
                return;
            }
            format = formatOf(kind);
        } else {
            format = formatOfText(bytes, start, end);
        }
        if (interimSource && bytes[start] == '{' && isConn(format)) {
            skip(INTERIM_RECORD);
        } else if (format.isPresent()) {
            decoders.unterminated(told(format.get()), bytes, start, end, position);
        }
    }

    /** Whether a line is to be read as an object: what is none says so itself. */
    private boolean isObject(final byte[] bytes, final int start, final int end) {
        return bytes[start] == '{'
                || rows == Rows.NOT_TOLD && !NdpidDecoder.hasLength(bytes, start, end);
    }

    private static boolean isEnvelope(final LineSniffer.Kind kind) {
        return kind == LineSniffer.Kind.SHIPPED || kind == LineSniffer.Kind.TAGGED;
    }

    /** Takes the line from its envelope; as part of a whole object it is whole itself. */
    private boolean enveloped(
            final LineSniffer.Kind kind,
            final byte[] bytes,
            final int start,
            final int end,
            final int depth,
            final long position)
            throws BadLineException {
        final LineEnvelope envelope = envelopes[depth];
        if (kind == LineSniffer.Kind.SHIPPED) {
            envelope.openShipped(bytes, start, end);
        } else {
            envelope.openTagged(bytes, start, end);
        }
        try {
            return content(envelope, depth, position);
        } catch (final BadLineException e) {
            if (!isNamedAsOther(depth)) {
                throw envelope.explained(e);
            }
            skip(OTHER_LOG);
            return false;
        }
    }

    private boolean content(final LineEnvelope envelope, final int depth, final long position)
            throws BadLineException {
        final byte[] bytes = envelope.bytes();
        final int start = envelope.start();
        final int end = envelope.end();
        if (start == end) {
            throw BadLineException.missing("message");
        }
        final Optional<SensorFormat> format;
        if (NdpidDecoder.hasLength(bytes, start, end)) {
            format = Optional.of(SensorFormat.NDPID);
        } else {
            final LineSniffer.Kind kind = inner[depth].kind(bytes, start, end);
            if (isEnvelope(kind) && depth + 1 < MAX_ENVELOPES) {
                return enveloped(kind, bytes, start, end, depth + 1, position);
            }
            if (kind == LineSniffer.Kind.OTHER_LOG && isNamedAsOther(depth)) {
                skip(OTHER_LOG);
                return false;
            }
            format = formatOf(kind);
        }
        if (isConn(format) && isNamedAsInterim(depth)) {
            skip(INTERIM_RECORD);
            return false;
        }
        final String observer = observer(depth);
        if (format.isEmpty() || observer.isEmpty()) {
            return line(format, bytes, start, end, position);
        }
        return decoders.line(observer, told(format.get()), bytes, start, end, position);
    }

    private boolean isNamedAsOther(final int depth) {
        return envelopes[depth].isOtherLog() || depth > 0 && isNamedAsOther(depth - 1);
    }

    /** What is nearest to the line says what it is of; last of all, the file that is read. */
    private boolean isNamedAsInterim(final int depth) {
        if (envelopes[depth].namesLog()) {
            return envelopes[depth].isInterim();
        }
        return depth > 0 ? isNamedAsInterim(depth - 1) : interimSource;
    }

    /** The name of the sensor, by the envelope that is nearest to the line. */
    private String observer(final int depth) {
        final String named = envelopes[depth].observer();
        return named.isEmpty() && depth > 0 ? observer(depth - 1) : named;
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
                skip(OTHER_LOG);
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
        if (rows == Rows.CONN && interimRows) {
            skip(INTERIM_RECORD);
            return Optional.empty();
        }
        if (rows == Rows.OTHER) {
            skip(OTHER_LOG);
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
        final boolean columns;
        try {
            columns = form.header(bytes, start, end);
        } catch (final BadLineException e) {
            anotherFile();
            throw e;
        }
        if (columns) {
            rows = form.hasColumns() ? rowsOf(form) : Rows.NOT_TOLD;
        } else if (rows == Rows.NOT_TOLD && !ZeekLogName.canBeRead(form.path("conn"))) {
            rows = Rows.OTHER;
        }
        interimRows = ZeekLogName.isInterim(form.path(""));
        if (only.isPresent()) {
            decoders.line(only.get(), bytes, start, end, position);
            return;
        }
        decoders.line(SensorFormat.ZEEK, bytes, start, end, position);
        decoders.line(SensorFormat.CONN, bytes, start, end, position);
    }

    private static Rows rowsOf(final ZeekTsvForm form) {
        return switch (form.rows().orElse(SensorFormat.PCAP)) {
            case ZEEK -> Rows.SERVEFLOW;
            case CONN -> Rows.CONN;
            default -> Rows.OTHER;
        };
    }

    private void skip(final String reason) {
        ledger.add(Ledger.Entry.SKIPPED, reason, 1);
    }
}
