/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.trees;

import io.serveflow.training.features.FeatureRows;
import io.serveflow.training.notice.TrainingException;
import io.serveflow.training.tier.Examples;
import io.serveflow.training.tier.TrainedModel;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntConsumer;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import ml.dmlc.xgboost4j.java.util.BigDenseMatrix;

/**
 * A trained ensemble of one tree a class and round; holds native memory until closed.
 *
 * <p>Deterministic: the same rows, labels and settings give the same trees on the same machine,
 * because the number of threads is fixed and with it the order in which histograms are summed.
 */
final class BoostedTrees implements TrainedModel {

    /** Bits need three bins and get no more; this is for ports, of which each means something. */
    private static final int BINS = 256;

    private static final int THREADS = 2;

    /** 64 MiB; beyond it a matrix is handed over outside the heap. */
    private static final long MOST_IN_ARRAY = 1 << 24;

    /** XGBoost keeps a value with the number of its column. */
    private static final int NATIVE_BYTES = 8;

    private static final String[] HELD_OUT = {"held-out"};

    private final Booster booster;

    private BoostedTrees(final Booster booster) {
        this.booster = booster;
    }

    /**
     * Trains all rounds of the settings, whatever their patience.
     *
     * @param round called with the number of rounds done, after each
     * @throws TrainingException if XGBoost refuses
     */
    static BoostedTrees train(
            final Examples examples,
            final TreeSettings settings,
            final long seed,
            final IntConsumer round) {
        try {
            final DMatrix data = matrix(examples, settings);
            try {
                final Booster booster = begun(examples, data, settings, seed);
                try {
                    for (int i = 0; i < settings.rounds(); i++) {
                        booster.update(data, settings.leading().rounds() + i);
                        round.accept(i + 1);
                    }
                    return new BoostedTrees(booster);
                } catch (final XGBoostError | RuntimeException e) {
                    booster.dispose();
                    throw e;
                }
            } finally {
                data.dispose();
            }
        } catch (final XGBoostError e) {
            throw refused(examples.rows(), e);
        }
    }

    /**
     * After how many rounds the answers on other rows were best, by the mean logarithm of what was
     * given to the right class. Stops when they have not become better for as many rounds as the
     * settings have patience, and at the latest after their rounds.
     *
     * @param heldOut examples that are not trained on
     * @throws TrainingException if XGBoost refuses
     */
    static int bestRounds(
            final Examples examples,
            final Examples heldOut,
            final TreeSettings settings,
            final long seed,
            final IntConsumer round) {
        try {
            final DMatrix data = matrix(examples, settings);
            final DMatrix[] watched = new DMatrix[1];
            Booster booster = null;
            try {
                watched[0] = matrix(heldOut.rows());
                watched[0].setLabel(toFloats(heldOut.labels()));
                booster = begun(examples, data, settings, seed);
                booster.setParam("eval_metric", "mlogloss");
                final float[] loss = new float[1];
                float least = Float.POSITIVE_INFINITY;
                int best = 1;
                for (int done = 1; done <= settings.rounds(); done++) {
                    final int tree = settings.leading().rounds() + done - 1;
                    booster.update(data, tree);
                    booster.evalSet(watched, HELD_OUT, tree, loss);
                    if (loss[0] < least) {
                        least = loss[0];
                        best = done;
                    }
                    round.accept(done);
                    if (done - best >= settings.patience()) {
                        break;
                    }
                }
                return best;
            } finally {
                data.dispose();
                if (watched[0] != null) {
                    watched[0].dispose();
                }
                if (booster != null) {
                    booster.dispose();
                }
            }
        } catch (final XGBoostError e) {
            throw refused(examples.rows(), e);
        }
    }

    /** A booster with its leading trees, if there are any, that goes on with the others. */
    private static Booster begun(
            final Examples examples,
            final DMatrix data,
            final TreeSettings settings,
            final long seed)
            throws XGBoostError {
        final Map<String, Object> parameters = parameters(examples, settings, seed);
        final LeadingTrees leading = settings.leading();
        if (leading.rounds() == 0) {
            return XGBoost.train(data, parameters, 0, Map.of(), null, null);
        }
        final DMatrix telling =
                matrix(
                        shown(examples.rows(), LeadingTrees.shown(examples.columns())),
                        examples,
                        settings);
        try {
            final Map<String, Object> first = new LinkedHashMap<>(parameters);
            first.put("max_depth", leading.depth());
            first.put("eta", leading.learningRate());
            first.put("colsample_bytree", leading.columns());
            first.put("min_split_loss", 0);
            first.put("min_child_weight", 1);
            final Booster booster =
                    XGBoost.train(telling, first, leading.rounds(), Map.of(), null, null);
            try {
                booster.setParams(parameters);
                return booster;
            } catch (final XGBoostError | RuntimeException e) {
                booster.dispose();
                throw e;
            }
        } finally {
            telling.dispose();
        }
    }

    /** The same rows, with 0 in each column that is not shown. */
    private static FeatureRows shown(final FeatureRows rows, final boolean[] columns) {
        return new FeatureRows() {
            @Override
            public int rows() {
                return rows.rows();
            }

            @Override
            public int width() {
                return rows.width();
            }

            @Override
            public void copy(final int row, final float[] to, final int at) {
                rows.copy(row, to, at);
                for (int column = 0; column < columns.length; column++) {
                    if (!columns[column]) {
                        to[at + column] = 0;
                    }
                }
            }
        };
    }

    private static Map<String, Object> parameters(
            final Examples examples, final TreeSettings settings, final long seed) {
        final Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("objective", "multi:softprob");
        parameters.put("num_class", examples.classes());
        parameters.put("tree_method", "hist");
        parameters.put("max_bin", BINS);
        parameters.put("nthread", THREADS);
        parameters.put("seed", seed);
        parameters.put("verbosity", 0);
        parameters.put("max_depth", settings.depth());
        parameters.put("eta", settings.learningRate());
        parameters.put("min_split_loss", settings.minSplitLoss());
        parameters.put("colsample_bytree", settings.columns());
        parameters.put("min_child_weight", settings.minChildWeight());
        parameters.put("lambda", settings.lambda());
        return parameters;
    }

    /** The model in XGBoost's JSON form. */
    byte[] json() {
        try {
            return booster.toByteArray("json");
        } catch (final XGBoostError e) {
            throw new TrainingException("XGBoost could not write its model: " + e.getMessage(), e);
        }
    }

    @Override
    public byte[] onnx(final String name) {
        return TreeEnsembleExport.onnx(json(), name);
    }

    @Override
    public float[][] predict(final FeatureRows rows) {
        try {
            final DMatrix data = matrix(rows);
            try {
                return predict(data);
            } finally {
                data.dispose();
            }
        } catch (final XGBoostError e) {
            throw new TrainingException("XGBoost could not predict: " + e.getMessage(), e);
        }
    }

    float[][] predict(final DMatrix rows) throws XGBoostError {
        return booster.predict(rows);
    }

    @Override
    public void close() {
        booster.dispose();
    }

    private static DMatrix matrix(final Examples examples, final TreeSettings settings)
            throws XGBoostError {
        return matrix(examples.rows(), examples, settings);
    }

    /**
     * @param rows those of the examples, or what is shown of them
     */
    private static DMatrix matrix(
            final FeatureRows rows, final Examples examples, final TreeSettings settings)
            throws XGBoostError {
        final DMatrix data = matrix(rows);
        try {
            data.setLabel(toFloats(examples.labels()));
            data.setWeight(ExampleWeights.of(examples, settings));
            return data;
        } catch (final XGBoostError | RuntimeException e) {
            data.dispose();
            throw e;
        }
    }

    private static DMatrix matrix(final FeatureRows rows) throws XGBoostError {
        return matrix(rows, MOST_IN_ARRAY);
    }

    /**
     * The rows as XGBoost keeps them: 8 bytes a value, outside the heap.
     *
     * @param mostInArray above so many values they are handed over outside the heap too, since an
     *     array ends at two thousand million and doubles what they take
     */
    static DMatrix matrix(final FeatureRows rows, final long mostInArray) throws XGBoostError {
        final int width = rows.width();
        if ((long) rows.rows() * width <= mostInArray) {
            final float[] values = new float[rows.rows() * width];
            for (int row = 0; row < rows.rows(); row++) {
                rows.copy(row, values, row * width);
            }
            return new DMatrix(values, rows.rows(), width, Float.NaN);
        }
        final BigDenseMatrix values = new BigDenseMatrix(rows.rows(), width);
        try {
            final float[] one = new float[width];
            for (int row = 0; row < rows.rows(); row++) {
                rows.copy(row, one, 0);
                for (int column = 0; column < width; column++) {
                    values.set((long) row * width + column, one[column]);
                }
            }
            return new DMatrix(values, Float.NaN);
        } finally {
            values.dispose();
        }
    }

    private static TrainingException refused(final FeatureRows rows, final XGBoostError e) {
        return new TrainingException(
                String.format(
                        Locale.ROOT,
                        "XGBoost could not train on %d flows of %d columns, which take"
                                + " %d MiB outside the heap: %s",
                        rows.rows(),
                        rows.width(),
                        ((long) rows.rows() * rows.width() * NATIVE_BYTES >> 20) + 1,
                        e.getMessage()),
                e);
    }

    private static float[] toFloats(final int[] labels) {
        final float[] floats = new float[labels.length];
        for (int i = 0; i < labels.length; i++) {
            floats[i] = labels[i];
        }
        return floats;
    }
}
