/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AnswersTest {

    private static final int[] LABELS = new int[4];

    @Test
    void shouldFindTheErrorsThatAreAmongTheUnsureHalf() {
        assertThat(answers(new int[] {1, 0, 1, 0}, 0.2, 0.3, 0.8, 0.9).errorsInUnsureHalf(LABELS))
                .isEqualTo(0.5);
        assertThat(answers(new int[] {1, 1, 0, 0}, 0.2, 0.3, 0.8, 0.9).errorsInUnsureHalf(LABELS))
                .isEqualTo(1);
        assertThat(answers(new int[] {0, 0, 1, 1}, 0.2, 0.3, 0.8, 0.9).errorsInUnsureHalf(LABELS))
                .isZero();
    }

    @Test
    void shouldCountAnswersOfLikeConfidenceInPart() {
        assertThat(answers(new int[] {1, 0, 0, 1}, 0.5, 0.5, 0.5, 0.5).errorsInUnsureHalf(LABELS))
                .isEqualTo(0.5);
        assertThat(answers(new int[] {1, 1, 1, 0}, 0.1, 0.5, 0.5, 0.5).errorsInUnsureHalf(LABELS))
                .isCloseTo((1 + 2.0 / 3) / 3, within(1e-9));
    }

    private static Answers answers(final int[] predicted, final double... confidence) {
        return new Answers(predicted, confidence, new int[predicted.length]);
    }
}
