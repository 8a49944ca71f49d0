/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.TestFlows;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.VerdictStage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DriftMeterTest {

    private static final List<String> LABELS = List.of("dns", "web");
    private static final List<String> TIERS = List.of("fast", "slow");
    private static final FlowRecord FLOW = TestFlows.first("C1");

    /** 60 of dns from the first tier, 30 of web from the second, 10 withheld by the second. */
    private static final Reference REFERENCE = reference();

    private final List<DriftReport> judged = new ArrayList<>();

    private static Reference reference() {
        final ReferenceCounter counter = new ReferenceCounter(2, 2);
        for (int i = 0; i < 10; i++) {
            for (int dns = 0; dns < 6; dns++) {
                counter.add(FLOW, 0, 0.95, 0);
            }
            for (int web = 0; web < 3; web++) {
                counter.add(FLOW, 1, 1, 1);
            }
            counter.add(FLOW, -1, 0.05, 1);
        }
        return counter.reference();
    }

    @Test
    void shouldCountWhatWasAnswered() {
        assertThat(REFERENCE.labels()).isEqualTo(new Counts(60, 30, 10));
        assertThat(REFERENCE.confidence()).isEqualTo(new Counts(10, 0, 0, 0, 0, 0, 0, 0, 0, 90));
        assertThat(REFERENCE.tiers()).isEqualTo(new Counts(60, 40));
        assertThat(REFERENCE.features().get(0))
                .isEqualTo(
                        new Reference.OfFeature(
                                PacketFeature.TRANSPORT,
                                new Edges(6, 17, 18),
                                new Counts(0, 100, 0, 0)));
        assertThat(REFERENCE.flows()).isEqualTo(100);
    }

    @Test
    void shouldFindTrafficLikeThatOfTheReferenceAsTrained() {
        final DriftMeter meter = meter(1_000, 100);
        asTrained(meter, 20);
        assertThat(meter.report().state()).isEqualTo(DriftState.AS_TRAINED);
        assertThat(meter.report().distances())
                .extracting(DriftReport.Distance::distribution)
                .contains("labels", "confidence", "tiers", "transport", "ttl");
        assertThat(meter.report().distances())
                .allSatisfy(d -> assertThat(d.divergence().psi()).isCloseTo(0, within(1e-9)));
        assertThat(meter.report().text())
                .startsWith("as trained: ")
                .endsWith(" PSI 0.00, Jensen-Shannon 0.00 over 200 flows");
    }

    @Test
    void shouldNameTheDistributionThatHasMoved() {
        final DriftMeter meter = meter(1_000, 100);
        give(meter, 200, "web", 0.95, "fast");
        assertThat(meter.report().state()).isEqualTo(DriftState.MOVED);
        assertThat(meter.report().worst().orElseThrow().distribution()).isEqualTo("labels");
        assertThat(meter.report().text())
                .startsWith("drifted: labels PSI ")
                .contains(", Jensen-Shannon ");
        assertThat(meter.report().of("transport").orElseThrow().state())
                .isEqualTo(DriftState.AS_TRAINED);
    }

    @Test
    void shouldSayNothingOfTooFewFlows() {
        final DriftMeter meter = meter(1_000, 100);
        give(meter, 99, "web", 0.95, "fast");
        assertThat(meter.report().state()).isEqualTo(DriftState.TOO_FEW);
        assertThat(meter.report().distances()).isEmpty();
        assertThat(meter.report().text())
                .isEqualTo("too few flows to say: 99 of the 100 that are needed");
        give(meter, 1, "web", 0.95, "fast");
        assertThat(meter.report().state()).isEqualTo(DriftState.MOVED);
    }

    @Test
    void shouldForgetWhatLeftTheWindow() {
        final DriftMeter meter = meter(1_000, 100);
        give(meter, 1_000, "web", 0.95, "fast");
        assertThat(meter.report().state()).isEqualTo(DriftState.MOVED);
        asTrained(meter, 89);
        assertThat(meter.report().of("labels").orElseThrow().divergence().psi()).isPositive();
        asTrained(meter, 1);
        assertThat(meter.report().of("labels").orElseThrow().divergence().psi())
                .isCloseTo(0, within(1e-9));
        assertThat(meter.flows()).isEqualTo(900);
    }

    @Test
    void shouldHoldNineToTenTenthsOfItsWindow() {
        final DriftMeter meter = meter(100, 10);
        for (int i = 1; i <= 500; i++) {
            give(meter, 1, "dns", 0.95, "fast");
            assertThat(meter.flows()).isEqualTo(i < 100 ? i : 90 + i % 10);
            assertThat(meter.report().flows()).isEqualTo(meter.flows());
        }
    }

    @Test
    void shouldCountOnlyVerdictsThatStand() {
        final DriftMeter meter = meter(1_000, 100);
        meter.given(FLOW, TestFlows.verdict("fast", VerdictStage.PROVISIONAL, "web", 0.9));
        assertThat(meter.flows()).isZero();
    }

    @Test
    void shouldTellOfItsStateWheneverATenthIsFull() {
        final DriftMeter meter = meter(1_000, 200);
        asTrained(meter, 9);
        assertThat(judged).isEmpty();
        asTrained(meter, 21);
        assertThat(judged)
                .extracting(DriftReport::state)
                .containsExactly(DriftState.TOO_FEW, DriftState.AS_TRAINED, DriftState.AS_TRAINED);
    }

    @Test
    void shouldLoseNoFlowAmongManyThreads() throws InterruptedException {
        final DriftMeter meter = new DriftMeter(LABELS, TIERS, REFERENCE, options(), r -> {});
        final ExecutorService threads = Executors.newFixedThreadPool(4);
        for (int thread = 0; thread < 4; thread++) {
            threads.execute(() -> give(meter, 20_000, "dns", 0.95, "fast"));
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        assertThat(meter.report().flows()).isEqualTo(80_000);
        assertThat(meter.flows()).isEqualTo(80_000);
    }

    private static DriftMeter.Options options() {
        return new DriftMeter.Options(1_000_000, 1_000);
    }

    @Test
    void shouldRefuseWindowsThatCanNeverSayAnything() {
        assertThatThrownBy(() -> new DriftMeter.Options(5, 1))
                .hasMessage("the window of drift must be 10 to 1000000000 flows, was 5");
        assertThatThrownBy(() -> new DriftMeter.Options(1_000, 901))
                .hasMessage(
                        "the fewest flows that drift is measured from must be 1 to 900, nine tenths"
                                + " of the window of 1000, were 901");
    }

    @Test
    void shouldRefuseAReferenceOfAnotherBundle() {
        assertThatThrownBy(
                        () -> new DriftMeter(List.of("dns"), TIERS, REFERENCE, options(), r -> {}))
                .hasMessage(
                        "reference.labels: the reference of a bundle with 1 labels needs 2 counts"
                                + " of labels, the last of withheld answers, there are 3");
    }

    @Test
    void shouldCompareWithoutAMeterToo() {
        final ReferenceCounter same = ReferenceCounter.like(REFERENCE);
        final ReferenceCounter other = ReferenceCounter.like(REFERENCE);
        for (int i = 0; i < 100; i++) {
            same.add(FLOW, i % 10 < 6 ? 0 : i % 10 < 9 ? 1 : -1, i % 10 < 9 ? 0.95 : 0, i % 10 / 6);
            other.add(FLOW, -1, 0, 1);
        }
        assertThat(same.against(REFERENCE).state()).isEqualTo(DriftState.AS_TRAINED);
        assertThat(other.against(REFERENCE).state()).isEqualTo(DriftState.MOVED);
    }

    private DriftMeter meter(final int window, final int least) {
        return new DriftMeter(
                LABELS, TIERS, REFERENCE, new DriftMeter.Options(window, least), judged::add);
    }

    private static void asTrained(final DriftMeter meter, final int tens) {
        for (int i = 0; i < tens; i++) {
            give(meter, 6, "dns", 0.95, "fast");
            give(meter, 3, "web", 1, "slow");
            give(meter, 1, Verdict.UNKNOWN, 0.05, "slow");
        }
    }

    private static void give(
            final DriftMeter meter,
            final int flows,
            final String label,
            final double confidence,
            final String tier) {
        final Verdict verdict = TestFlows.verdict(tier, VerdictStage.FINAL, label, 1 - confidence);
        for (int i = 0; i < flows; i++) {
            meter.given(FLOW, verdict);
        }
    }
}
