/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.model.Bundle;
import io.serveflow.model.BundleManifest;
import io.serveflow.training.bundle.ModelCard;
import io.serveflow.training.data.LabelSource;
import io.serveflow.training.evaluation.BundleEvaluation;
import io.serveflow.training.evaluation.EvaluationOptions;
import io.serveflow.training.evaluation.EvaluationReport;
import io.serveflow.training.notice.TrainingException;
import io.serveflow.training.recalibration.BundleCalibration;
import io.serveflow.training.recalibration.CalibrationOptions;
import io.serveflow.training.recalibration.Recalibration;
import io.serveflow.training.score.Objective;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training, evaluating and calibrating on flows that are in no captures. */
class OtherDataTest {

    private static final int ROUNDS = 8;

    @TempDir private static Path folder;

    private static LabelSource sequences;
    private static LabelSource sessions;
    private static BundleManifest ofSequences;
    private static BundleManifest ofSessions;

    private final NotedListener heard = new NotedListener();

    @BeforeAll
    static void train() throws IOException {
        sequences = LabelSource.sequences(writeSequences());
        sessions = LabelSource.sessions(writeSessions(), folder);
        ofSequences = train(sequences, "sequences");
        ofSessions = train(sessions, "sessions");
    }

    @Test
    void shouldTrainOnSizeSequences() {
        assertThat(ofSequences.labels()).containsExactly("down", "up");
        final JsonNode metrics = ofSequences.metrics();
        assertThat(metrics.at("/tiers/0/accuracy").asDouble()).isLessThan(0.7);
        assertThat(metrics.at("/cascade/accuracy").asDouble()).isGreaterThan(0.9);
        assertThat(ofSequences.training().at("/data/kind").asText()).isEqualTo("sequences");
    }

    @Test
    void shouldTrainOnSessions() {
        assertThat(ofSessions.labels()).containsExactly("fast", "slow");
        final JsonNode metrics = ofSessions.metrics();
        assertThat(metrics.at("/tiers/0/accuracy").asDouble()).isLessThan(0.7);
        assertThat(metrics.at("/cascade/accuracy").asDouble()).isGreaterThan(0.9);
    }

    @Test
    void shouldShipBundlesThatLoad() {
        for (final String name : List.of("sequences", "sessions")) {
            try (Bundle bundle = Bundle.load(folder.resolve("bundle-" + name))) {
                assertThat(bundle.tiers()).hasSize(3);
            }
        }
    }

    @Test
    void shouldSayNothingOfPortsWhereThereAreNone() {
        for (final String name : List.of("sequences", "sessions")) {
            assertThat(folder.resolve("bundle-" + name).resolve(ModelCard.FILE))
                    .content()
                    .doesNotContain("port table", "transport and port", "without ports", "headers")
                    .contains("Against `");
        }
        assertThat(ofSequences.metrics().has("portTable")).isFalse();
        assertThat(ofSequences.metrics().at("/gainOverFirstTier/low").asDouble()).isPositive();
        assertThat(folder.resolve("bundle-sequences").resolve(ModelCard.FILE))
                .content()
                .contains("nothing is said of how long an answer takes", "5 payload(s)");
        assertThat(folder.resolve("bundle-sessions").resolve(ModelCard.FILE))
                .content()
                .contains("these tiers read 20 second(s)");
    }

    @Test
    void shouldClaimNoLatencyWhereTimesAreUnknown() throws IOException {
        final EvaluationReport report = evaluate(sequences, "sequences");
        final JsonNode json = new JsonMapper().readTree(report.json());

        assertThat(json.at("/cascade/latencyMs").isNull()).isTrue();
        assertThat(json.at("/slowOnly/latencyMs").isNull()).isTrue();
        assertThat(json.at("/speedupMedian").isNull()).isTrue();
        assertThat(json.at("/operatingPoint/latencyP50Ms").isNull()).isTrue();
        assertThat(json.at("/baselines").has("port-table")).isFalse();
        assertThat(json.at("/occlusions")).isEmpty();
        assertThat(report.warnings()).anyMatch(warning -> warning.contains("no latency is given"));
        assertThat(report.summary()).contains("How long it waits is not known of size sequences.");
    }

    @Test
    void shouldShowNoLatencyWhereTimesAreUnknown() throws IOException {
        final EvaluationReport report = evaluate(sequences, "sequences");
        final JsonNode json = new JsonMapper().readTree(report.json());
        final PageText page = PageText.of(report.html());

        assertThat(page.ids("section"))
                .contains("tiers", "baselines", "escalation")
                .doesNotContain("latency", "occlusion", "hosts");
        assertThat(page.text())
                .contains("It is not known when the packets of size sequences came")
                .contains("size sequences have no ports and no headers")
                .contains("accuracy against the five nearest by packet sizes")
                .doesNotContain("\u00a0ms", " ms", "median", "p50", "as fast", "waiting is")
                .doesNotContain("responder-port", "a table of transport and port", "in 1 capture");
        final List<List<String>> cascade = page.table("tiers", 2);
        assertThat(cascade.get(0)).containsExactly("", "macro-F1", "weighted F1", "unclassified");
        assertThat(Double.parseDouble(cascade.get(1).get(1)))
                .isCloseTo(json.at("/cascade/macroF1").asDouble(), within(0.000_56));
        assertThat(json.at("/hops/0/operatingPoint/latencyP50Ms").isNull()).isTrue();
    }

    @Test
    void shouldShowSecondsWhereTiersReadSeconds() throws IOException {
        final EvaluationReport report = evaluate(sessions, "sessions");
        final PageText page = PageText.of(report.html());

        assertThat(page.ids("section")).contains("latency").doesNotContain("occlusion");
        assertThat(page.table("tiers", 0).get(0)).startsWith("", "seconds");
        assertThat(page.text())
                .contains("60 sessions of 15 groups")
                .contains("after20s alone needs 20.0\u00a0s")
                .contains("60 end when they are over")
                .doesNotContain("under 16", "flows", "packets of after20s");
        assertThat(report.summary()).contains("60 sessions").doesNotContain("16 ms", "flows");
    }

    @Test
    void shouldWaitForSecondsWhereTiersReadSeconds() throws IOException {
        final JsonNode json = new JsonMapper().readTree(evaluate(sessions, "sessions").json());

        assertThat(json.at("/slowOnly/latencyMs/p50").asDouble()).isBetween(20_000.0, 20_100.0);
        assertThat(json.at("/slowOnly/waitEnds/depth").asInt())
                .isEqualTo(json.at("/flows").asInt());
    }

    @Test
    void shouldCalibrateOnSizeSequences() {
        final Recalibration result = calibrate(Objective.DEFAULT);

        assertThat(result.text()).containsPattern("mean wait, ms +unknown +unknown");
    }

    @Test
    void shouldRefuseATargetLatencyWhereTimesAreUnknown() {
        assertThatThrownBy(() -> calibrate(new Objective.TargetLatency(5)))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("--target-latency needs to know when packets came");
    }

    @Test
    void shouldRefuseABundleThatReadsWhatFlowsHaveNot() {
        assertThatThrownBy(() -> evaluate(sequences, "sessions"))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("size sequences have only what the encoder sizes reads");
    }

    private Recalibration calibrate(final Objective objective) {
        return new BundleCalibration(
                        new CalibrationOptions(
                                folder.resolve("bundle-sequences"),
                                sequences,
                                Optional.empty(),
                                Optional.empty(),
                                objective,
                                1),
                        heard)
                .run();
    }

    private EvaluationReport evaluate(final LabelSource source, final String bundle) {
        return new BundleEvaluation(
                        new EvaluationOptions(folder.resolve("bundle-" + bundle), source, 1),
                        heard,
                        System::nanoTime)
                .run();
    }

    private static BundleManifest train(final LabelSource source, final String name) {
        return new Training(
                        TrainingOptions.defaults(
                                        Families.TREES,
                                        "direction",
                                        source,
                                        folder.resolve("bundle-" + name))
                                .withRounds(ROUNDS),
                        new NotedListener(),
                        Clock.systemUTC(),
                        System::nanoTime)
                .run();
    }

    /** The first size tells nothing, the second tells the label. */
    private static Path writeSequences() throws IOException {
        final Random random = new Random(1);
        final List<String> lines = new ArrayList<>(List.of("label,signed_sizes"));
        for (int i = 0; i < 120; i++) {
            final boolean up = i % 2 == 0;
            lines.add(
                    (up ? "up" : "down")
                            + ","
                            + (100 + random.nextInt(50))
                            + " "
                            + (up ? 1 : -1) * (600 + random.nextInt(200))
                            + " -"
                            + (1 + random.nextInt(1_000)));
        }
        return Files.write(folder.resolve("sequences.csv"), lines);
    }

    /** The first second tells nothing, the third tells the label. */
    private static Path writeSessions() throws IOException {
        final Random random = new Random(1);
        final List<String> labels = new ArrayList<>(List.of("file,session,label,group"));
        final List<String> packets = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            final boolean fast = i % 2 == 0;
            labels.add("all.csv,s" + i + "," + (fast ? "fast" : "slow") + ",g" + i / 4);
            packets.add("#s" + i);
            packets.add("0,400");
            packets.add(1_000 + random.nextInt(500_000) + ",-1400");
            for (int n = 0; n < (fast ? 60 : 4); n++) {
                packets.add(2_000_000 + n * 10_000 + ",-" + (1_200 + random.nextInt(200)));
            }
        }
        Files.write(folder.resolve("all.csv"), packets);
        return Files.write(folder.resolve("sessions.csv"), labels);
    }
}
