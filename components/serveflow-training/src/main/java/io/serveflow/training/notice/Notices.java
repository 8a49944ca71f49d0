/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.notice;

import java.util.Map;
import java.util.TreeMap;

/** Reports the first notices of each kind and counts the others, so that bad input cannot flood. */
public final class Notices {

    private static final int REPORTED = 5;

    private final TrainingListener listener;
    private final Map<String, Integer> counts = new TreeMap<>();

    public Notices(final TrainingListener listener) {
        this.listener = listener;
    }

    /**
     * Reports a notice, unless enough of its kind were reported.
     *
     * @param kind what is counted, in the plural, such as {@code unreadable rows}
     */
    public void add(final String kind, final String sentence) {
        if (counts.merge(kind, 1, Integer::sum) <= REPORTED) {
            listener.notice(sentence);
        }
    }

    /** How many notices of a kind there were. */
    int count(final String kind) {
        return counts.getOrDefault(kind, 0);
    }

    /** Reports how many were not reported, and begins anew. */
    public void finish() {
        counts.forEach(
                (kind, count) -> {
                    if (count > REPORTED) {
                        listener.notice((count - REPORTED) + " more " + kind + " are not listed.");
                    }
                });
        counts.clear();
    }
}
