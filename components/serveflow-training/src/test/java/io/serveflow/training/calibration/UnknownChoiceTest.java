/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.serveflow.model.UnknownThresholds;
import io.serveflow.training.score.Answers;
import io.serveflow.training.score.Evaluation;
import java.util.Random;
import java.util.function.DoublePredicate;
import org.junit.jupiter.api.Test;

class UnknownChoiceTest {

    private static final int FLOWS = 4_000;

    private final int[] labels = new int[FLOWS];
    private final Answers answers = Answers.room(FLOWS);

    /** Of flows of one label the answers are right as often as they are sure, squared. */
    @Test
    void shouldWithholdWhereFewerThanOneInFourIsRight() {
        final Random random = new Random(1);
        for (int i = 0; i < FLOWS; i++) {
            answer(i, 0, random.nextDouble(), c -> random.nextDouble() < c * c);
        }
        final UnknownThresholds unknown = UnknownChoice.of(answers, labels, 2);
        assertThat(unknown.values()[0]).isCloseTo(0.5, within(0.07));
    }

    @Test
    void shouldWithholdNothingWhereAnswersAreRight() {
        final Random random = new Random(2);
        for (int i = 0; i < FLOWS; i++) {
            answer(i, i % 2, 0.3 + 0.7 * random.nextDouble(), c -> true);
        }
        final UnknownThresholds unknown = UnknownChoice.of(answers, labels, 2);
        assertThat(answers.withheld(unknown).unknown()).isZero();
    }

    @Test
    void shouldTellLabelsApart() {
        final Random random = new Random(3);
        for (int i = 0; i < FLOWS; i++) {
            final int label = i % 2;
            answer(i, label, random.nextDouble(), c -> label == 1 || c > 0.8);
        }
        final UnknownThresholds unknown = UnknownChoice.of(answers, labels, 2);
        assertThat(unknown.values()[0]).isGreaterThan(0.6);
        assertThat(unknown.values()[1]).isLessThan(0.1);
    }

    @Test
    void shouldCountAWithheldAnswerAsWrong() {
        answer(0, 0, 0.1, c -> true);
        final Answers withheld = answers.withheld(new UnknownThresholds(0.2, 0));
        assertThat(withheld.predicted()[0]).isEqualTo(Evaluation.NO_ANSWER);
        assertThat(Answers.right(withheld.predicted(), labels)[0]).isFalse();
    }

    private void answer(
            final int flow,
            final int predicted,
            final double confidence,
            final DoublePredicate right) {
        answers.predicted()[flow] = predicted;
        answers.confidence()[flow] = confidence;
        labels[flow] = right.test(confidence) ? predicted : 1 - predicted;
    }
}
