/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The known word that is nearest to one that is not known. */
final class Nearest {

    /** Words are like each other if at most one of so many letters is different. */
    private static final int LETTERS = 3;

    private Nearest() {}

    /**
     * The known word that is most like this one; empty if none is like it. Names with dots are also
     * like each other if their last parts are the same.
     */
    static Optional<String> to(final String word, final Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(candidate -> distance(word, candidate)))
                .filter(near -> distance(word, near) <= allowed(near))
                .or(
                        () ->
                                known.stream()
                                        .filter(name -> plain(last(name)).equals(plain(last(word))))
                                        .findFirst());
    }

    /** Whether a word is a known one but for a slip of the pen: one or two letters. */
    static boolean isSlip(final String word, final Collection<String> known) {
        return known.stream().anyMatch(candidate -> distance(word, candidate) <= 2);
    }

    private static int allowed(final String word) {
        return Math.max(2, last(word).length() / LETTERS);
    }

    /** A question to add to a sentence, or nothing. */
    static String hint(final String word, final Collection<String> known) {
        return to(word, known).map(near -> "; did you mean " + near + "?").orElse("");
    }

    private static String last(final String name) {
        return name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('_')) + 1);
    }

    private static String plain(final String word) {
        return word.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }

    /** Levenshtein's distance of two words, without regard to case and hyphens. */
    private static int distance(final String one, final String other) {
        final String a = plain(one);
        final String b = plain(other);
        int[] before = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            before[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            final int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                final int changed = before[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, 1 + Math.min(before[j], row[j - 1]));
            }
            before = row;
        }
        return before[b.length()];
    }
}
