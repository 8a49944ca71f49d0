/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.bundle;

import io.serveflow.feature.ContextReach;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.model.GoldenVector;
import io.serveflow.model.GoldenVectors;
import io.serveflow.model.TierSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes the golden vectors of a bundle: made-up records and what its tiers answer to them. */
public final class GoldenAnswers {

    private GoldenAnswers() {}

    /** Asks a tier. */
    @FunctionalInterface
    public interface Scores {

        /**
         * The probabilities as the bundle will give them, one row a record.
         *
         * @param tier the number of the tier
         */
        float[][] of(int tier, List<FlowRecord> records);
    }

    /** The {@code golden.ndjson} of tiers that read packets. */
    public static byte[] of(final List<TierSpec> tiers, final Scores answers) {
        final List<FlowRecord> records = records(tiers);
        final List<float[][]> scores = new ArrayList<>();
        for (int tier = 0; tier < tiers.size(); tier++) {
            scores.add(answers.of(tier, records));
        }
        final List<GoldenVector> vectors = new ArrayList<>();
        for (int row = 0; row < records.size(); row++) {
            final Map<String, float[]> probabilities = new HashMap<>();
            for (int tier = 0; tier < tiers.size(); tier++) {
                if (tiers.get(tier).answers(records.get(row).stage())) {
                    probabilities.put(tiers.get(tier).name(), scores.get(tier)[row]);
                }
            }
            if (!probabilities.isEmpty()) {
                vectors.add(new GoldenVector(records.get(row), probabilities));
            }
        }
        return GoldenVectors.write(vectors);
    }

    /** Records that hold what the tiers read. */
    private static List<FlowRecord> records(final List<TierSpec> tiers) {
        return GoldenFlows.records(
                ContextReach.options(
                                FlowAssembler.Options.defaults("golden").withDepth(1),
                                tiers.stream().map(TierSpec::features).toList())
                        .depth());
    }
}
