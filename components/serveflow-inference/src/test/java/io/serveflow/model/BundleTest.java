/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.serveflow.flow.SampleFlows;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BundleTest {

    @TempDir private Path folder;

    private Path directory;

    @BeforeEach
    void writeBundle() throws IOException {
        directory = TinyBundles.write(folder.resolve("tiny"));
    }

    @Test
    void shouldLoadAWholeBundle() throws IOException {
        try (Bundle bundle = Bundle.load(directory)) {
            assertThat(bundle.manifest().withFiles(Map.of())).isEqualTo(TinyBundles.MANIFEST);
            assertThat(bundle.manifest().files())
                    .containsOnlyKeys("CARD.md", "fastest.onnx", "golden.ndjson", "slow.onnx");
            assertThat(bundle.tiers())
                    .extracting(tier -> tier.spec().name())
                    .containsExactly("fastest", "slow");
            assertThat(bundle.tier("slow").encoder().width()).isEqualTo(3 * 1036);
            assertThat(bundle.tier("slow").classes()).isEqualTo(3);
        }
    }

    @Test
    void shouldReferToItselfByTheHashOfItsManifest() throws IOException {
        try (Bundle bundle = Bundle.load(directory)) {
            assertThat(bundle.ref().name()).isEqualTo("tiny");
            assertThat(bundle.ref().version()).isEqualTo("1.0.0");
            assertThat(bundle.ref().task()).isEqualTo("service");
            assertThat(bundle.ref().sha256())
                    .isEqualTo(Sha256.hex(Files.readAllBytes(directory.resolve("bundle.json"))));
        }
    }

    @Test
    void shouldLoadFilesThatAreLinksInsideTheFolder() throws IOException {
        // As a mounted ConfigMap lays them out.
        final Path data = Files.createDirectory(directory.resolve("..data"));
        Files.move(directory.resolve("slow.onnx"), data.resolve("slow.onnx"));
        Files.createSymbolicLink(directory.resolve("slow.onnx"), Path.of("..data", "slow.onnx"));

        Bundle.load(directory).close();
    }

    @Test
    void shouldNameTheTiersItHas() {
        try (Bundle bundle = Bundle.load(directory)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> bundle.tier("quick"))
                    .withMessage("bundle tiny has no tier 'quick'; it has fastest, slow");
        }
    }

    @Test
    void shouldCloseItsTiers() {
        final Bundle bundle = Bundle.load(directory);
        bundle.close();
        bundle.close();

        assertThatIllegalStateException()
                .isThrownBy(
                        () ->
                                bundle.tier("fastest")
                                        .score(1, i -> SampleFlows.randomFirst(1), new float[3]));
    }

    @Test
    void shouldRefuseAFolderThatIsNotThere() {
        directory = folder.resolve("other");

        refuses("there is no such folder");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bundle.json", "fastest.onnx", "golden.ndjson", "CARD.md"})
    void shouldRefuseAMissingFile(final String file) throws IOException {
        Files.delete(directory.resolve(file));

        refuses(file + " is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"slow.onnx", "golden.ndjson", "CARD.md"})
    void shouldRefuseAWrongChecksum(final String file) throws IOException {
        final byte[] content = Files.readAllBytes(directory.resolve(file));
        content[content.length / 2] ^= 1;
        Files.write(directory.resolve(file), content);

        refuses(file + " has the SHA-256 " + Sha256.hex(content), "bundle.json says ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"slow.onnx", "golden.ndjson"})
    void shouldRefuseAFileWithoutAChecksum(final String file) throws IOException {
        TinyBundles.edit(directory, "\"" + file + "\" : \"" + checksum(file) + "\"", unusedEntry());

        refuses("field files has no checksum of " + file);
    }

    @Test
    void shouldRefuseAFileOutsideItsFolder() throws IOException {
        Files.copy(directory.resolve("slow.onnx"), folder.resolve("slow.onnx"));
        TinyBundles.edit(directory, "\"slow.onnx\"", "\"../slow.onnx\"");

        refuses("../slow.onnx is outside the bundle");
    }

    @Test
    void shouldRefuseAnAbsoluteFile() throws IOException {
        final Path outside =
                Files.copy(directory.resolve("slow.onnx"), folder.resolve("slow.onnx"));
        TinyBundles.edit(directory, "\"slow.onnx\"", "\"" + outside + "\"");

        refuses(outside + " is outside the bundle");
    }

    @Test
    void shouldRefuseALinkOutOfItsFolder() throws IOException {
        final Path outside = folder.resolve("slow.onnx");
        Files.move(directory.resolve("slow.onnx"), outside);
        Files.createSymbolicLink(directory.resolve("slow.onnx"), outside);

        refuses("slow.onnx is outside the bundle");
    }

    @Test
    void shouldRefuseAFolderInsteadOfAFile() throws IOException {
        Files.delete(directory.resolve("CARD.md"));
        Files.createDirectory(directory.resolve("CARD.md"));

        refuses("CARD.md cannot be read");
    }

    @Test
    void shouldRefuseBrokenJson() throws IOException {
        Files.writeString(directory.resolve("bundle.json"), "{");

        refuses("bundle.json: it is no valid JSON");
    }

    @Test
    void shouldRefuseAnUnknownEncoderVersion() throws IOException {
        TinyBundles.edit(directory, "\"version\" : 1,", "\"version\" : 2,");

        refuses("bundle.json: tiers[0].features.version 2 of encoder nprint is unknown");
    }

    @Test
    void shouldRefuseAnUnreadableModel() throws IOException {
        TinyBundles.replace(directory, "slow.onnx", new byte[] {1, 2, 3});

        refuses("slow.onnx, the model of tier slow, cannot be read by ONNX Runtime");
    }

    @Test
    void shouldRefuseAModelOfAnotherWidth() throws IOException {
        TinyBundles.edit(directory, "\"packets\" : 3", "\"packets\" : 4");

        refuses("slow.onnx", "x has 3108 columns, the encoder writes 4144");
    }

    @Test
    void shouldRefuseAModelOfAnotherNumberOfClasses() throws IOException {
        TinyBundles.replace(directory, "fastest.onnx", TinyModels.trees(896, 5, 1));

        refuses("fastest.onnx", "probabilities has 5 columns, the bundle has 3 labels");
    }

    @Test
    void shouldRefuseAModelThatAnswersOtherwise() throws IOException {
        TinyBundles.replace(directory, "slow.onnx", TinyModels.trees(3 * 1036, 3, 77));

        refuses(
                "golden.ndjson: line 2 gives label dns the probability",
                "by tier slow",
                "difference");
    }

    @Test
    void shouldRefuseAnotherTemperature() throws IOException {
        TinyBundles.edit(directory, "\"temperature\" : 1.7", "\"temperature\" : 1.8");

        refuses("golden.ndjson: line 2", "by tier slow");
    }

    @Test
    void shouldAcceptAnswersWithinTheTolerance() throws IOException {
        shift(0.9e-4f);

        Bundle.load(directory).close();
    }

    @Test
    void shouldRefuseAnswersBeyondTheTolerance() throws IOException {
        shift(1.5e-4f);

        refuses("golden.ndjson: line 1 gives label dns", "which is above 0.0001");
    }

    @Test
    void shouldRefuseGoldenVectorsOfOtherTiers() throws IOException {
        final List<GoldenVector> vectors = golden();
        final GoldenVector context = vectors.get(1);
        vectors.set(
                1,
                new GoldenVector(
                        context.record(), Map.of("slow", context.probabilities().get("slow"))));
        replaceGolden(vectors);

        refuses(
                "golden.ndjson: line 2 has the answers of tiers [slow], for a context record they"
                        + " must be [fastest]");
    }

    @Test
    void shouldRefuseGoldenVectorsOfOtherClasses() throws IOException {
        final List<GoldenVector> vectors = golden();
        vectors.set(
                0,
                new GoldenVector(
                        vectors.get(0).record(), Map.of("fastest", new float[] {0.5f, 0.5f})));
        replaceGolden(vectors);

        refuses("golden.ndjson: line 1 has 2 probabilities of tier fastest, the bundle has 3");
    }

    @Test
    void shouldRefuseATierThatNoGoldenVectorChecks() throws IOException {
        replaceGolden(List.of(golden().get(0)));

        refuses("golden.ndjson: it has no line for tier slow");
    }

    private void shift(final float difference) throws IOException {
        final List<GoldenVector> vectors = golden();
        final Map<String, float[]> probabilities = new HashMap<>();
        vectors.get(0)
                .probabilities()
                .forEach(
                        (tier, row) -> {
                            final float[] shifted = row.clone();
                            shifted[0] += difference;
                            probabilities.put(tier, shifted);
                        });
        vectors.set(0, new GoldenVector(vectors.get(0).record(), probabilities));
        replaceGolden(vectors);
    }

    private List<GoldenVector> golden() throws IOException {
        return new ArrayList<>(
                GoldenVectors.read(Files.readAllBytes(directory.resolve("golden.ndjson"))));
    }

    private void replaceGolden(final List<GoldenVector> vectors) throws IOException {
        TinyBundles.replace(directory, "golden.ndjson", GoldenVectors.write(vectors));
    }

    private String checksum(final String file) throws IOException {
        return Sha256.hex(Files.readAllBytes(directory.resolve(file)));
    }

    /** An entry of {@code files} for a file that no tier needs. */
    private String unusedEntry() throws IOException {
        final byte[] content = "notes".getBytes(StandardCharsets.UTF_8);
        Files.write(directory.resolve("NOTES.md"), content);
        return "\"NOTES.md\" : \"" + Sha256.hex(content) + "\"";
    }

    private void refuses(final String... why) {
        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(() -> Bundle.load(directory))
                .withMessageStartingWith("bundle " + directory + ": ")
                .satisfies(e -> assertThat(e.getMessage()).contains(why));
    }
}
