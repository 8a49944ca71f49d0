/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import io.serveflow.model.BundleManifest;
import io.serveflow.training.data.DataKind;
import io.serveflow.training.data.LabelledCaptures;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What a reader of an evaluation must know before its numbers. */
final class Warnings {

    private static final int FEW_GROUPS = 5;

    private Warnings() {}

    /** One sentence for each. */
    static List<String> of(
            final BundleManifest bundle,
            final Sample sample,
            final LabelledCaptures.Counts counts,
            final DataKind kind) {
        final List<String> warnings = new ArrayList<>();
        if (!kind.timed()) {
            warnings.add(
                    "It is not known when the packets of "
                            + kind.words()
                            + " came, so no latency is given, and none must be concluded.");
        }
        seenBefore(bundle, counts, kind, warnings);
        unusable(counts, kind, warnings);
        foreign(sample, kind, warnings);
        fewGroups(sample, kind, warnings);
        return List.copyOf(warnings);
    }

    /** A bundle says how many captures it was trained on, and not which. */
    private static void seenBefore(
            final BundleManifest bundle,
            final LabelledCaptures.Counts counts,
            final DataKind kind,
            final List<String> warnings) {
        final boolean same =
                bundle.training().path("data").path("labelRows").asInt(-1) == counts.rows()
                        && bundle.training().path("data").path("captures").asInt(-1)
                                == counts.captures();
        warnings.add(
                same
                        ? "The bundle was trained on as many "
                                + files(kind)
                                + " and labelled rows as it is"
                                + " evaluated on here, so they are most likely the same: the scores"
                                + " below are those of "
                                + kind.unit()
                                + " that it has learned, and say nothing"
                                + " about traffic that it has not seen; what its card measures"
                                + " does."
                        : "The bundle may have been trained on some of these "
                                + kind.words()
                                + ", as bundle.json does not list those that it was trained on; if"
                                + " it was, the scores below are too good.");
    }

    private static void unusable(
            final LabelledCaptures.Counts counts,
            final DataKind kind,
            final List<String> warnings) {
        final int rows = counts.rows() + counts.unreadableRows();
        final int lost =
                counts.unreadableRows() + counts.rowsWithoutCapture() + counts.rowsWithoutFlow();
        if (lost > 0) {
            warnings.add(
                    lost
                            + " of "
                            + rows
                            + " labelled rows are not in the scores: "
                            + counts.unreadableRows()
                            + " cannot be read, "
                            + counts.rowsWithoutCapture()
                            + " mean one of "
                            + counts.missingCaptures()
                            + " "
                            + files(kind)
                            + " that are missing or unreadable, "
                            + counts.rowsWithoutFlow()
                            + " mean no "
                            + kind.one()
                            + " of theirs.");
        }
        if (counts.deadLetters() > 0) {
            warnings.add(
                    counts.deadLetters()
                            + " parts of "
                            + files(kind)
                            + " could not be read; "
                            + kind.unit()
                            + " may lack"
                            + " packets or be missing.");
        }
    }

    private static void foreign(
            final Sample sample, final DataKind kind, final List<String> warnings) {
        final long flows = IntStream.range(0, sample.size()).filter(sample::foreign).count();
        if (flows > 0) {
            warnings.add(
                    flows
                            + " of "
                            + sample.size()
                            + " "
                            + kind.unit()
                            + " have a label that the bundle does not know ("
                            + String.join(", ", sample.foreignNames())
                            + "); every answer to them counts as wrong.");
        }
    }

    private static void fewGroups(
            final Sample sample, final DataKind kind, final List<String> warnings) {
        final int[] groups = sample.groupsByClass();
        final List<String> few =
                IntStream.range(0, groups.length)
                        .filter(c -> groups[c] > 0 && groups[c] < FEW_GROUPS)
                        .mapToObj(c -> sample.names().get(c) + " (" + groups[c] + ")")
                        .toList();
        if (!few.isEmpty()) {
            warnings.add(
                    "Labels held by fewer than "
                            + FEW_GROUPS
                            + " groups, whose scores say little: "
                            + String.join(", ", few)
                            + ".");
        }
        final List<String> present =
                IntStream.range(0, groups.length)
                        .filter(c -> groups[c] > 0)
                        .mapToObj(c -> sample.names().get(c))
                        .toList();
        if (present.size() == 1) {
            warnings.add(
                    "All "
                            + kind.unit()
                            + " are "
                            + present.get(0)
                            + ": how well labels are distinguished cannot be seen here.");
        }
    }

    private static String files(final DataKind kind) {
        return kind == DataKind.CAPTURES ? "captures" : "files";
    }
}
