/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import io.serveflow.drift.DriftReport;
import io.serveflow.drift.DriftState;
import io.serveflow.training.notice.TrainingException;
import io.serveflow.training.vote.VoteScores;
import java.util.List;
import java.util.Locale;

/** What an evaluation found, in the forms in which it is read. */
public final class EvaluationReport {

    private final Measurements measurements;

    EvaluationReport(final Measurements measurements) {
        this.measurements = measurements;
    }

    /** For programs: one JSON object, its fields in the project's reference. */
    public String json() {
        return ReportJson.of(measurements);
    }

    /**
     * For people: a page of tables and figures, one file that loads and runs nothing.
     *
     * @throws TrainingException if the machine has no font to measure the figures' words with
     */
    public String html() {
        try {
            return ReportPage.of(measurements);
        } catch (final InternalError | LinkageError e) {
            // What Java throws where it finds no font, at first and from then on.
            throw new TrainingException(
                    "The figures of the page cannot be drawn, most likely because Java finds no"
                            + " font on this machine ("
                            + e.getMessage()
                            + "); install one, on Debian with: apt-get install fontconfig"
                            + " fonts-dejavu-core.",
                    e);
        }
    }

    /** What a reader must know before the numbers, one sentence each. */
    public List<String> warnings() {
        return measurements.warnings();
    }

    /** The most important numbers in a few lines. */
    public String summary() {
        final Measurements m = measurements;
        return scores(m)
                + waits(m)
                + m.vote().map(EvaluationReport::summary).orElse("")
                + m.drift().map(EvaluationReport::summary).orElse("");
    }

    private static String scores(final Measurements m) {
        return String.format(
                Locale.ROOT,
                "%s %s on %d %s: the cascade reaches accuracy %.3f and macro-F1 %.3f (tier %s on"
                        + " every %s: %.3f and %.3f)",
                m.bundle().name(),
                m.bundle().version(),
                m.sample().size(),
                m.unit(),
                m.cascade().score().accuracy(),
                m.cascade().score().macroF1(),
                m.slowest().spec().name(),
                m.kind().one(),
                m.slowest().score().accuracy(),
                m.slowest().score().macroF1());
    }

    private static String waits(final Measurements m) {
        if (!m.kind().timed()) {
            return ". How long it waits is not known of " + m.kind().words() + ".";
        }
        final double cascade = m.cascade().waiting().full().quantile(0.5);
        final double slow = m.slowOnly().full().quantile(0.5);
        return m.canBeSoon()
                ? String.format(
                        Locale.ROOT,
                        ",%nanswers %.1f %% of the %s in under 16 ms, half of them within %.3f ms"
                                + " (%s alone: %.1f ms).",
                        100 * m.cascade().waiting().full().soon(),
                        m.unit(),
                        cascade,
                        m.slowest().spec().name(),
                        slow)
                : String.format(
                        Locale.ROOT,
                        ",%nanswers half of the %s within %.1f s (%s alone: %.1f s).",
                        m.unit(),
                        cascade / 1_000,
                        m.slowest().spec().name(),
                        slow / 1_000);
    }

    /** Nothing where the bundle fits what it was evaluated on. */
    private static String summary(final DriftReport drift) {
        return drift.state() == DriftState.AS_TRAINED
                ? ""
                : String.format(Locale.ROOT, "%nAgainst the bundle's reference: %s.", drift.text());
    }

    private static String summary(final VoteScores vote) {
        return String.format(
                Locale.ROOT,
                "%nVotes are right about %.1f %% of the %d captures (%d flows each) and %.1f %% of"
                        + " the %d hosts in them (%d flows).",
                100 * vote.captures().all().accuracy(),
                vote.captures().all().flows(),
                vote.captures().flowsPerVote(),
                100 * vote.hosts().all().accuracy(),
                vote.hosts().all().flows(),
                vote.hosts().flowsPerVote());
    }
}
