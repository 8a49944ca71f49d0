/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.packing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import io.serveflow.flow.FlowRecord;
import io.serveflow.model.Bundle;
import io.serveflow.model.BundleManifest;
import io.serveflow.model.TierSpec;
import io.serveflow.training.LinearModel;
import io.serveflow.training.TestCaptures;
import io.serveflow.training.bundle.About;
import io.serveflow.training.bundle.GoldenFlows;
import io.serveflow.training.bundle.ModelCard;
import io.serveflow.training.data.LabelSource;
import io.serveflow.training.notice.TrainingException;
import io.serveflow.training.notice.TrainingListener;
import io.serveflow.training.score.Objective;
import io.serveflow.training.tier.TierFeatures;
import io.serveflow.training.tier.TierScores;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundlePackingTest {

    private static final List<String> CLASSES = List.of("dns", "http", "ssh");
    private static final String FAST = "header";

    @TempDir private Path folder;

    @Test
    void shouldMakeABundleOfForeignModelsThatLoads() throws IOException {
        final PackedTier fast = tier("fast", FAST, 1, linear(FAST, 1, 1));
        final PackedTier slow = tier("slow", "nprint", 4, linear("nprint", 4, 2));

        pack(List.of(fast, slow), List.of(0.4));

        try (Bundle bundle = Bundle.load(folder.resolve("bundle"))) {
            final BundleManifest manifest = bundle.manifest();
            assertThat(manifest.name()).isEqualTo("mine");
            assertThat(manifest.labels()).isEqualTo(CLASSES);
            assertThat(manifest.tiers()).extracting(TierSpec::name).containsExactly("fast", "slow");
            assertThat(manifest.hops()).singleElement();
            assertThat(manifest.hops().get(0).values()).containsExactly(0.4);
            assertThat(manifest.files())
                    .containsOnlyKeys("fast.onnx", "slow.onnx", "golden.ndjson", "CARD.md");
        }
        assertThat(folder.resolve("bundle/fast.onnx"))
                .hasBinaryContent(Files.readAllBytes(fast.model()));
        assertThat(folder.resolve("bundle").resolve(ModelCard.FILE))
                .content()
                .contains("`slow` reads `nprint` of 4 packet(s)");
    }

    @Test
    void shouldAnswerAsTheForeignModelDoes() throws IOException {
        final int width = width(FAST, 1);
        final float[][] weights = new float[width][CLASSES.size()];
        weights[0][2] = 0.001f;
        pack(List.of(tier("fast", FAST, 1, LinearModel.of(weights))), List.of());

        final List<FlowRecord> records = GoldenFlows.records(1);
        try (Bundle bundle = Bundle.load(folder.resolve("bundle"))) {
            final float[][] answers = TierScores.of(bundle.tiers().get(0), records);
            for (int i = 0; i < answers.length; i++) {
                final FloatBuffer row = FloatBuffer.allocate(width);
                bundle.tiers().get(0).encoder().encode(records.get(i), row);
                final double ssh = Math.exp(0.001 * row.get(0));
                assertThat((double) answers[i][2]).isCloseTo(ssh / (ssh + 2), within(1e-5));
            }
        }
    }

    @Test
    void shouldFitThresholdsAndCalibrationsToLabelledFlows() throws IOException {
        final TestCaptures captures = captures();

        final BundleManifest bundle =
                fit(LabelSource.captures(captures.labels(), captures.folder()));

        assertThat(bundle.reference()).isPresent();
        assertThat(bundle.metrics().at("/calibration/labelled").asBoolean()).isTrue();
        assertThat(bundle.metrics().at("/calibration/after/escalated").asDouble())
                .isLessThanOrEqualTo(0.55);
        assertThat(bundle.version()).isEqualTo("7");
        assertThat(folder.resolve("bundle").resolve(ModelCard.FILE))
                .content()
                .contains("compared with their labels");
    }

    @Test
    void shouldFitThresholdsToFlowsWithoutLabels() throws IOException {
        final BundleManifest bundle = fit(LabelSource.unlabelled(captures().folder()));

        assertThat(bundle.metrics().at("/calibration/labelled").asBoolean(true)).isFalse();
        assertThat(bundle.hops()).hasSize(1);
    }

    @Test
    void shouldRefuseAnInputOfAnotherWidth() throws IOException {
        refuse(LinearModel.of(5, 3, 1))
                .hasMessageContaining(
                        ": x has 5 columns, header of 1 packet writes " + width(FAST, 1))
                .hasMessageContaining("the model of tier fast");
    }

    @Test
    void shouldRefuseAnOutputOfAnotherNumberOfClasses() throws IOException {
        refuse(LinearModel.of(width(FAST, 1), 4, 1))
                .hasMessageContaining(": probabilities has 4 columns, there are classes 3;");
    }

    @Test
    void shouldRefuseAnInputOfAnotherName() throws IOException {
        refuse(linear(FAST, 1, 1).withInput("float_input"))
                .hasMessageContaining("has the inputs float_input; it must have one, named x");
    }

    @Test
    void shouldRefuseAnOutputOfAnotherName() throws IOException {
        refuse(linear(FAST, 1, 1).withOutput("logits"))
                .hasMessageContaining("has the outputs logits; one must be named probabilities");
    }

    @Test
    void shouldRefuseAFixedNumberOfFlows() throws IOException {
        refuse(linear(FAST, 1, 1).withRows(1))
                .hasMessageContaining("x has the shape [1, " + width(FAST, 1) + "], must have [n,");
    }

    @Test
    void shouldRefuseAnOutputThatIsNoProbabilities() throws IOException {
        refuse(linear(FAST, 1, 1).withoutSoftmax())
                .hasMessageContaining("its output is no probabilities, since ")
                .hasMessageEndingWith("; let it end in a softmax.");
    }

    @Test
    void shouldRefuseAnOutputOfDoubles() throws IOException {
        final ModelProto.Builder model =
                ModelProto.parseFrom(linear(FAST, 1, 1).onnx()).toBuilder();
        model.getGraphBuilder()
                .getOutputBuilder(0)
                .getTypeBuilder()
                .getTensorTypeBuilder()
                .setElemType(TensorProto.DataType.DOUBLE_VALUE);

        refuse(model.build().toByteArray())
                .hasMessageContaining("probabilities holds double values, must hold float");
    }

    @Test
    void shouldRefuseAnOutputThatIsAListOfMaps() throws IOException {
        final ModelProto.Builder model =
                ModelProto.parseFrom(linear(FAST, 1, 1).onnx()).toBuilder();
        model.getGraphBuilder()
                .getOutputBuilder(0)
                .setType(
                        TypeProto.newBuilder()
                                .setSequenceType(TypeProto.Sequence.getDefaultInstance()));

        refuse(model.build().toByteArray())
                .hasMessageContaining("probabilities is no tensor but a sequence or map")
                .hasMessageContaining("zipmap=False");
    }

    @Test
    void shouldRefuseWeightsInAnotherFile() throws IOException {
        final ModelProto.Builder model =
                ModelProto.parseFrom(linear(FAST, 1, 1).onnx()).toBuilder();
        model.getGraphBuilder()
                .getInitializerBuilder(0)
                .setDataLocation(TensorProto.DataLocation.EXTERNAL);

        refuse(model.build().toByteArray())
                .hasMessageContaining("keeps its weights in another file");
    }

    @Test
    void shouldRefuseAFileThatIsNoModel() throws IOException {
        refuse("no model at all".getBytes(StandardCharsets.UTF_8))
                .hasMessageContaining("is no ONNX model; export it as one.");
        refuse(new byte[0]).hasMessageContaining("is no ONNX model; export it as one.");
    }

    @Test
    void shouldRefuseAModelThatIsNotThere() {
        final PackedTier tier =
                new PackedTier("fast", TierFeatures.of(FAST, 1), folder.resolve("gone.onnx"));
        assertThatThrownBy(() -> pack(List.of(tier), List.of()))
                .isInstanceOf(TrainingException.class)
                .hasMessage(
                        "The model of tier fast, "
                                + folder.resolve("gone.onnx")
                                + ", cannot be read (there is no such file or folder).");
    }

    @Test
    void shouldKeepTheOlderBundleWhereAModelIsRefused() throws IOException {
        pack(List.of(tier("fast", FAST, 1, linear(FAST, 1, 1))), List.of());
        final byte[] before = Files.readAllBytes(folder.resolve("bundle/bundle.json"));

        refuse(linear(FAST, 1, 1).withoutSoftmax()).hasMessageContaining("no probabilities");

        assertThat(folder.resolve("bundle/bundle.json")).hasBinaryContent(before);
        assertThat(folder.resolve(".bundle.draft")).doesNotExist();
    }

    @Test
    void shouldNameAllOptionsThatDoNotFit() {
        final PackedTier tier =
                new PackedTier("fast", TierFeatures.of(FAST, 1), folder.resolve("a.onnx"));
        assertThatThrownBy(
                        () ->
                                new PackOptions(
                                        new About("", "mine", "1", ""),
                                        List.of("dns", "dns"),
                                        List.of(tier, tier),
                                        List.of(0.5, 1.5),
                                        Optional.empty(),
                                        folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(
                        "--task must be 1 to 64",
                        "two classes are named 'dns'",
                        "tiers must have different names",
                        "2 tiers need 1 --threshold, one from each tier to the next, there are 2",
                        "--threshold must be 0 to 1, was 1.5");
    }

    @Test
    void shouldSayHowATierIsStated() {
        assertThatThrownBy(() -> PackedTier.parse("fast=header:1"))
                .hasMessage(
                        "a tier is stated as NAME=ENCODER:PACKETS:FILE, such as"
                                + " fast=header+payload:1:fast.onnx, was 'fast=header:1'");
        assertThatThrownBy(() -> PackedTier.parse("fast=wishes:1:a.onnx"))
                .hasMessageContaining("'wishes' is unknown");
        assertThatThrownBy(() -> PackedTier.parse("fast=conn:1:a.onnx"))
                .hasMessageContaining("needs the summaries of a sensor");
    }

    private TestCaptures captures() throws IOException {
        return TestCaptures.services(
                Files.createDirectories(folder.resolve("captures")), 20, 1, false);
    }

    /** Packs a fast and a slow tier for as few waits as possible; of which each knows nothing. */
    private BundleManifest fit(final LabelSource source) throws IOException {
        return new BundlePacking(
                        new PackOptions(
                                new About("service", "mine", "7", "Random weights."),
                                List.of("call", "clock", "other", "video"),
                                List.of(
                                        tier("fast", FAST, 1, model(FAST, 1)),
                                        tier("slow", FAST, 4, model(FAST, 4))),
                                List.of(),
                                Optional.of(
                                        new PackOptions.Fitting(
                                                source, new Objective.MostEscalated(0.5), 1)),
                                folder.resolve("bundle")),
                        TrainingListener.SILENT,
                        Clock.systemUTC())
                .run();
    }

    private static LinearModel model(final String encoder, final int packets) {
        return LinearModel.of(width(encoder, packets), 4, packets);
    }

    private AbstractThrowableAssert<?, ?> refuse(final LinearModel model) throws IOException {
        return refuse(model.onnx());
    }

    private AbstractThrowableAssert<?, ?> refuse(final byte[] onnx) throws IOException {
        final PackedTier tier = tier("fast", FAST, 1, onnx);
        return assertThatThrownBy(() -> pack(List.of(tier), List.of()))
                .isInstanceOf(TrainingException.class);
    }

    private void pack(final List<PackedTier> tiers, final List<Double> thresholds) {
        new BundlePacking(
                        new PackOptions(
                                new About("service", "mine", "1", "Random weights."),
                                CLASSES,
                                tiers,
                                thresholds,
                                Optional.empty(),
                                folder.resolve("bundle")),
                        TrainingListener.SILENT,
                        Clock.systemUTC())
                .run();
    }

    private static LinearModel linear(final String encoder, final int packets, final long seed) {
        return LinearModel.of(width(encoder, packets), CLASSES.size(), seed);
    }

    private static int width(final String encoder, final int packets) {
        return new PackedTier("any", TierFeatures.of(encoder, packets), Path.of("any"))
                .encoder()
                .width();
    }

    private PackedTier tier(
            final String name, final String encoder, final int packets, final LinearModel model)
            throws IOException {
        return tier(name, encoder, packets, model.onnx());
    }

    private PackedTier tier(
            final String name, final String encoder, final int packets, final byte[] onnx)
            throws IOException {
        final Path file = folder.resolve(name + ".onnx");
        Files.write(file, onnx);
        return PackedTier.parse(name + "=" + encoder + ":" + packets + ":" + file);
    }
}
