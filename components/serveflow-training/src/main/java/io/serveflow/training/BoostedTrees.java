/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/**
 * A trained ensemble of one tree a class and round; holds native memory until closed.
 *
 * <p>Deterministic: the same rows, labels and settings give the same trees on the same machine,
 * because the number of threads is fixed and with it the order in which histograms are summed.
 */
final class BoostedTrees implements AutoCloseable {

    /** Bits need three bins and get no more; this is for ports, of which each means something. */
    private static final int BINS = 256;

    private static final int THREADS = 2;

    private final Booster booster;

    private BoostedTrees(final Booster booster) {
        this.booster = booster;
    }

    /**
     * Trains.
     *
     * @param labels the class of each row, 0 to {@code classes - 1}
     * @param round told the number of rounds done, after each
     * @throws TrainingException if XGBoost refuses
     */
    static BoostedTrees train(
            final FeatureMatrix rows,
            final int[] labels,
            final int classes,
            final TreeSettings settings,
            final long seed,
            final IntConsumer round) {
        final Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("objective", "multi:softprob");
        parameters.put("num_class", classes);
        parameters.put("tree_method", "hist");
        parameters.put("max_bin", BINS);
        parameters.put("nthread", THREADS);
        parameters.put("seed", seed);
        parameters.put("verbosity", 0);
        parameters.put("max_depth", settings.depth());
        parameters.put("eta", settings.learningRate());
        parameters.put("colsample_bytree", settings.columns());
        parameters.put("min_child_weight", settings.minChildWeight());
        parameters.put("lambda", settings.lambda());
        try {
            final DMatrix data = matrix(rows);
            try {
                data.setLabel(toFloats(labels));
                data.setWeight(weights(labels, classes, settings.balance()));
                final Booster booster = XGBoost.train(data, parameters, 1, Map.of(), null, null);
                round.accept(1);
                for (int i = 1; i < settings.rounds(); i++) {
                    booster.update(data, i);
                    round.accept(i + 1);
                }
                return new BoostedTrees(booster);
            } finally {
                data.dispose();
            }
        } catch (final XGBoostError e) {
            throw new TrainingException("XGBoost could not train: " + e.getMessage(), e);
        }
    }

    /** The model in XGBoost's JSON form. */
    byte[] json() {
        try {
            return booster.toByteArray("json");
        } catch (final XGBoostError e) {
            throw new TrainingException("XGBoost could not write its model: " + e.getMessage(), e);
        }
    }

    /** The probabilities that XGBoost itself gives, one array of classes a row. */
    float[][] predict(final FeatureMatrix rows) {
        try {
            final DMatrix data = matrix(rows);
            try {
                return booster.predict(data);
            } finally {
                data.dispose();
            }
        } catch (final XGBoostError e) {
            throw new TrainingException("XGBoost could not predict: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        booster.dispose();
    }

    private static DMatrix matrix(final FeatureMatrix rows) throws XGBoostError {
        return new DMatrix(rows.values(), rows.rows(), rows.width(), Float.NaN);
    }

    private static float[] toFloats(final int[] labels) {
        final float[] floats = new float[labels.length];
        for (int i = 0; i < labels.length; i++) {
            floats[i] = labels[i];
        }
        return floats;
    }

    /** A weight a row, 1 on average; a class half as frequent weighs {@code 2^balance} as much. */
    private static float[] weights(final int[] labels, final int classes, final double balance) {
        final int[] counts = new int[classes];
        for (final int label : labels) {
            counts[label]++;
        }
        final double[] weight = new double[classes];
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            if (counts[c] > 0) {
                weight[c] = Math.pow((double) labels.length / counts[c], balance);
                sum += weight[c] * counts[c];
            }
        }
        final float[] weights = new float[labels.length];
        for (int i = 0; i < labels.length; i++) {
            weights[i] = (float) (weight[labels[i]] * labels.length / sum);
        }
        return weights;
    }
}
