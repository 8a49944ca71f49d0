/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.repair;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.cascade.ContextJoin;
import io.serveflow.flow.FlowRecord;
import io.serveflow.sensor.FlowRecordReader;
import io.serveflow.sensor.FlowRecordWriter;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.Verdict.BundleRef;
import io.serveflow.verdict.VerdictDocument;
import io.serveflow.verdict.VerdictStage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * A flow in the repair store: the context record that its slow tier could not be asked about, and
 * the verdict that stands meanwhile. As a line of JSON:
 *
 * <pre>{@code
 * {"version":1,"id":"<id of the document that stands>",
 *  "verdict":{"task","tier","label","confidence","uncertainty","packets",
 *             "bundle":{"name","version","sha256"}},
 *  "record":{<line of the sensor's log, with its observer>}}
 * }</pre>
 *
 * <p>The bundle is the one in that id.
 *
 * @param context the context record
 * @param stood the verdict, which is final and has the reason {@code slow_unavailable}
 */
public record RepairLine(FlowRecord context, Verdict stood) {

    private static final int VERSION = 1;
    private static final Verdict.Latency UNKNOWN = new Verdict.Latency(0, 0, 0);
    private static final ObjectMapper JSON = new JsonMapper();
    private static final JsonFactory FACTORY = JSON.getFactory();

    public RepairLine {
        Objects.requireNonNull(context, "context");
        Objects.requireNonNull(stood, "stood");
    }

    /** The verdict as one that a better tier is to follow, for a batch on its way to that. */
    public Verdict open() {
        return verdict(stood, VerdictStage.PROVISIONAL);
    }

    private static Verdict verdict(final Verdict of, final VerdictStage stage) {
        return new Verdict(
                of.bundle(),
                of.tier(),
                stage,
                of.label(),
                of.confidence(),
                of.uncertainty(),
                of.reason(),
                of.packets(),
                of.latency(),
                of.top());
    }

    /** The line, in UTF-8, with its newline. */
    public byte[] encode() {
        final ByteArrayOutputStream line = new ByteArrayOutputStream(4_096);
        try (JsonGenerator json = FACTORY.createGenerator(line)) {
            json.writeStartObject();
            json.writeNumberField("version", VERSION);
            json.writeStringField("id", VerdictDocument.id(context, stood));
            json.writeObjectFieldStart("verdict");
            json.writeStringField("task", stood.bundle().task());
            json.writeStringField("tier", stood.tier());
            json.writeStringField("label", stood.label());
            json.writeNumberField("confidence", stood.confidence());
            json.writeNumberField("uncertainty", stood.uncertainty());
            json.writeNumberField("packets", stood.packets());
            json.writeObjectFieldStart("bundle");
            json.writeStringField("name", stood.identifying().name());
            json.writeStringField("version", stood.identifying().version());
            json.writeStringField("sha256", stood.identifying().sha256());
            json.writeEndObject();
            json.writeEndObject();
            json.writeFieldName("record");
            json.writeRawValue(record());
            json.writeEndObject();
        } catch (final IOException e) {
            throw new UncheckedIOException("memory takes every byte", e);
        }
        line.write('\n');
        return line.toByteArray();
    }

    private String record() throws IOException {
        final ByteArrayOutputStream record = new ByteArrayOutputStream(4_096);
        try (FlowRecordWriter writer = FlowRecordWriter.withObserver(record)) {
            writer.write(context);
        }
        return record.toString(StandardCharsets.UTF_8).stripTrailing();
    }

    /**
     * The flow that a line holds.
     *
     * @param line without its newline
     * @throws IllegalArgumentException if it holds none; the message says why
     */
    public static RepairLine decode(final byte[] line) {
        final Parts parts = Parts.of(line);
        if (parts.version != VERSION) {
            throw new IllegalArgumentException(
                    "it is of version "
                            + parts.version
                            + " of the format, and this program reads version "
                            + VERSION);
        }
        if (parts.recordEnd == 0 || parts.id.isEmpty() || !parts.isVerdict()) {
            throw new IllegalArgumentException("it lacks an id, a verdict or a record");
        }
        final FlowRecord context = record(line, parts);
        if (context.stage() != FlowRecord.Stage.CONTEXT) {
            throw new IllegalArgumentException(
                    "its record is no context record but of stage " + context.stage());
        }
        final RepairLine flow = new RepairLine(context, parts.stood());
        if (!VerdictDocument.id(context, flow.stood).equals(parts.id)) {
            throw new IllegalArgumentException(
                    "its id is not that of its record and verdict, so one of them was changed");
        }
        return flow;
    }

    private static FlowRecord record(final byte[] line, final Parts parts) {
        try {
            return new FlowRecordReader(SensorFormats.shipped(), "")
                    .read(line, parts.recordStart, parts.recordEnd);
        } catch (final IllegalArgumentException e) {
            throw new IllegalArgumentException("its record cannot be read: " + e.getMessage(), e);
        }
    }

    /** What stands in a line; all of it is empty or 0 where it is missing. */
    private static final class Parts {

        private long version;
        private String id = "";
        private JsonNode verdict = JSON.missingNode();
        private int recordStart;
        private int recordEnd;

        private static Parts of(final byte[] line) {
            final Parts parts = new Parts();
            try (JsonParser json = FACTORY.createParser(line)) {
                if (json.nextToken() != JsonToken.START_OBJECT) {
                    throw new IllegalArgumentException("it is no JSON object");
                }
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    final String name = json.currentName();
                    json.nextToken();
                    parts.read(json, name);
                }
                if (json.nextToken() != null) {
                    throw new IllegalArgumentException("something follows its JSON object");
                }
            } catch (final IOException e) {
                throw new IllegalArgumentException("it is no whole JSON object", e);
            }
            return parts;
        }

        private void read(final JsonParser json, final String name) throws IOException {
            switch (name) {
                case "version" -> version = json.getValueAsLong();
                case "id" -> id = json.getValueAsString("");
                case "verdict" -> verdict = JSON.readTree(json);
                case "record" -> {
                    recordStart = Math.toIntExact(json.currentTokenLocation().getByteOffset());
                    json.skipChildren();
                    recordEnd = Math.toIntExact(json.currentLocation().getByteOffset());
                }
                default -> json.skipChildren();
            }
        }

        private boolean isVerdict() {
            return List.of("task", "tier", "label").stream()
                            .allMatch(name -> verdict.path(name).isTextual())
                    && List.of("name", "version", "sha256").stream()
                            .allMatch(name -> verdict.path("bundle").path(name).isTextual());
        }

        private Verdict stood() {
            final JsonNode bundle = verdict.path("bundle");
            return new Verdict(
                    new BundleRef(
                            bundle.path("name").textValue(),
                            bundle.path("version").textValue(),
                            verdict.path("task").textValue(),
                            bundle.path("sha256").textValue()),
                    verdict.path("tier").textValue(),
                    VerdictStage.FINAL,
                    verdict.path("label").textValue(),
                    verdict.path("confidence").asDouble(),
                    verdict.path("uncertainty").asDouble(),
                    ContextJoin.SLOW_UNAVAILABLE,
                    verdict.path("packets").asInt(),
                    UNKNOWN,
                    List.of());
        }
    }
}
