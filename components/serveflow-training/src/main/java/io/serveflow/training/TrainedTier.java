/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

import io.serveflow.feature.FeatureEncoders;
import io.serveflow.flow.FlowRecord;
import io.serveflow.model.TierCalibration;
import io.serveflow.model.TierModel;
import io.serveflow.model.TierSpec;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/**
 * A tier that was trained and exported; answers through the model that will serve. Holds native
 * memory until closed.
 */
final class TrainedTier implements AutoCloseable {

    /** How far the exported model may be from XGBoost's own probabilities. */
    static final double PARITY = 1e-5;

    /** Flows a run that are compared: alone, as the application does, and many. */
    private static final int[] BATCHES = {1, TierModel.BATCH, 256};

    private final TierPlan plan;
    private final byte[] onnx;
    private final BoostedTrees trees;
    private final TierModel model;

    private TrainedTier(
            final TierPlan plan,
            final byte[] onnx,
            final BoostedTrees trees,
            final TierModel model) {
        this.plan = plan;
        this.onnx = onnx;
        this.trees = trees;
        this.model = model;
    }

    /**
     * Trains a tier and exports it.
     *
     * @param labels the class of each flow
     * @param round told the number of rounds done, after each
     */
    static TrainedTier train(
            final TierPlan plan,
            final List<FlowRecord> flows,
            final int[] labels,
            final int classes,
            final long seed,
            final IntConsumer round) {
        final FeatureMatrix rows = FeatureMatrix.of(FeatureEncoders.of(plan.features()), flows);
        final BoostedTrees trees =
                BoostedTrees.train(rows, labels, classes, plan.trees(), seed, round);
        try {
            final byte[] onnx = TreeEnsembleExport.onnx(trees.json(), plan.name());
            return new TrainedTier(
                    plan,
                    onnx,
                    trees,
                    TierModel.open(spec(plan, TierCalibration.NONE), classes, onnx));
        } catch (final RuntimeException e) {
            trees.close();
            throw e;
        }
    }

    TierPlan plan() {
        return plan;
    }

    /** The model as an ONNX file. */
    byte[] onnx() {
        return onnx;
    }

    /** The tier as the bundle will state it. */
    TierSpec spec(final TierCalibration calibration) {
        return spec(plan, calibration);
    }

    /** What an answer costs to compute. */
    TierCost cost(final List<FlowRecord> flows, final LongSupplier nanoClock) {
        return TierCost.measure(model, flows, nanoClock);
    }

    /** The probabilities as the model gives them, one row a flow. */
    float[][] score(final List<FlowRecord> flows) {
        return TierScores.of(model, flows);
    }

    /** The probabilities as the bundle will give them, one row a flow. */
    float[][] score(final List<FlowRecord> flows, final TierCalibration calibration) {
        return TierCalibrationFit.calibrated(score(flows), calibration);
    }

    /**
     * The largest difference between XGBoost's own probabilities and the exported model's.
     *
     * @throws TrainingException if it is above {@link #PARITY}
     */
    double parity(final List<FlowRecord> flows) {
        final float[][] expected = trees.predict(FeatureMatrix.of(model.encoder(), flows));
        double most = 0;
        for (final int batch : BATCHES) {
            try (TierModel other = TierModel.open(model.spec(), model.classes(), onnx, batch)) {
                most = Math.max(most, difference(expected, TierScores.of(other, flows)));
            }
        }
        if (most > PARITY) {
            throw new TrainingException(
                    "The ONNX model of tier "
                            + plan.name()
                            + " differs from XGBoost by "
                            + most
                            + ", allowed is "
                            + PARITY
                            + "; this is a defect of the export, please report it.");
        }
        return most;
    }

    private static double difference(final float[][] expected, final float[][] actual) {
        double most = 0;
        for (int i = 0; i < expected.length; i++) {
            for (int c = 0; c < expected[i].length; c++) {
                most = Math.max(most, Math.abs(expected[i][c] - actual[i][c]));
            }
        }
        return most;
    }

    @Override
    public void close() {
        model.close();
        trees.close();
    }

    private static TierSpec spec(final TierPlan plan, final TierCalibration calibration) {
        return new TierSpec(plan.name(), plan.file(), plan.features(), calibration, plan.device());
    }
}
