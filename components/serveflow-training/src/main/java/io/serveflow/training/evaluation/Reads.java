/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import io.serveflow.feature.ContextReach;
import io.serveflow.feature.ContextReach.Unit;
import io.serveflow.training.evaluation.Measurements.TierMeasurement;
import java.util.List;

/** How much of a flow the tiers of a bundle read, in words. */
final class Reads {

    private Reads() {}

    private static ContextReach reach(final TierMeasurement tier) {
        return ContextReach.of(tier.spec().features());
    }

    /** Whether a tier waits for seconds rather than for packets. */
    static boolean seconds(final TierMeasurement tier) {
        return reach(tier).unit() == Unit.SECONDS;
    }

    /** Whether a tier answers from the first packet alone. */
    static boolean firstPacket(final TierMeasurement tier) {
        return reach(tier).isFirstPacket();
    }

    /** What a tier reads, such as "one packet" or "20 seconds". */
    static String of(final TierMeasurement tier) {
        final int count = reach(tier).count();
        return (count == 1 ? "one " : count + " ") + noun(reach(tier).unit(), count);
    }

    /** The same of another depth that is counted as the tiers of a bundle count theirs. */
    static String of(final Measurements m, final int count) {
        return count + " " + noun(reach(m.slowest()).unit(), count);
    }

    /** The head of a column in which each tier has the number of what it reads. */
    static String head(final Measurements m) {
        final List<Unit> units = m.tiers().stream().map(tier -> reach(tier).unit()).toList();
        return units.stream().distinct().count() == 1 ? noun(units.get(0), 0) : "reads";
    }

    /** What stands in that column for a tier. */
    static String cell(final Measurements m, final TierMeasurement tier) {
        return "reads".equals(head(m)) ? of(tier) : Integer.toString(reach(tier).count());
    }

    /** What stands in that column for all tiers together. */
    static String span(final Measurements m) {
        final String first = cell(m, m.tiers().get(0));
        final String last = cell(m, m.slowest());
        return first.equals(last) ? first : first + "–" + last;
    }

    private static String noun(final Unit unit, final int count) {
        final String one =
                switch (unit) {
                    case PACKETS -> "packet";
                    case PAYLOADS -> "payload";
                    case SECONDS -> "second";
                };
        return count == 1 ? one : one + "s";
    }
}
