/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.envelope;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.serveflow.sensor.json.SensorJson;
import io.serveflow.sensor.line.BadLineException;
import io.serveflow.sensor.line.ByteOrderMark;
import io.serveflow.sensor.line.LinePrefix;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Takes a sensor's line out of what carried it: the event of a log shipper or of a container
 * engine, or zeek-kafka's object around it. Used again for every line.
 *
 * <p>Filebeat, Elastic Agent, Vector and Logstash have the line in {@code message}, Logstash also
 * in {@code event.original}, Fluent Bit and Docker in {@code log}; as text, or as an object where
 * the shipper parsed it. Of several, what begins as a line does is taken before other text.
 */
public final class LineEnvelope {

    private static final int MAX_NAME = 256;
    private static final String ZEEK = "zeek.";
    private static final String LOG_ENDING = ".log";

    /** How much a part of the event is the line, from not at all. */
    private static final int NOTHING = 0;

    private static final int TEXT = 1;
    private static final int LINE = 2;

    private final JsonFactory json = SensorJson.factory();
    private final CharsetEncoder utf8 =
            StandardCharsets.UTF_8
                    .newEncoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .onUnmappableCharacter(CodingErrorAction.REPLACE);

    private final List<LinePrefix> prefixes;
    private byte[] buffer = {};
    private byte[] bytes = buffer;
    private boolean opened;
    private int start;
    private int end;
    private String observer = "";
    private String agent = "";
    private String host = "";
    private String pipeline = "";
    private String file = "";
    private String tag = "";

    /** How much what was taken is the line. */
    private int taken = NOTHING;

    /** Whether a container engine wrote the event, and whether it cut the line behind this part. */
    private boolean contained;

    private boolean cut;

    /**
     * @param prefixes what stands before the lines of formats
     */
    public LineEnvelope(final List<LinePrefix> prefixes) {
        this.prefixes = List.copyOf(prefixes);
    }

    /** The array that holds the line between {@link #start()} and {@link #end()}. */
    public byte[] bytes() {
        return bytes;
    }

    public int start() {
        return start;
    }

    public int end() {
        return end;
    }

    /** The name of the sensor, empty if the envelope names none. */
    public String observer() {
        if (!observer.isEmpty()) {
            return observer;
        }
        return agent.isEmpty() ? host : agent;
    }

    /**
     * The name of the log of Zeek's that the envelope says the line is of, by the ingest pipeline
     * that it is meant for or else by the file that it is from; empty if it names none.
     */
    public String zeekLog() {
        if (!pipeline.isEmpty()) {
            return pipeline.startsWith(ZEEK) ? pipeline.substring(ZEEK.length()) : "";
        }
        return file.contains("/zeek/") && file.contains(LOG_ENDING)
                ? file.substring(file.lastIndexOf('/') + 1)
                : "";
    }

    /** Whether the envelope has a name of the log that the line is of. */
    public boolean namesLog() {
        return !(tag.isEmpty() && pipeline.isEmpty() && file.isEmpty());
    }

    /** The tag of the message, empty if there is none. */
    public String tag() {
        return tag;
    }

    /** The ingest pipeline that the line is meant for, empty if there is none. */
    public String pipeline() {
        return pipeline;
    }

    /** The file that the line is from, empty if there is none. */
    public String file() {
        return file;
    }

    /** What is wrong with the line, with what is known of its envelope. */
    public BadLineException explained(final BadLineException bad) {
        if (!bad.reason().equals(BadLineException.BAD_JSON)) {
            return bad;
        }
        final boolean begins = end > start && bytes[start] == '{';
        if (contained && (cut || !begins)) {
            return new BadLineException(
                    BadLineException.BAD_JSON,
                    "a container engine's log has only a part of the line here, which it cuts after"
                            + " 16 KB; let the log shipper join the parts (Fluent Bit:"
                            + " multiline.parser docker; Vector: auto_partial_merge; Filebeat: the"
                            + " container input): "
                            + bad.getMessage());
        }
        return begins
                ? bad
                : new BadLineException(
                        BadLineException.BAD_JSON,
                        "the text in the log shipper's event is no JSON object; rows of a TSV log"
                                + " cannot be read from there, so let Zeek write JSON"
                                + " (LogAscii::use_json=T)");
    }

    /**
     * Whether the parser is at a text that begins as a sensor's line does: with a brace, or with
     * what stands before the lines of a format.
     */
    public static boolean isLine(final JsonParser parser, final List<LinePrefix> prefixes)
            throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            return false;
        }
        final char[] text = parser.getTextCharacters();
        final int to = parser.getTextOffset() + parser.getTextLength();
        int at = parser.getTextOffset();
        if (at < to && text[at] == '\ufeff') {
            at++;
        }
        if (at < to && text[at] == '{') {
            return true;
        }
        for (final LinePrefix prefix : prefixes) {
            if (prefix.isAt(text, at, to)) {
                return true;
            }
        }
        return false;
    }

    /** Opens the event of a log shipper or a container engine. */
    public void openShipped(final byte[] line, final int from, final int to)
            throws BadLineException {
        clear();
        opened = true;
        try (JsonParser parser = json.createParser(line, from, to - from)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                final String key = parser.currentName();
                final JsonToken value = parser.nextToken();
                switch (key) {
                    case "message", "event.original", "log_processed" -> take(parser, line, from);
                    case "log" -> {
                        if (value == JsonToken.START_OBJECT) {
                            takeLog(parser, line, from);
                        } else {
                            cut = take(parser, line, from) && !endsLine(parser);
                        }
                    }
                    case "event" -> takeOriginal(parser, line, from);
                    case "stream" -> contained = value == JsonToken.VALUE_STRING;
                    case "pipeline" -> pipeline = text(parser, pipeline);
                    case "@metadata", "metadata" -> pipeline = member(parser, "pipeline", pipeline);
                    case "observer" -> observer = member(parser, "name", text(parser, observer));
                    case "agent" -> agent = member(parser, "name", agent);
                    case "host" -> host = member(parser, "name", text(parser, host));
                    case "file", "path", "filename", "file_path", "source" ->
                            file = text(parser, file);
                    case "tag" -> tag = text(parser, tag);
                    default -> parser.skipChildren();
                }
                parser.skipChildren();
            }
        } catch (final IOException e) {
            throw SensorJson.bad(e);
        }
    }

    /** Opens zeek-kafka's object around a line. */
    public void openTagged(final byte[] line, final int from, final int to)
            throws BadLineException {
        clear();
        opened = true;
        try (JsonParser parser = json.createParser(line, from, to - from)) {
            parser.nextToken();
            parser.nextToken();
            tag = parser.currentName();
            parser.nextToken();
            takeObject(parser, line, from);
        } catch (final IOException e) {
            throw SensorJson.bad(e);
        }
    }

    /** Forgets what was opened. */
    public void clear() {
        if (!opened) {
            return;
        }
        opened = false;
        start = 0;
        end = 0;
        bytes = buffer;
        observer = "";
        agent = "";
        host = "";
        pipeline = "";
        file = "";
        tag = "";
        taken = NOTHING;
        contained = false;
        cut = false;
    }

    /** Takes a value as the line, unless a better one was taken; returns whether it did. */
    private boolean take(final JsonParser parser, final byte[] line, final int from)
            throws IOException {
        final boolean object = parser.currentToken() == JsonToken.START_OBJECT;
        final int found;
        if (object || isLine(parser, prefixes)) {
            found = LINE;
        } else {
            found = parser.currentToken() == JsonToken.VALUE_STRING ? TEXT : NOTHING;
        }
        if (found <= taken) {
            parser.skipChildren();
            return false;
        }
        taken = found;
        if (object) {
            takeObject(parser, line, from);
        } else {
            takeText(parser);
        }
        return true;
    }

    private void takeObject(final JsonParser parser, final byte[] line, final int from)
            throws IOException {
        start = from + (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        end = from + (int) parser.currentLocation().getByteOffset();
        bytes = line;
    }

    /** Of Filebeat a {@code log} object says where the line is from; of others it is the line. */
    private void takeLog(final JsonParser parser, final byte[] line, final int from)
            throws IOException {
        final int objectStart = from + (int) parser.currentTokenLocation().getByteOffset();
        boolean shipper = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            final String key = parser.currentName();
            parser.nextToken();
            switch (key) {
                case "file" -> {
                    shipper = true;
                    file = member(parser, "path", text(parser, file));
                }
                case "file.path" -> {
                    shipper = true;
                    file = text(parser, file);
                }
                case "offset", "level", "source" -> shipper = true;
                default -> parser.skipChildren();
            }
            parser.skipChildren();
        }
        if (!shipper && taken < LINE) {
            taken = LINE;
            start = objectStart;
            end = from + (int) parser.currentLocation().getByteOffset();
            bytes = line;
        }
    }

    private void takeOriginal(final JsonParser parser, final byte[] line, final int from)
            throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            final boolean original = parser.currentName().equals("original");
            parser.nextToken();
            if (original) {
                take(parser, line, from);
            }
            parser.skipChildren();
        }
    }

    private static boolean endsLine(final JsonParser parser) throws IOException {
        final int length = parser.getTextLength();
        return length > 0
                && parser.getTextCharacters()[parser.getTextOffset() + length - 1] == '\n';
    }

    /** Puts the UTF-8 bytes of the text into the buffer. */
    private void takeText(final JsonParser parser) throws IOException {
        final CharBuffer text =
                CharBuffer.wrap(
                        parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
        final long room = (long) Math.ceil((double) utf8.maxBytesPerChar() * text.length());
        if (room > buffer.length) {
            buffer = new byte[(int) Math.max(room, 2L * buffer.length)];
        }
        final ByteBuffer to = ByteBuffer.wrap(buffer);
        utf8.reset();
        utf8.encode(text, to, true);
        utf8.flush(to);
        bytes = buffer;
        start = 0;
        end = to.position();
        if (ByteOrderMark.isAt(buffer, start, end)) {
            start += ByteOrderMark.LENGTH;
        }
        while (end > start && (buffer[end - 1] == '\n' || buffer[end - 1] == '\r')) {
            end--;
        }
    }

    /** The text of an object's member; {@code otherwise} if it has none. */
    private static String member(final JsonParser parser, final String name, final String otherwise)
            throws IOException {
        String found = otherwise;
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return found;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            final boolean here = name.equals(parser.currentName());
            parser.nextToken();
            if (here) {
                found = text(parser, found);
            }
            parser.skipChildren();
        }
        return found;
    }

    /** The value, if it is a text that can be a name. */
    private static String text(final JsonParser parser, final String otherwise) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING
                || parser.getTextLength() == 0
                || parser.getTextLength() > MAX_NAME) {
            return otherwise;
        }
        final String text = parser.getText();
        return text.chars().allMatch(c -> c >= ' ' && c <= '~') ? text : otherwise;
    }
}
