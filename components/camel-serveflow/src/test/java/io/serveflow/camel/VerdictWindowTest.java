/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.camel.VerdictWindow.Answer;
import io.serveflow.camel.VerdictWindow.Given;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class VerdictWindowTest {

    private static final long START = 1_700_000_000_000_000L;
    private static final Given LAST = new Given("service", true, "final", "{\"label\":\"dns\"}");
    private static final Given PROVISIONAL =
            new Given("service", false, "provisional", "{\"label\":\"web_tls\"}");

    private final AtomicLong nanos = new AtomicLong();
    private final Ledger ledger = new Ledger();
    private VerdictWindow window = window(100, 60_000, 100, 2_000);

    @Test
    void shouldAnswerARecordThatComesAfterItsVerdict() {
        put("C1", "1:a", LAST);

        assertThat(find("C1", "")).isCompletedWithValue(given(LAST));
    }

    @Test
    void shouldAnswerARecordThatComesBeforeItsVerdictWhenThatComes() {
        final CompletableFuture<Answer> answer = find("C1", "");
        assertThat(answer).isNotDone();

        put("C1", "1:a", LAST);

        assertThat(answer).isCompletedWithValue(given(LAST));
        assertThat(window.waiting()).isZero();
    }

    @Test
    void shouldLetARecordGoWithoutAVerdictWhenItHasWaited() {
        final CompletableFuture<Answer> answer = find("C1", "1:a");

        pass(1_999);
        assertThat(answer).isNotDone();
        pass(1);

        assertThat(answer).isCompletedWithValue(missed(Reason.ENRICH_NO_VERDICT));
        assertThat(window.waiting()).isZero();
    }

    @Test
    void shouldJoinByCommunityIdWhereTheSensorsHaveOtherIds() {
        put("C1", "1:a", LAST);

        assertThat(find("1790224116513470", "1:a")).isCompletedWithValue(given(LAST));
    }

    @Test
    void shouldWaitByCommunityIdToo() {
        final CompletableFuture<Answer> answer = find("1790224116513470", "1:a");

        put("C1", "1:a", LAST);

        assertThat(answer).isCompletedWithValue(given(LAST));
    }

    @Test
    void shouldNotGiveTheVerdictOfTheFlowBeforeBetweenTheSamePorts() {
        put("C1", "1:a", LAST);
        final FlowReference later =
                new FlowReference("", "1:a", OptionalLong.of(START + 5_000_001), true);

        final CompletableFuture<Answer> answer = window.find(later, "");
        assertThat(answer).isNotDone();

        window.put("C2", "1:a", START + 5_000_001, PROVISIONAL);
        window.put("C2", "1:a", START + 5_000_001, LAST);
        assertThat(answer).isCompletedWithValue(given(LAST));
    }

    @Test
    void shouldWaitForTheFinalVerdictAndElseGoWithTheProvisionalOne() {
        put("C1", "1:a", PROVISIONAL);
        final CompletableFuture<Answer> first = find("C1", "");
        final CompletableFuture<Answer> second = find("C1", "");
        assertThat(first).isNotDone();
        pass(2_000);
        assertThat(first).isCompletedWithValue(given(PROVISIONAL));
        assertThat(second).isCompletedWithValue(given(PROVISIONAL));

        final CompletableFuture<Answer> third = find("C1", "");
        put("C1", "1:a", LAST);

        assertThat(third).isCompletedWithValue(given(LAST));
    }

    @Test
    void shouldNotTakeAFinalVerdictBackForAProvisionalOne() {
        put("C1", "1:a", LAST);
        put("C1", "1:a", PROVISIONAL);

        assertThat(find("C1", "")).isCompletedWithValue(given(LAST));
    }

    @Test
    void shouldAnswerTheTaskThatIsAskedFor() {
        final Given device = new Given("device", true, "final", "{}");
        final FlowReference flow = new FlowReference("C1", "", OptionalLong.empty(), true);
        final CompletableFuture<Answer> answer = window.find(flow, "device");
        put("C1", "1:a", LAST);
        assertThat(answer).isNotDone();

        put("C1", "1:a", device);

        assertThat(answer).isCompletedWithValue(given(device));
        assertThat(window.find(flow, "service")).isCompletedWithValue(given(LAST));
    }

    @Test
    void shouldForgetTheOldestVerdictBeyondItsBoundAndCountIt() {
        window = window(2, 60_000, 100, 2_000);
        put("C1", "1:a", LAST);
        put("C2", "1:b", LAST);
        put("C3", "1:c", LAST);

        assertThat(window.verdicts()).isEqualTo(2);
        assertThat(find("C1", "1:a")).isNotDone();
        assertThat(find("C3", "")).isCompletedWithValue(given(LAST));
        assertThat(ledger.byDetail(Ledger.Entry.EVICTED)).isEqualTo(Map.of(VerdictWindow.FULL, 1L));
    }

    @Test
    void shouldForgetVerdictsWhoseTimeIsOver() {
        put("C1", "1:a", LAST);
        pass(60_001);

        assertThat(window.verdicts()).isZero();
        assertThat(find("C1", "1:a")).isNotDone();
        assertThat(ledger.total(Ledger.Entry.EVICTED)).isZero();
    }

    @Test
    void shouldLetRecordsBeyondItsBoundGoAtOnce() {
        window = window(100, 60_000, 1, 2_000);
        final CompletableFuture<Answer> waits = find("C1", "");

        assertThat(find("C2", "")).isCompletedWithValue(missed(Reason.ENRICH_FULL));
        assertThat(waits).isNotDone();
    }

    @Test
    void shouldLetNothingWaitWhereNothingIsTo() {
        window = window(100, 60_000, 100, 0);

        assertThat(find("C1", "")).isCompletedWithValue(missed(Reason.ENRICH_NO_VERDICT));
    }

    @Test
    void shouldLetAllGoWhenEverythingStops() {
        final CompletableFuture<Answer> waits = find("C1", "");

        window.release();

        assertThat(waits).isCompletedWithValue(missed(Reason.ENRICH_NO_VERDICT));
        assertThat(find("C2", "")).isCompletedWithValue(missed(Reason.ENRICH_NO_VERDICT));
    }

    private void put(final String uid, final String communityId, final Given given) {
        window.put(uid, communityId, START, given);
    }

    private CompletableFuture<Answer> find(final String uid, final String communityId) {
        return window.find(
                new FlowReference(uid, communityId, OptionalLong.of(START + 900_000), true), "");
    }

    private void pass(final long millis) {
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
        window.tick();
    }

    private static Answer given(final Given given) {
        return new Answer(Optional.of(given), Optional.empty());
    }

    private static Answer missed(final Reason reason) {
        return new Answer(Optional.empty(), Optional.of(reason));
    }

    private VerdictWindow window(
            final int maxVerdicts,
            final long windowMillis,
            final int maxWaiting,
            final long waitMillis) {
        return new VerdictWindow(
                new VerdictWindow.Options(maxVerdicts, windowMillis, maxWaiting, waitMillis, 5_000),
                nanos::get,
                ledger,
                Runnable::run);
    }
}
