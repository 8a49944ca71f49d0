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
import io.serveflow.drift.Reference;
import io.serveflow.feature.FeatureSpec;
import io.serveflow.model.Bundle;
import io.serveflow.model.BundleManifest;
import io.serveflow.model.GoldenVectors;
import io.serveflow.model.TierSpec;
import io.serveflow.training.bundle.ModelCard;
import io.serveflow.training.data.Split;
import io.serveflow.training.notice.TrainingException;
import io.serveflow.training.score.Objective;
import io.serveflow.training.tier.TierPlan;
import io.serveflow.training.trees.TreeSettings;
import io.serveflow.training.trees.TreeTrainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingTest {

    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-11-22T10:15:30.5Z"), ZoneOffset.UTC);
    private static final TreeSettings TREE = new TreeSettings(1, 4, 1, 1, 1, 1, 0);
    private static final TreeSettings BOOSTED = new TreeSettings(8, 3, 0.3, 0.5, 1, 1, 0.5);
    private static final List<TierPlan> TIERS =
            List.of(
                    new TierPlan("fastest", features("nprint", 1), new TreeTrainer(TREE), "cpu", 0),
                    new TierPlan("fast", features("nprint", 1), new TreeTrainer(BOOSTED), "cpu", 0),
                    new TierPlan(
                            "slow",
                            features("nprint+sequence", 4),
                            new TreeTrainer(BOOSTED),
                            "cpu",
                            0));

    @TempDir private Path folder;

    private final NotedListener heard = new NotedListener();

    @Test
    void shouldWriteABundleThatLoads() throws IOException {
        final BundleManifest manifest = train(services(40), "bundle");
        assertThat(manifest.labels()).containsExactly("call", "clock", "video");
        assertThat(manifest.created()).isEqualTo("2026-11-22T10:15:30Z");
        assertThat(manifest.tiers())
                .extracting(TierSpec::name)
                .containsExactly("fastest", "fast", "slow");
        try (Bundle bundle = Bundle.load(folder.resolve("bundle"))) {
            assertThat(bundle.manifest()).isEqualTo(manifest);
            assertThat(bundle.tier("slow").encoder().width()).isGreaterThan(4 * 832);
        }
        assertThat(heard.notices()).isEmpty();
        assertThat(heard.steps())
                .contains(
                        "reading captures",
                        "training slow for fold 1 of 5",
                        "training slow without ports for fold 5 of 5",
                        "training fastest",
                        "training slow");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .doesNotContain(".bundle.draft");
        }
    }

    @Test
    void shouldMoveOnWhatPacketOneDoesNotTell() throws IOException {
        final JsonNode metrics = train(services(40), "bundle").metrics();
        assertThat(metrics.at("/flows").asInt()).isEqualTo(360);
        assertThat(metrics.at("/folds")).hasSize(5);
        assertThat(metrics.at("/tiers/0/accuracy").asDouble()).isBetween(0.5, 0.75);
        assertThat(metrics.at("/cascade/accuracy").asDouble()).isGreaterThan(0.85);
        assertThat(metrics.at("/cascade/decidedBy/slow").asDouble())
                .isCloseTo(2.0 / 3, within(0.1));
        assertThat(metrics.at("/cascade/decidedBy/fastest").asDouble())
                .isCloseTo(1.0 / 3, within(0.1));
    }

    @Test
    void shouldKeepTheDistributionsOfWhatWasAnswered() throws IOException {
        final BundleManifest manifest = train(services(40), "bundle");
        final Reference reference = manifest.reference().orElseThrow();
        assertThat(reference.flows()).isEqualTo(360);
        assertThat(reference.labels().bins()).isEqualTo(4);
        assertThat(reference.labels().of(1)).isBetween(100L, 140L);
        assertThat(reference.tiers().of(2) / 360.0)
                .isCloseTo(
                        manifest.metrics().at("/cascade/decidedBy/slow").asDouble(), within(0.05));
        assertThat(reference.features())
                .hasSize(5)
                .allSatisfy(of -> assertThat(of.counts().total()).isEqualTo(360));
    }

    @Test
    void shouldCompareTheResultWithBaselines() throws IOException {
        final JsonNode metrics = train(services(40), "bundle").metrics();
        assertThat(metrics.at("/majority/accuracy").asDouble()).isCloseTo(0.33, within(0.1));
        assertThat(metrics.at("/portTable/accuracy").asDouble()).isBetween(0.5, 0.75);
        assertThat(metrics.at("/slowWithoutPorts/accuracy").asDouble()).isGreaterThan(0.85);
        assertThat(metrics.at("/parity").asDouble()).isLessThanOrEqualTo(1e-5);
    }

    @Test
    void shouldBeNoBetterThanChanceOnShuffledLabels() throws IOException {
        final JsonNode metrics =
                train(TestCaptures.services(captures(), 60, 3, true), "bundle").metrics();
        assertThat(metrics.at("/cascade/accuracy").asDouble()).isCloseTo(1.0 / 3, within(0.15));
        assertThat(metrics.at("/cascade/macroF1").asDouble()).isCloseTo(1.0 / 3, within(0.15));
    }

    /** The payload size tells the capture and nothing else. */
    @Test
    void shouldBeNoBetterThanChanceWhereOnlyTheCaptureTellsTheLabel() throws IOException {
        final JsonNode metrics = training(captureIds("group")).run().metrics();
        assertThat(metrics.at("/cascade/accuracy").asDouble()).isLessThan(0.5);
    }

    @Test
    void shouldShowHowMuchASplitByFlowLeaks() throws IOException {
        final BundleManifest manifest = training(captureIds("flow").withSplit(Split.FLOW)).run();
        assertThat(manifest.metrics().at("/cascade/accuracy").asDouble()).isGreaterThan(0.9);
        assertThat(manifest.training().at("/split/by").asText()).isEqualTo("flow");
        assertThat(heard.notices()).contains(Training.LEAKS);
        assertThat(folder.resolve("flow").resolve(ModelCard.FILE))
                .content()
                .contains(Training.LEAKS);
    }

    /** Held-out flows of a known capture would ask for many rounds, those of a new one for none. */
    @Test
    void shouldCountRoundsOnCapturesThatAreNew() throws IOException {
        final BundleManifest manifest = training(captureIds("group").withPatience(10)).run();
        assertThat(manifest.training().at("/tiers/0/rounds").asInt()).isLessThan(10);
    }

    private TrainingOptions captureIds(final String out) throws IOException {
        return options(TestCaptures.captureIds(captures(), 40, 5), out)
                .withTiers(
                        List.of(candidate("only", 1, new TreeSettings(40, 6, 0.3, 1, 0.1, 1, 0))));
    }

    @Test
    void shouldWriteTheSameBytesTwice() throws IOException {
        final TestCaptures captures = services(20);
        train(captures, "one");
        train(captures, "two");
        try (Stream<Path> files = Files.list(folder.resolve("one"))) {
            assertThat(files.toList())
                    .hasSize(6)
                    .allSatisfy(
                            file ->
                                    assertThat(folder.resolve("two").resolve(file.getFileName()))
                                            .hasSameBinaryContentAs(file));
        }
    }

    @Test
    void shouldTellInTheCardWhatTheBundleReachesAndWhereItFails() throws IOException {
        train(services(20), "bundle");
        assertThat(folder.resolve("bundle").resolve(ModelCard.FILE))
                .content()
                .startsWith("# serveflow-service 1\n")
                .contains("Generated flows.")
                .contains("| table of transport and port |")
                .contains("| **the cascade** |")
                .contains("| video | ")
                .contains("## Where it fails")
                .contains("## Not meant for")
                .doesNotContain("%s");
    }

    @Test
    void shouldPinTheAnswersOfEveryTier() throws IOException {
        train(services(20), "bundle");
        assertThat(
                        GoldenVectors.read(
                                Files.readAllBytes(
                                        folder.resolve("bundle").resolve(GoldenVectors.FILE))))
                .hasSize(34)
                .anySatisfy(
                        vector ->
                                assertThat(vector.probabilities())
                                        .containsOnlyKeys("fastest", "fast"))
                .anySatisfy(
                        vector ->
                                assertThat(vector.probabilities())
                                        .containsOnlyKeys("fastest", "fast", "slow"));
    }

    @Test
    void shouldPinNoAnswersToFirstRecordsWhereNoTierReadsThem() throws IOException {
        training(options(services(20), "bundle").withTiers(List.of(candidate("slow", 4, BOOSTED))))
                .run();
        assertThat(
                        GoldenVectors.read(
                                Files.readAllBytes(
                                        folder.resolve("bundle").resolve(GoldenVectors.FILE))))
                .hasSize(17)
                .allSatisfy(vector -> assertThat(vector.probabilities()).containsOnlyKeys("slow"));
    }

    @Test
    void shouldTellWhichLabelOneGroupHolds() throws IOException {
        final TestCaptures captures = services(20);
        final TestCaptures.Packet packet =
                new TestCaptures.Packet(TestCaptures.at(0), "192.0.2.1", 1, "192.0.2.2", 2, 3);
        captures.capture("rare.pcap", List.of(packet))
                .row("rare.pcap", packet, "rare", "rare")
                .write();
        train(captures, "bundle");
        assertThat(heard.notices())
                .containsExactly(
                        "All flows of rare are of one group; the model learns the label, but"
                                + " nothing can be said of how well it knows it elsewhere, and it"
                                + " counts as wrong in the test.");
    }

    @Test
    void shouldTellWhatItSaysOfApplicationsItHasNeverSeen() throws IOException {
        final BundleManifest manifest =
                training(options(services(20), "bundle").withLeftOut(2)).run();
        assertThat(manifest.metrics().at("/leftOut"))
                .hasSize(2)
                .allSatisfy(
                        entry -> {
                            assertThat(entry.get("flows").asInt()).isGreaterThan(20);
                            assertThat(
                                            entry.at("/unseen/right").asDouble()
                                                    + entry.at("/unseen/unknown").asDouble()
                                                    + entry.at("/unseen/wrong").asDouble())
                                    .isCloseTo(1, within(0.001));
                        });
        assertThat(folder.resolve("bundle").resolve(ModelCard.FILE))
                .content()
                .contains("### Applications that it has never seen");
    }

    @Test
    void shouldCraftACascadeFromCandidates() throws IOException {
        final BundleManifest manifest =
                training(
                                options(services(40), "bundle")
                                        .withCandidates(
                                                List.of(
                                                        candidate("tree", 1, TREE),
                                                        candidate("one", 1, BOOSTED),
                                                        candidate("two", 2, BOOSTED),
                                                        candidate("four", 4, BOOSTED))))
                        .run();
        assertThat(manifest.tiers())
                .extracting(TierSpec::name)
                .endsWith("slow")
                .isSubsetOf("fastest", "fast", "slow");
        assertThat(manifest.tiers().get(0).features().packets()).isEqualTo(1);
        assertThat(manifest.metrics().at("/candidates"))
                .hasSize(4)
                .allSatisfy(
                        entry -> {
                            assertThat(entry.get("macroF1").asDouble()).isPositive();
                            assertThat(entry.get("inferenceMicros").asDouble()).isPositive();
                        });
        assertThat(manifest.metrics().at("/cascade/accuracy").asDouble()).isGreaterThan(0.85);
    }

    @Test
    void shouldCraftNoSlowTierWhereNothingMayWait() throws IOException {
        final BundleManifest manifest =
                training(
                                options(services(20), "bundle")
                                        .withCandidates(
                                                List.of(
                                                        candidate("one", 1, BOOSTED),
                                                        candidate("four", 4, BOOSTED)))
                                        .withObjective(new Objective.TargetLatency(0)))
                        .run();
        assertThat(manifest.metrics().at("/cascade/decidedBy/slow").asDouble(0)).isZero();
    }

    @Test
    void shouldReplaceAnOlderBundle() throws IOException {
        final TestCaptures captures = services(20);
        train(captures, "bundle");
        final BundleManifest second = training(options(captures, "bundle").withVersion("2")).run();
        try (Bundle bundle = Bundle.load(folder.resolve("bundle"))) {
            assertThat(bundle.manifest()).isEqualTo(second);
        }
    }

    @Test
    void shouldRefuseAFolderThatHoldsSomethingElse() throws IOException {
        final Path foreign =
                Files.createDirectories(folder.resolve("bundle")).resolve("thesis.tex");
        Files.writeString(foreign, "precious");
        final TestCaptures captures = services(4);
        assertThatThrownBy(() -> train(captures, "bundle"))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("holds thesis.tex, which is of no bundle");
        assertThat(foreign).hasContent("precious");
    }

    @Test
    void shouldRefuseAPlaceThatIsNoFolder() throws IOException {
        final TestCaptures captures = services(4);
        Files.writeString(folder.resolve("file"), "precious");
        assertThatThrownBy(() -> train(captures, "file"))
                .isInstanceOf(TrainingException.class)
                .hasMessageEndingWith("file: is a file and no folder.");
        assertThatThrownBy(() -> train(captures, "file/bundle"))
                .isInstanceOf(TrainingException.class)
                .hasMessageEndingWith("file: is a file and no folder.");
        assertThatThrownBy(() -> train(captures, "/"))
                .isInstanceOf(TrainingException.class)
                .hasMessageEndingWith("name a folder below it.");
        assertThat(folder.resolve("file")).hasContent("precious");
    }

    @Test
    void shouldRefuseABundleThatCannotBeRead() throws IOException {
        Files.writeString(
                Files.createDirectories(folder.resolve("bundle")).resolve("bundle.json"), "{");
        final TestCaptures captures = services(4);
        assertThatThrownBy(() -> train(captures, "bundle"))
                .isInstanceOf(TrainingException.class)
                .hasMessageStartingWith("The bundle cannot be written to ");
        assertThat(folder.resolve("bundle/bundle.json")).hasContent("{");
    }

    @Test
    void shouldRefuseFewerGroupsThanFolds() throws IOException {
        final TestCaptures captures = services(4);
        assertThatThrownBy(() -> train(captures, "bundle"))
                .isInstanceOf(TrainingException.class)
                .hasMessageStartingWith("The labelled flows are of 4 group(s), 5 folds need");
    }

    @Test
    void shouldRefuseATierThatReadsNoPackets() throws IOException {
        final TrainingOptions options =
                options(services(4), "bundle")
                        .withTiers(
                                List.of(
                                        new TierPlan(
                                                "fast",
                                                features("conn", 1),
                                                new TreeTrainer(TREE),
                                                "cpu",
                                                0)));
        assertThatThrownBy(() -> training(options).run())
                .isInstanceOf(TrainingException.class)
                .hasMessageStartingWith("Tier fast reads conn, which needs the summaries");
    }

    @Test
    void shouldEndRoundsEarlyAndSayHowManyThereWere() throws IOException {
        final TreeSettings trees = new TreeSettings(60, 3, 0.5, 1, 1, 1, 0).withPatience(3);
        final BundleManifest manifest =
                training(
                                options(services(20), "bundle")
                                        .withTiers(List.of(candidate("only", 2, trees))))
                        .run();
        assertThat(manifest.training().at("/tiers/0/rounds").asInt()).isBetween(1, 30);
        assertThat(heard.steps())
                .contains("training only for fold 1 of 5, counting rounds")
                .doesNotContain("training only, counting rounds");
        assertThat(manifest.metrics().at("/cascade/accuracy").asDouble()).isGreaterThan(0.85);
    }

    @Test
    void shouldLeaveNothingBehindWhereItCannotTrain() throws IOException {
        final TestCaptures.Packet packet =
                new TestCaptures.Packet(TestCaptures.at(0), "192.0.2.1", 1, "192.0.2.2", 2, 3);
        final TestCaptures captures =
                new TestCaptures(captures())
                        .capture("a.pcap", List.of(packet))
                        .row("a.pcap", packet, "only", "g")
                        .write();
        assertThatThrownBy(() -> train(captures, "bundle"))
                .isInstanceOf(TrainingException.class)
                .hasMessage(
                        "All 1 labelled flows are only; a model needs at least two labels to"
                                + " distinguish.");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactly("captures");
        }
    }

    private BundleManifest train(final TestCaptures captures, final String out) {
        return training(options(captures, out)).run();
    }

    private Training training(final TrainingOptions options) {
        return new Training(options, heard, CLOCK, System::nanoTime);
    }

    private TrainingOptions options(final TestCaptures captures, final String out) {
        return TrainingOptions.defaults(
                        "service", captures.labels(), captures.folder(), folder.resolve(out))
                .withTiers(TIERS)
                .withDataNote("Generated flows.");
    }

    private TestCaptures services(final int groups) throws IOException {
        return TestCaptures.services(captures(), groups, 1, false);
    }

    private Path captures() throws IOException {
        return Files.createDirectories(folder.resolve("captures"));
    }

    private static TierPlan candidate(
            final String name, final int packets, final TreeSettings trees) {
        return new TierPlan(
                name, features("header", packets), new TreeTrainer(trees), "cpu", 0.002);
    }

    private static FeatureSpec features(final String encoder, final int packets) {
        return new FeatureSpec(encoder, 1, packets, Set.of());
    }
}
