/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.tier;

import io.serveflow.flow.FlowRecord;
import io.serveflow.model.TierCalibration;
import io.serveflow.model.TierModel;
import io.serveflow.model.TierSpec;
import io.serveflow.model.onnx.OnnxScorer;
import io.serveflow.training.calibration.TierCalibrationFit;
import io.serveflow.training.features.FeatureRows;
import io.serveflow.training.notice.TrainingException;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/**
 * A tier that was trained and exported; answers through the model that will serve. Holds native
 * memory until closed.
 */
public final class TrainedTier implements AutoCloseable {

    /** Flows a run that are compared: alone, as the application does, and many. */
    private static final int[] BATCHES = {1, OnnxScorer.BATCH, 256};

    private final TierPlan plan;
    private final byte[] onnx;
    private final double parity;
    private final TierModel model;

    private TrainedTier(
            final TierPlan plan, final byte[] onnx, final double parity, final TierModel model) {
        this.plan = plan;
        this.onnx = onnx;
        this.parity = parity;
        this.model = model;
    }

    /**
     * Trains a tier, exports it and compares the two.
     *
     * @param tested the rows of the flows that both are compared on; maybe none
     * @param round called with the number of rounds done, after each
     * @throws TrainingException if they differ by more than the trainer's tolerance
     */
    static TrainedTier train(
            final TierPlan plan,
            final Examples examples,
            final long seed,
            final FeatureRows tested,
            final List<FlowRecord> testedFlows,
            final IntConsumer round) {
        try (TrainedModel model = plan.trainer().train(examples, seed, round)) {
            final byte[] onnx = model.onnx(plan.name());
            final int classes = examples.classes();
            final double parity =
                    testedFlows.isEmpty()
                            ? 0
                            : parity(plan, classes, onnx, model.predict(tested), testedFlows);
            return open(plan, onnx, parity, classes);
        }
    }

    /**
     * A tier that was trained before.
     *
     * @param parity what {@link #parity()} was
     */
    static TrainedTier open(
            final TierPlan plan, final byte[] onnx, final double parity, final int classes) {
        return new TrainedTier(
                plan,
                onnx,
                parity,
                TierModel.open(spec(plan, TierCalibration.NONE), classes, onnx));
    }

    public TierPlan plan() {
        return plan;
    }

    /** The model as an ONNX file. */
    public byte[] onnx() {
        return onnx;
    }

    /** The tier as the bundle will state it. */
    public TierSpec spec(final TierCalibration calibration) {
        return spec(plan, calibration);
    }

    /** What an answer costs to compute. */
    TierCost cost(final List<FlowRecord> flows, final LongSupplier nanoClock) {
        return TierCost.measure(model, flows, nanoClock);
    }

    /** The probabilities as the model gives them, one row a flow. */
    public float[][] score(final List<FlowRecord> flows) {
        return TierScores.of(model, flows);
    }

    /** The probabilities as the bundle will give them, one row a flow. */
    public float[][] score(final List<FlowRecord> flows, final TierCalibration calibration) {
        return TierCalibrationFit.calibrated(score(flows), calibration);
    }

    /**
     * The largest difference between the trainer's own probabilities and the exported model's, over
     * the flows that they were compared on.
     */
    public double parity() {
        return parity;
    }

    private static double parity(
            final TierPlan plan,
            final int classes,
            final byte[] onnx,
            final float[][] expected,
            final List<FlowRecord> flows) {
        double most = 0;
        for (final int batch : BATCHES) {
            try (TierModel other =
                    TierModel.of(
                            spec(plan, TierCalibration.NONE),
                            OnnxScorer.open(
                                    spec(plan, TierCalibration.NONE), classes, onnx, batch))) {
                most = Math.max(most, difference(expected, TierScores.of(other, flows)));
            }
        }
        final TierTrainer trainer = plan.trainer();
        // Written so that a difference that is not a number is refused.
        if (!(most <= trainer.tolerance())) {
            throw new TrainingException(
                    "The ONNX model of tier "
                            + plan.name()
                            + " differs from "
                            + trainer.words().library()
                            + " by "
                            + most
                            + ", allowed is "
                            + trainer.tolerance()
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
    }

    private static TierSpec spec(final TierPlan plan, final TierCalibration calibration) {
        return new TierSpec(plan.name(), plan.file(), plan.features(), calibration, plan.device());
    }
}
