/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.Verdict.BundleRef;
import io.serveflow.verdict.Verdict.LabelProbability;
import io.serveflow.verdict.Verdict.Latency;
import io.serveflow.verdict.VerdictStage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A verdict that a better tier is to follow, as JSON: every number as exact as it is, unlike a
 * verdict document, and the flow left out. Fields that are not known are skipped.
 *
 * <p>For one thread.
 */
final class VerdictJson {

    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(8)
                                    .maxStringLength(4_096)
                                    .build())
                    .build();

    /** Verdicts in use have one bundle each, or a few. */
    private Optional<BundleRef> latest = Optional.empty();

    /** Writes a verdict that supersedes none. */
    static byte[] write(final Verdict verdict) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("task", verdict.bundle().task());
            json.writeObjectFieldStart("bundle");
            json.writeStringField("name", verdict.bundle().name());
            json.writeStringField("version", verdict.bundle().version());
            json.writeStringField("sha256", verdict.bundle().sha256());
            json.writeEndObject();
            json.writeStringField("tier", verdict.tier());
            json.writeStringField("label", verdict.label());
            json.writeNumberField("confidence", verdict.confidence());
            json.writeNumberField("uncertainty", verdict.uncertainty());
            json.writeStringField("reason", verdict.reason());
            json.writeNumberField("packets", verdict.packets());
            final Latency latency = verdict.latency();
            json.writeNumberField("wait_us", latency.waitMicros());
            json.writeNumberField("queue_us", latency.queueMicros());
            json.writeNumberField("compute_us", latency.computeMicros());
            json.writeArrayFieldStart("top");
            for (final LabelProbability likely : verdict.top()) {
                json.writeStartArray();
                json.writeString(likely.label());
                json.writeNumber(likely.probability());
                json.writeEndArray();
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (final IOException e) {
            throw new UncheckedIOException("an array takes all bytes", e);
        }
        return out.toByteArray();
    }

    /**
     * Reads what {@link #write} wrote, as a provisional verdict.
     *
     * @throws IllegalArgumentException if it is something else
     */
    Verdict read(final byte[] bytes) {
        try (JsonParser json = JSON.createParser(bytes)) {
            require(json.nextToken() == JsonToken.START_OBJECT, "it is no object");
            final Fields fields = new Fields();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                fields.read(json.currentName(), json);
            }
            require(json.currentToken() == JsonToken.END_OBJECT, "it breaks off");
            require(json.nextToken() == null, "something follows it");
            return fields.verdict();
        } catch (final IOException e) {
            throw new IllegalArgumentException("it is no JSON: " + e.getMessage(), e);
        }
    }

    private static void require(final boolean right, final String sentence) {
        if (!right) {
            throw new IllegalArgumentException(sentence);
        }
    }

    /** What was read of a verdict. */
    private final class Fields {

        private String task;
        private String name;
        private String version;
        private String sha256;
        private String tier;
        private String label;
        private String reason;
        private double confidence;
        private double uncertainty;
        private int packets;
        private long wait;
        private long queue;
        private long compute;
        private List<LabelProbability> top = List.of();

        private void read(final String field, final JsonParser json) throws IOException {
            json.nextToken();
            switch (field) {
                case "task" -> task = text(field, json);
                case "bundle" -> readBundle(json);
                case "tier" -> tier = text(field, json);
                case "label" -> label = text(field, json);
                case "confidence" -> confidence = number(field, json);
                case "uncertainty" -> uncertainty = number(field, json);
                case "reason" -> reason = text(field, json);
                case "packets" -> packets = (int) whole(field, json, Integer.MAX_VALUE);
                case "wait_us" -> wait = whole(field, json, Long.MAX_VALUE);
                case "queue_us" -> queue = whole(field, json, Integer.MAX_VALUE);
                case "compute_us" -> compute = whole(field, json, Integer.MAX_VALUE);
                case "top" -> top = likely(json);
                default -> json.skipChildren();
            }
        }

        private void readBundle(final JsonParser json) throws IOException {
            require(json.currentToken() == JsonToken.START_OBJECT, "bundle is no object");
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                final String field = json.currentName();
                json.nextToken();
                switch (field) {
                    case "name" -> name = text(field, json);
                    case "version" -> version = text(field, json);
                    case "sha256" -> sha256 = text(field, json);
                    default -> json.skipChildren();
                }
            }
            require(json.currentToken() == JsonToken.END_OBJECT, "bundle breaks off");
        }

        private List<LabelProbability> likely(final JsonParser json) throws IOException {
            require(json.currentToken() == JsonToken.START_ARRAY, "top is no array");
            final List<LabelProbability> likely = new ArrayList<>(Verdict.MOST_TOP);
            while (json.nextToken() == JsonToken.START_ARRAY) {
                require(likely.size() < Verdict.MOST_TOP, "top has more than three labels");
                json.nextToken();
                final String name = text("top", json);
                json.nextToken();
                require(
                        json.currentToken() != null && json.currentToken().isNumeric(),
                        "top has no probability of " + name);
                likely.add(new LabelProbability(name, json.getFloatValue()));
                require(json.nextToken() == JsonToken.END_ARRAY, "top has more than two of a pair");
            }
            require(json.currentToken() == JsonToken.END_ARRAY, "top breaks off");
            return likely;
        }

        private String text(final String field, final JsonParser json) throws IOException {
            require(json.currentToken() == JsonToken.VALUE_STRING, field + " is no text");
            return json.getText();
        }

        private double number(final String field, final JsonParser json) throws IOException {
            require(
                    json.currentToken() != null && json.currentToken().isNumeric(),
                    field + " is no number");
            return json.getDoubleValue();
        }

        private long whole(final String field, final JsonParser json, final long most)
                throws IOException {
            require(
                    json.currentToken() == JsonToken.VALUE_NUMBER_INT,
                    field + " is no whole number");
            final long value = json.getLongValue();
            require(value >= -most && value <= most, field + " is too large: " + value);
            return value;
        }

        private Verdict verdict() {
            require(
                    task != null && name != null && version != null && sha256 != null,
                    "its task or its bundle's name, version or sha256 is missing");
            require(
                    tier != null && label != null && reason != null,
                    "its tier, label or reason is missing");
            return new Verdict(
                    bundle(new BundleRef(name, version, task, sha256)),
                    tier,
                    VerdictStage.PROVISIONAL,
                    label,
                    confidence,
                    uncertainty,
                    reason,
                    packets,
                    new Latency(wait, queue, compute),
                    top);
        }
    }

    /** The same object for the same bundle, as long as it is that of the verdict before. */
    private BundleRef bundle(final BundleRef read) {
        if (latest.isEmpty() || !latest.get().equals(read)) {
            latest = Optional.of(read);
        }
        return latest.get();
    }
}
