/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.candidate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CandidateScoresTest {

    private final CandidateScores scores = new CandidateScores();

    @Test
    void shouldHaveNoNumbersBeforeTheFirstFlow() {
        assertThat(scores.report().flows()).isZero();
        assertThat(scores.report().agreement()).isNaN();
        assertThat(scores.report().confidence()).isNaN();
        assertThat(scores.report().calibrationError()).isNaN();
        assertThat(scores.report().secondsPerFlow()).isNaN();
    }

    @Test
    void shouldReportAgreementConfidenceAndCost() {
        scores.add(true, 0.9);
        scores.add(false, 0.5);
        scores.add(true, 1.0);
        scores.add(true, 0.0);
        scores.addCost(4, 8_000);

        final CandidateScores.Report report = scores.report();
        assertThat(report.flows()).isEqualTo(4);
        assertThat(report.agreement()).isEqualTo(0.75);
        assertThat(report.confidence()).isCloseTo(0.6, within(1e-9));
        assertThat(report.secondsPerFlow()).isCloseTo(2e-6, within(1e-15));
    }

    /** Of a bin of 0.8: 8 of 10 agree, so it is as sure as it agrees; 10 of 10 would not be. */
    @Test
    void shouldReportHowFarConfidenceIsFromAgreement() {
        for (int i = 0; i < 10; i++) {
            scores.add(i < 8, 0.8);
        }
        assertThat(scores.report().calibrationError()).isCloseTo(0, within(1e-9));

        for (int i = 0; i < 10; i++) {
            scores.add(true, 0.35);
        }
        assertThat(scores.report().calibrationError()).isCloseTo(0.65 / 2, within(1e-9));
    }
}
