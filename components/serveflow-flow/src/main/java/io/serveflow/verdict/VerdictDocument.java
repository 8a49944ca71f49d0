/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.verdict;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.serveflow.flow.FlowRecord;
import java.io.IOException;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * The document of one verdict as Elasticsearch keeps it: ECS fields that let it stand beside the
 * sensor's own documents, and the {@code serveflow} object. Whoever writes many uses a {@link
 * VerdictWriter}.
 *
 * <p>The id follows from flow, task, bundle version and stage alone, so that indexing a replay with
 * op_type {@code create} changes nothing.
 *
 * <p>Confidences have six decimals: what a calibrated probability can bear, and a third of the
 * bytes.
 *
 * @see <a href="https://www.elastic.co/guide/en/ecs/current/index.html">Elastic Common Schema</a>
 */
public final class VerdictDocument {

    private static final JsonFactory JSON = new JsonFactory();
    private static final Pattern ID = Pattern.compile("[!#-\\[\\]-~]{1,512}");

    private VerdictDocument() {}

    /**
     * Whether bytes are a verdict document, of a flow or of a host: one JSON object in UTF-8 whose
     * {@code event.module} is {@code serveflow} and which has its id in {@code event.id}.
     */
    public static boolean isOne(final byte[] bytes) {
        try (JsonParser json = JSON.createParser(bytes)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            boolean identified = false;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                final boolean event = json.currentName().equals("event");
                if (json.nextToken() == JsonToken.START_OBJECT && event) {
                    identified = isOurs(json);
                } else {
                    json.skipChildren();
                }
            }
            return identified && json.nextToken() == null;
        } catch (final IOException e) {
            return false;
        }
    }

    private static boolean isOurs(final JsonParser json) throws IOException {
        boolean ours = false;
        boolean identified = false;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            final String field = json.currentName();
            final boolean text = json.nextToken() == JsonToken.VALUE_STRING;
            if (text && field.equals("module")) {
                ours = json.getText().equals("serveflow");
            } else if (text && field.equals("id")) {
                identified = ID.matcher(json.getText()).matches();
            } else {
                json.skipChildren();
            }
        }
        return ours && identified;
    }

    /** The document id: SHA-1 in hexadecimal, 40 characters. */
    public static String id(final FlowRecord flow, final Verdict verdict) {
        return new VerdictWriter().id(flow, verdict);
    }

    /**
     * The document as JSON in UTF-8, on one line.
     *
     * @param created when the verdict was given
     */
    public static byte[] json(final FlowRecord flow, final Verdict verdict, final Instant created) {
        return new VerdictWriter().write(flow, verdict, created).json();
    }
}
