/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.fold;

import io.serveflow.training.data.Dataset;
import io.serveflow.training.score.Answers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What a cascade says of an application that it has never seen, while it knows others of the same
 * label.
 *
 * @param application its name in the labels
 * @param label the number of its label
 * @param flows how many flows it has
 * @param known what is answered when other captures of the application were in the training data
 * @param unseen what is answered when none was
 */
public record LeftOut(String application, int label, int flows, Said known, Said unseen) {

    /** An application of fewer flows says little. */
    private static final int LEAST_FLOWS = 20;

    /** Shares of the flows. */
    public record Said(double right, double unknown) {

        public static Said of(final Answers answers, final int[] labels) {
            int right = 0;
            for (final boolean hit : Answers.right(answers.predicted(), labels)) {
                right += hit ? 1 : 0;
            }
            return new Said((double) right / labels.length, answers.unknown());
        }

        public double wrong() {
            return 1 - right - unknown;
        }
    }

    /** An application and its flows. */
    public record Application(String name, int label, int[] rows) {}

    /**
     * The applications with most flows, among those that are not all that their label consists of.
     *
     * @param most how many are wanted at most
     */
    public static List<Application> applications(final Dataset data, final int most) {
        final Map<String, List<Integer>> rows = new HashMap<>();
        final Map<Integer, Set<String>> ofLabel = new HashMap<>();
        for (int row = 0; row < data.labels().length; row++) {
            final String name = data.applications().get(row);
            if (!name.isEmpty()) {
                rows.computeIfAbsent(name, key -> new ArrayList<>()).add(row);
                ofLabel.computeIfAbsent(data.labels()[row], key -> new HashSet<>()).add(name);
            }
        }
        return rows.entrySet().stream()
                .filter(entry -> entry.getValue().size() >= LEAST_FLOWS)
                .map(
                        entry ->
                                new Application(
                                        entry.getKey(),
                                        data.labels()[entry.getValue().get(0)],
                                        entry.getValue().stream()
                                                .mapToInt(Integer::intValue)
                                                .toArray()))
                .filter(application -> ofLabel.get(application.label()).size() > 1)
                .filter(
                        application ->
                                Arrays.stream(application.rows())
                                        .allMatch(row -> data.labels()[row] == application.label()))
                .sorted(
                        Comparator.comparingInt((Application a) -> -a.rows().length)
                                .thenComparing(Application::name))
                .limit(most)
                .toList();
    }

    /** The flows that are of another application. */
    public static int[] others(final Dataset data, final Application application) {
        return IntStream.range(0, data.labels().length)
                .filter(row -> !data.applications().get(row).equals(application.name()))
                .toArray();
    }
}
