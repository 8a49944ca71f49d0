/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.json;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.serveflow.sensor.line.BadLineException;
import java.io.IOException;

/**
 * What the readers of JSON lines have in common: how they parse and what they say of a bad line.
 */
public final class SensorJson {

    private static final int MAX_MESSAGE = 160;

    /** Jackson says where an unclosed object began, which is always the line's first column. */
    private static final String START_MARKER = " \\(start marker at \\[.*?\\]\\)";

    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    // A line of NULs, which crashed machines leave behind, is no UTF-32.
                    .disable(JsonFactory.Feature.CHARSET_DETECTION)
                    // Names that collide on purpose cost time, not the rest of the file.
                    .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
                    // Written by shippers where there is no number, and no reason to lose a line.
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .build();

    private SensorJson() {}

    /**
     * The factory of parsers for UTF-8 lines of a sensor: one for all streams, so that a stream of
     * one line finds the keys that earlier ones had.
     */
    public static JsonFactory factory() {
        return FACTORY;
    }

    /** Whether nothing follows the object that was read; half a line may run into the next one. */
    public static void requireEnd(final JsonParser parser) throws IOException, BadLineException {
        if (parser.nextToken() != null) {
            throw new BadLineException(
                    BadLineException.BAD_JSON, "more follows the JSON object on its line");
        }
    }

    public static BadLineException notAnObject() {
        return new BadLineException(BadLineException.BAD_JSON, "the line is no JSON object");
    }

    /** A line in memory that does not parse. */
    public static BadLineException bad(final IOException parsing) {
        final String message =
                parsing instanceof JacksonException e
                        ? e.getOriginalMessage() + column(e)
                        : String.valueOf(parsing.getMessage());
        final String oneLine = message.replaceAll("\\s+", " ").replaceAll(START_MARKER, "");
        return new BadLineException(
                BadLineException.BAD_JSON,
                "the line is no valid JSON: "
                        + (oneLine.length() <= MAX_MESSAGE
                                ? oneLine
                                : oneLine.substring(0, MAX_MESSAGE) + "..."));
    }

    private static String column(final JacksonException e) {
        return e.getLocation() == null ? "" : " (column " + e.getLocation().getColumnNr() + ")";
    }
}
