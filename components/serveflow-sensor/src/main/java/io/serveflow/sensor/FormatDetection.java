/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.envelope.LineEnvelope;
import io.serveflow.sensor.line.BadLineException;
import io.serveflow.sensor.line.ByteOrderMark;
import io.serveflow.sensor.line.LinePrefix;
import io.serveflow.sensor.tsv.ZeekTsvForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Detects the format of each line of a stream: takes the line out of its envelope, and hands it to
 * the decoder of its format and of the sensor that the envelope names.
 *
 * <p>The keys of a line say what it is, in TSV the columns. What the path of a log, its file or the
 * ingest pipeline is called is only a hint, as each site may change it: of a line that cannot be
 * read it says whether it is of another log, and of a line of {@code conn.log}'s form whether its
 * connection goes on. Lines that are right and of no use, those of Zeek's other logs, are counted
 * as {@link Ledger.Entry#SKIPPED}.
 *
 * <p>Envelopes are opened {@value #MAX_ENVELOPES} deep, as where one shipper reads what another
 * wrote.
 */
public final class FormatDetection {

    static final String OTHER_LOG = "other_log";

    private static final int MAX_ENVELOPES = 2;

    /** The word under which lines are counted of which no format is known. */
    static final String UNKNOWN = "unknown";

    private final SensorFormats formats;
    private final Optional<LineFormat> only;
    private final StreamDecoders decoders;
    private final Ledger ledger;
    private final LineSniffer sniffer;
    private final LineSniffer[] inner = new LineSniffer[MAX_ENVELOPES];
    private final LineEnvelope[] envelopes = new LineEnvelope[MAX_ENVELOPES];

    /** The formats of which lines are known by what stands before them, and that. */
    private final List<LineFormat> prefixed = new ArrayList<>();

    private final List<LinePrefix> prefixes;

    private ZeekTsvForm form = new ZeekTsvForm();

    /** The format of the rows below the headers; null if that is not known. */
    private LineFormat rows;

    /** Whether the rows are known to be of no use. */
    private boolean otherRows;

    /** The formats for which the name of the source is one of an interim log. */
    private List<LineFormat> interimSource = List.of();

    private boolean interimRows;

    /** The format that was detected last; null if none was. */
    private LineFormat detected;

    /**
     * @param formats those that are known; unless one of them is taken for granted, each line is
     *     detected by its content
     */
    FormatDetection(
            final SensorFormats formats, final StreamDecoders decoders, final Ledger ledger) {
        this.formats = Objects.requireNonNull(formats, "formats");
        this.decoders = Objects.requireNonNull(decoders, "decoders");
        this.ledger = Objects.requireNonNull(ledger, "ledger");
        if (formats.isOnlyCaptures()) {
            throw new IllegalArgumentException("a capture has no lines; replay it");
        }
        this.only = formats.only().map(LineFormat.class::cast);
        this.detected = only.orElse(null);
        this.prefixes = formats.prefixes();
        formats.lines().stream()
                .filter(format -> format.prefix().isPresent())
                .forEach(prefixed::add);
        this.sniffer = new LineSniffer(formats);
        for (int i = 0; i < MAX_ENVELOPES; i++) {
            inner[i] = new LineSniffer(formats);
            envelopes[i] = new LineEnvelope(prefixes);
        }
    }

    /**
     * The id of the format that was detected last, under which a line that cannot be read is
     * counted.
     */
    String detected() {
        return detected == null ? UNKNOWN : detected.id();
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
        interimSource =
                formats.lines().stream().filter(format -> format.isInterimLog(source)).toList();
    }

    /** Says that the following lines are of another file: a header above them no longer counts. */
    void anotherFile() {
        rows = null;
        otherRows = false;
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
        if (ByteOrderMark.isAt(bytes, start, end)) {
            final int behind = ByteOrderMark.behind(bytes, start, end);
            return behind < end && line(bytes, behind, end, position);
        }
        if (isObject(bytes, start, end)) {
            final LineSniffer.Finding found = sniffer.find(bytes, start, end);
            if (isEnvelope(found)) {
                return enveloped(found, bytes, start, end, 0, position);
            }
            return bareLine(formatOf(found), bytes, start, end, position);
        }
        return line(formatOfText(bytes, start, end), bytes, start, end, position);
    }

    /** Takes a line without an envelope, of which only the name of its file may be a hint. */
    private boolean bareLine(
            final Optional<LineFormat> format,
            final byte[] bytes,
            final int start,
            final int end,
            final long position)
            throws BadLineException {
        if (isFromInterimSource(format)) {
            skip(DecoderContext.INTERIM_RECORD);
            return false;
        }
        return line(format, bytes, start, end, position);
    }

    private boolean isFromInterimSource(final Optional<LineFormat> format) {
        return format.isPresent() && interimSource.contains(format.get());
    }

    /** Takes a line that is just like the one before, without a look at what it is. */
    private boolean plainLine(
            final byte[] bytes, final int start, final int end, final long position)
            throws BadLineException {
        final Optional<LineFormat> latest = decoders.latestFormat();
        if (bytes[start] != '{' || latest.isEmpty()) {
            return false;
        }
        final LineFormat before = detected;
        detected = latest.get();
        if (decoders.plainLine(bytes, start, end, position)) {
            return true;
        }
        detected = before;
        return false;
    }

    private boolean line(
            final Optional<LineFormat> format,
            final byte[] bytes,
            final int start,
            final int end,
            final long position)
            throws BadLineException {
        return format.isPresent() && decoders.line(use(format.get()), bytes, start, end, position);
    }

    /** Takes a last line that no line end ended, which is not empty. */
    void unterminated(final byte[] bytes, final int start, final int end, final long position)
            throws BadLineException {
        if (bytes[start] == '#') {
            return;
        }
        if (ByteOrderMark.isAt(bytes, start, end)) {
            final int behind = ByteOrderMark.behind(bytes, start, end);
            if (behind < end) {
                unterminated(bytes, behind, end, position);
            }
            return;
        }
        final Optional<LineFormat> format;
        if (isObject(bytes, start, end)) {
            final LineSniffer.Finding found = sniffer.find(bytes, start, end);
            if (isEnvelope(found)) {
                enveloped(found, bytes, start, end, 0, position);
                return;
            }
            format = formatOf(found);
        } else {
            format = formatOfText(bytes, start, end);
        }
        if (bytes[start] == '{' && isFromInterimSource(format)) {
            skip(DecoderContext.INTERIM_RECORD);
        } else if (format.isPresent()) {
            decoders.unterminated(use(format.get()), bytes, start, end, position);
        }
    }

    /** Whether a line is to be read as an object: what is none says so itself. */
    private boolean isObject(final byte[] bytes, final int start, final int end) {
        return bytes[start] == '{' || rows == null && !otherRows && !isPrefixed(bytes, start, end);
    }

    private boolean isPrefixed(final byte[] bytes, final int start, final int end) {
        return byPrefix(bytes, start, end) >= 0;
    }

    /** Which of the formats {@link #prefixed} has such a line; -1 if none has. */
    private int byPrefix(final byte[] bytes, final int start, final int end) {
        for (int i = 0; i < prefixes.size(); i++) {
            if (prefixes.get(i).isAt(bytes, start, end)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isEnvelope(final LineSniffer.Finding found) {
        return found.kind() == LineSniffer.Kind.SHIPPED || found.kind() == LineSniffer.Kind.TAGGED;
    }

    /** Takes the line from its envelope; as part of a whole object it is whole itself. */
    private boolean enveloped(
            final LineSniffer.Finding found,
            final byte[] bytes,
            final int start,
            final int end,
            final int depth,
            final long position)
            throws BadLineException {
        final LineEnvelope envelope = envelopes[depth];
        if (found.kind() == LineSniffer.Kind.SHIPPED) {
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
        final Optional<LineFormat> format;
        final int byPrefix = byPrefix(bytes, start, end);
        if (byPrefix >= 0) {
            format = Optional.of(prefixed.get(byPrefix));
        } else {
            final LineSniffer.Finding found = inner[depth].find(bytes, start, end);
            if (isEnvelope(found) && depth + 1 < MAX_ENVELOPES) {
                return enveloped(found, bytes, start, end, depth + 1, position);
            }
            if (found.kind() == LineSniffer.Kind.OTHER_LOG && isNamedAsOther(depth)) {
                skip(OTHER_LOG);
                return false;
            }
            format = formatOf(found);
        }
        if (format.isPresent() && isNamedAsInterim(format.get(), depth)) {
            skip(DecoderContext.INTERIM_RECORD);
            return false;
        }
        final String observer = observer(depth);
        if (format.isEmpty() || observer.isEmpty()) {
            return line(format, bytes, start, end, position);
        }
        return decoders.line(observer, use(format.get()), bytes, start, end, position);
    }

    private boolean isNamedAsOther(final int depth) {
        final String log = envelopes[depth].zeekLog();
        return !log.isEmpty() && !formats.isNamed(log) || depth > 0 && isNamedAsOther(depth - 1);
    }

    /** What is nearest to the line says what it is of; last of all, the file that is read. */
    private boolean isNamedAsInterim(final LineFormat format, final int depth) {
        final LineEnvelope envelope = envelopes[depth];
        if (envelope.namesLog()) {
            return format.isInterimLog(envelope.tag())
                    || format.isInterimLog(envelope.pipeline())
                    || format.isInterimLog(envelope.file());
        }
        return depth > 0 ? isNamedAsInterim(format, depth - 1) : interimSource.contains(format);
    }

    /** The name of the sensor, by the envelope that is nearest to the line. */
    private String observer(final int depth) {
        final String named = envelopes[depth].observer();
        return named.isEmpty() && depth > 0 ? observer(depth - 1) : named;
    }

    /** The format of an object; empty, and counted, if it is of no use. */
    private Optional<LineFormat> formatOf(final LineSniffer.Finding found) throws BadLineException {
        if (only.isPresent()) {
            return only;
        }
        return switch (found.kind()) {
            case FORMAT -> found.format();
            case OTHER_LOG -> {
                skip(OTHER_LOG);
                yield Optional.empty();
            }
            case SHIPPED, TAGGED, UNKNOWN -> {
                detected = null;
                throw new BadLineException(
                        BadLineException.UNKNOWN_FORMAT,
                        "the JSON object is of no sensor: it has none of the keys "
                                + formats.signatureKeys());
            }
        };
    }

    /** The format of a row, or of what is known by its prefix; empty if it is of no use. */
    private Optional<LineFormat> formatOfText(final byte[] bytes, final int start, final int end) {
        final int byPrefix = byPrefix(bytes, start, end);
        if (byPrefix >= 0) {
            return Optional.of(prefixed.get(byPrefix));
        }
        if (only.isPresent()) {
            return only;
        }
        if (rows != null && interimRows) {
            skip(DecoderContext.INTERIM_RECORD);
            return Optional.empty();
        }
        if (rows == null) {
            skip(OTHER_LOG);
            return Optional.empty();
        }
        return Optional.of(rows);
    }

    /** The format by which a line is read, given what it was found to be. */
    private LineFormat use(final LineFormat found) {
        detected = only.orElse(found);
        return detected;
    }

    /** All readers of rows hear it; what it says of the rows below decides who gets those. */
    private void header(final byte[] bytes, final int start, final int end, final long position)
            throws BadLineException {
        final boolean columns;
        try {
            columns = form.header(bytes, start, end);
        } catch (final BadLineException e) {
            anotherFile();
            throw e;
        }
        final String path = form.path("");
        if (columns) {
            rows = formats.ofColumns(form.names()).orElse(null);
            otherRows = form.hasColumns() && rows == null;
        } else if (rows == null && !path.isEmpty() && !formats.isNamed(path)) {
            otherRows = true;
        }
        interimRows = rows != null && rows.isInterimLog(path);
        if (only.isPresent()) {
            decoders.line(only.get(), bytes, start, end, position);
            return;
        }
        for (final LineFormat format : formats.lines()) {
            if (format.hasHeaders()) {
                decoders.line(format, bytes, start, end, position);
            }
        }
    }

    private void skip(final String reason) {
        ledger.add(Ledger.Entry.SKIPPED, reason, 1);
    }
}
