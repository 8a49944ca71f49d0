/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.cascade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import io.serveflow.batch.FlowBatch;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.Packets;
import io.serveflow.flow.SampleFlows;
import io.serveflow.flow.TestFlows;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.Bundle;
import io.serveflow.model.BundleFiles;
import io.serveflow.model.BundleManifest;
import io.serveflow.model.HopThreshold;
import io.serveflow.model.LaterScorer;
import io.serveflow.model.TinyBundles;
import io.serveflow.model.UnknownThresholds;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.VerdictDocument;
import io.serveflow.verdict.VerdictStage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CascadeTierTest {

    private static final int FLOWS = 200;

    @TempDir private Path folder;

    private final Ledger ledger = new Ledger();
    private final List<Verdict> given = new ArrayList<>();
    private Bundle bundle;

    @BeforeEach
    void load() throws IOException {
        bundle = Bundle.load(TinyBundles.write(folder));
    }

    @AfterEach
    void close() {
        bundle.close();
    }

    @Test
    void shouldEscalateExactlyWhatIsAboveTheThresholdOfThePredictedLabel() {
        final FlowBatch batch = tier("fastest").decide(firsts());

        final HopThreshold hop = bundle.manifest().hops().get(0);
        final List<String> labels = bundle.manifest().labels();
        for (int i = 0; i < batch.size(); i++) {
            final Verdict verdict = batch.verdict(i);
            assertThat(verdict.isFinal())
                    .isNotEqualTo(
                            hop.escalates(labels.indexOf(verdict.label()), verdict.uncertainty()));
        }
    }

    @Test
    void shouldGiveOutOnlyVerdictsThatStandAndCountTheOthers() {
        final FlowBatch batch = tier("fastest").decide(firsts());

        assertThat(given).hasSize(batch.certain().size());
        assertThat(ledger.total(Ledger.Entry.ESCALATED)).isEqualTo(FLOWS - given.size());
    }

    @Test
    void shouldListTheLikeliestLabelsInOrder() {
        final FlowBatch batch = tier("fastest").decide(firsts());

        for (int i = 0; i < batch.size(); i++) {
            final List<Verdict.LabelProbability> top = batch.verdict(i).top();
            assertThat(top)
                    .hasSize(3)
                    .isSortedAccordingTo(
                            Comparator.comparing(Verdict.LabelProbability::probability).reversed());
            assertThat(top.get(0).label()).isEqualTo(batch.verdict(i).label());
            assertThat((double) top.get(0).probability()).isEqualTo(batch.verdict(i).confidence());
        }
    }

    @Test
    void shouldWithholdAnswersThatAreLessSureThanTheirLabelAsks(@TempDir final Path other)
            throws IOException {
        final BundleManifest manifest = bundle.manifest();
        final UnknownThresholds unknown = new UnknownThresholds(0.6, 0, 0.6);
        try (Bundle withholding = Bundle.load(TinyBundles.write(other, unknown))) {
            final FlowBatch batch = tier(withholding, "slow").decide(contexts());
            for (int i = 0; i < batch.size(); i++) {
                final Verdict verdict = batch.verdict(i);
                final String likeliest = verdict.top().get(0).label();
                assertThat(verdict.label())
                        .isEqualTo(
                                unknown.isUnknown(
                                                manifest.labels().indexOf(likeliest),
                                                verdict.confidence())
                                        ? Verdict.UNKNOWN
                                        : likeliest);
            }
            assertThat(IntStream.range(0, FLOWS).mapToObj(i -> batch.verdict(i).label()))
                    .contains(Verdict.UNKNOWN)
                    .contains(manifest.labels().get(1));
        }
    }

    @Test
    void shouldWithholdNoAnswerThatWaitsForABetterTier(@TempDir final Path other)
            throws IOException {
        try (Bundle withholding =
                Bundle.load(TinyBundles.write(other, new UnknownThresholds(1, 1, 1)))) {
            final FlowBatch batch = tier(withholding, "fastest").decide(firsts());
            for (int i = 0; i < batch.size(); i++) {
                assertThat(batch.verdict(i).label().equals(Verdict.UNKNOWN))
                        .isEqualTo(batch.verdict(i).isFinal());
            }
        }
    }

    @Test
    void shouldDecideEveryFlowInTheLastTier() {
        final FlowBatch batch = tier("slow").decide(contexts());

        assertThat(batch.uncertain().isEmpty()).isTrue();
    }

    @Test
    void shouldSupersedeTheProvisionalVerdictThatAContextCameFor() {
        final FlowBatch before = tier("fastest").decide(firsts());
        final FlowBatch batch =
                tier("slow").decide(contexts().withVerdicts(before::verdict).asGivenOut());

        for (int i = 0; i < batch.size(); i++) {
            assertThat(batch.verdict(i).supersedes()).isTrue();
            assertThat(batch.verdict(i).revised())
                    .isNotEqualTo(batch.verdict(i).label().equals(before.verdict(i).label()));
        }
    }

    @Test
    void shouldNameTheBundleWhoseVerdictItSupersedes(@TempDir final Path newer) throws IOException {
        final FlowBatch before = tier("fastest").decide(firsts());
        try (Bundle next = Bundle.load(TinyBundles.writeVersion(newer, "2.0.0"))) {
            final FlowBatch batch =
                    tier(next, "slow")
                            .decide(contexts().withVerdicts(before::verdict).asGivenOut());

            assertThat(batch.verdict(0).bundle().version()).isEqualTo("2.0.0");
            assertThat(batch.verdict(0).superseded()).contains(bundle.ref());
        }
    }

    @Test
    void shouldRepairAVerdictThatStoodBecauseItWasNotAsked(@TempDir final Path newer)
            throws IOException {
        final FlowBatch fast = tier("fastest").decide(firsts());
        final FlowBatch stood =
                contexts().withVerdicts(i -> fast.verdict(i).standing("slow_unavailable"));
        try (Bundle next = Bundle.load(TinyBundles.writeVersion(newer, "2.0.0"))) {
            final FlowBatch batch = tier(next, "slow").decide(stood.asGivenOut());

            for (int i = 0; i < FLOWS; i++) {
                final Verdict verdict = batch.verdict(i);
                assertThat(verdict.stage()).isEqualTo(VerdictStage.REPAIRED);
                assertThat(verdict.isFinal()).isTrue();
                assertThat(verdict.superseded()).contains(bundle.ref());
                assertThat(VerdictDocument.id(batch.record(i), verdict))
                        .isNotEqualTo(VerdictDocument.id(batch.record(i), stood.verdict(i)));
            }
        }
    }

    /** A join hands flows out on packet 1 that are not to wait, with a verdict that stands. */
    @Test
    void shouldLeaveRecordsAsTheyAreOfWhichNoneIsAskedAbout() {
        final FlowBatch fast = tier("fastest").decide(firsts());
        final FlowBatch stood =
                firsts().withVerdicts(i -> fast.verdict(i).standing("slow_source_share"));
        final List<CascadeTier.Decision> decisions = new ArrayList<>();

        tier("slow").decide(stood, CascadeTier.Rows.OPEN, decisions::add);

        assertThat(decisions).hasSize(1);
        assertThat(decisions.get(0).isComplete()).isTrue();
        assertThat(decisions.get(0).batch().verdict(0)).isEqualTo(stood.verdict(0));
    }

    @Test
    void shouldNotDecideOnPacketOneIfItReadsMore() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tier("slow").decide(firsts()))
                .withMessage(
                        "tier slow of bundle tiny reads 3 packet(s) of a flow, and FIRST records"
                                + " hold packet 1 alone; send it context records");
        assertThat(given).isEmpty();
    }

    @Test
    void shouldNotDecideOnFewerPacketsThanItReadsOfAFlowThatGoesOn() {
        final FlowBatch cut = FlowBatch.of(SampleFlows.randomContext(1, 2));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> tier("slow").decide(cut))
                .withMessageContaining("reads 3 packet(s) of a flow, but the record of flow")
                .withMessageContaining("has only its first 2 packet(s)");
        assertThat(tier("fastest").decide(cut).hasVerdict(0)).isTrue();
    }

    @Test
    void shouldDecideOnFewerPacketsThanItReadsOfAFlowThatIsOver() {
        final FlowRecord cut = SampleFlows.randomContext(1, 2);
        final FlowRecord over =
                new FlowRecord(
                        cut.id(),
                        cut.tuple(),
                        cut.communityId(),
                        cut.startMicros(),
                        cut.stage(),
                        FlowRecord.End.END,
                        cut.packets(),
                        cut.readNanos());

        assertThat(tier("slow").decide(FlowBatch.of(over)).verdict(0).isFinal()).isTrue();
    }

    @Test
    void shouldLetTheTierBeforeDecideOnRecordsThatAreTooShort() {
        final FlowBatch flows =
                batch(
                        LongStream.range(0, FLOWS)
                                .mapToObj(
                                        seed -> SampleFlows.randomContext(seed, 2 + (int) seed % 2))
                                .toList());
        final FlowBatch batch =
                new Cascade(bundle, System::nanoTime, ledger, (flow, verdict) -> given.add(verdict))
                        .decide(flows);

        assertThat(batch.uncertain().isEmpty()).isTrue();
        assertThat(given).hasSize(FLOWS);
        final long fellBack =
                IntStream.range(0, FLOWS)
                        .filter(i -> batch.verdict(i).reason().equals("record_too_short"))
                        .peek(i -> assertThat(batch.record(i).packets().count()).isEqualTo(2))
                        .count();
        assertThat(fellBack).isPositive();
        assertThat(ledger.byDetail(Ledger.Entry.FELL_BACK))
                .isEqualTo(Map.of("service/record_too_short", fellBack));
    }

    @Test
    void shouldAnswerTheRowsThatItsScorerAnswersAndLetEarlierVerdictsStandForTheOthers(
            @TempDir final Path other) throws Exception {
        final ExecutorService threads = Executors.newSingleThreadExecutor();
        try (Bundle partial =
                Bundle.load(
                        BundleFiles.in(TinyBundles.write(other)),
                        LaterScorer.provider(threads, row -> row % 3 == 1))) {
            final FlowBatch before = tier("fastest").decide(firsts());
            final CascadeTier slow = tier(partial, "slow");
            final CompletableFuture<CascadeTier.Decision> decided = new CompletableFuture<>();
            slow.decide(contexts().withVerdicts(before::verdict).asGivenOut(), decided::complete);
            final CascadeTier.Decision decision = decided.get();
            final FlowBatch batch = slow.letStand(decision).orElseThrow();

            assertThat(decision.failure().orElseThrow()).hasMessage("no answer for these rows");
            for (int i = 0; i < FLOWS; i++) {
                final Verdict verdict = batch.verdict(i);
                assertThat(verdict.isFinal()).isTrue();
                assertThat(verdict.superseded()).contains(bundle.ref());
                assertThat(verdict.tier()).isEqualTo(i % 3 == 1 ? "fastest" : "slow");
            }
            assertThat(ledger.byDetail(Ledger.Entry.FELL_BACK))
                    .isEqualTo(Map.of("service/tier_failed", decision.failed().cardinality() + 0L));
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void shouldSupersedeNothingWhereDoubtfulAnswersWereKeptBack() {
        final FlowBatch batch =
                new Cascade(bundle, System::nanoTime, ledger, (flow, verdict) -> given.add(verdict))
                        .decide(contexts());

        assertThat(given).hasSize(FLOWS).noneMatch(Verdict::supersedes);
        assertThat(batch.certain().size()).isEqualTo(FLOWS);
        assertThat(given).extracting(Verdict::tier).contains("fastest", "slow");
    }

    @Test
    void shouldCountTheWaitForThePacketsThatItRead() {
        final FlowBatch batch = tier("slow").decide(contexts());

        final Verdict verdict = batch.verdict(0);
        assertThat(verdict.latency().waitMicros())
                .isEqualTo(batch.record(0).packets().offsetMicros(verdict.packets() - 1));
    }

    @Test
    void shouldNameTheTiersOfTheBundleWhenItLacksOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tier("medium"))
                .withMessageContaining("has no tier 'medium'; it has fastest, slow");
    }

    private CascadeTier tier(final String name) {
        return tier(bundle, name);
    }

    private CascadeTier tier(final Bundle of, final String name) {
        return new CascadeTier(
                of, name, System::nanoTime, ledger, (flow, verdict) -> given.add(verdict));
    }

    private static FlowBatch firsts() {
        return batch(LongStream.range(0, FLOWS).mapToObj(SampleFlows::randomFirst).toList());
    }

    private static FlowBatch contexts() {
        return batch(
                LongStream.range(0, FLOWS)
                        .mapToObj(seed -> SampleFlows.randomContext(seed, 5))
                        .toList());
    }

    private static FlowBatch batch(final List<FlowRecord> records) {
        return FlowBatch.of(records);
    }

    @Test
    void shouldRefuseRecordsThatItsEncoderCannotRead() {
        final FlowBatch summaries = FlowBatch.of(TestFlows.summary("C1"));

        assertThat(tier("fastest").spec().answers(FlowRecord.Stage.SUMMARY)).isFalse();
        assertThat(tier("fastest").spec().answers(FlowRecord.Stage.FIRST)).isTrue();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tier("fastest").decide(summaries))
                .withMessageContaining("tier fastest of bundle tiny reads nprint features")
                .withMessageContaining("summaries of flows");
    }

    @Test
    void shouldDecideOnSummariesThroughAllTiersOfABundleThatReadsThem(@TempDir final Path conn)
            throws IOException {
        try (Bundle summaries = Bundle.load(TinyBundles.writeConn(conn))) {
            final Cascade cascade =
                    new Cascade(
                            summaries,
                            System::nanoTime,
                            ledger,
                            (flow, verdict) -> given.add(verdict));
            final FlowBatch summariesOfFlows =
                    FlowBatch.of(
                            IntStream.range(0, 40)
                                    .mapToObj(i -> SampleFlows.randomSummary(i))
                                    .toList());

            assertThat(cascade.reads(FlowRecord.Stage.SUMMARY)).isTrue();
            assertThat(cascade.reads(FlowRecord.Stage.CONTEXT)).isFalse();
            final FlowBatch batch = cascade.decide(summariesOfFlows);

            assertThat(batch.uncertain().isEmpty()).isTrue();
            assertThat(given).hasSize(40).extracting(Verdict::tier).contains("slow");
            assertThat(given)
                    .extracting(Verdict::packets, Verdict::supersedes)
                    .containsOnly(tuple(0, false));
            assertThat(batch.verdict(0).latency().waitMicros())
                    .isEqualTo(batch.record(0).summary().durationMicros());
        }
    }

    @Test
    void shouldHaveWaitedForAllSecondsThatItReadOfAFlowThatWentOn(@TempDir final Path other)
            throws IOException {
        try (Bundle seconds = Bundle.load(TinyBundles.writeSeconds(other))) {
            final FlowBatch batch =
                    tier(seconds, "after1s")
                            .decide(
                                    batch(
                                            List.of(
                                                    flow(FlowRecord.End.END, 0, 300, 4_200),
                                                    flow(FlowRecord.End.END, 0, 300, 700),
                                                    flow(FlowRecord.End.TIMEOUT, 0, 300, 700))));

            assertThat(IntStream.range(0, 3).mapToLong(i -> waitMillis(batch.verdict(i))))
                    .containsExactly(1_000L, 700L, 1_000L);
        }
    }

    private static long waitMillis(final Verdict verdict) {
        return verdict.latency().waitMicros() / 1_000;
    }

    private static FlowRecord flow(final FlowRecord.End end, final long... millis) {
        final Packets.Builder packets = new Packets.Builder();
        for (final long at : millis) {
            packets.add(1_000 * at, true, 40, new byte[40], 0, 40);
        }
        final FlowRecord any = TestFlows.context("C1");
        return new FlowRecord(
                any.id(),
                any.tuple(),
                any.communityId(),
                any.startMicros(),
                any.stage(),
                end,
                packets.build(),
                any.readNanos());
    }
}
