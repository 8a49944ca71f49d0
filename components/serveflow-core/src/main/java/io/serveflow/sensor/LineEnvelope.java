/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Takes a sensor's line out of what carried it: a log shipper's event, which has it as text in
 * {@code message}, or zeek-kafka's object around it. Used again for every line.
 */
final class LineEnvelope {

    private static final int MAX_NAME = 256;
    private static final String ZEEK = "zeek.";
    private static final String LOG_ENDING = ".log";

    private final JsonFactory json = SensorJson.factory();
    private final CharsetEncoder utf8 =
            StandardCharsets.UTF_8
                    .newEncoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .onUnmappableCharacter(CodingErrorAction.REPLACE);

    private byte[] buffer = new byte[4_096];
    private byte[] bytes = buffer;
    private boolean opened;
    private int start;
    private int end;
    private String observer = "";
    private String agent = "";
    private String host = "";
    private String pipeline = "";
    private String file = "";

    /** The array that holds the line between {@link #start()} and {@link #end()}. */
    byte[] bytes() {
        return bytes;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    /** The name of the sensor, empty if the envelope names none. */
    String observer() {
        if (!observer.isEmpty()) {
            return observer;
        }
        return agent.isEmpty() ? host : agent;
    }

    /**
     * Whether the envelope says that the line is of a log of Zeek's other than those that are read,
     * by the ingest pipeline that it is meant for or else by the file that it is from.
     */
    boolean isOtherLog() {
        final String log;
        if (!pipeline.isEmpty()) {
            log = pipeline.startsWith(ZEEK) ? pipeline.substring(ZEEK.length()) : "";
        } else if (file.contains("/zeek/") && file.endsWith(LOG_ENDING)) {
            log = file.substring(file.lastIndexOf('/') + 1, file.length() - LOG_ENDING.length());
        } else {
            log = "";
        }
        return !log.isEmpty() && !log.equals("conn") && !log.equals("serveflow");
    }

    /** Opens a log shipper's event. */
    void openShipped(final byte[] line, final int from, final int to) throws BadLineException {
        clear();
        opened = true;
        try (JsonParser parser = json.createParser(line, from, to - from)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                final String key = parser.currentName();
                parser.nextToken();
                switch (key) {
                    case "message" -> takeMessage(parser);
                    case "pipeline" -> pipeline = text(parser, pipeline);
                    case "@metadata", "metadata" -> pipeline = member(parser, "pipeline", pipeline);
                    case "observer" -> observer = member(parser, "name", observer);
                    case "agent" -> agent = member(parser, "name", agent);
                    case "host" -> host = member(parser, "name", text(parser, host));
                    case "log" -> file = file(parser);
                    default -> parser.skipChildren();
                }
            }
        } catch (final IOException e) {
            throw SensorJson.bad(e);
        }
    }

    /** Opens zeek-kafka's object around a line. */
    void openTagged(final byte[] line, final int from, final int to) throws BadLineException {
        clear();
        opened = true;
        try (JsonParser parser = json.createParser(line, from, to - from)) {
            parser.nextToken();
            parser.nextToken();
            parser.nextToken();
            start = from + (int) parser.currentTokenLocation().getByteOffset();
            parser.skipChildren();
            end = from + (int) parser.currentLocation().getByteOffset();
            bytes = line;
        } catch (final IOException e) {
            throw SensorJson.bad(e);
        }
    }

    /** Forgets what was opened. */
    void clear() {
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
    }

    /** Puts the UTF-8 bytes of the text into the buffer. */
    private void takeMessage(final JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            parser.skipChildren();
            return;
        }
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
        while (end > 0 && (buffer[end - 1] == '\n' || buffer[end - 1] == '\r')) {
            end--;
        }
    }

    private static String file(final JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return "";
        }
        String path = "";
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            final boolean here = "file".equals(parser.currentName());
            parser.nextToken();
            if (here) {
                path = member(parser, "path", path);
            } else {
                parser.skipChildren();
            }
        }
        return path;
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
