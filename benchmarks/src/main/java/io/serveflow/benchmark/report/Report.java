/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.report;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The results of one command: some cases, each measured in some runs, and how they compare.
 *
 * <p>In the table a figure is the median of its runs; the leading one has least and most beside it.
 */
public final class Report {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final String benchmark;
    private final List<Column> columns;
    private final Map<String, Case> cases = new LinkedHashMap<>();
    private final List<Ratio> ratios = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Map<String, Curve> curves = new LinkedHashMap<>();

    /**
     * @param columns what the table shows, the leading figure first
     */
    public Report(final String benchmark, final List<Column> columns) {
        this.benchmark = benchmark;
        this.columns = columns;
    }

    /**
     * A figure of a case.
     *
     * @param key its name in the JSON
     * @param heading its name in the table
     * @param pattern how it is printed there, for {@link String#format}
     */
    public record Column(String key, String heading, String pattern) {}

    /**
     * Adds a case that has no runs yet.
     *
     * @param about what it is, in a few words
     * @param parameters what it was measured with
     */
    public void add(final String name, final String about, final Map<String, Object> parameters) {
        cases.put(name, new Case(about, parameters, new LinkedHashMap<>()));
    }

    /** Adds a run of a case. */
    public void run(final String name, final Map<String, Double> figures) {
        figures.forEach(
                (key, value) ->
                        cases.get(name)
                                .figures()
                                .computeIfAbsent(key, absent -> new ArrayList<>())
                                .add(value));
    }

    /** Asks for a comparison, run by run, of a figure of two cases; the second is the baseline. */
    public void compare(final String name, final String baseline, final String key) {
        ratios.add(new Ratio(name, baseline, key));
    }

    /** Adds a sentence that the numbers must be read with. */
    public void note(final String sentence) {
        if (!notes.contains(sentence)) {
            notes.add(sentence);
        }
    }

    /**
     * Adds a curve that was seen in one run, for plots.
     *
     * @param points pairs of x and y
     */
    public void curve(
            final String name, final String x, final String y, final List<double[]> points) {
        curves.put(name, new Curve(x, y, List.copyOf(points)));
    }

    /** The median of a figure of a case, if it has runs. */
    public Optional<Double> median(final String name, final String key) {
        return Optional.ofNullable(cases.get(name))
                .map(measured -> measured.figures().get(key))
                .map(runs -> Summary.of(runs).median());
    }

    private Optional<Summary> ratio(final Ratio ratio) {
        final List<Double> runs = runs(ratio.name(), ratio.key());
        final List<Double> baselines = runs(ratio.baseline(), ratio.key());
        if (runs.isEmpty() || runs.size() != baselines.size()) {
            return Optional.empty();
        }
        final List<Double> ratioOfRuns = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            ratioOfRuns.add(runs.get(i) / baselines.get(i));
        }
        return Optional.of(Summary.of(ratioOfRuns));
    }

    private List<Double> runs(final String name, final String key) {
        final Case measured = cases.get(name);
        return measured == null ? List.of() : measured.figures().getOrDefault(key, List.of());
    }

    /** The table for people. */
    public String table() {
        final List<String[]> rows = new ArrayList<>();
        final String[] header = new String[columns.size() + 2];
        header[0] = benchmark;
        for (int i = 0; i < columns.size(); i++) {
            header[i == 0 ? 1 : i + 2] = columns.get(i).heading();
        }
        header[2] = "least to most";
        rows.add(header);
        cases.forEach((name, measured) -> rows.add(row(name, measured)));
        final StringBuilder table = new StringBuilder(aligned(rows));
        for (final Ratio ratio : ratios) {
            ratio(ratio)
                    .ifPresent(
                            summary ->
                                    table.append(
                                            text(
                                                    "%n%s / %s: %.2f (%.2f to %.2f) of %s",
                                                    ratio.name(),
                                                    ratio.baseline(),
                                                    summary.median(),
                                                    summary.least(),
                                                    summary.most(),
                                                    heading(ratio.key()))));
        }
        notes.forEach(note -> table.append(System.lineSeparator()).append(note));
        return table.append(System.lineSeparator()).toString();
    }

    private String heading(final String key) {
        return columns.stream()
                .filter(column -> column.key().equals(key))
                .map(Column::heading)
                .findFirst()
                .orElse(key);
    }

    private String[] row(final String name, final Case measured) {
        final String[] cells = new String[columns.size() + 2];
        Arrays.fill(cells, "");
        cells[0] = name;
        for (int i = 0; i < columns.size(); i++) {
            final Column column = columns.get(i);
            final List<Double> runs = measured.figures().get(column.key());
            if (runs == null) {
                continue;
            }
            final Summary summary = Summary.of(runs);
            cells[i == 0 ? 1 : i + 2] = text(column.pattern(), summary.median());
            if (i == 0) {
                cells[2] =
                        text(column.pattern(), summary.least())
                                + " to "
                                + text(column.pattern(), summary.most());
            }
        }
        return cells;
    }

    private static String aligned(final List<String[]> rows) {
        final StringBuilder lines = new StringBuilder();
        final int[] widths = new int[rows.get(0).length];
        for (final String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        for (final String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                lines.append(i == 0 ? "" : "  ")
                        .append(text("%" + (i == 0 ? "-" : "") + widths[i] + "s", row[i]));
            }
            lines.append(System.lineSeparator());
        }
        return lines.toString();
    }

    /**
     * Writes all figures of all runs.
     *
     * @param command what repeats them
     */
    public void write(final Path file, final String command) throws IOException {
        final ObjectNode root = JSON.createObjectNode();
        root.put("benchmark", benchmark);
        root.put("command", command);
        root.put("date", LocalDate.now(ZoneOffset.UTC).toString());
        root.set("machine", JSON.valueToTree(Machine.here()));
        final ObjectNode byName = root.putObject("cases");
        cases.forEach(
                (name, measured) -> {
                    final ObjectNode one = byName.putObject(name);
                    one.put("about", measured.about());
                    one.set("parameters", JSON.valueToTree(measured.parameters()));
                    final ObjectNode figures = one.putObject("figures");
                    measured.figures()
                            .forEach(
                                    (key, runs) ->
                                            figures.set(key, JSON.valueToTree(Summary.of(runs))));
                });
        final ObjectNode compared = root.putObject("ratios");
        for (final Ratio ratio : ratios) {
            ratio(ratio)
                    .ifPresent(
                            summary ->
                                    compared.set(
                                            ratio.name()
                                                    + " / "
                                                    + ratio.baseline()
                                                    + ": "
                                                    + ratio.key(),
                                            JSON.valueToTree(summary)));
        }
        root.set("notes", JSON.valueToTree(notes));
        root.set("curves", JSON.valueToTree(curves));
        if (file.toAbsolutePath().getParent() != null) {
            Files.createDirectories(file.toAbsolutePath().getParent());
        }
        JSON.writeValue(file.toFile(), root);
    }

    private static String text(final String pattern, final Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    private record Case(
            String about, Map<String, Object> parameters, Map<String, List<Double>> figures) {}

    private record Curve(String x, String y, List<double[]> points) {}

    private record Ratio(String name, String baseline, String key) {}
}
