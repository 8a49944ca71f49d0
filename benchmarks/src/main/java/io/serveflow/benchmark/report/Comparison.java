/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Results of two builds that were measured in turn, figure by figure.
 *
 * <p>A ratio above 1 says that the new build is better: where less is better, it is the old figure
 * divided by the new one.
 */
public final class Comparison {

    private final Map<String, List<Double>> ratios = new LinkedHashMap<>();
    private final Map<String, List<Double>> before = new LinkedHashMap<>();
    private final Map<String, List<Double>> after = new LinkedHashMap<>();
    private final Set<String> missing = new LinkedHashSet<>();

    /**
     * A figure that is compared.
     *
     * @param key its name in the results
     * @param moreIsBetter whether a larger figure is a better one
     */
    public record Figure(String key, boolean moreIsBetter) {

        /** Reads {@code key} or, where less is better, {@code -key}. */
        public static Figure of(final String text) {
            return text.startsWith("-")
                    ? new Figure(text.substring(1), false)
                    : new Figure(text, true);
        }
    }

    /**
     * Adds a pair of results, of the old build and of the new one. A figure that the new one lacks,
     * or has as 0, is worse than any; what only the new one has is not compared.
     */
    public void add(final Path old, final Path current, final List<Figure> figures)
            throws IOException {
        final JsonNode newCases = read(current);
        for (final Map.Entry<String, JsonNode> measured : read(old).properties()) {
            for (final Figure figure : figures) {
                final Optional<Double> was = figure(measured.getValue(), figure.key());
                final Optional<Double> is = figure(newCases.path(measured.getKey()), figure.key());
                if (was.isPresent()) {
                    final String name = measured.getKey() + ": " + figure.key();
                    if (is.isPresent()) {
                        add(name, was.get(), is.get(), figure);
                    } else {
                        missing.add(name);
                    }
                }
            }
        }
    }

    private static JsonNode read(final Path file) throws IOException {
        return new JsonMapper().readTree(file.toFile()).path("cases");
    }

    private static Optional<Double> figure(final JsonNode measured, final String key) {
        final JsonNode median = measured.path("figures").path(key).path("median");
        return median.isNumber() && median.asDouble() > 0
                ? Optional.of(median.asDouble())
                : Optional.empty();
    }

    private void add(final String name, final double was, final double is, final Figure figure) {
        ratios.computeIfAbsent(name, absent -> new ArrayList<>())
                .add(figure.moreIsBetter() ? is / was : was / is);
        before.computeIfAbsent(name, absent -> new ArrayList<>()).add(was);
        after.computeIfAbsent(name, absent -> new ArrayList<>()).add(is);
    }

    /** Whether the results had a figure to compare. */
    public boolean isEmpty() {
        return ratios.isEmpty() && missing.isEmpty();
    }

    /** The figures whose median ratio is below a limit, and those that the new build lacks. */
    public List<String> below(final double limit) {
        return Stream.concat(
                        ratios.entrySet().stream()
                                .filter(figure -> Summary.of(figure.getValue()).median() < limit)
                                .map(Map.Entry::getKey),
                        missing.stream())
                .distinct()
                .toList();
    }

    /** The table for people: medians of both, and the ratio of the pairs. */
    public String table() {
        final StringBuilder table =
                new StringBuilder(line("figure", "old", "new", "ratio", "least to most", "pairs"));
        ratios.forEach(
                (name, pairs) -> {
                    final Summary ratio = Summary.of(pairs);
                    table.append(
                            line(
                                    name,
                                    number(Summary.of(before.get(name)).median()),
                                    number(Summary.of(after.get(name)).median()),
                                    String.format(Locale.ROOT, "%.2f", ratio.median()),
                                    String.format(
                                            Locale.ROOT,
                                            "%.2f to %.2f",
                                            ratio.least(),
                                            ratio.most()),
                                    Integer.toString(pairs.size())));
                });
        missing.forEach(name -> table.append(line(name, "there", "missing", "", "", "")));
        return table.toString();
    }

    private static String number(final double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%,.0f" : "%.3f", value);
    }

    private static String line(final String name, final String... cells) {
        return String.format(
                Locale.ROOT,
                "%-44s %12s %12s %6s %14s %5s%n",
                name,
                cells[0],
                cells[1],
                cells[2],
                cells[3],
                cells[4]);
    }
}
