/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.feature.FeatureEncoder;
import io.serveflow.feature.FeatureEncoders;
import io.serveflow.feature.FeatureSpec;
import io.serveflow.feature.Mask;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The JSON form of a bundle's manifest, {@code bundle.json}.
 *
 * <p>Reading is strict: every field must be there, be of its type and be known, so that a bundle
 * made for a later release, or by hand with a slip of the pen, is refused and not half understood.
 */
public final class BundleJson {

    /** The file's name inside a bundle. */
    public static final String FILE = "bundle.json";

    private static final Set<String> DEVICES = Set.of("cpu", "cuda");
    private static final String UNIVERSAL = "universal";
    private static final String PER_CLASS = "per-class";
    private static final String HOST = "host";

    private static final ObjectMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private static final ObjectWriter WRITER = MAPPER.writer(SerializationFeature.INDENT_OUTPUT);

    private BundleJson() {}

    /**
     * The manifest that a {@code bundle.json} holds.
     *
     * @throws BundleException if it is no JSON, lacks a field, has one of another type or an
     *     unknown one, or names an encoder, mask, score or device that this release does not have
     */
    public static BundleManifest read(final byte[] json) {
        final Value root;
        try {
            root = new Value("", MAPPER.readTree(json));
        } catch (final JacksonException e) {
            throw wrong("it is no valid JSON: " + e.getOriginalMessage() + at(e), e);
        } catch (final IOException e) {
            throw wrong("it is no valid text: " + e.getMessage(), e);
        }
        root.requireOnly(
                "name",
                "version",
                "task",
                "labels",
                "created",
                "tiers",
                "thresholds",
                "unknown",
                ReferenceJson.FIELD,
                "vote",
                "training",
                "metrics",
                "files");
        final List<TierSpec> tiers =
                root.get("tiers").list().stream().map(BundleJson::tier).toList();
        final List<HopThreshold> hops = new ArrayList<>();
        for (final Value hop : root.get("thresholds").list()) {
            hops.add(hop(hop, hops.size(), tiers));
        }
        final Map<String, String> files = new TreeMap<>();
        final Value listed = root.get("files").object();
        listed.node()
                .fieldNames()
                .forEachRemaining(file -> files.put(file, listed.get(file).checksum()));
        return valid(
                "",
                () ->
                        new BundleManifest(
                                root.get("name").text(),
                                root.get("version").text(),
                                root.get("task").text(),
                                root.get("created").text(),
                                root.get("labels").list().stream().map(Value::text).toList(),
                                tiers,
                                hops,
                                root.find("unknown").map(BundleJson::unknown),
                                root.find(ReferenceJson.FIELD).map(ReferenceJson::read),
                                root.find("vote").map(BundleJson::vote),
                                root.get("training").object().node(),
                                root.get("metrics").object().node(),
                                files));
    }

    /** The {@code bundle.json} of a manifest, indented, the same bytes for equal manifests. */
    public static byte[] write(final BundleManifest manifest) {
        final ObjectNode root = MAPPER.createObjectNode();
        root.put("name", manifest.name());
        root.put("version", manifest.version());
        root.put("task", manifest.task());
        final ArrayNode labels = root.putArray("labels");
        manifest.labels().forEach(labels::add);
        root.put("created", manifest.created());
        final ArrayNode tiers = root.putArray("tiers");
        manifest.tiers().forEach(tier -> write(tier, tiers.addObject()));
        final ArrayNode thresholds = root.putArray("thresholds");
        for (int i = 0; i < manifest.hops().size(); i++) {
            final ObjectNode threshold = thresholds.addObject();
            threshold.put("from", manifest.tiers().get(i).name());
            threshold.put("to", manifest.tiers().get(i + 1).name());
            write(manifest.hops().get(i), threshold);
        }
        manifest.unknown().ifPresent(unknown -> write(unknown, root.putObject("unknown")));
        manifest.reference()
                .ifPresent(
                        reference ->
                                ReferenceJson.write(
                                        reference, root.putObject(ReferenceJson.FIELD)));
        manifest.vote().ifPresent(vote -> write(vote, root.putObject("vote")));
        root.set("training", manifest.training());
        root.set("metrics", manifest.metrics());
        final ObjectNode files = root.putObject("files");
        new TreeMap<>(manifest.files()).forEach(files::put);
        try {
            return WRITER.writeValueAsBytes(root);
        } catch (final JsonProcessingException e) {
            throw new IllegalStateException("a tree in memory can be written", e);
        }
    }

    private static TierSpec tier(final Value tier) {
        tier.requireOnly("name", "file", "features", "temperature", "confidence", "device");
        final Value features = tier.get("features");
        features.requireOnly("encoder", "version", "packets", "mask");
        final Set<Mask> masks = EnumSet.noneOf(Mask.class);
        for (final Value mask : features.get("mask").list()) {
            masks.add(valid(mask.path() + ": ", () -> Mask.of(mask.text())));
        }
        final FeatureSpec spec =
                valid(
                        tier.path() + ".",
                        () ->
                                new FeatureSpec(
                                        features.get("encoder").text(),
                                        features.get("version").integer(),
                                        features.get("packets").integer(),
                                        masks));
        final FeatureEncoder encoder = valid(tier.path() + ".", () -> FeatureEncoders.of(spec));
        final Value device = tier.get("device");
        if (!DEVICES.contains(device.text())) {
            throw device.mustBe("cpu or cuda");
        }
        return valid(
                tier.path() + ".",
                () ->
                        new TierSpec(
                                tier.get("name").text(),
                                tier.get("file").text(),
                                spec,
                                calibration(tier),
                                device.text(),
                                encoder));
    }

    private static TierCalibration calibration(final Value tier) {
        return new TierCalibration(
                tier.get("temperature").number(),
                tier.find("confidence").map(BundleJson::confidence));
    }

    private static ConfidenceMap confidence(final Value map) {
        map.requireOnly("from", "to");
        return valid(
                map.path() + ".",
                () -> new ConfidenceMap(map.get("from").numbers(), map.get("to").numbers()));
    }

    private static HopThreshold hop(
            final Value hop, final int position, final List<TierSpec> tiers) {
        hop.requireOnly("from", "to", "score", "kind", "values");
        if (position + 1 >= tiers.size()) {
            throw wrong(
                    "field thresholds has more than the "
                            + (tiers.size() - 1)
                            + " hops that there are between "
                            + tiers.size()
                            + " tiers");
        }
        requireTier(hop.get("from"), tiers.get(position));
        requireTier(hop.get("to"), tiers.get(position + 1));
        final Value score = hop.get("score");
        final Value values = hop.get("values");
        final UncertaintyScore named =
                valid(score.path() + ": ", () -> UncertaintyScore.named(score.text()));
        final double[] thresholds = values.shares();
        final HopThreshold threshold =
                valid(values.path() + ": ", () -> new HopThreshold(named, thresholds));
        final Value kind = hop.get("kind");
        switch (kind.text()) {
            case UNIVERSAL -> {
                if (threshold.perClass()) {
                    throw values.mustBe("a single threshold, because kind is " + UNIVERSAL);
                }
            }
            case PER_CLASS -> {
                if (!threshold.perClass()) {
                    throw values.mustBe("one threshold a label, because kind is " + PER_CLASS);
                }
            }
            default -> throw kind.mustBe(UNIVERSAL + " or " + PER_CLASS);
        }
        return threshold;
    }

    private static UnknownThresholds unknown(final Value unknown) {
        unknown.requireOnly("leastConfidence");
        final Value values = unknown.get("leastConfidence");
        return new UnknownThresholds(values.shares());
    }

    private static VoteRule vote(final Value vote) {
        vote.requireOnly("by", "combination", "power", "damping", "windowSeconds");
        final Value by = vote.get("by");
        if (!by.text().equals(HOST)) {
            throw by.mustBe(HOST);
        }
        final Value combination = vote.get("combination");
        final VoteRule.Combination named =
                valid(
                        combination.path() + ": ",
                        () -> VoteRule.Combination.named(combination.text()));
        return valid(
                vote.path() + ".",
                () ->
                        new VoteRule(
                                named,
                                vote.get("power").number(),
                                vote.get("damping").number(),
                                vote.get("windowSeconds").integer()));
    }

    private static void requireTier(final Value name, final TierSpec tier) {
        if (!name.text().equals(tier.name())) {
            throw name.mustBe(
                    "\"" + tier.name() + "\", because hops are listed in the order of the tiers");
        }
    }

    private static void write(final TierSpec tier, final ObjectNode node) {
        node.put("name", tier.name());
        node.put("file", tier.file());
        final ObjectNode features = node.putObject("features");
        features.put("encoder", tier.features().encoder());
        features.put("version", tier.features().version());
        features.put("packets", tier.features().packets());
        final ArrayNode mask = features.putArray("mask");
        tier.features().mask().stream().sorted().map(Mask::id).forEach(mask::add);
        node.put("temperature", tier.calibration().temperature());
        tier.calibration().confidence().ifPresent(map -> write(map, node.putObject("confidence")));
        node.put("device", tier.device());
    }

    private static void write(final ConfidenceMap map, final ObjectNode node) {
        write(map.from(), node.putArray("from"));
        write(map.to(), node.putArray("to"));
    }

    private static void write(final double[] values, final ArrayNode node) {
        for (final double value : values) {
            node.add(value);
        }
    }

    private static void write(final HopThreshold hop, final ObjectNode node) {
        node.put("score", hop.score().id());
        node.put("kind", hop.perClass() ? PER_CLASS : UNIVERSAL);
        write(hop.values(), node.putArray("values"));
    }

    private static void write(final UnknownThresholds unknown, final ObjectNode node) {
        write(unknown.values(), node.putArray("leastConfidence"));
    }

    private static void write(final VoteRule vote, final ObjectNode node) {
        node.put("by", HOST);
        node.put("combination", vote.combination().id());
        node.put("power", vote.power());
        node.put("damping", vote.damping());
        node.put("windowSeconds", vote.windowSeconds());
    }

    /** What a constructor makes of values, its complaint turned into one about the file. */
    static <T> T valid(final String where, final Supplier<T> make) {
        try {
            return make.get();
        } catch (final IllegalArgumentException e) {
            throw wrong(where + e.getMessage(), e);
        }
    }

    private static String at(final JacksonException e) {
        return e.getLocation() == null ? "" : " in line " + e.getLocation().getLineNr();
    }

    private static BundleException wrong(final String what) {
        return new BundleException(FILE + ": " + what);
    }

    private static BundleException wrong(final String what, final Exception cause) {
        return new BundleException(FILE + ": " + what, cause);
    }

    /** A value with its path in the file, which says what it is not. */
    record Value(String path, JsonNode node) {

        Value get(final String field) {
            final String name = path.isEmpty() ? field : path + "." + field;
            final JsonNode value = object().node.get(field);
            if (value == null) {
                throw wrong("field " + name + " is missing");
            }
            return new Value(name, value);
        }

        /** A field that may be missing. */
        Optional<Value> find(final String field) {
            return object().node.has(field) ? Optional.of(get(field)) : Optional.empty();
        }

        String text() {
            if (!node.isTextual() || node.textValue().isBlank()) {
                throw mustBe("a text that is not blank");
            }
            return node.textValue();
        }

        String checksum() {
            if (!node.isTextual() || !node.textValue().matches("[0-9a-f]{64}")) {
                throw mustBe("a SHA-256 in 64 lower-case hexadecimal digits");
            }
            return node.textValue();
        }

        int integer() {
            if (!node.isIntegralNumber() || !node.canConvertToInt()) {
                throw mustBe("a whole number");
            }
            return node.intValue();
        }

        long count() {
            if (!node.isIntegralNumber() || !node.canConvertToLong()) {
                throw mustBe("a whole number");
            }
            return node.longValue();
        }

        double number() {
            if (!node.isNumber()) {
                throw mustBe("a number");
            }
            return node.doubleValue();
        }

        List<Value> list() {
            if (!node.isArray()) {
                throw mustBe("a list");
            }
            final List<Value> values = new ArrayList<>(node.size());
            for (final JsonNode element : node) {
                values.add(new Value(path + "[" + values.size() + "]", element));
            }
            return values;
        }

        /** A number from 0 to 1, as probabilities and uncertainties are. */
        double share() {
            final double share = number();
            if (!(share >= 0 && share <= 1)) {
                throw mustBe("0 to 1");
            }
            return share;
        }

        double[] shares() {
            return list().stream().mapToDouble(Value::share).toArray();
        }

        double[] numbers() {
            return list().stream().mapToDouble(Value::number).toArray();
        }

        Value object() {
            if (!node.isObject()) {
                throw mustBe("an object");
            }
            return this;
        }

        void requireOnly(final String... known) {
            final Set<String> names = Set.of(known);
            object().node
                    .fieldNames()
                    .forEachRemaining(
                            name -> {
                                if (!names.contains(name)) {
                                    throw wrong(
                                            "field "
                                                    + (path.isEmpty() ? name : path + "." + name)
                                                    + " is unknown to this release; known are "
                                                    + String.join(", ", known));
                                }
                            });
        }

        BundleException mustBe(final String expected) {
            final String field = path.isEmpty() ? "it" : "field " + path;
            return wrong(field + " must be " + expected + ", is " + shown());
        }

        private String shown() {
            final String text = node.toString();
            return text.length() <= 80 ? text : text.substring(0, 80) + "...";
        }
    }
}
