/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.serveflow.flow.FlowRecord;
import io.serveflow.sensor.FlowRecordReader;
import io.serveflow.sensor.FlowRecordWriter;
import io.serveflow.sensor.SensorFormats;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The golden vectors of a bundle: JSON lines of a sensor record and the probabilities that every
 * tier must give for it.
 *
 * <pre>{"record":{"ts":...},"probabilities":{"fastest":[...],"fast":[...]}}</pre>
 */
public final class GoldenVectors {

    /** The file's name inside a bundle. */
    public static final String FILE = "golden.ndjson";

    /** How far a probability may be from the golden one. */
    public static final double TOLERANCE = 1e-4;

    private static final String RECORD = "record";
    private static final String PROBABILITIES = "probabilities";
    private static final String OBSERVER = "golden";

    private static final JsonFactory JSON =
            JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private GoldenVectors() {}

    /**
     * The vectors of a {@code golden.ndjson}, one a line.
     *
     * @throws BundleException if a line holds none, with its number
     */
    public static List<GoldenVector> read(final byte[] lines) {
        final FlowRecordReader records = new FlowRecordReader(SensorFormats.shipped(), OBSERVER);
        final List<GoldenVector> vectors = new ArrayList<>();
        int start = 0;
        while (start < lines.length) {
            int end = start;
            while (end < lines.length && lines[end] != '\n') {
                end++;
            }
            try {
                vectors.add(vector(Arrays.copyOfRange(lines, start, end), records));
            } catch (final JacksonException e) {
                throw wrong(vectors.size() + 1, "is no valid JSON: " + e.getOriginalMessage(), e);
            } catch (final IllegalArgumentException e) {
                throw wrong(vectors.size() + 1, e.getMessage(), e);
            } catch (final IOException e) {
                throw new IllegalStateException("bytes in memory cannot fail to be read", e);
            }
            start = end + 1;
        }
        return vectors;
    }

    /** The {@code golden.ndjson} of some vectors. */
    public static byte[] write(final List<GoldenVector> vectors) {
        final ByteArrayOutputStream lines = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(lines)) {
            json.setRootValueSeparator(null);
            for (final GoldenVector vector : vectors) {
                json.writeStartObject();
                json.writeFieldName(RECORD);
                json.writeRawValue(line(vector.record()));
                json.writeObjectFieldStart(PROBABILITIES);
                for (final Map.Entry<String, float[]> tier :
                        new TreeMap<>(vector.probabilities()).entrySet()) {
                    json.writeArrayFieldStart(tier.getKey());
                    for (final float probability : tier.getValue()) {
                        json.writeNumber(probability);
                    }
                    json.writeEndArray();
                }
                json.writeEndObject();
                json.writeEndObject();
                json.writeRaw('\n');
            }
        } catch (final IOException e) {
            throw new IllegalStateException("bytes in memory cannot fail to be written", e);
        }
        return lines.toByteArray();
    }

    /**
     * Runs the vectors through tiers.
     *
     * @throws BundleException if a line names other tiers than those that answer for its record, a
     *     tier has no line at all, or a tier's answer differs by more than {@link #TOLERANCE}
     */
    static void verify(
            final List<GoldenVector> vectors,
            final List<TierModel> tiers,
            final List<String> labels) {
        for (int i = 0; i < vectors.size(); i++) {
            requireTiers(i + 1, vectors.get(i), tiers, labels.size());
        }
        for (final TierModel tier : tiers) {
            final List<Integer> lines = new ArrayList<>();
            for (int i = 0; i < vectors.size(); i++) {
                if (vectors.get(i).probabilities().containsKey(tier.spec().name())) {
                    lines.add(i);
                }
            }
            if (lines.isEmpty()) {
                throw new BundleException(
                        FILE
                                + ": it has no line for tier "
                                + tier.spec().name()
                                + ", so its answers cannot be checked; write the golden vectors"
                                + " again");
            }
            verify(vectors, lines, tier, labels);
        }
    }

    private static void requireTiers(
            final int line,
            final GoldenVector vector,
            final List<TierModel> tiers,
            final int classes) {
        final FlowRecord record = vector.record();
        final Set<String> given = vector.probabilities().keySet();
        final Set<String> answering = names(tiers, tier -> tier.answers(record));
        /* Of a record that its sensor cut short, a tier that would not decide on it may have been asked. */
        if (!given.containsAll(answering)
                || !names(tiers, tier -> tier.answers(record.stage())).containsAll(given)) {
            throw wrong(
                    line,
                    "has the answers of tiers "
                            + sorted(given)
                            + ", for a "
                            + record.stage().name().toLowerCase(Locale.ROOT)
                            + " record they must be "
                            + sorted(answering));
        }
        vector.probabilities()
                .forEach(
                        (tier, probabilities) -> {
                            if (probabilities.length != classes) {
                                throw wrong(
                                        line,
                                        "has "
                                                + probabilities.length
                                                + " probabilities of tier "
                                                + tier
                                                + ", the bundle has "
                                                + classes
                                                + " labels");
                            }
                        });
    }

    private static Set<String> names(final List<TierModel> tiers, final Predicate<TierSpec> which) {
        return tiers.stream()
                .map(TierModel::spec)
                .filter(which)
                .map(TierSpec::name)
                .collect(Collectors.toSet());
    }

    private static void verify(
            final List<GoldenVector> vectors,
            final List<Integer> lines,
            final TierModel tier,
            final List<String> labels) {
        final int classes = labels.size();
        final float[] answers = new float[lines.size() * classes];
        try {
            tier.score(lines.size(), i -> vectors.get(lines.get(i)).record(), answers);
        } catch (final IllegalStateException e) {
            throw new BundleException(
                    FILE + ": it cannot be checked, because " + e.getMessage(), e);
        }
        for (int i = 0; i < lines.size(); i++) {
            final float[] expected =
                    vectors.get(lines.get(i)).probabilities().get(tier.spec().name());
            for (int label = 0; label < classes; label++) {
                final double answer = answers[i * classes + label];
                final double difference = Math.abs(answer - expected[label]);
                // Written so that a difference that is not a number is refused.
                if (!(difference <= TOLERANCE)) {
                    throw wrong(
                            lines.get(i) + 1,
                            String.format(
                                    Locale.ROOT,
                                    "gives label %s the probability %.6f by tier %s, the tier gives"
                                            + " %.6f, a difference of %.6f, which is above %.4f",
                                    labels.get(label),
                                    expected[label],
                                    tier.spec().name(),
                                    answer,
                                    difference,
                                    TOLERANCE));
                }
            }
        }
    }

    private static GoldenVector vector(final byte[] line, final FlowRecordReader records)
            throws IOException {
        try (JsonParser json = JSON.createParser(line)) {
            require(json.nextToken() == JsonToken.START_OBJECT, "is no JSON object");
            final List<FlowRecord> found = new ArrayList<>(1);
            final Map<String, float[]> probabilities = new TreeMap<>();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                final String field = json.currentName();
                require(
                        json.nextToken() == JsonToken.START_OBJECT,
                        "has a field " + field + " that is no object");
                switch (field) {
                    case RECORD -> found.add(record(json, line, records));
                    case PROBABILITIES -> readProbabilities(json, probabilities);
                    default ->
                            throw new IllegalArgumentException(
                                    "has an unknown field "
                                            + field
                                            + "; known are record and"
                                            + " probabilities");
                }
            }
            require(!found.isEmpty(), "has no field record");
            require(!probabilities.isEmpty(), "has no probabilities");
            require(json.nextToken() == null, "has more than one JSON object");
            return new GoldenVector(found.get(0), probabilities);
        }
    }

    /** Hands the record's own bytes to the reader of sensor records. */
    private static FlowRecord record(
            final JsonParser json, final byte[] line, final FlowRecordReader records)
            throws IOException {
        final int start = (int) json.currentTokenLocation().getByteOffset();
        json.skipChildren();
        final int end = (int) json.currentLocation().getByteOffset();
        try {
            return records.read(line, start, end);
        } catch (final IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "has a record that cannot be read: " + e.getMessage(), e);
        }
    }

    private static void readProbabilities(
            final JsonParser json, final Map<String, float[]> probabilities) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            final String tier = json.currentName();
            require(json.nextToken() == JsonToken.START_ARRAY, "has no list for tier " + tier);
            float[] row = new float[16];
            int size = 0;
            while (json.nextToken() != JsonToken.END_ARRAY) {
                require(
                        json.currentToken().isNumeric(),
                        "has a probability of tier " + tier + " that is no number");
                if (size == row.length) {
                    row = Arrays.copyOf(row, 2 * size);
                }
                row[size++] = json.getFloatValue();
            }
            probabilities.put(tier, Arrays.copyOf(row, size));
        }
    }

    private static void require(final boolean condition, final String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    private static String line(final FlowRecord record) throws IOException {
        final ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (FlowRecordWriter writer = FlowRecordWriter.to(line)) {
            writer.write(record);
        }
        return line.toString(StandardCharsets.UTF_8).strip();
    }

    private static List<String> sorted(final Set<String> names) {
        return names.stream().sorted().toList();
    }

    private static BundleException wrong(final int line, final String what) {
        return new BundleException(message(line, what));
    }

    private static BundleException wrong(final int line, final String what, final Exception cause) {
        return new BundleException(message(line, what), cause);
    }

    private static String message(final int line, final String what) {
        return FILE + ": line " + line + " " + what + "; write the golden vectors again";
    }
}
