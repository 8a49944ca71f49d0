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
import io.serveflow.sensor.envelope.LineEnvelope;
import io.serveflow.sensor.json.SensorJson;
import io.serveflow.sensor.line.BadLineException;
import io.serveflow.sensor.line.ByteOrderMark;
import io.serveflow.sensor.line.LineReader;
import io.serveflow.sensor.line.UnpackedInput;
import io.serveflow.sensor.tsv.ZeekLogs;
import io.serveflow.sensor.tsv.ZeekTsvForm;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Opens files of any format that can be read, detecting the format by their content. */
public final class SensorInput {

    /** How many lines that decide nothing are looked at until a file is given up. */
    private static final int LINES_LOOKED_AT = 16;

    /** How many lines of Zeek's other logs are, before which others may come in the same file. */
    private static final int LINES_OF_OTHER_LOGS = 100_000;

    private static final int BYTES_SHOWN = 24;
    private static final int FIELDS_SHOWN = 5;

    private final Path file;
    private final SensorFormats formats;

    private SensorInput(final Path file, final SensorFormats formats) {
        this.file = file;
        this.formats = formats;
    }

    /**
     * Opens a file.
     *
     * @param formats those that are known; unless one of them is taken for granted, the file is
     *     detected by its content, where a file without any has no records
     * @param options what flows are made of, where the file has packets; its observer is that of
     *     the records in any format
     * @throws IOException if the file cannot be read or its format is none of those known; one
     *     sentence that names the file and says what it looks like
     */
    public static FlowRecordSource open(
            final Path file,
            final SensorFormats formats,
            final FlowAssembler.Options options,
            final Ledger ledger,
            final DeadLetterSink deadLetters)
            throws IOException {
        return open(file, formats, options, ledger, deadLetters, System::nanoTime);
    }

    static FlowRecordSource open(
            final Path file,
            final SensorFormats formats,
            final FlowAssembler.Options options,
            final Ledger ledger,
            final DeadLetterSink deadLetters,
            final LongSupplier nanoTime)
            throws IOException {
        Objects.requireNonNull(options, "options");
        requireFile(file);
        final SensorInput input = new SensorInput(file, formats);
        if (formats.isOnlyLines()) {
            return new LogSource(file, formats, options, ledger, deadLetters, nanoTime);
        }
        final Optional<CaptureFormat> capture =
                formats.isOnlyCaptures()
                        ? formats.only().map(CaptureFormat.class::cast)
                        : input.capture();
        if (capture.isPresent()) {
            return new CaptureSource(capture.get(), file, options, ledger, deadLetters);
        }
        return input.hasLines()
                ? new LogSource(file, formats, options, ledger, deadLetters, nanoTime)
                : new NoRecords();
    }

    /**
     * Opens a capture, to take its packets one by one.
     *
     * @param out takes the records before a call of the stream returns
     * @throws IOException if the file cannot be read or is no capture; one sentence that names it
     */
    public static CaptureStream openCapture(
            final Path file,
            final SensorFormats formats,
            final FlowAssembler.Options options,
            final Ledger ledger,
            final DeadLetterSink deadLetters,
            final Consumer<FlowRecord> out)
            throws IOException {
        final List<CaptureFormat> captures = formats.captures();
        CaptureFormat format =
                captures.stream()
                        .findFirst()
                        .orElseThrow(() -> new IOException("no format of captures is installed"));
        if (formats.isOnlyCaptures()) {
            format = (CaptureFormat) formats.only().orElseThrow();
        } else if (captures.size() > 1 && Files.isRegularFile(file)) {
            // What is none of them is refused by the first, in words of its own.
            format = new SensorInput(file, formats).capture().orElse(format);
        }
        return format.open(file, options, ledger, deadLetters, out);
    }

    private static void requireFile(final Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString(), null, "there is no such file");
        }
        if (Files.isDirectory(file)) {
            throw new IOException(file + " is a folder; name the files in it");
        }
        if (!Files.isReadable(file)) {
            throw new AccessDeniedException(file.toString(), null, "this user may not read it");
        }
    }

    /** The format of a capture; empty if the file is none. */
    private Optional<CaptureFormat> capture() throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(
                    file
                            + " is no regular file and can be read only once, so its format must be"
                            + " named");
        }
        try (InputStream in = UnpackedInput.open(file)) {
            final byte[] beginning = in.readNBytes(CaptureFormat.MAX_MAGIC_BYTES);
            return formats.captures().stream()
                    .filter(format -> format.isBeginning(beginning))
                    .findFirst();
        }
    }

    /**
     * Whether the file has lines, looking at them until one decides; the first may be torn or
     * damaged, and those of other logs may stand before the ones that are read. False for a file
     * without any.
     *
     * @throws IOException if it has lines of no format
     */
    private boolean hasLines() throws IOException {
        Optional<String> description = Optional.empty();
        final ZeekTsvForm form = new ZeekTsvForm();
        int unknown = 0;
        try (LineReader lines =
                new LineReader(UnpackedInput.open(file), SensorStream.MAX_LINE_BYTES)) {
            for (int i = 0; i < LINES_OF_OTHER_LOGS && unknown < LINES_LOOKED_AT; i++) {
                final LineReader.Line line = lines.next();
                if (line == LineReader.Line.NONE) {
                    break;
                }
                final Clue clue = clue(lines, form);
                if (clue.finding() == Finding.READABLE) {
                    return true;
                }
                if (clue.finding() == Finding.NOTHING) {
                    unknown++;
                }
                if (description.isEmpty()) {
                    description = clue.description();
                }
            }
        }
        if (description.isEmpty()) {
            return false;
        }
        throw new IOException(
                file
                        + " looks like "
                        + description.get()
                        + "; what can be read are "
                        + formats.titles()
                        + ", gzip-compressed or not");
    }

    private Clue clue(final LineReader line, final ZeekTsvForm form) {
        final byte[] bytes = line.buffer();
        final int marked = ByteOrderMark.behind(bytes, line.start(), line.end());
        final int start = SensorStream.behindBlanks(bytes, marked, line.end());
        if (start == line.end()) {
            return Clue.BLANK;
        }
        if (bytes[start] == '#') {
            return tsvClue(line, start, form);
        }
        if (formats.prefixes().stream().anyMatch(prefix -> prefix.isAt(bytes, start, line.end()))) {
            return Clue.READABLE;
        }
        if (bytes[start] == '{') {
            return jsonClue(line, start);
        }
        return form.hasColumns() ? Clue.otherLog(zeekLog(form)) : Clue.undecided(beginning(line));
    }

    private Clue jsonClue(final LineReader line, final int start) {
        try {
            final LineSniffer.Finding found =
                    new LineSniffer(formats).find(line.buffer(), start, line.end());
            return switch (found.kind()) {
                case FORMAT, SHIPPED -> Clue.READABLE;
                case TAGGED -> {
                    final LineEnvelope tagged = new LineEnvelope(formats.prefixes());
                    tagged.openTagged(line.buffer(), start, line.end());
                    final LineSniffer.Finding inner =
                            new LineSniffer(formats)
                                    .find(tagged.bytes(), tagged.start(), tagged.end());
                    yield inner.kind() == LineSniffer.Kind.UNKNOWN
                            ? Clue.undecided(otherJson(line, start))
                            : Clue.READABLE;
                }
                case OTHER_LOG -> Clue.otherLog(found.title());
                case UNKNOWN -> Clue.undecided(otherJson(line, start));
            };
        } catch (final BadLineException | IOException e) {
            return Clue.undecided("JSON lines of which the first is damaged");
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

    private Clue tsvClue(final LineReader line, final int start, final ZeekTsvForm form) {
        try {
            form.header(line.buffer(), start, line.end());
        } catch (final BadLineException e) {
            return Clue.undecided("a log of Zeek's whose header is damaged: " + e.getMessage());
        }
        if (form.hasColumns()) {
            return formats.ofColumns(form.names()).isPresent()
                    ? Clue.READABLE
                    : Clue.otherLog(zeekLog(form));
        }
        return text(line, start, line.end() - start)
                        .matches(
                                "#(separator|set_separator|empty_field|unset_field|path|open|close)\\b.*")
                ? Clue.HEADER
                : Clue.undecided(beginning(line));
    }

    private String zeekLog(final ZeekTsvForm form) {
        final String path = form.path("");
        return path.isEmpty() || formats.isNamed(path)
                ? ZeekLogs.OTHER_TITLE
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
        return "text that begins with '" + text(line, line.start(), shown) + "'";
    }

    private static String text(final LineReader line, final int start, final int length) {
        return new String(line.buffer(), start, length, StandardCharsets.UTF_8);
    }

    /** What a line says about its file. */
    private enum Finding {
        /** It can be read. */
        READABLE,
        /** It has lines of a log of Zeek's that is of no use, and may have others. */
        OTHER_LOG,
        NOTHING
    }

    /** What a line says about its file, and what that looks like if it cannot be read. */
    private record Clue(Finding finding, Optional<String> description) {

        /** It may go on for long, as a header of another log may. */
        static final Clue BLANK = new Clue(Finding.OTHER_LOG, Optional.empty());

        static final Clue HEADER = new Clue(Finding.OTHER_LOG, Optional.empty());
        static final Clue READABLE = new Clue(Finding.READABLE, Optional.empty());

        static Clue otherLog(final String what) {
            return new Clue(Finding.OTHER_LOG, Optional.of(what));
        }

        static Clue undecided(final String what) {
            return new Clue(Finding.NOTHING, Optional.of(what));
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
