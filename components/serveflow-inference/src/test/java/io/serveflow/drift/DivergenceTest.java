/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DivergenceTest {

    private static final double LITTLE = 1e-9;

    /** Two distributions over the same bins. */
    record Pair(Counts reference, Counts seen) {}

    /** 0.396 ln(0.896 / 0.5) - 0.396 ln(0.104 / 0.5), after one percent is spread evenly. */
    @Test
    void shouldSumTheIndexOverTheBins() {
        assertThat(between(new long[] {50, 50}, new long[] {90, 10}).psi())
                .isCloseTo(0.396 * (Math.log(1.792) - Math.log(0.208)), within(LITTLE))
                .isCloseTo(0.8528, within(1e-4));
    }

    /** The mean of 0.125769 and 0.167817 bits, and its root. */
    @Test
    void shouldMeasureTheDistanceInBits() {
        assertThat(between(new long[] {50, 50}, new long[] {90, 10}).js())
                .isCloseTo(0.383136, within(1e-6));
    }

    @Test
    void shouldStayFiniteWhereABinIsEmpty() {
        final Divergence apart = between(new long[] {10, 0}, new long[] {0, 10});
        assertThat(apart.psi()).isCloseTo(0.99 * 2 * Math.log(0.995 / 0.005), within(LITTLE));
        assertThat(apart.js()).isCloseTo(1, within(LITTLE));
    }

    /** 16.27 is what a chi-square variable of 3 degrees of freedom exceeds once in a thousand. */
    @Test
    void shouldKnowWhatChanceAloneGives() {
        final Divergence few = between(new long[] {25, 25, 25, 25}, new long[] {10, 10, 10, 10});
        assertThat(few.chance()).isCloseTo(16.27 * (0.01 + 0.025), within(0.01));
        assertThat(between(new long[] {5, 0, 0}, new long[] {7, 0, 0}).chance()).isZero();
    }

    @Test
    void shouldStayBelowChanceForDrawsOfTheSameFlows() {
        final SplittableRandom random = new SplittableRandom(1);
        int above = 0;
        for (int i = 0; i < 2_000; i++) {
            final Divergence same = Divergence.between(draw(random, 400), draw(random, 150));
            above += same.psi() > same.chance() ? 1 : 0;
        }
        assertThat(above).isLessThan(20);
    }

    private static Counts draw(final SplittableRandom random, final int flows) {
        final long[] counts = new long[8];
        for (int i = 0; i < flows; i++) {
            counts[(int) (8 * random.nextDouble() * random.nextDouble())]++;
        }
        return new Counts(counts);
    }

    @Test
    void shouldRefuseOtherBins() {
        assertThatThrownBy(() -> between(new long[] {1, 2}, new long[] {1, 2, 3}))
                .hasMessage("a distribution of 2 bins cannot be compared with one of 3");
    }

    @Property
    void shouldNeverBeBelowZero(@ForAll("pairs") final Pair pair) {
        final Divergence divergence = Divergence.between(pair.reference(), pair.seen());
        assertThat(divergence.psi()).isGreaterThanOrEqualTo(0);
        assertThat(divergence.js()).isBetween(0.0, 1.0);
    }

    @Property
    void shouldBeTheSameBothWays(@ForAll("pairs") final Pair pair) {
        final Divergence there = Divergence.between(pair.reference(), pair.seen());
        final Divergence back = Divergence.between(pair.seen(), pair.reference());
        assertThat(there.js()).isCloseTo(back.js(), within(LITTLE));
        assertThat(there.psi()).isCloseTo(back.psi(), within(LITTLE));
    }

    @Property
    void shouldBeZeroForEqualShares(
            @ForAll("pairs") final Pair pair, @ForAll @IntRange(min = 1, max = 1000) final int by) {
        final Counts more =
                new Counts(Arrays.stream(pair.seen().values()).map(count -> by * count).toArray());
        final Divergence divergence = Divergence.between(pair.seen(), more);
        assertThat(divergence.psi()).isCloseTo(0, within(LITTLE));
        assertThat(divergence.js()).isCloseTo(0, within(1e-6));
    }

    @Provide
    Arbitrary<Pair> pairs() {
        return Arbitraries.integers()
                .between(1, 30)
                .flatMap(
                        bins ->
                                Combinators.combine(counts(bins), counts(bins))
                                        .as((p, q) -> new Pair(new Counts(p), new Counts(q))));
    }

    private static Arbitrary<long[]> counts(final int bins) {
        return Arbitraries.longs()
                .between(0, 1_000_000)
                .array(long[].class)
                .ofSize(bins)
                .filter(counts -> Arrays.stream(counts).sum() > 0);
    }

    private static Divergence between(final long[] reference, final long[] seen) {
        return Divergence.between(new Counts(reference), new Counts(seen));
    }
}
