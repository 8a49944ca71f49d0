/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.trees;

import io.serveflow.training.notice.TrainingException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The trees that come before the others and see nothing but what a flow calls itself: its ports,
 * the host that it asks for, the words and protocols that it names.
 *
 * <p>Few captures hold a rare label. Sizes, flags and gaps tell them apart from all others at once,
 * but are those of some machine and some network; where all columns are shown from the first round
 * on, nothing is left for a name to explain, and on other captures the name says nothing. So names
 * and ports explain what they can first, and the later rounds what is left.
 *
 * @param rounds how many of them there are; 0 for none
 * @param depth of a tree
 * @param learningRate how large a step each round takes
 * @param columns the share of the columns that a tree may look at
 */
public record LeadingTrees(int rounds, int depth, double learningRate, double columns) {

    /** All rounds see all columns. */
    public static final LeadingTrees NONE = new LeadingTrees(0, 1, 1, 1);

    private static final Pattern TELLING =
            Pattern.compile(
                    "transport|.*port|port_.*|host|(host|label|orig_host|resp_host|word)_.*"
                            + "|(orig|resp)_hosts|words|says_.*|protocol_.*|hello_quic");

    /** Whether a column says what a flow calls itself. */
    static boolean isTelling(final String column) {
        return TELLING.matcher(column).matches();
    }

    /**
     * Which columns the trees see.
     *
     * @param columns of all rows
     * @throws TrainingException if there is none
     */
    static boolean[] shown(final List<String> columns) {
        final boolean[] shown = new boolean[columns.size()];
        for (int i = 0; i < shown.length; i++) {
            shown[i] = isTelling(columns.get(i));
        }
        if (Arrays.equals(shown, new boolean[shown.length])) {
            throw new TrainingException(
                    "The first rounds of these trees see names and ports alone, and the encoder has"
                            + " columns of neither.");
        }
        return shown;
    }
}
