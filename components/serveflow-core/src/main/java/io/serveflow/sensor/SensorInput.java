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
                    + " or TSV) and Suricata EVE logs, gzip'd or not";

    private static final String OTHER_ZEEK_LOG = "a Zeek log other than serveflow.log and conn.log";

    private static final int LINES_LOOKED_AT = 16;
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
        final Optional<SensorFormat> known = format.isPresent() ? format : detect(file);
        if (known.isEmpty()) {
            return new NoRecords();
        }
        return switch (known.get()) {
            case PCAP -> new PcapSource(file, options, ledger, deadLetters);
            case ZEEK -> new ZeekRecordSource(file, options.observer(), ledger, deadLetters);
            case EVE -> new EveSource(file, options, ledger, deadLetters);
            case CONN ->
                    new LogSource(
                            file,
                            SensorFormat.CONN.id(),
                            out ->
                                    new ConnDecoder(
                                            options.observer(), ledger, System::nanoTime, out),
                            ledger,
                            deadLetters);
        };
    }

    /** The format of a file; empty if there is nothing in it. */
    private static Optional<SensorFormat> detect(final Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(
                    file
                            + " is no regular file and can be read only once, so its format must be"
                            + " named");
        }
        try (PushbackInputStream in = new PushbackInputStream(UnpackedInput.open(file), 4)) {
            final byte[] magic = in.readNBytes(4);
            in.unread(magic);
            return CaptureReader.isMagic(magic)
                    ? Optional.of(SensorFormat.PCAP)
                    : detectLog(file, new LineReader(in, SensorLog.MAX_LINE_BYTES));
        }
    }

    /** Looks at lines until one tells; the first may be torn or damaged. */
    private static Optional<SensorFormat> detectLog(final Path file, final LineReader lines)
            throws IOException {
        Optional<String> looks = Optional.empty();
        for (int i = 0; i < LINES_LOOKED_AT; i++) {
            final LineReader.Line line = lines.next();
            if (line == LineReader.Line.NONE) {
                break;
            }
            final Clue clue =
                    switch (lines.buffer()[lines.start()]) {
                        case '{' -> jsonClue(lines);
                        case '#' -> tsvClue(lines);
                        default -> Clue.looksLike(beginning(lines));
                    };
            if (clue.format().isPresent()) {
                return clue.format();
            }
            if (looks.isEmpty()) {
                looks = clue.looks();
            }
        }
        if (looks.isEmpty()) {
            return Optional.empty();
        }
        throw new IOException(file + " looks like " + looks.get() + "; " + READABLE);
    }

    private static Clue jsonClue(final LineReader line) {
        final List<String> fields = new ArrayList<>();
        try (JsonParser parser =
                SensorJson.factory()
                        .createParser(line.buffer(), line.start(), line.end() - line.start())) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                final String field = parser.currentName();
                if (field.equals("event_type")) {
                    return Clue.of(SensorFormat.EVE);
                }
                if (field.equals(ZeekField.PKT_DT.key())
                        || field.equals(ZeekField.PKT_DATA.key())) {
                    return Clue.of(SensorFormat.ZEEK);
                }
                fields.add(field);
                parser.nextToken();
                parser.skipChildren();
            }
        } catch (final IOException e) {
            return Clue.looksLike("JSON lines of which the first is damaged");
        }
        if (fields.contains(ConnField.STATE.key())) {
            return Clue.of(SensorFormat.CONN);
        }
        if (fields.contains(ZeekField.UID.key()) && fields.contains(ZeekField.TS.key())) {
            return Clue.looksLike(OTHER_ZEEK_LOG);
        }
        return Clue.looksLike(
                "JSON lines of another kind, with the fields "
                        + fields.subList(0, Math.min(FIELDS_SHOWN, fields.size())));
    }

    private static Clue tsvClue(final LineReader line) {
        final String header = text(line, line.end() - line.start());
        if (header.startsWith("#path")) {
            final String path = header.substring("#path".length()).strip();
            return switch (path) {
                case "serveflow" -> Clue.of(SensorFormat.ZEEK);
                case "conn" -> Clue.of(SensorFormat.CONN);
                default -> Clue.looksLike(zeekLog(path));
            };
        }
        if (header.startsWith("#fields")) {
            if (header.contains(ConnField.STATE.key())) {
                return Clue.of(SensorFormat.CONN);
            }
            return header.contains(ZeekField.PKT_DATA.key())
                    ? Clue.of(SensorFormat.ZEEK)
                    : Clue.looksLike(OTHER_ZEEK_LOG);
        }
        return header.matches("#(separator|set_separator|empty_field|unset_field|open|close)\\b.*")
                ? Clue.NONE
                : Clue.looksLike(beginning(line));
    }

    private static String zeekLog(final String path) {
        return "a Zeek " + path + ".log, which has no flows";
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

    /** What a line tells about its file: the format, or what it looks like instead. */
    private record Clue(Optional<SensorFormat> format, Optional<String> looks) {

        static final Clue NONE = new Clue(Optional.empty(), Optional.empty());

        static Clue of(final SensorFormat format) {
            return new Clue(Optional.of(format), Optional.empty());
        }

        static Clue looksLike(final String what) {
            return new Clue(Optional.empty(), Optional.of(what));
        }
    }

    /** An empty file. */
    private static final class NoRecords implements FlowRecordSource {

        @Override
        public Optional<FlowRecord> next() {
            return Optional.empty();
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
