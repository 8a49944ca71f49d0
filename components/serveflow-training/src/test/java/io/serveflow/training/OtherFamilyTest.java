/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.feature.FeatureSpec;
import io.serveflow.model.Bundle;
import io.serveflow.model.BundleManifest;
import io.serveflow.training.bundle.ModelCard;
import io.serveflow.training.data.DataKind;
import io.serveflow.training.data.LabelSource;
import io.serveflow.training.evaluation.BundleEvaluation;
import io.serveflow.training.evaluation.EvaluationOptions;
import io.serveflow.training.evaluation.EvaluationReport;
import io.serveflow.training.features.FeatureRows;
import io.serveflow.training.notice.TrainingException;
import io.serveflow.training.notice.TrainingListener;
import io.serveflow.training.recalibration.BundleCalibration;
import io.serveflow.training.recalibration.CalibrationOptions;
import io.serveflow.training.recalibration.Recalibration;
import io.serveflow.training.score.Objective;
import io.serveflow.training.tier.Examples;
import io.serveflow.training.tier.TierFamily;
import io.serveflow.training.tier.TierPlan;
import io.serveflow.training.tier.TierTrainer;
import io.serveflow.training.tier.TrainedModel;
import io.serveflow.training.tier.TrainerWords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A family of models that is no tree goes the whole way without a change anywhere else. */
class OtherFamilyTest {

    @TempDir private static Path folder;

    private static LabelSource source;

    @BeforeAll
    static void makeCaptures() throws Exception {
        final TestCaptures captures =
                TestCaptures.services(
                        Files.createDirectories(folder.resolve("captures")), 20, 1, false);
        source = LabelSource.captures(captures.labels(), captures.folder());
    }

    @Test
    void shouldTrainABundleOfAnotherFamilyOfModels() {
        final Path out = folder.resolve("stated");
        final BundleManifest bundle = train(options(out).withPatience(2));

        assertThat(bundle.tiers()).extracting("name").containsExactly("fast", "slow");
        assertThat(bundle.training().at("/tiers/1/model").asText()).isEqualTo("softmax regression");
        assertThat(bundle.metrics().at("/cascade/accuracy").asDouble()).isGreaterThan(0.6);
        assertThat(bundle.metrics().at("/parity").asDouble()).isPositive().isLessThan(1e-4);
        assertThat(out.resolve(ModelCard.FILE)).content().contains("answered by regressions,");
    }

    @Test
    void shouldCraftACascadeOfAnotherFamilyOfModels() {
        final BundleManifest bundle =
                train(
                        options(folder.resolve("crafted"))
                                .withCandidates(new Regressions(false).candidates()));

        assertThat(bundle.metrics().at("/candidates")).hasSize(3);
        assertThat(bundle.training().at("/tiers/0/model").asText()).isEqualTo("softmax regression");
    }

    @Test
    void shouldEvaluateAndCalibrateABundleOfAnotherFamilyOfModels() throws IOException {
        final Path out = folder.resolve("measured");
        train(options(out));

        final EvaluationReport report =
                new BundleEvaluation(
                                new EvaluationOptions(out, source, 1),
                                TrainingListener.SILENT,
                                System::nanoTime)
                        .run();
        final Recalibration result =
                new BundleCalibration(
                                new CalibrationOptions(
                                        out,
                                        source,
                                        Optional.of(folder.resolve("calibrated")),
                                        Optional.empty(),
                                        Objective.DEFAULT,
                                        1),
                                TrainingListener.SILENT)
                        .run();

        assertThat(new JsonMapper().readTree(report.json()).at("/tiers/0/model").asText())
                .isEqualTo("softmax regression");
        assertThat(result.flows()).isEqualTo(180);
        Bundle.load(folder.resolve("calibrated")).close();
    }

    @Test
    void shouldRefuseAModelWhoseTrainerAnswersWithNoNumber() {
        final TrainingOptions options =
                TrainingOptions.defaults(
                                new Regressions(true), "service", source, folder.resolve("broken"))
                        .withFolds(3);

        assertThatThrownBy(() -> train(options))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("differs from the test by NaN, allowed is 1.0E-4");
    }

    private static TrainingOptions options(final Path out) {
        return TrainingOptions.defaults(new Regressions(false), "service", source, out)
                .withFolds(3);
    }

    private static BundleManifest train(final TrainingOptions options) {
        return new Training(options, TrainingListener.SILENT, Clock.systemUTC(), System::nanoTime)
                .run();
    }

    /**
     * @param broken whether a trained model has an answer that is no number
     */
    private record Regressions(boolean broken) implements TierFamily {

        @Override
        public String name() {
            return "regressions";
        }

        @Override
        public TierTrainer trainer(final int rounds, final FeatureSpec features) {
            return new Regression(new Regression.Settings(rounds, 0, broken));
        }

        @Override
        public List<TierPlan> defaults(final DataKind kind) {
            return List.of(plan("fast=header:1:20"), plan("slow=header:4:20"));
        }

        @Override
        public List<TierPlan> candidates() {
            return List.of(
                    plan("one=header:1:10"), plan("two=header:1:20"), plan("four=header:4:20"));
        }
    }

    /** Gradient steps on the mean cross entropy of a linear model. */
    private record Regression(Settings settings) implements TierTrainer {

        private static final double RATE = 0.5;

        private record Settings(int rounds, int patience, boolean broken) {}

        @Override
        public TrainedModel train(
                final Examples examples, final long seed, final IntConsumer round) {
            final Linear model = new Linear(examples.rows().width(), examples.classes());
            for (int i = 1; i <= settings.rounds; i++) {
                model.step(examples);
                round.accept(i);
            }
            return settings.broken ? new Broken(model) : model;
        }

        @Override
        public int bestRounds(
                final Examples examples,
                final Examples heldOut,
                final long seed,
                final IntConsumer round) {
            final Linear model = new Linear(examples.rows().width(), examples.classes());
            double least = Double.POSITIVE_INFINITY;
            int best = 1;
            for (int i = 1; i <= settings.rounds && i - best <= settings.patience; i++) {
                model.step(examples);
                final double loss = model.loss(heldOut);
                if (loss < least) {
                    least = loss;
                    best = i;
                }
                round.accept(i);
            }
            return best;
        }

        @Override
        public int rounds() {
            return settings.rounds;
        }

        @Override
        public int patience() {
            return settings.patience;
        }

        @Override
        public TierTrainer settled(final int number) {
            return new Regression(new Settings(number, 0, settings.broken));
        }

        @Override
        public TierTrainer withRounds(final int number) {
            return new Regression(new Settings(number, settings.patience, settings.broken));
        }

        @Override
        public TierTrainer withPatience(final int number) {
            return new Regression(new Settings(settings.rounds, number, settings.broken));
        }

        @Override
        public String madeBy() {
            return "test";
        }

        @Override
        public double tolerance() {
            return 1e-4;
        }

        @Override
        public TrainerWords words() {
            return new TrainerWords("the test", "regressions");
        }

        @Override
        public void describe(final ObjectNode entry) {
            entry.put("model", "softmax regression").put("steps", settings.rounds);
        }
    }

    private record Broken(TrainedModel model) implements TrainedModel {

        @Override
        public float[][] predict(final FeatureRows rows) {
            final float[][] answers = model.predict(rows);
            answers[0][0] = Float.NaN;
            return answers;
        }

        @Override
        public byte[] onnx(final String name) {
            return model.onnx(name);
        }

        @Override
        public void close() {
            model.close();
        }
    }

    private static final class Linear implements TrainedModel {

        private final float[][] weights;

        Linear(final int width, final int classes) {
            this.weights = new float[width][classes];
        }

        void step(final Examples examples) {
            final float[][] answers = predict(examples.rows());
            final double[][] gradient = new double[weights.length][weights[0].length];
            final float[] row = new float[weights.length];
            for (int i = 0; i < answers.length; i++) {
                examples.rows().copy(i, row, 0);
                final double length = squares(row);
                for (int column = 0; column < row.length; column++) {
                    for (int c = 0; c < answers[i].length; c++) {
                        final double missed = (examples.labels()[i] == c ? 1 : 0) - answers[i][c];
                        gradient[column][c] += missed * row[column] / length / answers.length;
                    }
                }
            }
            for (int column = 0; column < weights.length; column++) {
                for (int c = 0; c < weights[column].length; c++) {
                    weights[column][c] += (float) (Regression.RATE * gradient[column][c]);
                }
            }
        }

        double loss(final Examples examples) {
            final float[][] answers = predict(examples.rows());
            double sum = 0;
            for (int i = 0; i < answers.length; i++) {
                sum -= Math.log(Math.max(1e-9, answers[i][examples.labels()[i]]));
            }
            return sum / answers.length;
        }

        private static double squares(final float[] row) {
            double sum = 1;
            for (final float value : row) {
                sum += (double) value * value;
            }
            return sum;
        }

        @Override
        public float[][] predict(final FeatureRows rows) {
            final float[][] answers = new float[rows.rows()][];
            final float[] row = new float[weights.length];
            for (int i = 0; i < answers.length; i++) {
                rows.copy(i, row, 0);
                answers[i] = softmax(row);
            }
            return answers;
        }

        private float[] softmax(final float[] row) {
            final double[] sums = new double[weights[0].length];
            for (int column = 0; column < row.length; column++) {
                for (int c = 0; c < sums.length; c++) {
                    sums[c] += (double) weights[column][c] * row[column];
                }
            }
            double largest = Double.NEGATIVE_INFINITY;
            for (final double sum : sums) {
                largest = Math.max(largest, sum);
            }
            double total = 0;
            for (int c = 0; c < sums.length; c++) {
                sums[c] = Math.exp(sums[c] - largest);
                total += sums[c];
            }
            final float[] answer = new float[sums.length];
            for (int c = 0; c < sums.length; c++) {
                answer[c] = (float) (sums[c] / total);
            }
            return answer;
        }

        @Override
        public byte[] onnx(final String name) {
            return LinearModel.of(weights).onnx();
        }

        @Override
        public void close() {}
    }
}
