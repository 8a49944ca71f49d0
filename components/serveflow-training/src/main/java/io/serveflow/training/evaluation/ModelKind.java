/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import io.serveflow.model.BundleManifest;
import io.serveflow.model.TierSpec;

/** What kind of model a tier is, as far as its bundle says. */
final class ModelKind {

    private ModelKind() {}

    /** The words for people, such as {@code boosted trees, 80 rounds}. */
    static String of(final BundleManifest bundle, final TierSpec tier) {
        for (final JsonNode trained : bundle.training().path("tiers")) {
            if (tier.name().equals(trained.path("name").asText())) {
                if (trained.path("model").isTextual()) {
                    return trained.path("model").asText();
                }
                final int rounds = trained.path("rounds").asInt();
                if (rounds == 1) {
                    return "decision tree";
                }
                if (rounds > 1) {
                    return "boosted trees, " + rounds + " rounds";
                }
            }
        }
        return tier.file();
    }
}
