/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.capture.CaptureReader;
import io.serveflow.sensor.capture.PcapSource;
import io.serveflow.sensor.envelope.LineEnvelope;
import io.serveflow.sensor.json.SensorJson;
import io.serveflow.sensor.line.BadLineException;
import io.serveflow.sensor.line.LineReader;
import io.serveflow.sensor.line.UnpackedInput;
import io.serveflow.sensor.ndpid.NdpidDecoder;
import io.serveflow.sensor.tsv.ZeekTsvForm;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Opens files of any format that can be read, telling the format by their content. */
public final class SensorInput {

    private static final String READABLE =
            "what can be read are pcap and pcapng captures, Zeek's serveflow.log and conn.log (JSON"
                    + " or TSV), Suricata EVE logs and nDPId events, gzip'd or not";

    private static final String OTHER_ZEEK_LOG = "a Zeek log other than serveflow.log and conn.log";

    /** How many lines that tell nothing are looked at until a file is given up. */
    private static final int LINES_LOOKED_AT = 16;

    /** How many lines of Zeek's other logs are, before which others may come in the same file. */
    private static final int LINES_OF_OTHER_LOGS = 100_000;

    private static final int BYTES_SHOWN = 24;
    private static final int FIELDS_SHOWN = 5;

    private SensorInput() {}

    /**
     * Opens a file.
     *
     * @param format the format it has; empty to tell it by the content, where a file without any
     *     has no records
     * @param options what flows are made of, where the file has packets; its observer is that of
     *     the records in any format
     * @throws IOException if the file cannot be read or its format is none of those known; one
     *     sentence that names the file and says what it looks like
     */
    public static FlowRecordSource open(
            final Path file,
            final Optional<SensorFormat> format,
            final FlowAssembler.Options options,
            final Ledger ledger,
            final DeadLetterSink deadLetters)
            throws IOException {
        Objects.requireNonNull(options, "options");
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString(), null, "there is no such file");
        }
        if (Files.isDirectory(file)) {
            throw new IOException(file + " is a folder; name the files in it");
        }
        return switch (format.isPresent() ? content(format.get()) : detect(file)) {
            case NOTHING -> new NoRecords();
            case CAPTURE -> new PcapSource(file, options, ledger, deadLetters);
            case LINES -> new LogSource(file, format, options, ledger, deadLetters);
        };
    }

    private static Content content(final SensorFormat format) {
        return format == SensorFormat.PCAP ? Content.CAPTURE : Content.LINES;
    }

    private static Content detect(final Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(
                    file
                            + " is no regular file and can be read only once, so its format must be"
                            + " named");
        }
        try (PushbackInputStream in = new PushbackInputStream(UnpackedInput.open(file), 4)) {
            final byte[] magic = in.readNBytes(4);
            final int mark =
                    SensorStream.beginsWithBom(magic, 0, magic.length) ? SensorStream.BOM_BYTES : 0;
            in.unread(magic, mark, magic.length - mark);
            return CaptureReader.isMagic(magic)
                    ? Content.CAPTURE
                    : detectLog(file, new LineReader(in, SensorStream.MAX_LINE_BYTES));
        }
    }

    /**
     * Looks at lines until one tells; the first may be torn or damaged, and those of Zeek's other
     * logs may stand before the ones that are read.
     */
    private static Content detectLog(final Path file, final LineReader lines) throws IOException {
        Optional<String> looks = Optional.empty();
        final ZeekTsvForm form = new ZeekTsvForm();
        int untelling = 0;
        for (int i = 0; i < LINES_OF_OTHER_LOGS && untelling < LINES_LOOKED_AT; i++) {
            final LineReader.Line line = lines.next();
            if (line == LineReader.Line.NONE) {
                break;
            }
            final Clue clue = clue(lines, form);
            if (clue.tells() == Tells.READABLE) {
                return Content.LINES;
            }
            if (clue.tells() == Tells.NOTHING) {
                untelling++;
            }
            if (looks.isEmpty()) {
                looks = clue.looks();
            }
        }
        if (looks.isEmpty()) {
            return Content.NOTHING;
        }
        throw new IOException(file + " looks like " + looks.get() + "; " + READABLE);
    }

    private static Clue clue(final LineReader line, final ZeekTsvForm form) {
        final byte[] bytes = line.buffer();
        final int start = SensorStream.behindBlanks(bytes, line.start(), line.end());
        if (start == line.end()) {
            return Clue.BLANK;
        }
        if (bytes[start] == '#') {
            return tsvClue(line, form);
        }
        if (NdpidDecoder.hasLength(bytes, start, line.end())) {
            return Clue.READABLE;
        }
        if (bytes[start] == '{') {
            return jsonClue(line, start);
        }
        return form.hasColumns() ? Clue.otherLog(zeekLog(form)) : Clue.looksLike(beginning(line));
    }

    private static Clue jsonClue(final LineReader line, final int start) {
        try {
            return switch (new LineSniffer().kind(line.buffer(), start, line.end())) {
                case SERVEFLOW, CONN, EVE, NDPID, SHIPPED -> Clue.READABLE;
                case TAGGED -> {
                    final LineEnvelope tagged = new LineEnvelope();
                    tagged.openTagged(line.buffer(), start, line.end());
                    final LineSniffer.Kind inner =
                            new LineSniffer().kind(tagged.bytes(), tagged.start(), tagged.end());
                    yield inner == LineSniffer.Kind.UNKNOWN
                            ? Clue.looksLike(otherJson(line, start))
                            : Clue.READABLE;
                }
                case OTHER_LOG -> Clue.otherLog(OTHER_ZEEK_LOG);
                case UNKNOWN -> Clue.looksLike(otherJson(line, start));
            };
        } catch (final BadLineException | IOException e) {
            return Clue.looksLike("JSON lines of which the first is damaged");
        }
    }

    private static String otherJson(final LineReader line, final int start) throws IOException {
        final List<String> fields = new ArrayList<>();
        try (JsonParser parser =
                SensorJson.factory().createParser(line.buffer(), start, line.end() - start)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME && fields.size() < FIELDS_SHOWN) {
                fields.add(parser.currentName());
                parser.nextToken();
                parser.skipChildren();
            }
        }
        return "JSON lines of another kind, with the fields " + fields;
    }

    private static Clue tsvClue(final LineReader line, final ZeekTsvForm form) {
        try {
            form.header(line.buffer(), line.start(), line.end());
        } catch (final BadLineException e) {
            return Clue.looksLike("a log of Zeek's whose header is damaged: " + e.getMessage());
        }
        if (form.hasColumns()) {
            return form.rows().isPresent() ? Clue.READABLE : Clue.otherLog(zeekLog(form));
        }
        return text(line, line.end() - line.start())
                        .matches(
                                "#(separator|set_separator|empty_field|unset_field|path|open|close)\\b.*")
                ? Clue.HEADER
                : Clue.looksLike(beginning(line));
    }

    private static String zeekLog(final ZeekTsvForm form) {
        final String path = form.path("");
        return path.isEmpty() || ZeekLogName.canBeRead(path)
                ? OTHER_ZEEK_LOG
                : "a Zeek " + BadLineException.shown(path) + ".log, which has no flows";
    }

    private static String beginning(final LineReader line) {
        final int shown = Math.min(BYTES_SHOWN, line.end() - line.start());
        for (int i = line.start(); i < line.start() + shown; i++) {
            if (line.buffer()[i] >= 0 && line.buffer()[i] < '\t') {
                return "binary data that begins with 0x"
                        + HexFormat.of()
                                .formatHex(line.buffer(), line.start(), line.start() + shown);
            }
        }
        return "text that begins with '" + text(line, shown) + "'";
    }

    private static String text(final LineReader line, final int length) {
        return new String(line.buffer(), line.start(), length, StandardCharsets.UTF_8);
    }

    /** What is in a file. */
    private enum Content {
        NOTHING,
        CAPTURE,
        LINES
    }

    /** What a line tells about its file. */
    private enum Tells {
        /** It can be read. */
        READABLE,
        /** It has lines of a log of Zeek's that is of no use, and may have others. */
        OTHER_LOG,
        NOTHING
    }

    /** What a line tells about its file, and what that looks like if it cannot be read. */
    private record Clue(Tells tells, Optional<String> looks) {

        /** It may go on for long, as a header of another log may. */
        static final Clue BLANK = new Clue(Tells.OTHER_LOG, Optional.empty());

        static final Clue HEADER = new Clue(Tells.OTHER_LOG, Optional.empty());
        static final Clue READABLE = new Clue(Tells.READABLE, Optional.empty());

        static Clue otherLog(final String what) {
            return new Clue(Tells.OTHER_LOG, Optional.of(what));
        }

        static Clue looksLike(final String what) {
            return new Clue(Tells.NOTHING, Optional.of(what));
        }
    }

    /** An empty file. */
    private static final class NoRecords implements FlowRecordSource {

        @Override
        public Optional<FlowRecord> next() {
            return Optional.empty();
        }

        @Override
        public long read() {
            return 0;
        }

        @Override
        public String unit() {
            return LogSource.UNIT;
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
