/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.data;

import io.serveflow.feature.FeatureSpec;
import io.serveflow.training.notice.TrainingException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What labelled flows are read from, and so what is known of them. */
public enum DataKind {
    /** Captures, which hold packets whole. */
    CAPTURES("captures", "flows", true, true),
    /** Payload sizes and directions; no times, no ports. */
    SEQUENCES("size sequences", "flows", false, false),
    /** Times, directions and lengths of all packets of a session; no ports. */
    SESSIONS("sessions", "sessions", true, false);

    private final String words;
    private final String unit;
    private final boolean timed;
    private final boolean withPorts;

    DataKind(final String words, final String unit, final boolean timed, final boolean withPorts) {
        this.words = words;
        this.unit = unit;
        this.timed = timed;
        this.withPorts = withPorts;
    }

    /** The name for people, in the plural. */
    public String words() {
        return words;
    }

    /** What a row of the labels means, in the plural. */
    public String unit() {
        return unit;
    }

    /** The same in the singular. */
    public String one() {
        return unit.substring(0, unit.length() - 1);
    }

    /** Whether it is known when packets came. */
    public boolean timed() {
        return timed;
    }

    /** Whether ports and headers are known. */
    public boolean withPorts() {
        return withPorts;
    }

    /** The encoders that such flows have enough for; none if all do. */
    private Set<String> encoders() {
        return switch (this) {
            case CAPTURES -> Set.of();
            case SEQUENCES -> Set.of("sizes");
            case SESSIONS -> Set.of("windows", "chunks");
        };
    }

    /**
     * Makes sure that tiers read nothing that such flows have not.
     *
     * @throws TrainingException if one does
     */
    void requireReads(final List<FeatureSpec> tiers) {
        final Set<String> known = encoders();
        for (final FeatureSpec tier : tiers) {
            if (!known.isEmpty() && !known.containsAll(List.of(tier.encoder().split("\\+")))) {
                final String names = known.stream().sorted().collect(Collectors.joining(" or "));
                throw new TrainingException(
                        "A tier reads "
                                + tier.encoder()
                                + ", but "
                                + words
                                + " have only what the encoder "
                                + names
                                + " reads; use tiers of "
                                + names
                                + ", or labelled captures.");
            }
        }
    }
}
