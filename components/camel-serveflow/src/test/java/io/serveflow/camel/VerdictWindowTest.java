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
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class VerdictWindowTest {

    private static final long START = 1_700_000_000_000_000L;
    private static final String SENSOR = "zeek-1";
    private static final Given LAST = new Given("service", true, "final", "{\"label\":\"dns\"}");
    private static final Given OTHER = new Given("service", true, "final", "{\"label\":\"p2p\"}");
    private static final Given PROVISIONAL =
            new Given("service", false, "provisional", "{\"label\":\"web_tls\"}");

    private static final Instant NOW = Instant.ofEpochSecond(1_700_100_000);

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
        final CompletableFuture<Answer> answer =
                window.find(began("", "1:a", START + 5_000_001), "");
        assertThat(answer).isNotDone();

        window.put(SENSOR, "C2", "1:a", START + 5_000_001, PROVISIONAL);
        window.put(SENSOR, "C2", "1:a", START + 5_000_001, LAST);
        assertThat(answer).isCompletedWithValue(given(LAST));
    }

    @Test
    void shouldKeepTheVerdictsOfAllFlowsBetweenTheSamePorts() {
        final Given other = new Given("service", true, "final", "{\"label\":\"p2p\"}");
        put("C1", "1:a", LAST);
        window.put(SENSOR, "C2", "1:a", START + 60_000_000, other);

        assertThat(window.find(began("", "1:a", START + 60_000_000), ""))
                .isCompletedWithValue(given(other));
        assertThat(window.find(began("", "1:a", START), "")).isCompletedWithValue(given(LAST));
        assertThat(window.find(began("", "1:b", START), "")).isNotDone();
    }

    @Test
    void shouldTakeOfTwoFlowsTheOneThatBeganNextToTheRecord() {
        final Given other = new Given("service", true, "final", "{\"label\":\"p2p\"}");
        put("C1", "1:a", LAST);
        window.put(SENSOR, "C2", "1:a", START + 4_000_000, other);

        assertThat(window.find(began("S1", "1:a", START + 1_000), ""))
                .isCompletedWithValue(given(LAST));
        assertThat(window.find(began("S2", "1:a", START + 3_999_000), ""))
                .isCompletedWithValue(given(other));
    }

    @Test
    void shouldGiveNoVerdictByCommunityIdToARecordThatDoesNotSayWhenItsFlowBegan() {
        put("C1", "1:a", LAST);

        final CompletableFuture<Answer> answer =
                window.find(reference("C2", "1:a", OptionalLong.empty()), "");
        assertThat(answer).isNotDone();
        put("C3", "1:a", LAST);
        assertThat(answer).isNotDone();

        put("C2", "1:a", LAST);
        assertThat(answer).isCompletedWithValue(given(LAST));
    }

    @Test
    void shouldNotLetARecordWaitThatNoVerdictCanBeJoinedTo() {
        put("C1", "1:a", LAST);

        assertThat(window.find(reference("", "1:a", OptionalLong.empty()), ""))
                .isCompletedWithValue(missed(Reason.ENRICH_NO_VERDICT));
        assertThat(window.waiting()).isZero();
    }

    @Test
    void shouldKeepTheVerdictsOfAllFlowsOfAnIdThatIsUsedAgain() {
        window.put(SENSOR, "7", "1:b", START + 60_000_000, OTHER);
        put("7", "1:a", LAST);

        assertThat(window.verdicts()).isEqualTo(2);
        assertThat(window.find(stating("7", START), "")).isCompletedWithValue(given(LAST));
        assertThat(window.find(stating("7", START + 60_000_000), ""))
                .isCompletedWithValue(given(OTHER));
        assertThat(ledger.total(Ledger.Entry.EVICTED)).isZero();
    }

    @Test
    void shouldGiveARecordThatDoesNotStateWhenItsFlowBeganTheVerdictOnTheLastOfItsId() {
        window.put(SENSOR, "7", "1:b", START + 60_000_000, OTHER);
        put("7", "1:a", LAST);
        put("70", "1:c", LAST);

        assertThat(window.find(reference("7", "", OptionalLong.empty()), ""))
                .isCompletedWithValue(given(OTHER));
        assertThat(window.find(began("7", "", START), "")).isCompletedWithValue(given(OTHER));
    }

    @Test
    void shouldGiveNoVerdictOnAnotherFlowOfTheSameId() {
        put("7", "1:a", LAST);
        final CompletableFuture<Answer> answer = window.find(stating("7", START + 5_000_001), "");
        assertThat(answer).isNotDone();
        put("7", "1:a", LAST);
        assertThat(answer).isNotDone();

        window.put(SENSOR, "7", "1:b", START + 10_000_001, OTHER);
        assertThat(answer).isCompletedWithValue(given(OTHER));
    }

    @Test
    void shouldNotLetARecordWaitWhereVerdictsOnMuchLaterFlowsHaveCome() {
        window.put(SENSOR, "C2", "1:b", START + 60_000_000, LAST);
        assertThat(window.find(began("C1", "1:a", START), "")).isNotDone();

        window.put(SENSOR, "C3", "1:c", START + 60_000_001, LAST);

        assertThat(window.find(began("C1", "1:a", START), ""))
                .isCompletedWithValue(missed(Reason.ENRICH_LATE));
    }

    @Test
    void shouldLetARecordWaitWhoseFlowWasOverAMomentAgo() {
        window.put(SENSOR, "C2", "1:b", START + 3_600_000_000L, LAST);

        assertThat(
                        window.find(
                                new FlowReference(
                                        "C1",
                                        "1:a",
                                        OptionalLong.of(START),
                                        false,
                                        OptionalLong.of(START + 3_599_000_000L),
                                        true,
                                        ""),
                                ""))
                .isNotDone();
    }

    @Test
    void shouldLetARecordWaitForTheFinalVerdictHoweverLateThatIs() {
        put("C1", "1:a", PROVISIONAL);
        window.put(SENSOR, "C2", "1:b", START + 3_600_000_000L, LAST);

        final CompletableFuture<Answer> answer = find("C1", "1:a");
        assertThat(answer).isNotDone();
        put("C1", "1:a", LAST);

        assertThat(answer).isCompletedWithValue(given(LAST));
    }

    @Test
    void shouldMeasureHowLateARecordIsByTheVerdictsOfItsSensor() {
        window.put("zeek-2", "C2", "1:b", START, LAST);
        window.put(SENSOR, "C3", "1:c", START + 3_600_000_000L, LAST);
        pass(2_000);

        assertThat(window.find(of("zeek-2"), "")).isNotDone();
        assertThat(window.find(of(SENSOR), "")).isCompletedWithValue(missed(Reason.ENRICH_LATE));
        assertThat(window.find(of(""), "")).isCompletedWithValue(missed(Reason.ENRICH_LATE));
    }

    @Test
    void shouldLetRecordsWaitForTheFirstVerdictOfTheirSensorOnce() {
        window.put(SENSOR, "C3", "1:c", START + 3_600_000_000L, LAST);

        assertThat(window.find(of("zeek-2"), "")).isNotDone();
        pass(2_000);

        assertThat(window.find(of("zeek-2"), "")).isCompletedWithValue(missed(Reason.ENRICH_LATE));
    }

    @Test
    void shouldMeasureByAllSensorsWhereThatOfTheRecordHasBeenSilentForTheWindow() {
        window.put("zeek-2", "C2", "1:b", START, LAST);
        pass(59_999);
        window.put(SENSOR, "C3", "1:c", START + 3_600_000_000L, LAST);
        assertThat(window.find(of("zeek-2"), "")).isNotDone();

        pass(1);

        assertThat(window.find(of("zeek-2"), "")).isCompletedWithValue(missed(Reason.ENRICH_LATE));
    }

    @Test
    void shouldKnowOfSoManySensorsHowFarTheirVerdictsHaveCome() {
        for (int i = 0; i <= 1_024; i++) {
            window.put("zeek-" + i, "C1", "1:a", START, LAST);
        }

        assertThat(window.observers()).isEqualTo(1_024);
    }

    @Test
    void shouldNotBelieveAVerdictOfTheFuture() {
        window.put(SENSOR, "C2", "1:b", Long.MAX_VALUE, LAST);

        assertThat(window.find(began("C1", "1:a", micros(NOW) - 60_000_000), "")).isNotDone();
        assertThat(window.find(began("C1", "1:a", micros(NOW) - 60_000_001), ""))
                .isCompletedWithValue(missed(Reason.ENRICH_LATE));
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
        final FlowReference flow = reference("C1", "", OptionalLong.empty());
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

    @Test
    void shouldCountRecordsThatHaveNotGoneOnYetAmongThoseThatWait() {
        final Queue<Runnable> tasks = new ArrayDeque<>();
        window = window(100, 60_000, 1, 2_000, tasks::add);
        final CompletableFuture<Answer> first = find("C1", "");
        put("C1", "1:a", LAST);
        assertThat(first).isNotDone();

        assertThat(find("C2", "")).isCompletedWithValue(missed(Reason.ENRICH_FULL));
        tasks.remove().run();

        assertThat(first).isCompletedWithValue(given(LAST));
        assertThat(find("C2", "")).isNotDone();
    }

    @Test
    void shouldLetARecordGoOnThoughNoThreadTakesIt() {
        window =
                window(
                        100,
                        60_000,
                        100,
                        2_000,
                        task -> {
                            throw new RejectedExecutionException("shut down");
                        });
        final CompletableFuture<Answer> answer = find("C1", "");
        final CompletableFuture<Answer> other = find("C2", "");

        put("C1", "1:a", LAST);
        window.release();

        assertThat(answer).isCompletedWithValue(given(LAST));
        assertThat(other).isCompletedWithValue(missed(Reason.ENRICH_NO_VERDICT));
    }

    private void put(final String uid, final String communityId, final Given given) {
        window.put(SENSOR, uid, communityId, START, given);
    }

    private CompletableFuture<Answer> find(final String uid, final String communityId) {
        return window.find(began(uid, communityId, START + 900_000), "");
    }

    private static FlowReference began(
            final String uid, final String communityId, final long micros) {
        return reference(uid, communityId, OptionalLong.of(micros));
    }

    private static FlowReference reference(
            final String uid, final String communityId, final OptionalLong micros) {
        return new FlowReference(uid, communityId, micros, false, OptionalLong.empty(), true, "");
    }

    private static FlowReference stating(final String uid, final long micros) {
        return new FlowReference(
                uid, "", OptionalLong.of(micros), true, OptionalLong.empty(), true, "");
    }

    /** That began at START. */
    private static FlowReference of(final String observer) {
        return new FlowReference(
                "C1", "1:a", OptionalLong.of(START), false, OptionalLong.empty(), true, observer);
    }

    private static long micros(final Instant time) {
        return TimeUnit.SECONDS.toMicros(time.getEpochSecond());
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
        return window(maxVerdicts, windowMillis, maxWaiting, waitMillis, Runnable::run);
    }

    private VerdictWindow window(
            final int maxVerdicts,
            final long windowMillis,
            final int maxWaiting,
            final long waitMillis,
            final Executor continuations) {
        return new VerdictWindow(
                new VerdictWindow.Options(
                        maxVerdicts, windowMillis, maxWaiting, waitMillis, 5_000, 60_000),
                nanos::get,
                Clock.fixed(NOW, ZoneOffset.UTC),
                ledger,
                continuations);
    }
}
