/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.verdict;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowTuple;
import io.serveflow.verdict.Verdict.Latency;
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
 * The document of one verdict as Elasticsearch keeps it: ECS fields that let it stand beside the
 * sensor's own documents, and the {@code serveflow} object.
 *
 * <p>The id follows from flow, task, bundle version and stage alone, so that indexing a replay with
 * op_type {@code create} changes nothing.
 *
 * @see <a href="https://www.elastic.co/guide/en/ecs/current/index.html">Elastic Common Schema</a>
 */
public final class VerdictDocument {

    private static final JsonFactory JSON = new JsonFactory();
    private static final int TYPICAL_BYTES = 1100;

    private VerdictDocument() {}

    /** The document id: SHA-1 in hexadecimal, 40 characters. */
    public static String id(final FlowRecord flow, final Verdict verdict) {
        return id(flow, verdict, verdict.stage());
    }

    private static String id(
            final FlowRecord flow, final Verdict verdict, final VerdictStage stage) {
        final String identity =
                flow.id().observer()
                        + '|'
                        + flow.id().uid()
                        + '|'
                        + flow.startMicros()
                        + '|'
                        + verdict.bundle().task()
                        + '|'
                        + verdict.bundle().version()
                        + '|'
                        + stage.id();
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
    public static byte[] json(final FlowRecord flow, final Verdict verdict, final Instant created) {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream(TYPICAL_BYTES);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            final String start =
                    Instant.EPOCH.plus(flow.startMicros(), ChronoUnit.MICROS).toString();
            json.writeStringField("@timestamp", start);
            writeEvent(json, id(flow, verdict), start, created);
            json.writeObjectFieldStart("log");
            json.writeObjectFieldStart("id");
            json.writeStringField("uid", flow.id().uid());
            json.writeEndObject();
            json.writeEndObject();
            writeNetwork(json, flow, verdict);
            final FlowTuple tuple = flow.tuple();
            writeEndpoint(json, "source", tuple.originator(), tuple.originatorPort());
            writeEndpoint(json, "destination", tuple.responder(), tuple.responderPort());
            json.writeObjectFieldStart("observer");
            json.writeStringField("name", flow.id().observer());
            json.writeEndObject();
            writeVerdict(json, flow, verdict);
            json.writeEndObject();
        } catch (final IOException e) {
            throw new UncheckedIOException("writing to memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    private static void writeEvent(
            final JsonGenerator json, final String id, final String start, final Instant created)
            throws IOException {
        json.writeObjectFieldStart("event");
        json.writeStringField("kind", "event");
        json.writeArrayFieldStart("category");
        json.writeString("network");
        json.writeEndArray();
        json.writeArrayFieldStart("type");
        json.writeString("info");
        json.writeEndArray();
        json.writeStringField("module", "serveflow");
        json.writeStringField("dataset", "serveflow.prediction");
        json.writeStringField("id", id);
        json.writeStringField("created", created.truncatedTo(ChronoUnit.MICROS).toString());
        json.writeStringField("start", start);
        json.writeEndObject();
    }

    private static void writeNetwork(
            final JsonGenerator json, final FlowRecord flow, final Verdict verdict)
            throws IOException {
        json.writeObjectFieldStart("network");
        json.writeStringField("transport", flow.tuple().transport().sensorName());
        json.writeStringField("community_id", flow.communityId());
        if (verdict.bundle().task().equals("service") && !verdict.label().equals(Verdict.UNKNOWN)) {
            json.writeStringField("application", verdict.label());
        }
        json.writeEndObject();
    }

    private static void writeEndpoint(
            final JsonGenerator json, final String side, final String address, final int port)
            throws IOException {
        json.writeObjectFieldStart(side);
        json.writeStringField("ip", address);
        json.writeNumberField("port", port);
        json.writeEndObject();
    }

    private static void writeVerdict(
            final JsonGenerator json, final FlowRecord flow, final Verdict verdict)
            throws IOException {
        json.writeObjectFieldStart("serveflow");
        json.writeStringField("task", verdict.bundle().task());
        json.writeStringField("label", verdict.label());
        json.writeNumberField("confidence", rounded(verdict.confidence()));
        json.writeNumberField("uncertainty", rounded(verdict.uncertainty()));
        json.writeStringField("tier", verdict.tier());
        json.writeStringField("stage", verdict.stage().id());
        json.writeBooleanField("final", verdict.isFinal());
        if (verdict.supersedes()) {
            json.writeStringField("supersedes", id(flow, verdict, VerdictStage.PROVISIONAL));
        }
        json.writeBooleanField("revised", verdict.revised());
        json.writeStringField("reason", verdict.reason());
        json.writeNumberField("packets", verdict.packets());
        json.writeObjectFieldStart("bundle");
        json.writeStringField("name", verdict.bundle().name());
        json.writeStringField("version", verdict.bundle().version());
        json.writeStringField("sha256", verdict.bundle().sha256());
        json.writeEndObject();
        final Latency latency = verdict.latency();
        json.writeObjectFieldStart("latency");
        json.writeNumberField("wait_ms", latency.waitMicros() / 1e3);
        json.writeNumberField("queue_ms", latency.queueMicros() / 1e3);
        json.writeNumberField("compute_us", latency.computeMicros());
        json.writeNumberField("total_ms", latency.totalMicros() / 1e3);
        json.writeEndObject();
        json.writeObjectFieldStart("top");
        for (final Verdict.LabelProbability top : verdict.top()) {
            json.writeNumberField(top.label(), rounded(top.probability()));
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    /** Six decimals: what a calibrated probability can bear, and a third of the bytes. */
    private static double rounded(final double value) {
        return Math.round(value * 1e6) / 1e6;
    }
}
