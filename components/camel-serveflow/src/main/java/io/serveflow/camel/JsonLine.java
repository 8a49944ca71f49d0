/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.serveflow.sensor.line.BadLineException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Map;

/** A map written as the line of JSON that {@code unmarshal().json()} may have made it from. */
final class JsonLine {

    private static final JsonFactory JSON = new JsonFactory();

    /** From here on a number keeps its exponent: it is no time, and might fill the memory. */
    private static final int MAX_DIGITS = 400;

    private JsonLine() {}

    /**
     * UTF-8, without a line end; values that JSON does not know are their texts.
     *
     * @throws BadLineException if it is nested deeper than Jackson writes, as one that holds itself
     */
    static byte[] of(final Map<?, ?> map) throws BadLineException {
        final ByteArrayOutputStream line = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(line)) {
            write(map, json);
        } catch (final StreamConstraintsException e) {
            throw new BadLineException(
                    BadLineException.BAD_JSON, "the map is no line: " + e.getOriginalMessage());
        } catch (final IOException e) {
            throw new UncheckedIOException("an array of bytes does not fail", e);
        }
        return line.toByteArray();
    }

    private static void write(final Object value, final JsonGenerator json) throws IOException {
        if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (final Map.Entry<?, ?> field : map.entrySet()) {
                json.writeFieldName(String.valueOf(field.getKey()));
                write(field.getValue(), json);
            }
            json.writeEndObject();
        } else if (value instanceof Collection<?> values) {
            json.writeStartArray();
            for (final Object element : values) {
                write(element, json);
            }
            json.writeEndArray();
        } else if (value instanceof byte[] bytes) {
            json.writeBinary(bytes);
        } else if (value != null && value.getClass().isArray()) {
            json.writeStartArray();
            for (int i = 0; i < Array.getLength(value); i++) {
                write(Array.get(value, i), json);
            }
            json.writeEndArray();
        } else if (value == null) {
            json.writeNull();
        } else if (value instanceof Boolean bool) {
            json.writeBoolean(bool);
        } else if (value instanceof Number number) {
            write(number, json);
        } else {
            json.writeString(value.toString());
        }
    }

    /** All its digits and no exponent: sensors write times so, which 1.7E9 is hardly. */
    private static void write(final Number number, final JsonGenerator json) throws IOException {
        final String digits = number.toString();
        try {
            final BigDecimal exact = new BigDecimal(digits);
            json.writeNumber(
                    Math.abs((long) exact.scale()) > MAX_DIGITS
                            ? exact.toString()
                            : exact.toPlainString());
        } catch (final NumberFormatException e) {
            json.writeString(digits);
        }
    }
}
