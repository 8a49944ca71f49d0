/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ObjectiveTest {

    private static final Outcome QUICK = new Outcome(0.60, 0.80, 0.1, 20);
    private static final Outcome MIDDLE = new Outcome(0.64, 0.84, 0.3, 60);
    private static final Outcome THOROUGH = new Outcome(0.65, 0.85, 0.5, 200);
    private static final Outcome SLOW = new Outcome(0.652, 0.852, 1, 300);

    @Test
    void shouldLetAsFewWaitAsPossibleCloseToTheLastTier() {
        assertThat(best(new Objective.NearSlow(0.001))).isEqualTo(THOROUGH);
        assertThat(best(new Objective.NearSlow(0.015))).isEqualTo(MIDDLE);
        assertThat(best(new Objective.NearSlow(0.1))).isEqualTo(QUICK);
    }

    @Test
    void shouldBeCloseToTheLastTierInAccuracyToo() {
        final Outcome lucky = new Outcome(0.65, 0.80, 0.1, 20);

        assertThat(new Objective.NearSlow(0.01).isMetBy(lucky, SLOW)).isFalse();
        assertThat(new Objective.NearSlow(0.01).isMetBy(THOROUGH, SLOW)).isTrue();
    }

    @Test
    void shouldLetAsFewWaitAsPossibleAtAnF1() {
        assertThat(best(new Objective.LeastF1(0.63))).isEqualTo(MIDDLE);
    }

    @Test
    void shouldComeAsCloseAsPossibleToAnF1ThatNothingReaches() {
        assertThat(best(new Objective.LeastF1(0.9))).isEqualTo(THOROUGH);
    }

    @Test
    void shouldScoreBestWithinAShareThatWaits() {
        assertThat(best(new Objective.MostEscalated(0.4))).isEqualTo(MIDDLE);
        assertThat(best(new Objective.MostEscalated(0.05))).isEqualTo(QUICK);
    }

    @Test
    void shouldScoreBestWithinAWait() {
        assertThat(best(new Objective.TargetLatency(100))).isEqualTo(MIDDLE);
        assertThat(best(new Objective.TargetLatency(1))).isEqualTo(QUICK);
    }

    @Test
    void shouldScoreBestWhoeverWaits() {
        final Outcome right = new Outcome(0.63, 0.86, 0.4, 100);

        assertThat(best(new Objective.BestF1())).isEqualTo(THOROUGH);
        assertThat(
                        new Objective.BestAccuracy()
                                .best(List.of(THOROUGH, right), Function.identity(), SLOW))
                .isEqualTo(right);
    }

    @Test
    void shouldLetFewerWaitAmongThoseThatScoreTheSame() {
        final Outcome slower = new Outcome(0.65, 0.85, 0.9, 200);

        assertThat(
                        new Objective.BestF1()
                                .best(List.of(slower, THOROUGH), Function.identity(), SLOW))
                .isEqualTo(THOROUGH);
    }

    @Test
    void shouldNameTheLimit() {
        assertThatThrownBy(() -> new Objective.MostEscalated(1.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--max-escalation must be 0 to 1, was 1.5");
    }

    private static Outcome best(final Objective objective) {
        return objective.best(List.of(THOROUGH, QUICK, MIDDLE), Function.identity(), SLOW);
    }
}
