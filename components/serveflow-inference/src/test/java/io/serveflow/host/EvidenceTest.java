/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.host;

import static io.serveflow.host.HostFlows.flow;
import static io.serveflow.host.HostFlows.p;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.serveflow.model.VoteRule;
import io.serveflow.model.VoteRule.Combination;
import io.serveflow.verdict.Verdict.LabelProbability;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class EvidenceTest {

    private static final Map<String, Integer> NUMBERS =
            Map.of("cam", 0, "hub", 1, "tv", 2, "plug", 3);
    private static final List<LabelProbability> CAM =
            List.of(p("cam", 0.6), p("hub", 0.2), p("tv", 0.1));
    private static final List<LabelProbability> HUB =
            List.of(p("hub", 0.6), p("cam", 0.2), p("tv", 0.1));
    private static final Offset<Double> EXACT = within(1e-6);

    @Test
    void shouldGiveBackTheProbabilitiesOfASingleFlow() {
        for (final Combination combination : Combination.values()) {
            final Evidence evidence = new Evidence(combination, 4);
            add(evidence, 443, CAM);

            assertThat(evidence.probabilities(rule(combination, 1, 0.5)))
                    .containsExactly(new double[] {0.6, 0.2, 0.1, 0.1}, EXACT);
        }
    }

    /** The square root of 0.6 times 0.2 is 0.346, and 0.346 of 0.893 is 0.388. */
    @Test
    void shouldTakeTheGeometricMeanOfTheFlowsOfAService() {
        final Evidence evidence = new Evidence(Combination.PRODUCT, 4);
        add(evidence, 443, CAM);
        add(evidence, 443, HUB);

        assertThat(evidence.probabilities(rule(Combination.PRODUCT, 1, 0)))
                .containsExactly(new double[] {0.387995, 0.387995, 0.112005, 0.112005}, EXACT);
    }

    @Test
    void shouldTakeTheArithmeticMeanOfTheFlowsOfAService() {
        final Evidence evidence = new Evidence(Combination.MEAN, 4);
        add(evidence, 443, CAM);
        add(evidence, 443, HUB);

        assertThat(evidence.probabilities(rule(Combination.MEAN, 1, 0)))
                .containsExactly(new double[] {0.4, 0.4, 0.1, 0.1}, EXACT);
    }

    /** 0.6 times 0.6 is 0.36, beside 0.04, 0.01 and 0.01. */
    @Test
    void shouldMultiplyServices() {
        final Evidence evidence = new Evidence(Combination.PRODUCT, 4);
        add(evidence, 443, CAM);
        add(evidence, 53, CAM);

        assertThat(evidence.probabilities(rule(Combination.PRODUCT, 1, 0)))
                .containsExactly(
                        new double[] {0.36 / 0.42, 0.04 / 0.42, 0.01 / 0.42, 0.01 / 0.42}, EXACT);
    }

    @Test
    void shouldCountFourServicesAsTwoWhereTheDampingIsOneHalf() {
        final Evidence four = new Evidence(Combination.PRODUCT, 4);
        List.of(443, 53, 123, 80).forEach(port -> add(four, port, CAM));
        final Evidence two = new Evidence(Combination.PRODUCT, 4);
        List.of(443, 53).forEach(port -> add(two, port, CAM));

        assertThat(four.probabilities(rule(Combination.PRODUCT, 1, 0.5)))
                .containsExactly(two.probabilities(rule(Combination.PRODUCT, 1, 0)), EXACT);
    }

    /** 0.36, 0.04, 0.01 and 0.01 again, as squares this time. */
    @Test
    void shouldRaiseAServiceToThePower() {
        final Evidence evidence = new Evidence(Combination.PRODUCT, 4);
        add(evidence, 443, CAM);

        assertThat(evidence.probabilities(rule(Combination.PRODUCT, 2, 0)))
                .containsExactly(
                        new double[] {0.36 / 0.42, 0.04 / 0.42, 0.01 / 0.42, 0.01 / 0.42}, EXACT);
    }

    @Test
    void shouldBeNoSurerForMoreFlowsOfOneService() {
        final Evidence evidence = new Evidence(Combination.PRODUCT, 4);
        for (int i = 0; i < 1000; i++) {
            add(evidence, 443, CAM);
        }

        assertThat(evidence.flows()).isEqualTo(1000);
        assertThat(evidence.probabilities(rule(Combination.PRODUCT, 1, 0.5))[0])
                .isCloseTo(0.6, EXACT);
    }

    @Test
    void shouldLetNoFlowRuleALabelOutAlone() {
        final Evidence evidence = new Evidence(Combination.PRODUCT, 4);
        add(evidence, 443, List.of(p("cam", 1), p("hub", 0), p("tv", 0)));
        List.of(53, 80, 123).forEach(port -> add(evidence, port, List.of(p("hub", 1))));

        assertThat(evidence.probabilities(rule(Combination.PRODUCT, 1, 0))[1]).isGreaterThan(0.99);
    }

    @Test
    void shouldBeUnknownWhereMostFlowsAre() {
        final Evidence evidence = new Evidence(Combination.PRODUCT, 4);
        evidence.add(flow("10.0.0.7", 443, 0).tuple(), true, CAM, NUMBERS);
        evidence.add(flow("10.0.0.7", 443, 0).tuple(), false, CAM, NUMBERS);
        assertThat(evidence.isUnknown()).isFalse();

        evidence.add(flow("10.0.0.7", 443, 0).tuple(), true, CAM, NUMBERS);

        assertThat(evidence.isUnknown()).isTrue();
        assertThat(evidence.unknownFlows()).isEqualTo(2);
    }

    @Test
    void shouldRefuseALabelThatIsNotVotedOn() {
        assertThatThrownBy(
                        () ->
                                add(
                                        new Evidence(Combination.PRODUCT, 4),
                                        443,
                                        List.of(p("toaster", 1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("toaster");
    }

    @Property(tries = 200)
    void shouldNotDependOnTheOrderOfTheFlows(
            @ForAll final Random random,
            @ForAll @IntRange(min = 1, max = 60) final int flows,
            @ForAll final Combination combination) {
        final List<Integer> ports = new ArrayList<>();
        final List<List<LabelProbability>> tops = new ArrayList<>();
        final List<Integer> order = new ArrayList<>();
        for (int i = 0; i < flows; i++) {
            ports.add(random.nextInt(65_536));
            final double first = random.nextDouble();
            tops.add(
                    List.of(
                            p(name(random.nextInt(2)), first),
                            p(name(2 + random.nextInt(2)), (1 - first) * random.nextDouble())));
            order.add(i);
        }
        final Evidence one = new Evidence(combination, 4);
        order.forEach(i -> add(one, ports.get(i), tops.get(i)));
        Collections.shuffle(order, random);
        final Evidence other = new Evidence(combination, 4);
        order.forEach(i -> add(other, ports.get(i), tops.get(i)));

        final VoteRule rule = rule(combination, 0.7, 0.3);
        assertThat(other.probabilities(rule))
                .containsExactly(one.probabilities(rule), within(1e-9));
        assertThat(Arrays.stream(one.probabilities(rule)).sum()).isCloseTo(1, within(1e-9));
    }

    private static String name(final int number) {
        return List.of("cam", "hub", "tv", "plug").get(number);
    }

    private static void add(
            final Evidence evidence, final int port, final List<LabelProbability> top) {
        evidence.add(flow("10.0.0.7", port, 0).tuple(), false, top, NUMBERS);
    }

    private static VoteRule rule(
            final Combination combination, final double power, final double damping) {
        return new VoteRule(combination, power, damping, 600);
    }
}
