/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.batch.FlowBatch;
import io.serveflow.cascade.Cascade;
import io.serveflow.drift.DriftMeter;
import io.serveflow.drift.DriftReport;
import io.serveflow.drift.DriftState;
import io.serveflow.feature.FeatureSpec;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.Bundle;
import io.serveflow.model.BundleManifest;
import io.serveflow.model.TierSpec;
import io.serveflow.training.data.LabelSource;
import io.serveflow.training.data.LabelledCaptures;
import io.serveflow.training.data.LabelledFlow;
import io.serveflow.training.evaluation.BundleEvaluation;
import io.serveflow.training.evaluation.EvaluationOptions;
import io.serveflow.training.evaluation.EvaluationReport;
import io.serveflow.training.recalibration.BundleCalibration;
import io.serveflow.training.recalibration.CalibrationOptions;
import io.serveflow.training.score.Objective;
import io.serveflow.training.tier.TierPlan;
import io.serveflow.training.tier.TierTrainer;
import io.serveflow.training.trees.TreeSettings;
import io.serveflow.training.trees.TreeTrainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From training over a bundle to what its meter says of traffic. */
class DriftTest {

    private static final TierTrainer TREES =
            new TreeTrainer(new TreeSettings(8, 3, 0.3, 0.5, 1, 1, 0.5));

    @TempDir private static Path trained;

    @TempDir private Path folder;

    @BeforeAll
    static void train() throws IOException {
        final TestCaptures captures =
                TestCaptures.services(
                        Files.createDirectories(trained.resolve("captures")), 120, 1, false);
        new Training(
                        TrainingOptions.defaults(
                                        "service",
                                        captures.labels(),
                                        captures.folder(),
                                        trained.resolve("bundle"))
                                .withTiers(
                                        List.of(
                                                new TierPlan("fast", features(1), TREES, "cpu", 0),
                                                new TierPlan(
                                                        "slow", features(4), TREES, "cpu", 0))),
                        new NotedListener(),
                        Clock.systemUTC(),
                        System::nanoTime)
                .run();
    }

    @Test
    void shouldFindNewTrafficOfTheSameKindAsTrained() throws IOException {
        final DriftReport report = measured(trained.resolve("bundle"), services());
        assertThat(report.flows()).isEqualTo(360);
        assertThat(report.distances()).hasSize(8);
        assertThat(report.state()).as(report.text()).isEqualTo(DriftState.AS_TRAINED);
    }

    @Test
    void shouldDetectDrift() throws IOException {
        final DriftReport report = measured(trained.resolve("bundle"), clocks());
        assertThat(report.of("labels").orElseThrow().state()).isEqualTo(DriftState.MOVED);
        assertThat(report.of("payload-size").orElseThrow().state()).isEqualTo(DriftState.MOVED);
        assertThat(report.of("tiers").orElseThrow().state()).isEqualTo(DriftState.MOVED);
        assertThat(report.of("transport").orElseThrow().state()).isEqualTo(DriftState.AS_TRAINED);
        assertThat(report.text()).startsWith("drifted: ");
    }

    @Test
    void shouldTakeTheTrafficThatABundleIsCalibratedOnAsItsReference() throws IOException {
        final TestCaptures captures = clocks();
        new BundleCalibration(
                        new CalibrationOptions(
                                trained.resolve("bundle"),
                                LabelSource.captures(captures.labels(), captures.folder()),
                                Optional.of(folder.resolve("calibrated")),
                                Optional.empty(),
                                Objective.DEFAULT,
                                1),
                        new NotedListener())
                .run();
        final DriftReport same = measured(folder.resolve("calibrated"), captures);
        assertThat(same.state()).as(same.text()).isEqualTo(DriftState.AS_TRAINED);
        assertThat(measured(folder.resolve("calibrated"), services()).state())
                .isEqualTo(DriftState.MOVED);
    }

    @Test
    void shouldTellInAnEvaluationHowFarItsCapturesAreFromTheReference() throws IOException {
        final JsonNode drift = new JsonMapper().readTree(evaluated(clocks()).json()).get("drift");
        assertThat(drift.get("state").asText()).isEqualTo("moved");
        assertThat(drift.at("/distributions/labels/psi").asDouble()).isGreaterThan(0.25);
        assertThat(drift.at("/distributions/labels/js").asDouble()).isBetween(0.25, 1.0);
        assertThat(drift.at("/distributions/transport/state").asText()).isEqualTo("as_trained");
    }

    @Test
    void shouldShowHowFarCapturesAreFromTheReferenceAndWhatToDo() throws IOException {
        final EvaluationReport report = evaluated(clocks());
        final JsonNode drift = new JsonMapper().readTree(report.json()).get("drift");
        final PageText page = PageText.of(report.html());
        final List<List<String>> rows = page.table("drift", 0);
        assertThat(rows).hasSize(9);
        for (final List<String> row : rows.subList(1, 9)) {
            final JsonNode expected = drift.at("/distributions/" + row.get(0));
            assertThat(Double.parseDouble(row.get(1)))
                    .isCloseTo(expected.get("psi").asDouble(), within(0.000_56));
            assertThat(Double.parseDouble(row.get(2)))
                    .isCloseTo(expected.get("js").asDouble(), within(0.000_56));
            assertThat(row.get(3))
                    .isEqualTo(
                            DriftState.valueOf(
                                            expected.get("state").asText().toUpperCase(Locale.ROOT))
                                    .words());
        }
        assertThat(page.text()).contains("Calibrate the bundle on captures of this traffic");
        assertThat(report.summary())
                .endsWith("Against the bundle's reference: " + drift.get("text").asText() + ".");
    }

    @Test
    void shouldSayNothingOfDriftInTheSummaryWhereThereIsNone() throws IOException {
        final EvaluationReport report = evaluated(services());
        assertThat(report.summary()).doesNotContain("reference");
        assertThat(PageText.of(report.html()).text())
                .contains("All 8 distributions are as trained")
                .contains("There is nothing to do.");
    }

    private EvaluationReport evaluated(final TestCaptures captures) {
        return new BundleEvaluation(
                        new EvaluationOptions(
                                trained.resolve("bundle"),
                                LabelSource.captures(captures.labels(), captures.folder()),
                                1),
                        new NotedListener(),
                        System::nanoTime)
                .run();
    }

    /** What a meter says when the bundle has answered all flows of some captures. */
    private static DriftReport measured(final Path folder, final TestCaptures captures) {
        final List<FlowRecord> flows =
                LabelledCaptures.unlabelled(
                                captures.folder(),
                                FlowAssembler.Options.defaults("live").withDepth(4),
                                new NotedListener())
                        .flows()
                        .stream()
                        .map(LabelledFlow::context)
                        .toList();
        try (Bundle bundle = Bundle.load(folder)) {
            final BundleManifest manifest = bundle.manifest();
            final DriftMeter meter =
                    new DriftMeter(
                            manifest.labels(),
                            manifest.tiers().stream().map(TierSpec::name).toList(),
                            manifest.reference().orElseThrow(),
                            new DriftMeter.Options(1_000, 200),
                            report -> {});
            new Cascade(bundle, System::nanoTime, new Ledger(), meter).decide(FlowBatch.of(flows));
            return meter.report();
        }
    }

    private TestCaptures services() throws IOException {
        return TestCaptures.services(
                Files.createDirectories(folder.resolve("services")), 40, 7, false);
    }

    private TestCaptures clocks() throws IOException {
        return TestCaptures.clocks(Files.createDirectories(folder.resolve("clocks")), 40, 7);
    }

    private static FeatureSpec features(final int packets) {
        return new FeatureSpec("header", 1, packets, Set.of());
    }
}
