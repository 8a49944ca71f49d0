/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.tier;

import io.serveflow.feature.FeatureSpec;
import io.serveflow.feature.Mask;
import java.util.EnumSet;
import java.util.Set;

/** What tiers read where no more is stated than an encoder and a number of packets. */
public final class TierFeatures {

    /** What identifies who and when, not what. Ports stay: they do indicate what. */
    private static final Set<Mask> MASK =
            EnumSet.of(Mask.ADDRESSES, Mask.CHECKSUMS, Mask.IP_ID, Mask.SEQ_ACK);

    private TierFeatures() {}

    /** Features that are blind to what identifies who and when, and not what. */
    public static FeatureSpec of(final String encoder, final int packets) {
        return new FeatureSpec(encoder, 1, packets, MASK);
    }

    /** The same features blind to ports. */
    public static FeatureSpec withoutPorts(final FeatureSpec features) {
        final Set<Mask> mask = EnumSet.of(Mask.PORTS);
        mask.addAll(features.mask());
        return masked(features, mask);
    }

    /** The same features blind to host names. */
    public static FeatureSpec withoutNames(final FeatureSpec features) {
        final Set<Mask> mask = EnumSet.of(Mask.NAMES);
        mask.addAll(features.mask());
        return masked(features, mask);
    }

    /** The same features with fields shown that are masked unless they are asked for. */
    public static FeatureSpec unmasked(final FeatureSpec features, final Set<Mask> shown) {
        final Set<Mask> mask = EnumSet.noneOf(Mask.class);
        mask.addAll(features.mask());
        mask.removeAll(shown);
        return masked(features, mask);
    }

    private static FeatureSpec masked(final FeatureSpec features, final Set<Mask> mask) {
        return new FeatureSpec(features.encoder(), features.version(), features.packets(), mask);
    }
}
