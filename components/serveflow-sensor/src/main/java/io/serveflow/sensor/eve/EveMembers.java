/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.eve;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.serveflow.sensor.line.BadLineException;
import java.io.IOException;

/** Reads the members of an object of an event but those that are null. */
final class EveMembers {

    private EveMembers() {}

    /** Takes a member of an object; the parser is at its value. */
    @FunctionalInterface
    interface Reader {

        void read(String field, JsonParser parser) throws IOException, BadLineException;
    }

    /** Reads the object at which the parser is; anything else has no members. */
    static void read(final JsonParser parser, final Reader reader)
            throws IOException, BadLineException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            final String field = parser.currentName();
            if (parser.nextToken() != JsonToken.VALUE_NULL) {
                reader.read(field, parser);
            }
        }
    }
}
