/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.recalibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.feature.FeatureSpec;
import io.serveflow.model.Bundle;
import io.serveflow.model.ConfidenceMap;
import io.serveflow.model.TierCalibration;
import io.serveflow.model.TierSpec;
import io.serveflow.training.NotedListener;
import io.serveflow.training.TestCaptures;
import io.serveflow.training.Training;
import io.serveflow.training.TrainingOptions;
import io.serveflow.training.bundle.ModelCard;
import io.serveflow.training.calibration.Calibration;
import io.serveflow.training.data.LabelSource;
import io.serveflow.training.notice.TrainingException;
import io.serveflow.training.notice.TrainingListener;
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
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleCalibrationTest {

    private static final TierTrainer TREES =
            new TreeTrainer(new TreeSettings(8, 3, 0.3, 0.5, 1, 1, 0.5));

    @TempDir private static Path trained;

    @TempDir private Path folder;

    private final NotedListener heard = new NotedListener();

    @BeforeAll
    static void train() throws IOException {
        final TestCaptures captures =
                TestCaptures.services(
                        Files.createDirectories(trained.resolve("captures")), 20, 1, false);
        final FeatureSpec one = new FeatureSpec("header", 1, 1, Set.of());
        final FeatureSpec four = new FeatureSpec("header", 1, 4, Set.of());
        new Training(
                        TrainingOptions.defaults(
                                        "service",
                                        captures.labels(),
                                        captures.folder(),
                                        trained.resolve("bundle"))
                                .withTiers(
                                        List.of(
                                                new TierPlan("fast", one, TREES, "cpu", 0),
                                                new TierPlan("slow", four, TREES, "cpu", 0.002))),
                        new NotedListener(),
                        Clock.systemUTC(),
                        System::nanoTime)
                .run();
    }

    @Test
    void shouldShowWhatWouldChangeAndWriteNothing() throws IOException {
        final Recalibration result = calibrate(services(25), Objective.DEFAULT, Optional.empty());
        assertThat(result.flows()).isEqualTo(225);
        assertThat(result.groups()).isEqualTo(25);
        assertThat(result.text())
                .contains("as it is", "calibrated", "macro F1", "temperature of slow")
                .contains("fast moves on above");
        assertThat(folder.resolve("out")).doesNotExist();
        assertThat(heard.notices()).isEmpty();
    }

    @Test
    void shouldWriteABundleWithTheSameModels() throws IOException {
        final Path out = folder.resolve("out");
        final Recalibration result =
                calibrate(services(25), new Objective.MostEscalated(0.2), Optional.of(out));
        try (Bundle before = Bundle.load(trained.resolve("bundle"));
                Bundle after = Bundle.load(out)) {
            assertThat(after.manifest().version()).isEqualTo("1-calibrated");
            assertThat(after.manifest().hops()).isEqualTo(result.chosen().hops());
            assertThat(after.manifest().tiers())
                    .extracting(TierSpec::calibration)
                    .isEqualTo(result.chosen().tiers());
            for (final String model : List.of("fast.onnx", "slow.onnx")) {
                assertThat(after.manifest().files().get(model))
                        .isEqualTo(before.manifest().files().get(model));
            }
        }
        assertThat(out.resolve(ModelCard.FILE)).content().contains("## Calibrated again");
    }

    /** A bundle is only loaded if its golden vectors are what its tiers give. */
    @Test
    void shouldWriteTheGoldenVectorsOfConfidenceMaps() throws IOException {
        final Recalibration result = calibrate(services(25), Objective.DEFAULT, Optional.empty());
        final TierCalibration mapped =
                new TierCalibration(
                        1.3,
                        Optional.of(
                                new ConfidenceMap(
                                        new double[] {0, 0.5, 1}, new double[] {0, 0.2, 0.9})));
        final Recalibration other =
                new Recalibration(
                        result.bundle(),
                        result.labelled(),
                        result.flows(),
                        result.groups(),
                        result.objective(),
                        result.current(),
                        new Calibration(
                                List.of(mapped, mapped),
                                result.chosen().hops(),
                                result.chosen().unknown()),
                        result.reference(),
                        result.before(),
                        result.after(),
                        result.changed());
        final Path once = folder.resolve("once");
        final Path twice = folder.resolve("twice");

        new CalibratedBundle(trained.resolve("bundle"), other)
                .write(once, Optional.empty(), TrainingListener.SILENT);
        new CalibratedBundle(once, result).write(twice, Optional.empty(), TrainingListener.SILENT);

        try (Bundle bundle = Bundle.load(once)) {
            assertThat(bundle.manifest().tiers())
                    .extracting(TierSpec::calibration)
                    .containsOnly(mapped);
        }
        try (Bundle bundle = Bundle.load(twice)) {
            assertThat(bundle.manifest().tiers())
                    .extracting(TierSpec::calibration)
                    .isEqualTo(result.chosen().tiers());
        }
    }

    @Test
    void shouldReplaceTheBundleItCalibrates() throws IOException {
        final Path out = folder.resolve("out");
        calibrate(services(25), Objective.DEFAULT, Optional.of(out));
        final TestCaptures captures = services(25);
        new BundleCalibration(
                        new CalibrationOptions(
                                out,
                                LabelSource.captures(captures.labels(), captures.folder()),
                                Optional.of(out),
                                Optional.of("2"),
                                Objective.DEFAULT,
                                1),
                        heard)
                .run();
        try (Bundle bundle = Bundle.load(out)) {
            assertThat(bundle.manifest().version()).isEqualTo("2");
        }
    }

    @Test
    void shouldLetNoMoreFlowsWaitThanAsked() throws IOException {
        final TestCaptures captures = services(40);
        assertThat(
                        calibrate(captures, new Objective.MostEscalated(0.2), Optional.empty())
                                .after()
                                .outcome()
                                .escalated())
                .isLessThan(0.25);
        assertThat(
                        calibrate(captures, new Objective.LeastF1(1), Optional.empty())
                                .after()
                                .outcome()
                                .escalated())
                .isGreaterThan(0.5);
    }

    @Test
    void shouldTakeTheLastTiersAnswersWhereThereAreNoLabels() throws IOException {
        final TestCaptures captures = services(25);
        final Recalibration result =
                new BundleCalibration(
                                new CalibrationOptions(
                                        trained.resolve("bundle"),
                                        LabelSource.unlabelled(captures.folder()),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Objective.DEFAULT,
                                        1),
                                heard)
                        .run();
        assertThat(result.flows()).isEqualTo(225);
        assertThat(result.labelled()).isFalse();
        assertThat(result.chosen().tiers()).isEqualTo(result.current().tiers());
        assertThat(result.after().evaluation().accuracy()).isGreaterThan(0.9);
        assertThat(result.text()).contains("agreement");
    }

    @Test
    void shouldTellThatTheFlowsAreThoseThatTheBundleHasLearned() throws IOException {
        calibrate(services(20), Objective.DEFAULT, Optional.empty());
        assertThat(heard.notices()).singleElement().asString().contains("most likely the same");
    }

    @Test
    void shouldLeaveOutFlowsWhoseLabelTheBundleDoesNotKnow() throws IOException {
        final TestCaptures captures = services(25);
        final TestCaptures.Packet packet =
                new TestCaptures.Packet(TestCaptures.at(0), "192.0.2.1", 1, "192.0.2.2", 2, 3);
        captures.capture("odd.pcap", List.of(packet)).row("odd.pcap", packet, "odd", "odd").write();
        assertThat(calibrate(captures, Objective.DEFAULT, Optional.empty()).flows()).isEqualTo(225);
        assertThat(heard.notices())
                .containsExactly(
                        "1 of 226 flows have a label that the bundle does not know and are left"
                                + " out.");
    }

    @Test
    void shouldRefuseAFolderThatIsNoBundleBeforeItReadsAnything() throws IOException {
        final Path out = Files.createDirectories(folder.resolve("out"));
        Files.createFile(out.resolve("notes.txt"));

        assertThatThrownBy(
                        () ->
                                new BundleCalibration(
                                                new CalibrationOptions(
                                                        trained.resolve("bundle"),
                                                        LabelSource.unlabelled(
                                                                folder.resolve("none")),
                                                        Optional.of(out),
                                                        Optional.empty(),
                                                        Objective.DEFAULT,
                                                        1),
                                                heard)
                                        .run())
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("holds notes.txt, which is of no bundle");
    }

    @Test
    void shouldRefuseAVersionThatNoBundleCanHave() {
        assertThatThrownBy(
                        () ->
                                new CalibrationOptions(
                                        folder,
                                        LabelSource.unlabelled(folder),
                                        Optional.empty(),
                                        Optional.of("a b"),
                                        Objective.DEFAULT,
                                        1))
                .hasMessageStartingWith("--bundle-version must be 1 to 64 letters");
    }

    @Test
    void shouldRefuseASingleGroup() throws IOException {
        final TestCaptures captures = services(1);
        assertThatThrownBy(() -> calibrate(captures, Objective.DEFAULT, Optional.empty()))
                .isInstanceOf(TrainingException.class)
                .hasMessage(
                        "9 usable flows of 1 group(s) are too few to calibrate on; flows of at"
                                + " least 2 groups of captures are needed.");
    }

    private Recalibration calibrate(
            final TestCaptures captures, final Objective objective, final Optional<Path> out) {
        return new BundleCalibration(
                        new CalibrationOptions(
                                trained.resolve("bundle"),
                                LabelSource.captures(captures.labels(), captures.folder()),
                                out,
                                Optional.empty(),
                                objective,
                                1),
                        heard)
                .run();
    }

    private TestCaptures services(final int groups) throws IOException {
        return TestCaptures.services(
                Files.createDirectories(folder.resolve("captures")), groups, 7, false);
    }
}
