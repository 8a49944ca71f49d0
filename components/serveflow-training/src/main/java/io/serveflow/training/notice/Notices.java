/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.notice;

import java.util.Map;
import java.util.TreeMap;

/** Tells the first notices of each kind and counts the others, so that bad input cannot flood. */
public final class Notices {

    private static final int TOLD = 5;

    private final TrainingListener listener;
    private final Map<String, Integer> counts = new TreeMap<>();

    public Notices(final TrainingListener listener) {
        this.listener = listener;
    }

    /**
     * Tells a notice, unless enough of its kind were told.
     *
     * @param kind what is counted, in the plural, such as {@code unreadable rows}
     */
    public void add(final String kind, final String sentence) {
        if (counts.merge(kind, 1, Integer::sum) <= TOLD) {
            listener.notice(sentence);
        }
    }

    /** How many notices of a kind there were. */
    int count(final String kind) {
        return counts.getOrDefault(kind, 0);
    }

    /** Tells how many were not told, and begins anew. */
    public void finish() {
        counts.forEach(
                (kind, count) -> {
                    if (count > TOLD) {
                        listener.notice((count - TOLD) + " more " + kind + " are not listed.");
                    }
                });
        counts.clear();
    }
}
