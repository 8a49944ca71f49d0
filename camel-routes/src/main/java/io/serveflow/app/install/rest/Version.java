/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.rest;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version of a server, as far as what it can do depends on it. */
public record Version(int major, int minor) {

    private static final Pattern NUMBERS = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})(\\D.*)?");
    private static final Comparator<Version> OLDEST_FIRST =
            Comparator.comparingInt(Version::major).thenComparingInt(Version::minor);

    /**
     * The version in a text like {@code 8.14.3} or {@code 9.5.3-SNAPSHOT}; empty if it has none.
     */
    public static Optional<Version> in(final String text) {
        final Matcher numbers = NUMBERS.matcher(text);
        return numbers.matches()
                ? Optional.of(
                        new Version(
                                Integer.parseInt(numbers.group(1)),
                                Integer.parseInt(numbers.group(2))))
                : Optional.empty();
    }

    /** Whether another one came later. */
    public boolean isBefore(final Version other) {
        return OLDEST_FIRST.compare(this, other) < 0;
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
