/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.cascade;

import static io.serveflow.flow.TestFlows.context;
import static io.serveflow.flow.TestFlows.first;
import static io.serveflow.flow.TestFlows.provisional;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.batch.FlowBatch;
import io.serveflow.batch.Receipt;
import io.serveflow.batch.SourceClock;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.verdict.Verdict;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ContextJoinTest {

    private static final long WAIT = TimeUnit.SECONDS.toNanos(10);

    private final AtomicInteger handedBack = new AtomicInteger();
    private final AtomicLong clock = new AtomicLong();
    private final Ledger ledger = new Ledger();
    private final List<Verdict> given = new ArrayList<>();

    @Test
    void shouldJoinAFlowWithItsContext() throws Exception {
        final ContextJoin join = join(10, 0);
        join.escalate(escalated("a", 0.6));
        join.contexts(FlowBatch.of(context("a")));

        final FlowBatch joined = poll(join).orElseThrow();

        assertThat(joined.stage()).isEqualTo(FlowRecord.Stage.CONTEXT);
        assertThat(joined.record(0).packets().count()).isEqualTo(3);
        assertThat(joined.verdict(0).isFinal()).isFalse();
    }

    @Test
    void shouldAnswerEachFlowOnce() throws Exception {
        final ContextJoin join = join(10, 0);
        join.escalate(escalated("a", 0.6));
        join.escalate(escalated("a", 0.6));
        join.contexts(FlowBatch.of(context("a")));
        join.contexts(FlowBatch.of(context("a")));

        assertThat(poll(join).orElseThrow().size()).isEqualTo(1);
        assertThat(poll(join)).isEmpty();
        assertThat(given).hasSize(1);
        assertThat(ledger.total(Ledger.Entry.SUPERSEDED)).isEqualTo(1);
    }

    @Test
    void shouldCountTheContextOfADecidedFlowAsSuperseded() throws Exception {
        final ContextJoin join = join(10, 0);

        join.contexts(FlowBatch.of(context("decided")));

        assertThat(poll(join)).isEmpty();
        assertThat(ledger.total(Ledger.Entry.SUPERSEDED)).isEqualTo(1);
    }

    @Test
    void shouldJoinAContextThatCameEarlyWhenEarlyOnesAreKept() throws Exception {
        final ContextJoin join = join(10, 5);
        join.contexts(FlowBatch.of(context("a")));
        join.escalate(escalated("a", 0.6));

        assertThat(poll(join).orElseThrow().record(0).id().uid()).isEqualTo("a");
    }

    @Test
    void shouldKeepTheContextOfOneTaskForAnotherWhereEarlyOnesAreKept() throws Exception {
        final ContextJoin join = join(10, 5);
        join.escalate(escalated("a", 0.6));
        join.contexts(FlowBatch.of(context("a")));
        join.escalate(FlowBatch.of(first("a")).withVerdicts(i -> ofTask("device")));

        for (final String task : List.of("service", "device")) {
            final FlowBatch joined = poll(join).orElseThrow();
            assertThat(joined.task()).contains(task);
            assertThat(joined.stage()).isEqualTo(FlowRecord.Stage.CONTEXT);
        }
        assertThat(ledger.total(Ledger.Entry.SUPERSEDED)).isZero();
    }

    @Test
    void shouldForgetAContextThatCameAgainAfterThoseThatCameBeforeIt() throws Exception {
        final ContextJoin join = join(10, 2);
        for (final String uid : List.of("a", "b", "a", "c")) {
            join.contexts(FlowBatch.of(context(uid)));
        }
        join.escalate(escalated("b", 0.6));
        join.escalate(escalated("a", 0.6));

        assertThat(poll(join).orElseThrow().record(0).id().uid()).isEqualTo("a");
        assertThat(poll(join)).isEmpty();
    }

    @Test
    void shouldRefuseFlowsThatNoTierHasAnswered() {
        final ContextJoin join = join(10, 0);

        assertThatThrownBy(() -> join.escalate(FlowBatch.of(first("a"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no tier has answered flow")
                .hasMessageContaining("serveflow:TIER");
    }

    @Test
    void shouldTellOfNoVerdictOfAFlowThatComesAfterItsRouteHasEnded() {
        final ContextJoin join = join(10, 0);
        final Receipt receipt = Receipt.held(() -> {});
        receipt.release();

        assertThatThrownBy(() -> join.escalate(escalated("a", 0.6, receipt)))
                .hasMessageContaining("hold it before the route ends");

        assertThat(given).isEmpty();
        assertThat(join.size()).isZero();
    }

    private static Verdict ofTask(final String task) {
        final Verdict verdict = provisional(0.6);
        return new Verdict(
                new Verdict.BundleRef("tiny", "1.0.0", task, "cd".repeat(32)),
                verdict.tier(),
                verdict.stage(),
                verdict.label(),
                verdict.confidence(),
                verdict.uncertainty(),
                verdict.reason(),
                1,
                verdict.latency(),
                List.of());
    }

    @Test
    void shouldForgetTheOldestEarlyContextAtTheBound() throws Exception {
        final ContextJoin join = join(10, 2);
        for (final String uid : List.of("a", "b", "c")) {
            join.contexts(FlowBatch.of(context(uid)));
        }
        join.escalate(escalated("a", 0.6));
        join.escalate(escalated("c", 0.6));

        assertThat(poll(join).orElseThrow().record(0).id().uid()).isEqualTo("c");
        assertThat(poll(join)).isEmpty();
        assertThat(ledger.total(Ledger.Entry.SUPERSEDED)).isEqualTo(1);
    }

    @Test
    void shouldLetTheFastAnswerStandWhenNoContextComesInTime() throws Exception {
        final ContextJoin join = join(10, 0);
        join.escalate(escalated("a", 0.6));
        clock.addAndGet(WAIT);

        final FlowBatch expired = poll(join).orElseThrow();

        assertThat(expired.stage()).isEqualTo(FlowRecord.Stage.FIRST);
        assertThat(expired.verdict(0).isFinal()).isTrue();
        assertThat(expired.verdict(0).reason()).isEqualTo("slow_unavailable");
        assertThat(expired.verdict(0).supersedes()).isTrue();
        assertThat(expired.verdict(0).revised()).isFalse();
        assertThat(ledger.byDetail(Ledger.Entry.FELL_BACK)).containsEntry("service/no_context", 1L);
        assertThat(join.size()).isZero();
    }

    @Test
    void shouldLetTheFastAnswerStandWhenFull() {
        final ContextJoin join = join(1, 0);
        join.escalate(escalated("a", 1.0));

        final FlowBatch refused = join.escalate(escalated("b", 1.0));

        assertThat(refused.verdict(0).isFinal()).isTrue();
        assertThat(refused.verdict(0).reason()).isEqualTo("slow_overloaded");
        assertThat(ledger.byDetail(Ledger.Entry.FELL_BACK))
                .containsEntry("service/slow_queue_full", 1L);
    }

    @Test
    void shouldFollowAProvisionalVerdictThatWasGivenOutBeforeWhenFull() {
        final ContextJoin join = join(1, 0);
        join.escalate(escalated("a", 1.0));

        final FlowBatch refused = join.escalate(escalated("b", 1.0).asGivenOut());

        assertThat(refused.verdict(0).isFinal()).isTrue();
        assertThat(refused.verdict(0).supersedes()).isTrue();
        assertThat(given).contains(refused.verdict(0));
    }

    @Test
    void shouldTakeOnlyTheMoreUncertainFlowsAboveHalfFull() {
        final ContextJoin join = join(100, 0);
        IntStream.range(0, 75).forEach(i -> join.escalate(escalated("held" + i, 0.9)));

        final FlowBatch surer = join.escalate(escalated("surer", 0.4));
        final FlowBatch unsurer = join.escalate(escalated("unsurer", 0.6));

        assertThat(surer.verdict(0).isFinal()).isTrue();
        assertThat(unsurer.verdict(0).isFinal()).isFalse();
    }

    @Test
    void shouldHandOutEveryFlowInsideAfterClosing() throws Exception {
        final ContextJoin join = join(10, 0);
        join.escalate(escalated("joined", 0.6));
        join.escalate(escalated("waiting", 0.6));
        join.contexts(FlowBatch.of(context("joined")));
        join.close();

        assertThat(poll(join).orElseThrow().record(0).id().uid()).isEqualTo("joined");
        assertThat(poll(join).orElseThrow().record(0).id().uid()).isEqualTo("waiting");
        assertThat(poll(join)).isEmpty();
    }

    @Test
    void shouldHandOutNoMoreThanAskedFor() throws Exception {
        final ContextJoin join = join(10, 0);
        for (final String uid : List.of("a", "b", "c")) {
            join.escalate(escalated(uid, 0.6));
            join.contexts(FlowBatch.of(context(uid)));
        }

        assertThat(join.poll(2, 0, TimeUnit.SECONDS).orElseThrow().size()).isEqualTo(2);
        assertThat(join.poll(2, 0, TimeUnit.SECONDS).orElseThrow().size()).isEqualTo(1);
    }

    @Test
    void shouldHoldTheReceiptOfAFlowUntilItIsDone() throws Exception {
        final Receipt receipt = Receipt.held(() -> {});
        final ContextJoin join = join(10, 0);
        join.escalate(escalated("a", 0.6, receipt));
        receipt.release();
        assertThat(receipt.isSettled()).isFalse();
        join.contexts(FlowBatch.of(context("a")));
        final FlowBatch joined = poll(join).orElseThrow();
        assertThat(receipt.isSettled()).isFalse();

        join.done(joined);

        assertThat(receipt.isSettled()).isTrue();
        assertThat(join.pending()).isZero();
    }

    @Test
    void shouldHoldTheReceiptOfAReplayedRecordOfAFlowThatWaits() throws Exception {
        final Receipt first = Receipt.held(() -> {});
        final Receipt again = Receipt.held(() -> {});
        final ContextJoin join = join(10, 0);
        join.escalate(escalated("a", 0.6, first));
        join.escalate(escalated("a", 0.6, again));
        first.release();
        again.release();
        assertThat(again.isSettled()).isFalse();
        join.contexts(FlowBatch.of(context("a")));

        join.done(poll(join).orElseThrow());

        assertThat(first.isSettled()).isTrue();
        assertThat(again.isSettled()).isTrue();
    }

    @Test
    void shouldHoldTheReceiptOfAFlowWhoseContextCameEarly() throws Exception {
        final Receipt receipt = Receipt.held(() -> {});
        final ContextJoin join = join(10, 5);
        join.contexts(FlowBatch.of(context("a")));
        join.escalate(escalated("a", 0.6, receipt));
        receipt.release();
        final FlowBatch joined = poll(join).orElseThrow();
        assertThat(receipt.isSettled()).isFalse();

        join.done(joined);

        assertThat(receipt.isSettled()).isTrue();
    }

    @Test
    void shouldHoldTheReceiptOfAFlowWhoseContextDoesNotCome() throws Exception {
        final Receipt receipt = Receipt.held(() -> {});
        final ContextJoin join = join(10, 0);
        join.escalate(escalated("a", 0.6, receipt));
        receipt.release();
        clock.addAndGet(WAIT);
        final FlowBatch expired = poll(join).orElseThrow();
        assertThat(receipt.isSettled()).isFalse();

        join.done(expired);

        assertThat(receipt.isSettled()).isTrue();
    }

    @Test
    void shouldHoldAReceiptOnceForEachFlow() throws Exception {
        final Receipt receipt = Receipt.held(() -> {});
        final ContextJoin join = join(10, 0);
        join.escalate(escalated("a", 0.6, receipt));
        join.escalate(escalated("b", 0.6, receipt));
        receipt.release();
        join.contexts(FlowBatch.of(context("a")));
        join.done(poll(join).orElseThrow());
        assertThat(receipt.isSettled()).isFalse();
        join.contexts(FlowBatch.of(context("b")));

        join.done(poll(join).orElseThrow());

        assertThat(receipt.isSettled()).isTrue();
    }

    @Test
    void shouldNotHoldTheReceiptOfAFlowThatIsRefused() {
        final Receipt receipt = Receipt.held(() -> {});
        final ContextJoin join = join(1, 0);
        join.escalate(escalated("a", 1.0));
        join.escalate(escalated("b", 1.0, receipt));

        receipt.release();

        assertThat(receipt.isSettled()).isTrue();
    }

    @Test
    void shouldNotReleaseTheReceiptsOfFlowsThatAreAbandoned() throws Exception {
        final Receipt waiting = Receipt.held(() -> {});
        final Receipt ready = Receipt.held(() -> {});
        final ContextJoin join = join(10, 0);
        join.escalate(escalated("waiting", 0.6, waiting));
        join.escalate(escalated("ready", 0.6, ready));
        join.contexts(FlowBatch.of(context("ready")));
        waiting.release();
        ready.release();

        join.abandon();

        assertThat(poll(join)).isEmpty();
        assertThat(waiting.isSettled()).isFalse();
        assertThat(ready.isSettled()).isFalse();
        assertThat(ledger.byDetail(Ledger.Entry.HANDED_BACK)).containsEntry("stopped", 2L);
        assertThat(ledger.total(Ledger.Entry.DROPPED)).isZero();
    }

    @Test
    void shouldCountFlowsThatNobodyReadsAgainAsDroppedWhenTheyAreAbandoned() throws Exception {
        final ContextJoin join = join(10, 0);
        join.escalate(escalated("a", 0.6));

        join.abandon();

        assertThat(poll(join)).isEmpty();
        assertThat(ledger.byDetail(Ledger.Entry.DROPPED)).containsEntry("join_abandoned", 1L);
        assertThat(join.givenUp()).isEqualTo(join.taken()).isEqualTo(1);
    }

    @Test
    void shouldHandFlowsThatWaitBackToTheirSource() throws Exception {
        final Receipt receipt = receipt();
        final ContextJoin join = join(10, 0);
        join.escalate(escalated("a", 0.6, receipt));
        receipt.release();

        join.handBack();
        join.close();

        assertThat(poll(join)).isEmpty();
        assertThat(join.pending()).isZero();
        assertThat(handedBack).hasValue(1);
        assertThat(receipt.isSettled()).isFalse();
        assertThat(ledger.byDetail(Ledger.Entry.HANDED_BACK)).containsEntry("stopped", 1L);
        assertThat(ledger.total(Ledger.Entry.FELL_BACK)).isZero();
    }

    @Test
    void shouldLeaveFlowsThatWaitToWhoeverHasTheirPartitionNow() throws Exception {
        final Receipt receipt = receipt();
        final ContextJoin join = join(10, 0);
        join.escalate(escalated("a", 0.6, receipt));
        receipt.release();

        receipt.withdraw();
        clock.addAndGet(WAIT);

        assertThat(poll(join)).isEmpty();
        assertThat(join.pending()).isZero();
        assertThat(handedBack).hasValue(1);
        assertThat(ledger.byDetail(Ledger.Entry.HANDED_BACK))
                .containsEntry("partition_revoked", 1L);
        assertThat(ledger.total(Ledger.Entry.FELL_BACK)).isZero();
    }

    @Test
    void shouldLeaveFlowsThatMetTheirContextToWhoeverHasTheirPartitionNow() throws Exception {
        final Receipt lost = receipt();
        final ContextJoin join = join(10, 0);
        join.escalate(escalated("a", 0.6, lost));
        join.escalate(escalated("b", 0.6, receipt()));
        join.contexts(FlowBatch.of(List.of(context("a"), context("b"))));

        lost.withdraw();

        assertThat(poll(join).orElseThrow().record(0).id().uid()).isEqualTo("b");
        assertThat(poll(join)).isEmpty();
        assertThat(join.size()).isZero();
    }

    @Test
    void shouldAnswerAFlowWhosePartitionCameBack() throws Exception {
        final Receipt lost = receipt();
        final Receipt again = receipt();
        final ContextJoin join = join(10, 0);
        join.escalate(escalated("a", 0.6, lost));
        lost.withdraw();
        join.escalate(escalated("a", 0.6, again));
        join.contexts(FlowBatch.of(context("a")));

        final FlowBatch joined = poll(join).orElseThrow();
        join.done(joined);
        again.release();

        assertThat(joined.record(0).id().uid()).isEqualTo("a");
        assertThat(again.isSettled()).isTrue();
    }

    @Test
    void shouldNotTakeInFlowsThatAnotherProcessReadsAlready() throws Exception {
        final Receipt lost = receipt();
        final ContextJoin join = join(10, 0);
        lost.withdraw();

        final FlowBatch passed = join.escalate(escalated("a", 0.6, lost));
        lost.release();

        assertThat(passed.verdict(0).isFinal()).isFalse();
        assertThat(join.pending()).isZero();
        assertThat(given).isEmpty();
        assertThat(handedBack).hasValue(1);
        assertThat(ledger.byDetail(Ledger.Entry.HANDED_BACK))
                .containsEntry("partition_revoked", 1L);
    }

    @Test
    void shouldMakeRoomAtOnceForOthersWhenAPartitionIsLost() throws Exception {
        final AtomicLong source = new AtomicLong();
        final Receipt lost = receipt(source::get);
        final ContextJoin join = join(1, 0);
        join.escalate(escalated("a", 0.6, lost));

        lost.withdraw();

        assertThat(poll(join)).isEmpty();
        assertThat(join.pending()).isZero();
    }

    @Test
    void shouldWaitByTheClockOfTheSource() throws Exception {
        final AtomicLong source = new AtomicLong();
        final ContextJoin join = join(10, 0);
        join.escalate(escalated("a", 0.6, receipt(source::get)));
        clock.addAndGet(5 * WAIT);

        assertThat(poll(join)).as("the source has not gone on").isEmpty();

        join.contexts(FlowBatch.of(context("a")));
        assertThat(poll(join).orElseThrow().stage()).isEqualTo(FlowRecord.Stage.CONTEXT);
    }

    @Test
    void shouldGiveUpAFlowWhoseSourceWentOnWithoutItsContext() throws Exception {
        final AtomicLong source = new AtomicLong();
        final AtomicLong other = new AtomicLong();
        final ContextJoin join = join(10, 0);
        join.escalate(escalated("a", 0.6, receipt(source::get)));
        join.escalate(escalated("b", 0.6, receipt(other::get)));

        other.addAndGet(WAIT);

        final FlowBatch standing = poll(join).orElseThrow();
        assertThat(standing.size()).isEqualTo(1);
        assertThat(standing.record(0).id().uid()).isEqualTo("b");
        assertThat(standing.verdict(0).reason()).isEqualTo("slow_unavailable");
        assertThat(poll(join)).isEmpty();
    }

    @Test
    void shouldNotWaitForEverForASourceThatDoesNotGoOn() throws Exception {
        final AtomicLong source = new AtomicLong();
        final ContextJoin join = join(10, 0);
        join.escalate(escalated("a", 0.6, receipt(source::get)));

        clock.addAndGet(10 * WAIT - 1);
        assertThat(poll(join)).isEmpty();
        clock.addAndGet(1);

        assertThat(poll(join).orElseThrow().verdict(0).isFinal()).isTrue();
    }

    @Test
    void shouldWaitAnewForAFlowThatIsReadAgain() throws Exception {
        final AtomicLong former = new AtomicLong();
        final AtomicLong latter = new AtomicLong(7);
        final Receipt lost = receipt(former::get);
        final ContextJoin join = join(10, 0);
        join.escalate(escalated("a", 0.6, lost));
        lost.withdraw();
        join.escalate(escalated("a", 0.6, receipt(latter::get)));

        former.addAndGet(2 * WAIT);
        assertThat(poll(join)).isEmpty();
        latter.addAndGet(WAIT);

        assertThat(poll(join).orElseThrow().record(0).id().uid()).isEqualTo("a");
    }

    /** A file that failed at every poll was read for ever, and its flows waited as long. */
    @Test
    void shouldWaitNoLongerForAFlowWhoseFileIsReadAgainAndAgain() throws Exception {
        final int readings = 1_000;
        final ContextJoin join = join(10, 0);
        for (int i = 0; i < readings; i++) {
            final long begun = clock.get();
            join.escalate(
                    escalated("a", 0.6, Receipt.readAgain(() -> 7 * begun + clock.get() - begun)));
            assertThat(poll(join)).isEmpty();
            clock.addAndGet(WAIT / readings);
        }

        assertThat(poll(join).orElseThrow().verdict(0).reason()).isEqualTo("slow_unavailable");
        assertThat(given).hasSize(2);
    }

    @Test
    void shouldKeepOneReceiptOfAFlowWhoseFileIsReadAgainAndAgain() throws Exception {
        final Receipt kept = receipt();
        final ContextJoin join = join(10, 0);
        join.escalate(escalated("a", 0.6, kept));
        for (int i = 0; i < 1_000; i++) {
            join.escalate(escalated("a", 0.6, Receipt.readAgain(clock::get)));
        }
        assertThat(join.receipts()).as("while it waits").isEqualTo(2);

        join.contexts(FlowBatch.of(context("a")));
        for (int i = 0; i < 1_000; i++) {
            join.escalate(escalated("a", 0.6, Receipt.readAgain(clock::get)));
        }
        assertThat(join.receipts()).as("while its answer is under way").isEqualTo(2);

        kept.release();
        assertThat(kept.isSettled()).isFalse();
        join.done(poll(join).orElseThrow());
        assertThat(kept.isSettled()).isTrue();
    }

    @Test
    void shouldHandBackAFlowOfAFileThatSomebodyElseAlsoSent() {
        final ContextJoin join = join(10, 0);
        join.escalate(escalated("a", 0.6, Receipt.readAgain(clock::get)));
        join.escalate(escalated("a", 0.6, Receipt.NONE));

        join.handBack();

        assertThat(join.pending()).isZero();
        assertThat(ledger.byDetail(Ledger.Entry.HANDED_BACK)).containsEntry("stopped", 1L);
    }

    /** What was answered meanwhile is new when the file is read again, and comes first there. */
    @Test
    void shouldNotLetAFlowThatIsNewWaitInFrontOfOneThatGoesOnWaiting() throws Exception {
        final AtomicLong again = new AtomicLong();
        final ContextJoin join = join(10, 0);
        join.escalate(escalated("a", 0.6, Receipt.readAgain(clock::get)));
        clock.addAndGet(WAIT - 1);
        final Receipt second = Receipt.readAgain(again::get);
        join.escalate(escalated("b", 0.6, second));
        join.escalate(escalated("a", 0.6, second));
        assertThat(poll(join)).isEmpty();

        again.addAndGet(1);

        final FlowBatch over = poll(join).orElseThrow();
        assertThat(over.size()).isEqualTo(1);
        assertThat(over.record(0).id().uid()).isEqualTo("a");
    }

    private Receipt receipt(final SourceClock source) {
        return Receipt.held(() -> {}, handedBack::incrementAndGet, source);
    }

    @Test
    void shouldCountFlowsThatMetTheirContextAsReadyUntilTheyAreDone() throws Exception {
        final ContextJoin join = join(10, 0);
        join.escalate(escalated("a", 0.6));
        assertThat(join.ready()).isZero();
        join.contexts(FlowBatch.of(context("a")));
        assertThat(join.ready()).isEqualTo(1);

        final FlowBatch joined = poll(join).orElseThrow();
        assertThat(join.ready()).isEqualTo(1);
        join.done(joined);

        assertThat(join.ready()).isZero();
    }

    @Test
    void shouldHandBackFlowsThatComeAfterTheOthers() throws Exception {
        final Receipt receipt = receipt();
        final ContextJoin join = join(10, 0);
        join.handBack();

        final FlowBatch batch = escalated("a", 0.6, receipt);
        join.escalate(batch);
        receipt.release();

        assertThat(batch.verdict(0).isFinal()).isFalse();
        assertThat(handedBack).hasValue(1);
        assertThat(given).hasSize(1);
    }

    @Test
    void shouldHandBackTheContextOfAFlowThatWasHandedBack() throws Exception {
        final Receipt first = receipt();
        final Receipt context = receipt();
        final Receipt other = Receipt.held(() -> {});
        final ContextJoin join = join(10, 0);
        join.escalate(escalated("a", 0.6, first));
        first.release();
        join.handBack();

        join.contexts(FlowBatch.of(List.of(context("a")), context));
        join.contexts(FlowBatch.of(List.of(context("decided")), other));
        context.release();
        other.release();

        assertThat(handedBack).hasValue(2);
        assertThat(context.isSettled()).isFalse();
        assertThat(other.isSettled()).isTrue();
    }

    @Test
    void shouldHandBackContextsWhoseFlowsMayComeLater() throws Exception {
        final Receipt context = receipt();
        final ContextJoin join = join(10, 5);
        join.handBack();

        join.contexts(FlowBatch.of(List.of(context("a")), context));
        context.release();

        assertThat(handedBack).hasValue(1);
    }

    @Test
    void shouldGiveOutFlowsThatMetTheirContextBeforeTheOthersWereHandedBack() throws Exception {
        final Receipt receipt = receipt();
        final ContextJoin join = join(10, 0);
        join.escalate(escalated("a", 0.6, receipt));
        join.contexts(FlowBatch.of(context("a")));
        receipt.release();

        join.handBack();
        join.done(poll(join).orElseThrow());

        assertThat(receipt.isSettled()).isTrue();
    }

    @Test
    void shouldLetFlowsOfOtherSourcesWaitUntilItIsClosed() throws Exception {
        final ContextJoin join = join(10, 0);
        join.escalate(escalated("a", 0.6));
        join.escalate(escalated("b", 0.6));
        join.handBack();
        join.contexts(FlowBatch.of(context("a")));
        assertThat(poll(join).orElseThrow().stage()).isEqualTo(FlowRecord.Stage.CONTEXT);
        assertThat(poll(join)).isEmpty();

        join.close();

        final FlowBatch standing = poll(join).orElseThrow();
        assertThat(standing.verdict(0).isFinal()).isTrue();
        assertThat(ledger.byDetail(Ledger.Entry.FELL_BACK)).containsEntry("service/no_context", 1L);
    }

    @Test
    void shouldHandBackTheFlowsOfABatchThatCanBeReadAgain() throws Exception {
        final Receipt receipt = receipt();
        final ContextJoin join = join(10, 0);
        join.escalate(escalated("a", 0.6, receipt));
        join.escalate(escalated("b", 0.6));
        join.contexts(FlowBatch.of(context("a")));
        join.contexts(FlowBatch.of(context("b")));
        receipt.release();
        final FlowBatch joined = poll(join).orElseThrow();

        assertThat(join.handBack(joined, rows(0, 1)).stream()).containsExactly(0);
        join.done(joined);

        assertThat(handedBack).hasValue(1);
        assertThat(receipt.isSettled()).isFalse();
        assertThat(join.pending()).isZero();
    }

    @Test
    void shouldNotHandBackTheAnsweredFlowsOfABatch() throws Exception {
        final Receipt answered = receipt();
        final Receipt unanswered = receipt();
        final ContextJoin join = join(10, 0);
        join.escalate(escalated("a", 0.6, answered));
        join.escalate(escalated("b", 0.6, unanswered));
        join.contexts(FlowBatch.of(List.of(context("a"), context("b"))));
        answered.release();
        unanswered.release();
        final FlowBatch joined = poll(join).orElseThrow();

        assertThat(join.handBack(joined, rows(1)).stream()).containsExactly(1);
        join.done(joined);

        assertThat(answered.isSettled()).isTrue();
        assertThat(unanswered.isSettled()).isFalse();
        assertThat(ledger.byDetail(Ledger.Entry.HANDED_BACK)).containsEntry("stopped", 1L);
    }

    @Test
    void shouldCountAFlowThatIsHandedBackOnceForAllItsTasks() {
        final ContextJoin join = join(10, 0);
        final Receipt receipt = receipt();
        join.escalate(
                FlowBatch.of(List.of(first("a")), receipt)
                        .withVerdicts(i -> provisional(0.6))
                        .withVerdicts(i -> ofTask("device")));
        receipt.release();

        join.handBack();

        assertThat(handedBack).hasValue(1);
        assertThat(ledger.byDetail(Ledger.Entry.HANDED_BACK)).containsEntry("stopped", 1L);
    }

    @Test
    void shouldLetAFlowThatComesAgainWaitAlsoWhenFull() {
        final ContextJoin join = join(1, 0);
        join.escalate(escalated("a", 0.6));

        final FlowBatch again = join.escalate(escalated("a", 0.6));

        assertThat(again.verdict(0).isFinal()).isFalse();
        assertThat(given).hasSize(1);
        assertThat(ledger.total(Ledger.Entry.FELL_BACK)).isZero();
    }

    @Test
    void shouldAnswerAFlowOnceThatComesAgainWhileItsAnswerIsUnderWay() throws Exception {
        final Receipt first = Receipt.held(() -> {});
        final Receipt whileReady = Receipt.held(() -> {});
        final Receipt whileHandedOut = Receipt.held(() -> {});
        final ContextJoin join = join(1, 0);
        join.escalate(escalated("a", 0.6, first));
        join.contexts(FlowBatch.of(context("a")));
        final FlowBatch ready = join.escalate(escalated("a", 0.6, whileReady));
        final FlowBatch joined = poll(join).orElseThrow();
        final FlowBatch handedOut = join.escalate(escalated("a", 0.6, whileHandedOut));
        for (final Receipt receipt : List.of(first, whileReady, whileHandedOut)) {
            receipt.release();
            assertThat(receipt.isSettled()).isFalse();
        }
        clock.addAndGet(WAIT);

        assertThat(ready.verdict(0).isFinal()).isFalse();
        assertThat(handedOut.verdict(0).isFinal()).isFalse();
        assertThat(poll(join)).isEmpty();
        join.done(joined);
        assertThat(List.of(first, whileReady, whileHandedOut)).allMatch(Receipt::isSettled);
        assertThat(join.pending()).isZero();
    }

    @Test
    void shouldTakeAFlowThatComesAgainAfterItsAnswer() throws Exception {
        final ContextJoin join = join(1, 0);
        join.escalate(escalated("a", 0.6));
        join.contexts(FlowBatch.of(context("a")));
        join.done(poll(join).orElseThrow());

        join.escalate(escalated("a", 0.6));
        join.contexts(FlowBatch.of(context("a")));

        assertThat(poll(join)).isPresent();
    }

    @Test
    void shouldGiveOutFlowsWhoseWaitIsOverHoweverMuchIsReady() throws Exception {
        final ContextJoin join = join(10, 0);
        join.escalate(escalated("waits", 0.6));
        clock.addAndGet(WAIT);
        join.escalate(escalated("ready", 0.6));
        join.contexts(FlowBatch.of(context("ready")));

        assertThat(poll(join).orElseThrow().record(0).id().uid()).isEqualTo("waits");
        assertThat(poll(join).orElseThrow().record(0).id().uid()).isEqualTo("ready");
    }

    private static BitSet rows(final int... rows) {
        final BitSet set = new BitSet();
        IntStream.of(rows).forEach(set::set);
        return set;
    }

    private Receipt receipt() {
        return Receipt.held(() -> {}, handedBack::incrementAndGet);
    }

    @Test
    void shouldReleaseTheReceiptOfAFlowThatIsDoneAfterTheOthersWereAbandoned() throws Exception {
        final Receipt receipt = Receipt.held(() -> {});
        final ContextJoin join = join(10, 0);
        join.escalate(escalated("a", 0.6, receipt));
        receipt.release();
        join.contexts(FlowBatch.of(context("a")));
        final FlowBatch joined = poll(join).orElseThrow();
        join.abandon();

        join.done(joined);

        assertThat(receipt.isSettled()).isTrue();
    }

    @Test
    void shouldAwaitTheContextOfAFlowUntilItComes() {
        final ContextJoin join = join(10, 0);
        assertThat(join.awaits("a")).isFalse();
        join.escalate(escalated("a", 0.6));
        assertThat(join.awaits("a")).isTrue();
        assertThat(join.awaits("b")).isFalse();

        join.contexts(FlowBatch.of(context("a")));

        assertThat(join.awaits("a")).isFalse();
    }

    @Test
    void shouldAwaitNoContextOnceTheWaitIsOver() throws Exception {
        final ContextJoin join = join(10, 0);
        join.escalate(escalated("a", 0.6));
        clock.addAndGet(WAIT);
        poll(join);

        assertThat(join.awaits("a")).isFalse();
    }

    @Test
    void shouldAwaitNoContextOfAFlowThatWasRefused() {
        final ContextJoin join = join(1, 0);
        join.escalate(escalated("a", 1.0));
        join.escalate(escalated("b", 1.0));

        assertThat(join.awaits("b")).isFalse();
    }

    @Test
    void shouldAwaitEveryContextWhereEarlyOnesAreKept() {
        assertThat(join(10, 1).awaits("unknown")).isTrue();
    }

    @Test
    void shouldCountEveryFlowThatItTookAndThatGetsNoVerdictFromIt() throws Exception {
        final Receipt lost = receipt();
        final ContextJoin join = join(10, 0);
        join.escalate(escalated("joined", 0.6));
        join.contexts(FlowBatch.of(context("joined")));
        join.escalate(escalated("left", 0.6, lost));
        lost.withdraw();
        join.escalate(escalated("late", 0.6, lost));
        final Receipt again = receipt();
        join.escalate(
                FlowBatch.of(List.of(first("back")), again)
                        .withVerdicts(i -> provisional(0.6))
                        .withVerdicts(i -> ofTask("device")));
        join.handBack();
        join.escalate(escalated("after", 0.6, again));
        join.close();
        final FlowBatch out = poll(join).orElseThrow();
        join.done(out);
        assertThat(poll(join)).isEmpty();

        assertThat(out.size()).isEqualTo(1);
        assertThat(join.taken()).isEqualTo(6);
        assertThat(join.givenUp()).isEqualTo(5);
        assertThat(join.pending()).isZero();
    }

    @Test
    void shouldGiveEveryFlowOneEndUnderConcurrentUse() throws Exception {
        final int flows = 20_000;
        final ContextJoin join =
                new ContextJoin(
                        new ContextJoin.Options(500, WAIT, 0),
                        System::nanoTime,
                        ledger,
                        (flow, verdict) -> {});
        final ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            final Future<Integer> refused =
                    threads.submit(
                            () -> {
                                int stands = 0;
                                for (int i = 0; i < flows; i++) {
                                    final FlowBatch batch = join.escalate(escalated("f" + i, 1.0));
                                    stands += batch.verdict(0).isFinal() ? 1 : 0;
                                    join.contexts(FlowBatch.of(context("f" + i)));
                                }
                                join.close();
                                return stands;
                            });
            final Future<Integer> joined =
                    threads.submit(
                            () -> {
                                int out = 0;
                                Optional<FlowBatch> next = join.poll(64, 10, TimeUnit.SECONDS);
                                while (next.isPresent()) {
                                    out += next.get().size();
                                    next = join.poll(64, 10, TimeUnit.SECONDS);
                                }
                                return out;
                            });

            assertThat(refused.get() + joined.get()).isEqualTo(flows);
            assertThat(join.taken()).isEqualTo(joined.get().longValue());
            assertThat(join.size()).isZero();
        } finally {
            threads.shutdownNow();
        }
    }

    private ContextJoin join(final int maxFlows, final int maxEarly) {
        return new ContextJoin(
                new ContextJoin.Options(maxFlows, WAIT, maxEarly),
                clock::get,
                ledger,
                (flow, verdict) -> given.add(verdict));
    }

    private static FlowBatch escalated(final String uid, final double uncertainty) {
        return escalated(uid, uncertainty, Receipt.NONE);
    }

    private static FlowBatch escalated(
            final String uid, final double uncertainty, final Receipt receipt) {
        return FlowBatch.of(List.of(first(uid)), receipt)
                .withVerdicts(i -> provisional(uncertainty));
    }

    private static Optional<FlowBatch> poll(final ContextJoin join) throws InterruptedException {
        return join.poll(10, 0, TimeUnit.SECONDS);
    }
}
