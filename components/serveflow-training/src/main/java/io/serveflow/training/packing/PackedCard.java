/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.packing;

import io.serveflow.feature.ContextReach;
import io.serveflow.model.BundleManifest;
import io.serveflow.training.recalibration.Recalibration;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes the {@code CARD.md} of a bundle whose models were made elsewhere. */
final class PackedCard {

    private PackedCard() {}

    static String of(
            final BundleManifest manifest,
            final String dataNote,
            final Optional<Recalibration> fitted) {
        return """
        # %s %s

        Answers the task `%s` for one network flow at a time with one of %d labels: %s.

        ## Made of

        %s

        The models were made elsewhere and put into this bundle by `serveflow pack`. Features: %s.

        ## What it reaches

        %s Measure it on labelled flows that the models were not trained on: `serveflow evaluate`.

        ## Thresholds

        %s
        """
                .formatted(
                        manifest.name(),
                        manifest.version(),
                        manifest.task(),
                        manifest.labels().size(),
                        String.join(", ", manifest.labels()),
                        dataNote.strip(),
                        manifest.tiers().stream()
                                .map(
                                        tier ->
                                                "`%s` reads `%s` of %s"
                                                        .formatted(
                                                                tier.name(),
                                                                tier.features().encoder(),
                                                                ContextReach.of(tier.features())))
                                .collect(Collectors.joining("; ")),
                        fitted.isPresent()
                                ? "Only the flows that its thresholds were fitted to were looked"
                                        + " at, below."
                                : "Nothing was measured when it was packed.",
                        fitted.map(result -> "```\n" + result.text() + "```")
                                .orElse(stated(manifest)));
    }

    private static String stated(final BundleManifest manifest) {
        return manifest.hops().isEmpty()
                ? "There is one tier and no hop."
                : "They were stated by whoever packed it, and fitted to nothing.";
    }
}
