/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.cascade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecentUncertaintiesTest {

    private final RecentUncertainties recent = new RecentUncertainties();

    @Test
    void shouldSayWhichShareIsLessUncertain() {
        IntStream.range(0, 1_000).forEach(i -> recent.add(i / 1_000.0));

        assertThat(recent.below(0.25, 0)).isCloseTo(0.25, within(0.005));
        assertThat(recent.quantile(0.9)).isCloseTo(0.9, within(0.005));
        assertThat(recent.quantile(0)).isZero();
    }

    @Test
    void shouldPartFlowsThatAreAsUncertainAsOneAnother() {
        IntStream.range(0, 100).forEach(i -> recent.add(0.4));

        assertThat(recent.below(0.4, 0.7)).isCloseTo(0.7, within(1e-9));
    }

    @Test
    void shouldForgetWhatWas() {
        IntStream.range(0, 100_000).forEach(i -> recent.add(0.9));
        IntStream.range(0, 100_000).forEach(i -> recent.add(0.1));

        assertThat(recent.below(0.5, 0)).isGreaterThan(0.99);
    }

    @Test
    void shouldTakeWhatIsNoShare() {
        recent.add(-1);
        recent.add(7);
        recent.add(Double.NaN);

        assertThat(recent.below(0.5, 0)).isCloseTo(2.0 / 3, within(1e-9));
    }
}
