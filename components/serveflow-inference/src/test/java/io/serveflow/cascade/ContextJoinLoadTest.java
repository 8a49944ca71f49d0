/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.cascade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.serveflow.batch.FlowBatch;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.TestFlows;
import io.serveflow.ledger.Ledger;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ContextJoinLoadTest {

    private static final double TARGET = 1;
    private static final double PER_FLOW = 0.00002;
    private static final double PER_BATCH = 0.0002;
    private static final double NEVER = Double.MAX_VALUE;
    private static final double CONTEXT_AFTER = 2;
    private static final int PLACES = 100_000;
    private static final int BATCH = 2_048;
    private static final double RATE = 2_000;

    /** Flows that take twice as long as a batch takes anyway. */
    private static final double WORTH = 2 * PER_BATCH / PER_FLOW;

    private static final double SHARE = 0.3;

    private static final List<String> SCANNERS =
            IntStream.range(0, 256).mapToObj(i -> "192.0.2." + i).toList();

    private final SlowPathModel model =
            new SlowPathModel(
                    new ContextJoin.Options(
                            PLACES,
                            TimeUnit.SECONDS.toNanos(15),
                            0,
                            new ContextJoin.Load(Math.round(TARGET * 1e9), SHARE, 0, 24, 64)),
                    BATCH);

    private SlowPathModel.Sender many;

    @BeforeEach
    void send() {
        model.slowTier(PER_FLOW, PER_BATCH);
        many = model.sender("many", SlowPathModel.addresses(50), RATE, CONTEXT_AFTER);
    }

    @Test
    void shouldTakeEveryFlowWhileTheSlowTierKeepsUp() throws Exception {
        model.slowTier(0.9 / RATE, PER_BATCH);
        model.run(20);

        assertThat(many.refused).isZero();
        assertThat(model.ledger.total(Ledger.Entry.FELL_BACK)).isZero();
        assertThat(model.said).isEmpty();
    }

    @Test
    void shouldHoldTheDelayNearTheTargetWhateverTheLoad() throws Exception {
        for (final double load : new double[] {2, 10, 40}) {
            model.slowTier(load / RATE, PER_BATCH);
            model.run(40);
            many.forget();
            model.run(20);

            final double expected = TARGET * (1 + Math.log(load) / 4);
            assertThat(many.percentile(50)).isCloseTo(expected, within(0.2 * expected));
            assertThat(many.percentile(99)).isLessThan(3 * expected);
            assertThat(many.answeredShare()).isCloseTo(1 / load, within(0.2 / load));
        }
    }

    @Test
    void shouldRaiseTheBarWithoutSwinging() throws Exception {
        model.run(5);
        model.slowTier(10.0 / RATE, PER_BATCH);
        model.run(8);

        final List<SlowPathModel.Look> looks = model.run(30);

        final double expected = TARGET * (1 + Math.log(10) / 4);
        assertThat(looks)
                .allSatisfy(
                        look -> {
                            assertThat(look.delay()).isCloseTo(expected, within(0.25 * expected));
                            assertThat(look.threshold()).isCloseTo(0.65, within(0.06));
                        });
    }

    @Test
    void shouldRaiseTheBarInSteps() throws Exception {
        model.run(5);
        model.slowTier(10.0 / RATE, PER_BATCH);

        final List<SlowPathModel.Look> looks = model.run(5);

        assertThat(looks.get(0).threshold()).isZero();
        assertThat(looks.get(looks.size() - 1).threshold()).isGreaterThan(0.6);
        assertThat(looks).anySatisfy(look -> assertThat(look.threshold()).isBetween(0.25, 0.45));
    }

    @Test
    void shouldKeepWhatIsRefusedFromPilingUp() throws Exception {
        model.slowTier(10.0 / RATE, PER_BATCH);
        model.run(20);

        assertThat(model.run(1)).allSatisfy(look -> assertThat(look.held()).isLessThan(5_000));
    }

    @Test
    void shouldLowerTheBarByItselfWhenTheSlowTierKeepsUpAgain() throws Exception {
        model.slowTier(10.0 / RATE, PER_BATCH);
        model.run(20);
        model.slowTier(PER_FLOW, PER_BATCH);
        final List<SlowPathModel.Look> looks = model.run(5);
        many.forget();
        model.run(20);

        assertThat(looks.get(looks.size() - 1).threshold()).isZero();
        assertThat(many.refused).isZero();
        assertThat(model.said).containsExactly("slow_overloaded", "all");
    }

    @Test
    void shouldLetTheMoreUncertainOnesIn() throws Exception {
        model.slowTier(10.0 / RATE, PER_BATCH);
        model.run(20);

        assertThat(many.answeredUncertainty(10)).isGreaterThan(0.6);
    }

    @Test
    void shouldRefuseFlowsWhileTheSlowTierAnswersNothing() throws Exception {
        model.run(5);
        model.slowTier(PER_FLOW, 60);
        model.run(15);
        many.forget();
        model.run(5);

        assertThat((double) many.refused / many.sent).isGreaterThan(0.9);
    }

    @Test
    void shouldNotTakeTheFixedTimeOfABatchForLoad() throws Exception {
        many.sends(1_000);
        model.slowTier(0, 0.8 * TARGET);
        model.run(20);

        assertThat(model.ledger.total(Ledger.Entry.FELL_BACK)).isZero();
    }

    @Test
    void shouldNotGiveASlowTierLongBatches() throws Exception {
        model.slowTier(10.0 / RATE, PER_BATCH);
        model.run(20);
        many.forget();
        model.run(5);

        assertThat(model.longestBatch()).isLessThan(TARGET / 4);
    }

    @Test
    void shouldCallTheTierOverloadedWhereOneOfManySourcesSendsMost() throws Exception {
        model.slowTier(10.0 / RATE, PER_BATCH);
        model.sender("office", List.of("10.0.200.5"), RATE, CONTEXT_AFTER);
        model.run(20);

        assertThat(model.ledger.byDetail(Ledger.Entry.FELL_BACK))
                .hasEntrySatisfying(
                        "service/slow_overloaded",
                        flows -> assertThat(flows).isGreaterThan(60_000L));
    }

    @Test
    void shouldServeOneSourceAloneAsManyOnes() throws Exception {
        many.sends(0);
        final SlowPathModel.Sender lab =
                model.sender("lab", List.of("10.0.0.5"), 9_000, CONTEXT_AFTER);
        model.run(10);

        assertThat(lab.refused).isZero();
        assertThat(model.ledger.total(Ledger.Entry.FELL_BACK)).isZero();
    }

    @Test
    void shouldAnswerOthersInTimeWhileOnePrefixSendsAMillionFlows() throws Exception {
        model.run(20);
        many.forget();
        final SlowPathModel.Sender scan = model.sender("scan", SCANNERS, 100_000, 5);
        model.run(12);

        assertThat(scan.sent).isGreaterThan(1_000_000);
        assertThat(many.refused).isZero();
        assertThat(many.answeredShare()).isGreaterThan(0.98);
        /* No more than a batch with the flows that the scan may have in one, and their own. */
        assertThat(many.percentile(99)).isLessThan(2 * PER_BATCH + (WORTH + 50) * PER_FLOW);
        assertThat(model.ledger.byDetail(Ledger.Entry.FELL_BACK))
                .containsOnlyKeys("service/slow_source_share");
        assertThat(model.said).containsExactly("slow_source_share");
    }

    @Test
    void shouldGiveAScanNoLongBatchesWhileOthersHaveNothingHere() throws Exception {
        many.sends(0);
        final SlowPathModel.Sender few = model.sender("few", SlowPathModel.addresses(3), 50, 0.001);
        model.run(3);
        model.sender("scan", SCANNERS, 100_000, 0.5);
        model.run(2);
        few.forget();
        model.run(20);

        assertThat(few.refused).isZero();
        assertThat(model.largestBatch()).isLessThan((int) (WORTH * 1.5) + 3);
        assertThat(few.percentile(99)).isLessThan(0.003);
    }

    /** Between batches of one size that are interrupted, flows seem to take no time. */
    @Test
    void shouldGiveAScanNoLongBatchesWhereTheTimeOfAFlowIsMeasuredBadly() throws Exception {
        model.interrupted(0.001);
        model.run(3);
        model.sender("scan", SCANNERS, 100_000, 0.5);
        model.run(2);
        many.forget();
        model.run(20);

        assertThat(model.largestBatch()).isLessThan(BATCH / 4);
        assertThat(many.percentile(99)).isLessThan(0.006);
    }

    @Test
    void shouldGiveSourcesLargeBatchesWhereFlowsTakeNoTime() throws Exception {
        many.sends(1);
        model.slowTier(0.000001, 0.002);
        model.sender("scan", SCANNERS, 200_000, 0.1);
        model.run(10);

        assertThat(model.largestBatch()).isGreaterThan(BATCH / 4);
    }

    @Test
    void shouldLeavePlacesForOthersWhenContextsNeverCome() throws Exception {
        final SlowPathModel.Sender scan = model.sender("scan", SCANNERS, 100_000, NEVER);
        model.run(3);

        assertThat(scan.taken).isLessThan(Math.round(SHARE * PLACES));
        assertThat(many.refused).isZero();
    }

    @Test
    void shouldRefuseTheSourceThatTheSlowTierCannotFollowAndNoOther() throws Exception {
        model.slowTier(0.0001, PER_BATCH);
        model.run(10);
        many.forget();
        final SlowPathModel.Sender scan = model.sender("scan", SCANNERS, 20_000, 0.1);
        model.run(30);

        assertThat(many.refused).isZero();
        assertThat(many.answeredShare()).isGreaterThan(0.95);
        assertThat(many.percentile(99)).isLessThan(0.05);
        assertThat(scan.answeredShare()).isBetween(0.3, 0.42);
    }

    /** As where a topic keeps what is not read: no delay is too long. */
    @Test
    void shouldKeepTheReadyFlowsOfOneSourceAtTheirBoundAndRefuseNoOther() throws Exception {
        final int most = 1_000;
        final SlowPathModel patient =
                new SlowPathModel(
                        new ContextJoin.Options(
                                PLACES,
                                TimeUnit.SECONDS.toNanos(15),
                                0,
                                new ContextJoin.Load(0, SHARE, most, 24, 64)),
                        BATCH);
        patient.slowTier(0.01, PER_BATCH);
        final SlowPathModel.Sender few = patient.sender("few", SlowPathModel.addresses(3), 10, 0.1);
        patient.sender("scan", SCANNERS, 5_000, 0.1);

        final List<SlowPathModel.Look> looks = patient.run(20);

        assertThat(looks).anySatisfy(look -> assertThat(look.ready()).isGreaterThan(most));
        assertThat(looks).allSatisfy(look -> assertThat(look.ready()).isLessThan(most * 11 / 10));
        assertThat(few.answeredShare()).isGreaterThan(0.95);
        assertThat(patient.ledger.byDetail(Ledger.Entry.FELL_BACK))
                .containsOnlyKeys("service/slow_source_share");
    }

    @Test
    void shouldTakeReadyFlowsOfASourceAgainWhenOthersOfItWentOut() throws Exception {
        final Ledger ledger = new Ledger();
        final ContextJoin join =
                new ContextJoin(
                        new ContextJoin.Options(
                                10, 1_000_000_000, 0, new ContextJoin.Load(0, 1, 1, 24, 64)),
                        () -> 0,
                        ledger,
                        (flow, verdict) -> {});
        for (final String uid : List.of("a", "b", "c")) {
            join.escalate(
                    FlowBatch.of(TestFlows.first(uid))
                            .withVerdicts(i -> TestFlows.provisional(0.6)));
        }
        join.contexts(FlowBatch.of(TestFlows.context("a")));
        join.contexts(FlowBatch.of(TestFlows.context("b")));

        final FlowBatch over = join.poll(10, 0, TimeUnit.SECONDS).orElseThrow();
        final FlowBatch ready = join.poll(10, 0, TimeUnit.SECONDS).orElseThrow();
        join.contexts(FlowBatch.of(TestFlows.context("c")));
        final FlowBatch next = join.poll(10, 0, TimeUnit.SECONDS).orElseThrow();

        assertThat(over.record(0).id().uid()).isEqualTo("b");
        assertThat(over.verdict(0).isFinal()).isTrue();
        assertThat(over.verdict(0).supersedes()).isTrue();
        assertThat(over.verdict(0).reason()).isEqualTo("slow_source_share");
        assertThat(ready.record(0).id().uid()).isEqualTo("a");
        assertThat(next.record(0).id().uid()).isEqualTo("c");
        assertThat(next.stage()).isEqualTo(FlowRecord.Stage.CONTEXT);
        assertThat(ledger.byDetail(Ledger.Entry.FELL_BACK))
                .containsOnly(Map.entry("service/slow_source_share", 1L));
    }
}
