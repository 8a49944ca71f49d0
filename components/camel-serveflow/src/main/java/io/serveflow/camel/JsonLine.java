/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;

/** A map written as the line of JSON that {@code unmarshal().json()} may have made it from. */
final class JsonLine {

    private static final JsonFactory JSON = new JsonFactory();

    private JsonLine() {}

    /** UTF-8, without a line end; values that JSON does not know are their texts. */
    static byte[] of(final Map<?, ?> map) {
        final ByteArrayOutputStream line = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(line)) {
            write(map, json);
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
        } else if (value instanceof Object[] values) {
            write(Arrays.asList(values), json);
        } else if (value == null) {
            json.writeNull();
        } else if (value instanceof Boolean bool) {
            json.writeBoolean(bool);
        } else if (value instanceof Number number) {
            write(number, json);
        } else if (value instanceof byte[] bytes) {
            json.writeBinary(bytes);
        } else {
            json.writeString(value.toString());
        }
    }

    /** All its digits and no exponent: sensors write times so, which 1.7E9 is hardly. */
    private static void write(final Number number, final JsonGenerator json) throws IOException {
        final String digits = number.toString();
        try {
            json.writeNumber(new BigDecimal(digits).toPlainString());
        } catch (final NumberFormatException e) {
            json.writeString(digits);
        }
    }
}
