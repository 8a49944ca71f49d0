/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.support;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What is wrong with the options of an endpoint or component: a clause for each, with the option,
 * what it may be and what it was, in the unit that the option has.
 *
 * <p>Not safe for use by more than one thread.
 */
public final class OptionFaults {

    private final List<String> clauses = new ArrayList<>();

    /** Adds a clause that begins with the name of the option. */
    public void add(final String clause) {
        clauses.add(clause);
    }

    /** Adds a clause unless the number is within bounds; a most of Long.MAX_VALUE is no bound. */
    public void range(final String option, final long value, final long least, final long most) {
        if (value < least || value > most) {
            add(
                    option
                            + " must be "
                            + (most == Long.MAX_VALUE ? least + " or more" : least + " to " + most)
                            + ", was "
                            + value);
        }
    }

    /** Adds a clause if the text is empty or blank. */
    public void required(final String option, final String value) {
        if (value.isBlank()) {
            add(option + " must not be empty");
        }
    }

    /** Adds a clause unless the text is one of those allowed. */
    public void oneOf(final String option, final String value, final String... allowed) {
        if (!Arrays.asList(allowed).contains(value)) {
            add(option + " must be " + String.join(" or ", allowed) + ", was '" + value + "'");
        }
    }

    /**
     * Runs what reads an option, and adds the message of its {@link IllegalArgumentException} as a
     * clause.
     */
    public void reading(final Runnable reader) {
        try {
            reader.run();
        } catch (final IllegalArgumentException e) {
            add(e.getMessage());
        }
    }

    /** The clauses, in the order of the checks. */
    public List<String> clauses() {
        return List.copyOf(clauses);
    }

    /**
     * Reports all faults together.
     *
     * @param where what has the options, without their values, which may be secret
     * @throws IllegalArgumentException with every clause, if there is one
     */
    public void check(final String where) {
        if (!clauses.isEmpty()) {
            throw new IllegalArgumentException(where + ": " + String.join("; ", clauses));
        }
    }
}
