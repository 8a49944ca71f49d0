/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import static io.serveflow.training.evaluation.page.Wording.list;
import static io.serveflow.training.evaluation.page.Wording.score;
import static j2html.TagCreator.p;

import io.serveflow.drift.DriftReport;
import io.serveflow.drift.DriftReport.Distance;
import io.serveflow.drift.DriftState;
import io.serveflow.training.evaluation.page.Caption;
import io.serveflow.training.evaluation.page.Table;
import io.serveflow.training.evaluation.page.Table.Weight;
import j2html.tags.DomContent;
import java.util.List;
import java.util.Locale;

/** How far what was measured is from what the bundle was made of, and what to do about it. */
final class DriftPart {

    private DriftPart() {}

    /** None where the bundle has no reference. */
    static List<DomContent> of(final Measurements m) {
        return m.drift().map(drift -> List.of(shown(m, drift))).orElse(List.of());
    }

    private static DomContent shown(final Measurements m, final DriftReport drift) {
        if (drift.distances().isEmpty()) {
            return p("Nothing is said of it: " + drift.text() + ".");
        }
        final Table table = Table.of("", "PSI", "JS", "state");
        for (final Distance distance : drift.distances()) {
            table.row(
                    distance.state() == DriftState.AS_TRAINED ? Weight.PLAIN : Weight.STRONG,
                    distance.distribution(),
                    score(distance.divergence().psi()),
                    score(distance.divergence().js()),
                    distance.state().words());
        }
        return table.with(
                new Caption(
                        finding(drift) + " " + advice(m, drift.state()),
                        "Each distribution here against the one in the bundle's reference. PSI, the"
                            + " population stability index, is 0 for equal shares; below 0.1, or"
                            + " below what chance alone gives, all is as trained, up to 0.25 it is"
                            + " drifting, above that it has drifted. JS, the Jensen-Shannon"
                            + " distance, is between 0 and 1. Labels and confidence tell that"
                            + " answers changed, tiers that other tiers decide; the others tell how"
                            + " the first packets themselves changed."));
    }

    private static String finding(final DriftReport drift) {
        final Distance worst = drift.worst().orElseThrow();
        final List<String> away =
                drift.distances().stream()
                        .filter(distance -> distance.state() != DriftState.AS_TRAINED)
                        .map(Distance::distribution)
                        .toList();
        if (away.isEmpty()) {
            return "All "
                    + drift.distances().size()
                    + " distributions are as trained; furthest is "
                    + worst.distribution()
                    + ", PSI "
                    + score(worst.divergence().psi())
                    + ".";
        }
        return String.format(
                Locale.ROOT,
                "Furthest away is %s, PSI %s: %s. No longer as trained %s %s, %d of %d"
                        + " distributions.",
                worst.distribution(),
                score(worst.divergence().psi()),
                worst.state().words(),
                away.size() == 1 ? "is" : "are",
                list(away),
                away.size(),
                drift.distances().size());
    }

    private static String advice(final Measurements m, final DriftState state) {
        return switch (state) {
            case TOO_FEW, AS_TRAINED -> "There is nothing to do.";
            case MOVING ->
                    "See whether it goes on, and calibrate the bundle on "
                            + m.kind().words()
                            + " of this traffic when it is convenient.";
            case MOVED ->
                    "Calibrate the bundle on "
                            + m.kind().words()
                            + " of this traffic with serveflow calibrate; train it anew where the"
                            + " scores above are too low.";
        };
    }
}
