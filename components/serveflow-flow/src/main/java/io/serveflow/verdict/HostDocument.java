/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.verdict;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.serveflow.verdict.Verdict.LabelProbability;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;

/**
 * The document of one verdict on a host as Elasticsearch keeps it, beside those on flows.
 *
 * <p>The id follows from observer, host, window, task and bundle version alone, so that indexing a
 * replay with op_type {@code create} changes nothing.
 */
public final class HostDocument {

    /** The {@code event.dataset} of these documents. */
    public static final String DATASET = "serveflow.host";

    private static final JsonFactory JSON = new JsonFactory();
    private static final int TYPICAL_BYTES = 900;

    private HostDocument() {}

    /** The document id: SHA-1 in hexadecimal, 40 characters. */
    public static String id(final HostVerdict verdict) {
        final String identity =
                verdict.observer()
                        + '|'
                        + verdict.host()
                        + '|'
                        + verdict.startMicros()
                        + '|'
                        + verdict.bundle().task()
                        + '|'
                        + verdict.bundle().version();
        try {
            final MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            return HexFormat.of().formatHex(sha1.digest(identity.getBytes(StandardCharsets.UTF_8)));
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    /**
     * The document as JSON in UTF-8, on one line.
     *
     * @param created when the verdict was given
     */
    public static byte[] json(final HostVerdict verdict, final Instant created) {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream(TYPICAL_BYTES);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("@timestamp", time(verdict.lastMicros()));
            json.writeObjectFieldStart("event");
            json.writeStringField("kind", "event");
            writeList(json, "category", "host");
            writeList(json, "type", "info");
            json.writeStringField("module", "serveflow");
            json.writeStringField("dataset", DATASET);
            json.writeStringField("id", id(verdict));
            json.writeStringField("created", created.truncatedTo(ChronoUnit.MICROS).toString());
            json.writeStringField("start", time(verdict.startMicros()));
            json.writeStringField("end", time(verdict.endMicros()));
            json.writeEndObject();
            json.writeObjectFieldStart("host");
            json.writeStringField("ip", verdict.host());
            json.writeEndObject();
            json.writeObjectFieldStart("observer");
            json.writeStringField("name", verdict.observer());
            json.writeEndObject();
            writeVerdict(json, verdict);
            json.writeEndObject();
        } catch (final IOException e) {
            throw new UncheckedIOException("writing to memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    private static void writeVerdict(final JsonGenerator json, final HostVerdict verdict)
            throws IOException {
        json.writeObjectFieldStart("serveflow");
        json.writeStringField("task", verdict.bundle().task());
        json.writeStringField("label", verdict.label());
        json.writeNumberField("confidence", rounded(verdict.confidence()));
        json.writeNumberField("flows", verdict.flows());
        json.writeNumberField("unknown_flows", verdict.unknownFlows());
        json.writeStringField("first_seen", time(verdict.firstMicros()));
        json.writeStringField("last_seen", time(verdict.lastMicros()));
        json.writeObjectFieldStart("bundle");
        json.writeStringField("name", verdict.bundle().name());
        json.writeStringField("version", verdict.bundle().version());
        json.writeStringField("sha256", verdict.bundle().sha256());
        json.writeEndObject();
        json.writeObjectFieldStart("top");
        for (final LabelProbability top : verdict.top()) {
            json.writeNumberField(top.label(), rounded(top.probability()));
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void writeList(final JsonGenerator json, final String field, final String only)
            throws IOException {
        json.writeArrayFieldStart(field);
        json.writeString(only);
        json.writeEndArray();
    }

    private static String time(final long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
    }

    private static double rounded(final double value) {
        return Math.round(value * 1e6) / 1e6;
    }
}
