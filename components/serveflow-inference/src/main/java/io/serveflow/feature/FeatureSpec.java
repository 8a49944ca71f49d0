/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.feature;

import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * Which features a tier reads, as its bundle states them.
 *
 * @param encoder name of the encoder, such as {@code nprint}
 * @param version version of the encoder's column layout; another one is refused
 * @param packets how many packets from the flow's start are encoded; of the encoder {@code sizes}
 *     how many packets with payload, of {@code windows} and {@code chunks} how many seconds: see
 *     {@link ContextReach}
 * @param mask columns that are left out
 */
public record FeatureSpec(String encoder, int version, int packets, Set<Mask> mask) {

    public FeatureSpec {
        Objects.requireNonNull(encoder, "encoder");
        if (packets < 1) {
            throw new IllegalArgumentException(
                    "features.packets must be at least 1, was " + packets);
        }
        mask = mask.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(mask));
    }
}
