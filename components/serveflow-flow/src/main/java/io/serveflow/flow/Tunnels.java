/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Which tunnels are opened; a value, equal to others that open the same. */
public final class Tunnels {

    /** Every tunnel that can be opened. */
    public static final Tunnels ALL = new Tunnels(EnumSet.allOf(TunnelType.class));

    /** No tunnel: flows are those of the tunnels' ends. */
    public static final Tunnels NONE = new Tunnels(EnumSet.noneOf(TunnelType.class));

    private final int mask;

    private Tunnels(final Set<TunnelType> types) {
        int bits = 0;
        for (final TunnelType type : types) {
            bits |= 1 << type.ordinal();
        }
        mask = bits;
    }

    /**
     * Reads {@code all}, {@code none} or the ids of types with commas between them.
     *
     * @throws IllegalArgumentException if there is another word; the message says what can be there
     */
    public static Tunnels parse(final String text) {
        final String words = text.strip().toLowerCase(Locale.ROOT);
        if (words.equals("all")) {
            return ALL;
        }
        if (words.equals("none")) {
            return NONE;
        }
        final Set<TunnelType> types = EnumSet.noneOf(TunnelType.class);
        for (final String word : words.split(",", -1)) {
            types.add(
                    Arrays.stream(TunnelType.values())
                            .filter(type -> type.id().equals(word.strip()))
                            .findFirst()
                            .orElseThrow(() -> unknown(text)));
        }
        return new Tunnels(types);
    }

    private static IllegalArgumentException unknown(final String text) {
        return new IllegalArgumentException(
                "must be all, none, or some of "
                        + ALL.ids()
                        + " with commas between them, was '"
                        + text
                        + "'");
    }

    /** Whether tunnels of a type are opened. */
    public boolean open(final TunnelType type) {
        return (mask & 1 << type.ordinal()) != 0;
    }

    private String ids() {
        return Arrays.stream(TunnelType.values())
                .filter(this::open)
                .map(TunnelType::id)
                .collect(Collectors.joining(","));
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof Tunnels that && mask == that.mask;
    }

    @Override
    public int hashCode() {
        return mask;
    }

    /** What {@link #parse} reads. */
    @Override
    public String toString() {
        return equals(ALL) ? "all" : equals(NONE) ? "none" : ids();
    }
}
