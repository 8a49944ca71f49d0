/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;

class TierCalibrationTest {

    @Property
    void shouldKeepTheAnswer(
            @ForAll("rows") final float[] row,
            @ForAll @DoubleRange(min = 0.05, max = 20) final double temperature,
            @ForAll("maps") final ConfidenceMap map) {
        final int best = best(row);

        new TierCalibration(temperature, Optional.of(map)).apply(row, 0, row.length);

        assertThat(best(row)).isEqualTo(best);
    }

    @Property
    void shouldKeepTheAnswerByTemperatureAlone(
            @ForAll("rows") final float[] row,
            @ForAll @DoubleRange(min = 0.05, max = 20) final double temperature) {
        final int best = best(row);

        TierCalibration.of(temperature).apply(row, 0, row.length);

        assertThat(best(row)).isEqualTo(best);
    }

    @Property
    void shouldGiveProbabilities(
            @ForAll("rows") final float[] row,
            @ForAll @DoubleRange(min = 0.05, max = 20) final double temperature,
            @ForAll("maps") final ConfidenceMap map) {
        new TierCalibration(temperature, Optional.of(map)).apply(row, 0, row.length);

        double sum = 0;
        for (final float probability : row) {
            assertThat(probability).isBetween(0f, 1f);
            sum += probability;
        }
        assertThat(sum).isCloseTo(1, within(1e-5));
    }

    /** Answers that were surer than others do not become less sure than they. */
    @Property
    void shouldNeverFall(
            @ForAll("maps") final ConfidenceMap map,
            @ForAll @DoubleRange(min = 0, max = 1) @Scale(6) final double one,
            @ForAll @DoubleRange(min = 0, max = 1) @Scale(6) final double other) {
        assertThat(map.at(Math.max(one, other)))
                .isGreaterThanOrEqualTo(map.at(Math.min(one, other)));
        assertThat(map.at(one)).isBetween(map.to()[0], map.to()[map.to().length - 1]);
    }

    @Test
    void shouldGoThroughItsKnotsInStraightLines() {
        final ConfidenceMap map =
                new ConfidenceMap(new double[] {0.2, 0.4, 0.8}, new double[] {0.1, 0.5, 0.6});

        assertThat(map.at(0)).isEqualTo(0.1);
        assertThat(map.at(0.2)).isEqualTo(0.1);
        assertThat(map.at(0.3)).isCloseTo(0.3, within(1e-12));
        assertThat(map.at(0.4)).isEqualTo(0.5);
        assertThat(map.at(0.6)).isCloseTo(0.55, within(1e-12));
        assertThat(map.at(1)).isEqualTo(0.6);
    }

    @Test
    void shouldLeaveTheOthersTheirShares() {
        final float[] row = {9, 0.1f, 0.7f, 0.2f, 9};

        map(0.7, 0.4).apply(row, 1, 3);

        assertThat(row).containsExactly(new float[] {9, 0.2f, 0.4f, 0.4f, 9}, within(1e-6f));
    }

    @Test
    void shouldGoNoLowerThanTheSecond() {
        final float[] row = {0.2f, 0.8f, 0};

        map(0.8, 0.1).apply(row, 0, 3);

        assertThat(row).containsExactly(new float[] {0.5f, 0.5f, 0}, within(1e-6f));
        assertThat(row[1]).isGreaterThan(row[0]);
    }

    @Test
    void shouldShareEvenlyWhatNoOtherClassHadAnyOf() {
        final float[] row = {0, 1, 0};

        map(1, 0.9).apply(row, 0, 3);

        assertThat(row).containsExactly(new float[] {0.05f, 0.9f, 0.05f}, within(1e-6f));
    }

    @Test
    void shouldMapWhatTheTemperatureHasMade() {
        final float[] row = {0.64f, 0.36f};
        final double tempered = 0.8 / 1.4;

        new TierCalibration(
                        2,
                        Optional.of(
                                new ConfidenceMap(
                                        new double[] {tempered, 0.64}, new double[] {0.6, 1})))
                .apply(row, 0, 2);

        assertThat(row).containsExactly(new float[] {0.6f, 0.4f}, within(1e-6f));
    }

    @Test
    void shouldLeaveTheOnlyClass() {
        final float[] row = {1};

        map(1, 0.5).apply(row, 0, 1);

        assertThat(row).containsExactly(1);
    }

    @Test
    void shouldRefuseKnotsThatAreNoMap() {
        refuses(new double[0], new double[0], "1 to 20 numbers");
        refuses(new double[21], new double[21], "1 to 20 numbers");
        refuses(new double[] {0, 1}, new double[] {1}, "are 2 and 1");
        refuses(new double[] {0.5, 0.5}, new double[] {0.5, 1}, "from[1] must be above");
        refuses(new double[] {0.5, 0.6}, new double[] {0.5, 0.4}, "to[1] must not be below");
        refuses(new double[] {-0.1}, new double[] {0.5}, "from[0] must be 0 to 1, is -0.1");
        refuses(new double[] {1.1}, new double[] {0.5}, "from[0] must be 0 to 1, is 1.1");
        refuses(new double[] {0.5}, new double[] {-0.1}, "to[0] must be 0 to 1, is -0.1");
        refuses(new double[] {0.5}, new double[] {1.1}, "to[0] must be 0 to 1, is 1.1");
        refuses(new double[] {Double.NaN}, new double[] {1}, "from[0]");
        refuses(new double[] {1}, new double[] {Double.NaN}, "to[0]");
    }

    @Test
    void shouldRefuseATemperatureThatIsNone() {
        for (final double temperature :
                new double[] {0, -1, Double.POSITIVE_INFINITY, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> TierCalibration.of(temperature))
                    .withMessageContaining("temperature must be above 0");
        }
    }

    /** Rows that sum to 1, with ties, zeros and values that are next to each other. */
    @Provide
    Arbitrary<float[]> rows() {
        final Arbitrary<Float> weights =
                Arbitraries.oneOf(
                        Arbitraries.floats().ofScale(8).between(0, 1),
                        Arbitraries.of(0f, 0.5f, Math.nextUp(0.5f), 1f, Float.MIN_VALUE));
        return weights.list()
                .ofMinSize(2)
                .ofMaxSize(25)
                .filter(row -> row.stream().anyMatch(weight -> weight > 1e-6f))
                .map(TierCalibrationTest::scaled);
    }

    @Provide
    Arbitrary<ConfidenceMap> maps() {
        final Arbitrary<List<Double>> ascending =
                Arbitraries.doubles()
                        .ofScale(6)
                        .between(0, 1)
                        .list()
                        .uniqueElements()
                        .ofMinSize(1)
                        .ofMaxSize(ConfidenceMap.MOST_KNOTS);
        return ascending.flatMap(
                from ->
                        Combinators.combine(
                                        Arbitraries.just(sorted(from)),
                                        Arbitraries.doubles()
                                                .ofScale(6)
                                                .between(0, 1)
                                                .list()
                                                .ofSize(from.size())
                                                .map(TierCalibrationTest::sorted))
                                .as(ConfidenceMap::new));
    }

    static ConfidenceMap map(final double from, final double to) {
        return new ConfidenceMap(new double[] {from}, new double[] {to});
    }

    private static void refuses(final double[] from, final double[] to, final String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ConfidenceMap(from, to))
                .withMessageContaining(why);
    }

    private static double[] sorted(final List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    }

    private static float[] scaled(final List<Float> weights) {
        final double sum = weights.stream().mapToDouble(Float::doubleValue).sum();
        final float[] row = new float[weights.size()];
        for (int i = 0; i < row.length; i++) {
            row[i] = (float) (weights.get(i) / sum);
        }
        return row;
    }

    private static int best(final float[] row) {
        int best = 0;
        for (int i = 1; i < row.length; i++) {
            if (row[i] > row[best]) {
                best = i;
            }
        }
        return best;
    }
}
