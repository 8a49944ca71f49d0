/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Reason;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What routes are made for: the task that a bundle answers, and which tiers are asked in which
 * order about which records.
 */
record BundleShape(String task, List<Tier> tiers) {

    /** A tier, and the records that it answers. */
    private record Tier(String name, List<FlowRecord.Stage> stages) {

        private static Tier of(final TierSpec spec) {
            return new Tier(
                    spec.name(),
                    Arrays.stream(FlowRecord.Stage.values()).filter(spec::answers).toList());
        }

        @Override
        public String toString() {
            return name
                    + " (on "
                    + stages.stream()
                            .map(stage -> stage.name().toLowerCase(Locale.ROOT))
                            .collect(Collectors.joining(" and "))
                    + " records)";
        }
    }

    static BundleShape of(final BundleManifest manifest) {
        return new BundleShape(manifest.task(), manifest.tiers().stream().map(Tier::of).toList());
    }

    /**
     * Makes sure that routes that were made for this work with another bundle.
     *
     * @throws BundleException if they do not
     */
    void requireEqual(final BundleShape other) {
        if (!other.task.equals(task)) {
            throw new BundleException(
                    Reason.BUNDLE_OTHER_TASK,
                    "it answers the task "
                            + other.task
                            + ", but the one in use answers "
                            + task
                            + "; put it elsewhere, and restart with it in serveflow.bundles");
        }
        if (!other.tiers.equals(tiers)) {
            throw new BundleException(
                    Reason.BUNDLE_OTHER_TIERS,
                    "its tiers are "
                            + words(other.tiers)
                            + ", but the routes were made for "
                            + words(tiers)
                            + "; restart to make routes for it");
        }
    }

    private static String words(final List<Tier> tiers) {
        return tiers.stream().map(Tier::toString).collect(Collectors.joining(", "));
    }
}
