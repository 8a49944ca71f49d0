/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.verdict;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The document of an alert on a verdict: that of the verdict with the fields by which ECS and
 * Security Onion know an alert.
 *
 * <p>The id follows from flow and task alone, so that each flow is alerted on once a task,
 * whichever bundle answers it again. A repaired verdict with another label than the one that it
 * supersedes is alerted on beside that, so there the label is part of the id.
 *
 * @see <a href="https://www.elastic.co/guide/en/ecs/current/ecs-rule.html">ECS: rule fields</a>
 */
public final class AlertDocument {

    /** The {@code event.dataset} of these documents. */
    public static final String DATASET = "serveflow.alert";

    private static final JsonFactory JSON = new JsonFactory();
    private static final int TYPICAL_BYTES = 2_048;

    /** What an alert says otherwise than the verdict does. */
    private static final Set<String> REPLACED = Set.of("message", "tags", "rule");

    private final byte[] verdict;
    private final Map<String, String> values;

    private AlertDocument(final byte[] verdict, final Map<String, String> values) {
        this.verdict = verdict;
        this.values = values;
    }

    /**
     * Reads a verdict that alerts may be on.
     *
     * @param verdict the document of a verdict, in UTF-8
     * @return empty if it is none on a flow
     */
    public static Optional<AlertDocument> of(final byte[] verdict) {
        try {
            final Map<String, String> values = values(verdict);
            return "serveflow.prediction".equals(values.get("/event/dataset"))
                            && values.containsKey("/serveflow/label")
                            && values.containsKey("/serveflow/task")
                    ? Optional.of(new AlertDocument(verdict, values))
                    : Optional.empty();
        } catch (final IOException e) {
            return Optional.empty();
        }
    }

    /** The text of every value by its JSON pointer. */
    private static Map<String, String> values(final byte[] document) throws IOException {
        final Map<String, String> values = new HashMap<>();
        try (JsonParser json = JSON.createParser(document)) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token.isScalarValue()) {
                    values.put(json.getParsingContext().pathAsPointer().toString(), json.getText());
                }
            }
        }
        return values;
    }

    /** The task that the verdict answers. */
    public String task() {
        return value("/serveflow/task");
    }

    /** The label that the verdict gives. */
    public String label() {
        return value("/serveflow/label");
    }

    /** Whether the verdict stands. */
    public boolean isFinal() {
        return Boolean.parseBoolean(value("/serveflow/final"));
    }

    /** How sure the verdict is, 0 to 1; 0 if it does not say. */
    public double confidence() {
        try {
            return Double.parseDouble(value("/serveflow/confidence"));
        } catch (final NumberFormatException e) {
            return 0;
        }
    }

    private String value(final String pointer) {
        return values.getOrDefault(pointer, "");
    }

    /** The document id: SHA-1 in hexadecimal, 40 characters. */
    public String id() {
        final String identity =
                value("/observer/name")
                        + '|'
                        + value("/log/id/uid")
                        + '|'
                        + value("/@timestamp")
                        + '|'
                        + task()
                        + "|alert"
                        + (isRevised() ? '|' + label() : "");
        try {
            final MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            return HexFormat.of().formatHex(sha1.digest(identity.getBytes(StandardCharsets.UTF_8)));
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    /** Whether another label stood, and may have been alerted on, until the verdict came. */
    private boolean isRevised() {
        return VerdictStage.REPAIRED.id().equals(value("/serveflow/stage"))
                && Boolean.parseBoolean(value("/serveflow/revised"));
    }

    /** The {@code rule.uuid}, the same for all alerts on a label of a task. */
    static String ruleUuid(final String task, final String label) {
        return UUID.nameUUIDFromBytes(
                        ("serveflow/" + task + '/' + label).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    /** The alert as JSON in UTF-8, on one line. */
    public byte[] json(final AlertSeverity severity) {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream(TYPICAL_BYTES);
        try (JsonParser read = JSON.createParser(verdict);
                JsonGenerator json = JSON.createGenerator(bytes)) {
            read.nextToken();
            json.writeStartObject();
            while (read.nextToken() == JsonToken.FIELD_NAME) {
                final String field = read.currentName();
                read.nextToken();
                if (field.equals("serveflow")) {
                    writeVerdict(read, json);
                } else if (field.equals("event")) {
                    // Where that of the verdict is: near the beginning, which it makes distinct.
                    read.skipChildren();
                    writeEvent(json, severity);
                } else if (REPLACED.contains(field)) {
                    read.skipChildren();
                } else {
                    json.writeFieldName(field);
                    json.copyCurrentStructure(read);
                }
            }
            json.writeStringField("message", message());
            writeList(json, "tags", "alert");
            writeRule(json);
            json.writeEndObject();
        } catch (final IOException e) {
            throw new UncheckedIOException("the verdict was read before", e);
        }
        return bytes.toByteArray();
    }

    private void writeVerdict(final JsonParser read, final JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("serveflow");
        json.writeStringField("verdict_id", value("/event/id"));
        while (read.nextToken() == JsonToken.FIELD_NAME) {
            json.copyCurrentEvent(read);
            read.nextToken();
            json.copyCurrentStructure(read);
        }
        json.writeEndObject();
    }

    private void writeEvent(final JsonGenerator json, final AlertSeverity severity)
            throws IOException {
        json.writeObjectFieldStart("event");
        json.writeStringField("kind", "alert");
        writeList(json, "category", "network");
        writeList(json, "type", "info");
        json.writeStringField("module", "serveflow");
        json.writeStringField("dataset", DATASET);
        json.writeStringField("id", id());
        json.writeStringField("created", value("/event/created"));
        json.writeStringField("start", value("/event/start"));
        json.writeNumberField("severity", severity.number());
        json.writeStringField("severity_label", severity.label());
        json.writeEndObject();
    }

    private void writeRule(final JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("rule");
        json.writeStringField("name", "ServeFlow " + task() + ": " + label());
        json.writeStringField("uuid", ruleUuid(task(), label()));
        json.writeStringField("category", task());
        json.writeStringField("ruleset", "serveflow");
        json.writeStringField("version", value("/serveflow/bundle/version"));
        json.writeEndObject();
    }

    private String message() {
        return label()
                + " from "
                + endpoint("/source")
                + " to "
                + endpoint("/destination")
                + ", confidence "
                + value("/serveflow/confidence");
    }

    private String endpoint(final String side) {
        final String address = value(side + "/ip");
        return (address.contains(":") ? "[" + address + "]" : address)
                + ":"
                + value(side + "/port");
    }

    private static void writeList(final JsonGenerator json, final String field, final String only)
            throws IOException {
        json.writeArrayFieldStart(field);
        json.writeString(only);
        json.writeEndArray();
    }
}
