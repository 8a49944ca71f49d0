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
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
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
        refuses(unknown("[ 0.1 ]"), "3 labels need as many least confidences, there are 1");
        refuses(unknown("[ 0.1, 2, 0 ]"), "must be 0 to 1, was 2.0");
        refuses(
                unknown("[ 0.1, 0.2, 0.3 ]").replace("\"mail\"", "\"unknown\""),
                "a label is 'unknown'");
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
        refuses(JSON.replace("\"fastest\"", "\"fast/est\""), "was 'fast/est'");
        refuses(JSON.replace("\"task\" : \"service\"", "\"task\" : \"a/b\""), "was 'a/b'");
    }

    @Test
    void shouldRefuseAnUnknownScore() {
        refuses(
                JSON.replace("least-confidence", "guess"),
                "thresholds[0]: unknown uncertainty score 'guess'");
    }

    @Test
    void shouldRefuseADuplicateTierName() {
        refuses(
                JSON.replace("\"name\" : \"slow\"", "\"name\" : \"fastest\"")
                        .replace("\"to\" : \"slow\"", "\"to\" : \"fastest\""),
                "two tiers have the same name");
    }

    @Test
    void shouldRefuseLabelsThatAreTheSame() {
        refuses(JSON.replace("\"mail\"", "\"dns\""), "two labels are the same");
    }

    @Test
    void shouldRefuseHopsThatDoNotFollowTheTiers() {
        refuses(
                JSON.replace("\"to\" : \"slow\"", "\"to\" : \"fast\""),
                "thresholds[0].to must be \"slow\"");
        refuses(
                JSON.replaceFirst("(?s)\"thresholds\" : \\[.*?} ]", "\"thresholds\" : []"),
                "need 1 hops, there are 0");
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
                "3 labels need as many per-class thresholds");
        refuses(JSON.replace("[ 0.1, 0.2, 0.3 ]", "[ ]"), "at least one threshold");
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
                "'\"mean\"'    | '\"median\"' | the combination is product or mean",
                "0.75            | 0            | the power must be above 0",
                "0.25            | 1.5          | the damping must be 0 to 1",
                "300             | 0            | the window must be 1 to 86400 seconds",
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
