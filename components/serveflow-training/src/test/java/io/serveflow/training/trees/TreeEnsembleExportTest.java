/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.trees;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.training.features.FeatureMatrix;
import io.serveflow.training.notice.TrainingException;
import io.serveflow.training.tier.Examples;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TreeEnsembleExportTest {

    private static final int WIDTH = 40;
    private static final int CLASSES = 5;
    private static final TreeSettings SETTINGS = new TreeSettings(12, 5, 0.3, 0.5, 0.5, 1, 0.5);

    @Test
    void shouldGiveTheProbabilitiesOfTheBoosterOnTernaryRows() throws OrtException {
        final FeatureMatrix data = ternary(600, 1);
        assertParity(data, labels(data), data, 256);
        assertParity(data, labels(data), data, 1);
    }

    @Test
    void shouldGiveTheProbabilitiesOfTheBoosterOnAnyRows() throws OrtException {
        final FeatureMatrix data = gaussian(600, 2);
        assertParity(data, labels(data), gaussian(512, 3), 256);
        assertParity(data, labels(data), gaussian(64, 4), 1);
    }

    @Test
    void shouldGoTheSameWayAtAThresholdAndBesideIt() throws OrtException {
        final FeatureMatrix data = gaussian(600, 5);
        try (BoostedTrees trees = train(data, labels(data), SETTINGS)) {
            final float[] thresholds = thresholds(trees.json());
            assertThat(thresholds).hasSizeGreaterThan(50);
            final Random random = new Random(6);
            final FeatureMatrix rows =
                    rows(
                            1024,
                            i -> {
                                final float at = thresholds[random.nextInt(thresholds.length)];
                                return switch (random.nextInt(3)) {
                                    case 0 -> Math.nextDown(at);
                                    case 1 -> at;
                                    default -> Math.nextUp(at);
                                };
                            });
            assertParity(trees, rows, 256);
        }
    }

    @Test
    void shouldSendMissingValuesTheWayOfTheBooster() throws OrtException {
        final Random random = new Random(7);
        final FeatureMatrix data =
                rows(600, i -> random.nextInt(4) == 0 ? Float.NaN : (float) random.nextGaussian());
        final int[] labels = new int[data.rows()];
        Arrays.setAll(labels, i -> Float.isNaN(data.values()[i * WIDTH]) ? 1 : i % CLASSES);
        try (BoostedTrees trees = train(data, labels, SETTINGS)) {
            assertParity(trees, data, 256);
        }
    }

    @Test
    void shouldExportTreesThatAreOneLeaf() throws OrtException {
        final FeatureMatrix data = rows(100, i -> 1);
        final int[] labels = new int[100];
        Arrays.setAll(labels, i -> i % CLASSES);
        assertParity(data, labels, data, 10);
    }

    @Test
    void shouldExportTwoClasses() throws OrtException {
        final FeatureMatrix data = ternary(300, 8);
        final int[] labels = new int[300];
        Arrays.setAll(labels, i -> data.values()[i * WIDTH] > 0 ? 1 : 0);
        try (BoostedTrees trees =
                BoostedTrees.train(new Examples(data, labels, 2), SETTINGS, 1, round -> {})) {
            assertParity(trees, data, 256);
        }
    }

    @Test
    void shouldWriteTheSameBytesFromTheSameData() {
        final FeatureMatrix data = ternary(400, 9);
        assertThat(onnx(data)).isEqualTo(onnx(data));
    }

    @Test
    void shouldRefuseAnotherObjective() throws Exception {
        final FeatureMatrix data = ternary(100, 10);
        try (BoostedTrees trees = train(data, labels(data), SETTINGS)) {
            final JsonMapper json = new JsonMapper();
            final ObjectNode model = (ObjectNode) json.readTree(trees.json());
            model.withObject("/learner/objective").put("name", "reg:squarederror");
            assertThatThrownBy(() -> TreeEnsembleExport.onnx(json.writeValueAsBytes(model), "tier"))
                    .isInstanceOf(TrainingException.class)
                    .hasMessage(
                            "The XGBoost model has objective reg:squarederror, the export to ONNX"
                                    + " needs multi:softprob.");
        }
    }

    private static byte[] onnx(final FeatureMatrix data) {
        try (BoostedTrees trees = train(data, labels(data), SETTINGS)) {
            return TreeEnsembleExport.onnx(trees.json(), "tier");
        }
    }

    private static BoostedTrees train(
            final FeatureMatrix data, final int[] labels, final TreeSettings settings) {
        return BoostedTrees.train(new Examples(data, labels, CLASSES), settings, 1, round -> {});
    }

    private static void assertParity(
            final FeatureMatrix data, final int[] labels, final FeatureMatrix rows, final int batch)
            throws OrtException {
        try (BoostedTrees trees = train(data, labels, SETTINGS)) {
            assertParity(trees, rows, batch);
        }
    }

    private static void assertParity(
            final BoostedTrees trees, final FeatureMatrix rows, final int batch)
            throws OrtException {
        final float[][] expected = trees.predict(rows);
        final byte[] onnx = TreeEnsembleExport.onnx(trees.json(), "tier");
        final OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
                OrtSession session = environment.createSession(onnx, options)) {
            assertThat(session.getOutputNames()).containsExactly("label", "probabilities");
            for (int from = 0; from < rows.rows(); from += batch) {
                final int n = Math.min(batch, rows.rows() - from);
                final FloatBuffer x =
                        FloatBuffer.wrap(rows.values(), from * WIDTH, n * WIDTH).slice();
                try (OnnxTensor input =
                                OnnxTensor.createTensor(environment, x, new long[] {n, WIDTH});
                        OrtSession.Result result = session.run(Map.of("x", input))) {
                    final float[][] actual =
                            (float[][]) result.get("probabilities").orElseThrow().getValue();
                    for (int i = 0; i < n; i++) {
                        for (int c = 0; c < actual[i].length; c++) {
                            assertThat(Math.abs(actual[i][c] - expected[from + i][c]))
                                    .as("row %d, class %d", from + i, c)
                                    .isLessThanOrEqualTo(1e-5f);
                        }
                    }
                }
            }
        }
    }

    private static float[] thresholds(final byte[] json) {
        final TreeSet<Float> thresholds = new TreeSet<>();
        for (final XgboostModel.Tree tree : XgboostModel.read(json).trees()) {
            for (int node = 0; node < tree.left().length; node++) {
                if (!tree.isLeaf(node)) {
                    thresholds.add(tree.conditions()[node]);
                }
            }
        }
        final float[] values = new float[thresholds.size()];
        int n = 0;
        for (final float threshold : thresholds) {
            values[n++] = threshold;
        }
        return values;
    }

    /** A class that follows from the first columns, with one row in ten at random. */
    private static int[] labels(final FeatureMatrix data) {
        final Random random = new Random(11);
        final int[] labels = new int[data.rows()];
        for (int i = 0; i < labels.length; i++) {
            int bits = 0;
            for (int c = 0; c < 4; c++) {
                bits = bits * 2 + (data.values()[i * WIDTH + c] > 0 ? 1 : 0);
            }
            labels[i] = random.nextInt(10) == 0 ? random.nextInt(CLASSES) : bits % CLASSES;
        }
        return labels;
    }

    private static FeatureMatrix ternary(final int n, final long seed) {
        final Random random = new Random(seed);
        return rows(n, i -> random.nextInt(3) - 1);
    }

    private static FeatureMatrix gaussian(final int n, final long seed) {
        final Random random = new Random(seed);
        return rows(n, i -> (float) random.nextGaussian());
    }

    private static FeatureMatrix rows(final int n, final Values values) {
        final float[] cells = new float[n * WIDTH];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = values.at(i);
        }
        return new FeatureMatrix(n, WIDTH, cells);
    }

    @FunctionalInterface
    private interface Values {
        float at(int cell);
    }
}
