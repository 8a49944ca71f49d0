/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.serveflow.sensor.line.BadLineException;
import java.io.IOException;
import java.util.Map;

/**
 * Reads a line that Zeek or a shipper of its logs writes as a JSON object into a row of fields.
 *
 * <p>Members that are null or of no field are skipped. Shippers may have made an object {@code id}
 * of the four members whose keys begin with it.
 *
 * @param <F> the fields
 * @param <R> the row
 */
public final class ZeekObject<F, R> {

    private final JsonFactory json = SensorJson.factory();
    private final Map<String, F> byKey;
    private final Map<String, F> byIdKey;
    private final Value<F, R> values;

    /** Takes the value of a field, at which the parser is. */
    @FunctionalInterface
    public interface Value<F, R> {

        /**
         * @throws BadLineException if it is none of the field
         */
        void read(JsonParser parser, F field, R row) throws IOException, BadLineException;
    }

    /**
     * @param byKey the fields by their keys
     * @param byIdKey those of a connection's id by their keys in the object {@code id}
     */
    public ZeekObject(
            final Map<String, F> byKey, final Map<String, F> byIdKey, final Value<F, R> values) {
        this.byKey = byKey;
        this.byIdKey = byIdKey;
        this.values = values;
    }

    /**
     * Reads a line into a row.
     *
     * @throws BadLineException if it is no JSON object, or a value is none of its field
     */
    public void read(final byte[] bytes, final int start, final int end, final R row)
            throws BadLineException {
        try (JsonParser parser = json.createParser(bytes, start, end - start)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw SensorJson.notAnObject();
            }
            readMembers(parser, byKey, row);
            SensorJson.requireEnd(parser);
        } catch (final IOException e) {
            throw SensorJson.bad(e);
        }
    }

    private void readMembers(final JsonParser parser, final Map<String, F> fields, final R row)
            throws IOException, BadLineException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            final String name = parser.currentName();
            final F field = fields.get(name);
            final JsonToken value = parser.nextToken();
            if (field != null) {
                if (value != JsonToken.VALUE_NULL) {
                    values.read(parser, field, row);
                }
            } else if (value == JsonToken.START_OBJECT
                    && name.equals(ZeekKeys.ID)
                    && fields != byIdKey) {
                readMembers(parser, byIdKey, row);
            } else {
                parser.skipChildren();
            }
        }
    }
}
