/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.trees;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.serveflow.testing.samples.ProjectFiles;
import io.serveflow.training.features.FeatureMatrix;
import io.serveflow.training.notice.TrainingException;
import io.serveflow.training.tier.Examples;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TensorTreesTest {

    private static final int ROWS = 257;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "service/fastest.onnx",
                "service/fast.onnx",
                "service/slow.onnx",
                "device/slow.onnx"
            })
    void shouldGiveTheProbabilitiesOfTheTreesOfAShippedTier(final String file) throws Exception {
        assertSameAnswers(Files.readAllBytes(ProjectFiles.path("models/" + file)), ROWS);
    }

    @Test
    void shouldGiveTheSameForOneRow() throws Exception {
        assertSameAnswers(Files.readAllBytes(ProjectFiles.path("models/service/slow.onnx")), 1);
    }

    @Test
    void shouldGiveTheProbabilitiesOfTwoClasses() throws OrtException {
        final FeatureMatrix data = random(300, 12, 1);
        final int[] labels = new int[data.rows()];
        Arrays.setAll(labels, i -> data.values()[i * 12] > 0 ? 1 : 0);
        assertSameAnswers(export(data, labels, 2), ROWS);
    }

    @Test
    void shouldGiveTheProbabilitiesOfTreesThatAreOneLeaf() throws OrtException {
        final FeatureMatrix data = new FeatureMatrix(90, 4, new float[90 * 4]);
        final int[] labels = new int[data.rows()];
        Arrays.setAll(labels, i -> i % 3);
        assertSameAnswers(export(data, labels, 3), ROWS);
    }

    @Test
    void shouldUseNoOperatorForTreesThatCudaLacks() throws IOException {
        final byte[] trees = Files.readAllBytes(ProjectFiles.path("models/service/slow.onnx"));
        final ModelProto tensors = ModelProto.parseFrom(TensorTrees.of(trees));
        assertThat(tensors.getOpsetImportList()).allMatch(set -> set.getDomain().isEmpty());
        assertThat(tensors.getGraph().getNodeList()).allMatch(node -> node.getDomain().isEmpty());
    }

    @Test
    void shouldRefuseAModelThatIsNoTreeEnsemble() throws IOException {
        final byte[] trees = Files.readAllBytes(ProjectFiles.path("models/service/fast.onnx"));
        final byte[] tensors = TensorTrees.of(trees);
        assertThatThrownBy(() -> TensorTrees.of(tensors))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("is not one TreeEnsembleClassifier");
    }

    @Test
    void shouldRefuseBranchesOfAnotherMode() throws IOException {
        final ModelProto.Builder model =
                ModelProto.parseFrom(
                        Files.readAllBytes(ProjectFiles.path("models/service/fast.onnx")))
                        .toBuilder();
        final NodeProto.Builder node = model.getGraphBuilder().getNodeBuilder(0);
        for (final AttributeProto.Builder attribute : node.getAttributeBuilderList()) {
            if (attribute.getName().equals("nodes_modes")) {
                attribute.setStrings(0, ByteString.copyFromUtf8("BRANCH_LEQ"));
            }
        }
        assertThatThrownBy(() -> TensorTrees.of(model.build().toByteArray()))
                .isInstanceOf(TrainingException.class)
                .hasMessage("The model has branches of mode BRANCH_LEQ, must be BRANCH_LT.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    nodes_truenodeids | 0 | leads to node 0 twice, or has none of that number.
                    nodes_truenodeids | 9999 | leads to node 9999 twice, or has none of that number.
                    classlabels_int64s | 7 | must count from 0, has 7 at 0.
                    class_ids | 99 | of the model adds to
                    """)
    void shouldRefuseTreesThatAreNone(final String name, final long value, final String message)
            throws IOException {
        final ModelProto.Builder model =
                ModelProto.parseFrom(
                        Files.readAllBytes(ProjectFiles.path("models/service/fast.onnx")))
                        .toBuilder();
        model.getGraphBuilder().getNodeBuilder(0).getAttributeBuilderList().stream()
                .filter(attribute -> attribute.getName().equals(name))
                .forEach(attribute -> attribute.setInts(0, value));
        assertThatThrownBy(() -> TensorTrees.of(model.build().toByteArray()))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining(message);
    }

    private static byte[] export(final FeatureMatrix data, final int[] labels, final int classes) {
        try (BoostedTrees trees =
                BoostedTrees.train(
                        new Examples(data, labels, classes),
                        new TreeSettings(12, 5, 0.3, 0.5, 0.5, 1, 0.5),
                        1,
                        round -> {})) {
            return TreeEnsembleExport.onnx(trees.json(), "tier");
        }
    }

    private static void assertSameAnswers(final byte[] trees, final int rows) throws OrtException {
        final OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
                OrtSession first = environment.createSession(trees, options);
                OrtSession second = environment.createSession(TensorTrees.of(trees), options)) {
            final int width = width(trees);
            final FloatBuffer x = FloatBuffer.wrap(atThresholds(trees, rows, width).values());
            try (OnnxTensor input =
                            OnnxTensor.createTensor(environment, x, new long[] {rows, width});
                    OrtSession.Result expected = first.run(Map.of("x", input));
                    OrtSession.Result actual = second.run(Map.of("x", input))) {
                assertThat(second.getOutputNames()).isEqualTo(first.getOutputNames());
                assertClose(probabilities(actual), probabilities(expected));
                assertThat((long[]) actual.get("label").orElseThrow().getValue())
                        .isEqualTo(expected.get("label").orElseThrow().getValue());
            }
        }
    }

    private static float[][] probabilities(final OrtSession.Result result) throws OrtException {
        return (float[][]) result.get("probabilities").orElseThrow().getValue();
    }

    private static void assertClose(final float[][] actual, final float[][] expected) {
        assertThat(actual).hasDimensions(expected.length, expected[0].length);
        for (int i = 0; i < expected.length; i++) {
            for (int c = 0; c < expected[i].length; c++) {
                assertThat(Math.abs(actual[i][c] - expected[i][c]))
                        .as("row %d, class %d", i, c)
                        .isLessThanOrEqualTo(1e-5f);
            }
        }
    }

    private static int width(final byte[] onnx) {
        try {
            return (int)
                    ModelProto.parseFrom(onnx)
                            .getGraph()
                            .getInput(0)
                            .getType()
                            .getTensorType()
                            .getShape()
                            .getDim(1)
                            .getDimValue();
        } catch (final InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    /** Rows of values that stand at, just below and just above the thresholds of the model. */
    private static FeatureMatrix atThresholds(final byte[] onnx, final int rows, final int width) {
        final List<Float> thresholds;
        try {
            thresholds =
                    ModelProto.parseFrom(onnx).getGraph().getNode(0).getAttributeList().stream()
                            .filter(attribute -> attribute.getName().equals("nodes_values"))
                            .findFirst()
                            .orElseThrow()
                            .getFloatsList();
        } catch (final InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
        final Random random = new Random(3);
        final float[] cells = new float[rows * width];
        for (int i = 0; i < cells.length; i++) {
            final float at = thresholds.get(random.nextInt(thresholds.size()));
            cells[i] =
                    switch (random.nextInt(3)) {
                        case 0 -> Math.nextDown(at);
                        case 1 -> at;
                        default -> Math.nextUp(at);
                    };
        }
        return new FeatureMatrix(rows, width, cells);
    }

    private static FeatureMatrix random(final int rows, final int width, final long seed) {
        final Random random = new Random(seed);
        final float[] cells = new float[rows * width];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = (float) random.nextGaussian();
        }
        return new FeatureMatrix(rows, width, cells);
    }
}
