/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.drift.Counts;
import io.serveflow.drift.Edges;
import io.serveflow.drift.PacketFeature;
import io.serveflow.drift.Reference;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Scale;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UniqueElements;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BundleJsonTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String CHECKSUM = "ab".repeat(32);

    static final String JSON =
            """
            {
              "name" : "tiny",
              "version" : "1.0.0",
              "task" : "service",
              "labels" : [ "dns", "mail", "web_tls" ],
              "created" : "2026-11-22T00:00:00Z",
              "tiers" : [ {
                "name" : "fastest",
                "file" : "fastest.onnx",
                "features" : {
                  "encoder" : "nprint",
                  "version" : 1,
                  "packets" : 1,
                  "mask" : [ "addresses", "ports" ]
                },
                "temperature" : 1.0,
                "device" : "cpu"
              }, {
                "name" : "slow",
                "file" : "slow.onnx",
                "features" : {
                  "encoder" : "nprint+sequence",
                  "version" : 1,
                  "packets" : 3,
                  "mask" : [ ]
                },
                "temperature" : 1.7,
                "device" : "cuda"
              } ],
              "thresholds" : [ {
                "from" : "fastest",
                "to" : "slow",
                "score" : "least-confidence",
                "kind" : "per-class",
                "values" : [ 0.1, 0.2, 0.3 ]
              } ],
              "training" : {
                "seed" : 1
              },
              "metrics" : {
                "macroF1" : 0.5
              },
              "files" : {
                "fastest.onnx" : "%s",
                "golden.ndjson" : "%s"
              }
            }\
            """
                    .formatted(CHECKSUM, CHECKSUM);

    static final String REFERENCE =
            JSON.replace(
                    "\"training\"",
                    """
                    "reference" : {
                      "labels" : [ 3, 0, 4, 1 ],
                      "confidence" : [ 0, 0, 0, 1, 0, 0, 0, 0, 2, 5 ],
                      "tiers" : [ 6, 2 ],
                      "features" : [ {
                        "name" : "ttl",
                        "edges" : [ 64, 128 ],
                        "counts" : [ 1, 6, 0 ]
                      } ]
                    },
                    "training"\
                    """);

    private static final BundleManifest MANIFEST =
            TinyBundles.MANIFEST.withFiles(
                    Map.of("fastest.onnx", CHECKSUM, "golden.ndjson", CHECKSUM));

    @Test
    void shouldReadWhatABundleSays() {
        assertThat(read(JSON)).isEqualTo(MANIFEST);
    }

    @Test
    void shouldWriteTheManifestInItsForm() {
        assertThat(BundleJson.write(MANIFEST)).asString(StandardCharsets.UTF_8).isEqualTo(JSON);
    }

    @Test
    void shouldReadWhenAnAnswerIsWithheld() {
        final BundleManifest manifest = read(unknown("[ 0.1, 0.0, 0.25 ]"));
        assertThat(manifest.unknown()).contains(new UnknownThresholds(0.1, 0, 0.25));
        assertThat(read(new String(BundleJson.write(manifest), StandardCharsets.UTF_8)))
                .isEqualTo(manifest);
    }

    @Test
    void shouldRefuseLeastConfidencesThatDoNotFit() {
        refuses(
                unknown("[ 0.1 ]"),
                "unknown.leastConfidence: 3 labels need as many least confidences, there are 1");
        refuses(unknown("[ 0.1, 2, 0 ]"), "field unknown.leastConfidence[1] must be 0 to 1, is 2");
        refuses(
                unknown("[ 0.1, 0.2, 0.3 ]").replace("\"mail\"", "\"unknown\""),
                "labels: one of them is 'unknown'");
    }

    @Test
    void shouldReadTheDistributionsOfItsMaking() {
        final BundleManifest manifest = read(REFERENCE);
        assertThat(manifest.reference())
                .contains(
                        new Reference(
                                new Counts(3, 0, 4, 1),
                                new Counts(0, 0, 0, 1, 0, 0, 0, 0, 2, 5),
                                new Counts(6, 2),
                                List.of(
                                        new Reference.OfFeature(
                                                PacketFeature.TTL,
                                                new Edges(64, 128),
                                                new Counts(1, 6, 0)))));
        assertThat(read(new String(BundleJson.write(manifest), StandardCharsets.UTF_8)))
                .isEqualTo(manifest);
        assertThat(MANIFEST.withReference(manifest.reference())).isEqualTo(manifest);
    }

    @Test
    void shouldRefuseAReferenceThatDoesNotFit() {
        refuses(
                REFERENCE.replace("[ 3, 0, 4, 1 ]", "[ 3, 0, 5 ]"),
                "the reference of a bundle with 3 labels needs 4 counts of labels, the last of"
                        + " withheld answers, there are 3");
        refuses(
                REFERENCE.replace("[ 6, 2 ]", "[ 8 ]"),
                "the reference of a bundle with 2 tiers needs as many counts of tiers, there are"
                        + " 1");
        refuses(
                REFERENCE.replace("1, 0, 0, 0, 0, 2, 5 ]", "8 ]"),
                "reference: confidence needs 10 counts, there are 4");
        refuses(
                REFERENCE.replace("[ 6, 2 ]", "[ 6, 3 ]"),
                "reference: labels, confidence and tiers count the same flows, but come to 8, 8"
                        + " and 9");
        refuses(
                REFERENCE.replace("[ 1, 6, 0 ]", "[ 1, 6 ]"),
                "reference.features[0].counts: the edges of ttl need 3 counts, one more than edges,"
                        + " there are 2");
        refuses(
                REFERENCE.replace("[ 1, 6, 0 ]", "[ 1, 6, 2 ]"),
                "reference: ttl counts 9 flows, more than the 8 that there are");
    }

    @Test
    void shouldRefuseCountsThatAreNone() {
        refuses(
                REFERENCE.replace("[ 6, 2 ]", "[ 9, -1 ]"),
                "reference.tiers: a count must be 0 to 1000000000000, was -1");
        refuses(
                REFERENCE.replace("[ 6, 2 ]", "[ 0, 0 ]"),
                "reference.tiers: counts need at least one flow, all are 0");
        refuses(
                REFERENCE.replace("[ 6, 2 ]", "[ 6, 2.0 ]"),
                "field reference.tiers[1] must be a whole number, is 2.0");
    }

    @Test
    void shouldRefuseFeaturesThatItDoesNotKnow() {
        refuses(
                REFERENCE.replace("\"ttl\"", "\"address\""),
                "reference.features[0].name: unknown feature 'address'");
        refuses(
                REFERENCE.replace("[ 64, 128 ]", "[ 128, 64 ]"),
                "reference.features[0].edges: each edge is above the one before, but 64 follows"
                        + " 128");
        refuses(
                REFERENCE.replace("\"confidence\"", "\"confidences\""),
                "field reference.confidences is unknown");
    }

    private static String unknown(final String values) {
        return JSON.replace(
                "\"training\"",
                "\"unknown\" : { \"leastConfidence\" : " + values + " }, \"training\"");
    }

    @Test
    void shouldRefuseBrokenJson() {
        refuses(JSON.substring(0, JSON.length() - 1), "no valid JSON", "in line 47");
        refuses(JSON + "{}", "no valid JSON");
        refuses("", "it must be an object");
        refuses("[]", "it must be an object");
    }

    @Test
    void shouldRefuseTextThatBeginsLikeUtf32AndIsNot() {
        refuses("\0\0\0{" + JSON, "no valid text", "UTF-32");
    }

    @Test
    void shouldRefuseAFieldThatIsThereTwice() {
        refuses(JSON.replace("\"task\"", "\"name\""), "Duplicate field 'name'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name",
                "version",
                "task",
                "labels",
                "created",
                "tiers",
                "thresholds",
                "training",
                "metrics",
                "files"
            })
    void shouldRefuseAMissingField(final String field) throws JsonProcessingException {
        final ObjectNode root = (ObjectNode) MAPPER.readTree(JSON);
        root.remove(field);

        refuses(root.toString(), "field " + field + " is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "file", "features", "temperature", "device"})
    void shouldNameTheTierThatLacksAField(final String field) throws JsonProcessingException {
        final ObjectNode root = (ObjectNode) MAPPER.readTree(JSON);
        ((ObjectNode) root.at("/tiers/1")).remove(field);

        refuses(root.toString(), "field tiers[1]." + field + " is missing");
    }

    @Test
    void shouldKeepTheConfidenceMapOfATier() {
        final BundleManifest mapped = read(mapped("[ 0.25, 0.5, 1 ]", "[ 0.4, 0.4, 0.9 ]"));

        assertThat(mapped.tiers().get(1).calibration())
                .isEqualTo(
                        new TierCalibration(
                                1.7,
                                Optional.of(
                                        new ConfidenceMap(
                                                new double[] {0.25, 0.5, 1},
                                                new double[] {0.4, 0.4, 0.9}))));
        assertThat(mapped.tiers().get(0).calibration().confidence()).isEmpty();
        assertThat(BundleJson.read(BundleJson.write(mapped))).isEqualTo(mapped);
    }

    @Property
    void shouldKeepEveryConfidenceMap(
            @ForAll @Size(min = 1, max = ConfidenceMap.MOST_KNOTS) @UniqueElements
                    final List<@DoubleRange(min = 0.001, max = 1) @Scale(6) Double> knots) {
        final double[] ascending =
                knots.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        final TierCalibration calibration =
                new TierCalibration(1.5, Optional.of(new ConfidenceMap(ascending, ascending)));
        final BundleManifest manifest = read(JSON);
        final BundleManifest mapped =
                new BundleManifest(
                        manifest.name(),
                        manifest.version(),
                        manifest.task(),
                        manifest.created(),
                        manifest.labels(),
                        manifest.tiers().stream()
                                .map(tier -> tier.withCalibration(calibration))
                                .toList(),
                        manifest.hops(),
                        manifest.unknown(),
                        manifest.reference(),
                        manifest.training(),
                        manifest.metrics(),
                        manifest.files());

        assertThat(BundleJson.read(BundleJson.write(mapped))).isEqualTo(mapped);
    }

    @Test
    void shouldRefuseAConfidenceMapThatIsNone() {
        refusesMap("[ 0.5, 0.25 ]", "[ 0.4, 0.9 ]", "tiers[1].confidence.from[1] must be above");
        refusesMap("[ 0.25, 0.5 ]", "[ 0.9, 0.4 ]", "tiers[1].confidence.to[1] must not be below");
        refusesMap("[ 0.25, 0.5 ]", "[ 0.4 ]", "tiers[1].confidence.from and to", "are 2 and 1");
        refusesMap("[ 0.25, 1.5 ]", "[ 0.4, 0.9 ]", "tiers[1].confidence.from[1] must be 0 to 1");
        refusesMap("0.5", "[ 0.4 ]", "field tiers[1].confidence.from must be a list");
        refusesMap("[ \"a\" ]", "[ 0.4 ]", "field tiers[1].confidence.from[0] must be a number");
    }

    @Test
    void shouldRefuseAnUnknownField() {
        refuses(
                JSON.replace(
                        "\"encoder\" : \"nprint\",", "\"encoder\" : \"nprint\", \"maks\" : [],"),
                "field tiers[0].features.maks is unknown",
                "known are encoder, version, packets, mask");
    }

    @Test
    void shouldRefuseAValueOfAnotherType() {
        refuses(
                JSON.replace(": 1.7", ": \"warm\""),
                "tiers[1].temperature must be a number, is \"warm\"");
        refuses(
                JSON.replace("\"packets\" : 3", "\"packets\" : 3.5"),
                "tiers[1].features.packets must be a whole number, is 3.5");
        refuses(JSON.replace("\"tiny\"", "7"), "field name must be a text that is not blank, is 7");
        refuses(JSON.replace("\"tiny\"", "null"), "field name must be a text");
        refuses(
                JSON.replace("\"mail\"", "\" \""),
                "field labels[1] must be a text that is not blank");
        refuses(
                JSON.replace("[ 0.1, 0.2, 0.3 ]", "0.1"),
                "field thresholds[0].values must be a list");
        refuses(JSON.replace("0.2", "true"), "field thresholds[0].values[1] must be a number");
    }

    @Test
    void shouldRefuseAChecksumThatIsNone() {
        refuses(
                JSON.replaceFirst(CHECKSUM, "ABAB"),
                "field files.fastest.onnx must be a SHA-256",
                "\"ABAB\"");
    }

    @Test
    void shouldRefuseAnUnknownEncoder() {
        refuses(
                JSON.replace("\"nprint\"", "\"nprnt\""),
                "tiers[0].features.encoder 'nprnt' is unknown");
    }

    @Test
    void shouldRefuseAnUnknownEncoderVersion() {
        refuses(
                JSON.replaceFirst("\"version\" : 1,", "\"version\" : 9,"),
                "tiers[0].features.version 9 of encoder nprint is unknown");
    }

    @Test
    void shouldRefuseAnUnknownMask() {
        refuses(
                JSON.replace("\"ports\"", "\"port\""),
                "tiers[0].features.mask[1]: unknown mask 'port'");
    }

    @Test
    void shouldRefuseAnUnknownDevice() {
        refuses(
                JSON.replace("\"cuda\"", "\"gpu\""),
                "tiers[1].device must be cpu or cuda, is \"gpu\"");
    }

    /** Counts of verdicts are kept by task/tier/stage. */
    @Test
    void shouldRefuseASlashInTheNameOfATierOrTask() {
        refuses(
                JSON.replace("\"fastest\"", "\"fast/est\""),
                "bundle.json: tiers[0].name must be",
                "was 'fast/est'");
        refuses(
                JSON.replace("\"task\" : \"service\"", "\"task\" : \"a/b\""),
                "bundle.json: task must be",
                "was 'a/b'");
    }

    @Test
    void shouldRefuseAnUnknownScore() {
        refuses(
                JSON.replace("least-confidence", "guess"),
                "thresholds[0].score: unknown uncertainty score 'guess'");
    }

    @Test
    void shouldRefuseADuplicateTierName() {
        refuses(
                JSON.replace("\"name\" : \"slow\"", "\"name\" : \"fastest\"")
                        .replace("\"to\" : \"slow\"", "\"to\" : \"fastest\""),
                "tiers: two of them have the same name");
    }

    @Test
    void shouldRefuseLabelsThatAreTheSame() {
        refuses(JSON.replace("\"mail\"", "\"dns\""), "labels: two of them are the same");
    }

    @Test
    void shouldRefuseHopsThatDoNotFollowTheTiers() {
        refuses(
                JSON.replace("\"to\" : \"slow\"", "\"to\" : \"fast\""),
                "thresholds[0].to must be \"slow\"");
        refuses(
                JSON.replaceFirst("(?s)\"thresholds\" : \\[.*?} ]", "\"thresholds\" : []"),
                "thresholds: 2 tiers need 1 hops, there are 0");
    }

    @Test
    void shouldRefuseThresholdsOfAnotherKind() {
        refuses(
                JSON.replace("per-class", "universal"),
                "thresholds[0].values must be a single threshold");
        refuses(
                JSON.replace("per-class", "some"),
                "thresholds[0].kind must be universal or per-class");
        refuses(
                JSON.replace("[ 0.1, 0.2, 0.3 ]", "[ 0.1 ]"),
                "values must be one threshold a label");
        refuses(
                JSON.replace("[ 0.1, 0.2, 0.3 ]", "[ 0.1, 0.2 ]"),
                "thresholds[0].values: 3 labels need as many per-class thresholds");
        refuses(
                JSON.replace("[ 0.1, 0.2, 0.3 ]", "[ ]"),
                "thresholds[0].values: a hop needs at least one threshold");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5", "-0.25", "1e308", "1e999"})
    void shouldRefuseAThresholdThatIsNoUncertainty(final String threshold) {
        for (final String score : List.of("least-confidence", "margin", "entropy")) {
            refuses(
                    JSON.replace("least-confidence", score)
                            .replace("[ 0.1, 0.2, 0.3 ]", "[ 0, 1, " + threshold + " ]"),
                    "field thresholds[0].values[2] must be 0 to 1, is ");
        }
    }

    private static String mapped(final String from, final String to) {
        return JSON.replace(
                ": 1.7,",
                ": 1.7, \"confidence\" : { \"from\" : " + from + ", \"to\" : " + to + " },");
    }

    private static void refusesMap(final String from, final String to, final String... why) {
        refuses(mapped(from, to), why);
    }

    private static BundleManifest read(final String json) {
        return BundleJson.read(json.getBytes(StandardCharsets.UTF_8));
    }

    private static void refuses(final String json, final String... why) {
        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(() -> read(json))
                .withMessageStartingWith("bundle.json: ")
                .satisfies(e -> assertThat(e.getMessage()).contains(why));
    }

    @Test
    void shouldKeepAVote() {
        final BundleManifest voting =
                MANIFEST.withVote(
                        Optional.of(new VoteRule(VoteRule.Combination.MEAN, 0.75, 0.25, 300)));

        assertThat(BundleJson.read(BundleJson.write(voting))).isEqualTo(voting);
        assertThat(BundleJson.write(voting))
                .asString(StandardCharsets.UTF_8)
                .contains("\"combination\" : \"mean\"", "\"windowSeconds\" : 300");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'\"host\"'    | '\"flow\"'   | field vote.by must be host",
                "'\"mean\"'    | '\"median\"' | vote.combination: unknown combination",
                "0.75            | 0            | vote.power must be above 0",
                "0.25            | 1.5          | vote.damping must be 0 to 1",
                "300             | 0            | vote.windowSeconds must be 1 to 86400",
                "'\"damping\"' | '\"damp\"'   | is unknown to this release"
            })
    void shouldRefuseAVoteThatCannotBeCounted(
            final String piece, final String by, final String reason) {
        final String json =
                new String(
                        BundleJson.write(
                                MANIFEST.withVote(
                                        Optional.of(
                                                new VoteRule(
                                                        VoteRule.Combination.MEAN,
                                                        0.75,
                                                        0.25,
                                                        300)))),
                        StandardCharsets.UTF_8);

        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(() -> read(json.replace(piece, by)))
                .withMessageContaining(reason);
    }
}
