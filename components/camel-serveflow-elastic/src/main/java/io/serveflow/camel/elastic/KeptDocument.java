/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.regex.Pattern;

/** A verdict document that was kept as text, such as in a dead letter, made ready to be sent. */
public final class KeptDocument {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ID = Pattern.compile("[!#-\\[\\]-~]{1,512}");

    private KeptDocument() {}

    /** Whether a text is a verdict document, which has its id in {@code event.id}. */
    public static boolean isOne(final String text) {
        try {
            return isOne(JSON.readTree(text));
        } catch (final JsonProcessingException e) {
            return false;
        }
    }

    private static boolean isOne(final JsonNode document) {
        return document.at("/event/module").asText().equals("serveflow")
                && ID.matcher(id(document)).matches();
    }

    /** Of a document for Malcolm it is elsewhere, as its {@code event.id} is the flow's. */
    private static String id(final JsonNode document) {
        return document.at(MalcolmDocument.isOne(document) ? "/event/hash" : "/event/id").asText();
    }

    /**
     * The document of a text.
     *
     * @throws IllegalArgumentException if it is none
     */
    static IndexDocument of(final String text) {
        try {
            return of(JSON.readTree(text));
        } catch (final JsonProcessingException e) {
            throw new IllegalArgumentException("the payload is no JSON: " + e.getMessage(), e);
        }
    }

    /**
     * The document that was read into a map.
     *
     * @throws IllegalArgumentException if it is none
     */
    static IndexDocument of(final Map<?, ?> map) {
        try {
            return of(JSON.<JsonNode>valueToTree(map));
        } catch (final JsonProcessingException e) {
            throw new IllegalArgumentException("the map is no JSON: " + e.getMessage(), e);
        }
    }

    private static IndexDocument of(final JsonNode document) throws JsonProcessingException {
        if (isOne(document)) {
            return new IndexDocument(
                    id(document),
                    // On one line, whatever it was kept as.
                    JSON.writeValueAsString(document).getBytes(StandardCharsets.UTF_8),
                    began(document.path("@timestamp").asText()));
        }
        throw new IllegalArgumentException(
                "the payload is no verdict document, which has event.id");
    }

    /** A document without a time that can be read may be in any index. */
    private static long began(final String timestamp) {
        try {
            return Instant.parse(timestamp).toEpochMilli();
        } catch (final DateTimeParseException e) {
            return Long.MIN_VALUE;
        }
    }
}
