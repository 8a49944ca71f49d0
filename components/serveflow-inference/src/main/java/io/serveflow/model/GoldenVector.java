/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import io.serveflow.flow.FlowRecord;
import java.util.Map;
import java.util.Objects;

/**
 * A flow record with the answers that a bundle's tiers must give for it.
 *
 * @param probabilities calibrated probabilities in the order of the labels, by tier: of a first
 *     record those of the tiers that read one packet, of a context record those of all tiers; the
 *     arrays are shared, not copied
 */
public record GoldenVector(FlowRecord record, Map<String, float[]> probabilities) {

    public GoldenVector {
        Objects.requireNonNull(record, "record");
        probabilities = Map.copyOf(probabilities);
    }
}
