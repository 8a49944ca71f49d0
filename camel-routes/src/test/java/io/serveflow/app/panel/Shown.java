/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.panel;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a cell of a table, or a mark of a chart, must say.
 *
 * @param written what a cell may say; empty where it is a number that was measured
 * @param plain the same of a mark, which does not write for people
 * @param low the least that a measured number may be
 * @param high the greatest
 * @param units what may stand behind it
 */
public record Shown(
        List<String> written, List<String> plain, double low, double high, List<String> units) {

    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private static final Pattern NUMBER =
            Pattern.compile("(?<whole>[0-9,]+)(?:\\.(?<rest>[0-9]+))? (?<unit>%|s|ms|µs)");

    private static final Map<String, Double> SCALES =
            Map.of("%", 0.01, "s", 1e3, "ms", 1.0, "µs", 1.0);

    static final List<String> SHARE = List.of("%");
    static final List<String> MILLIS = List.of("ms", "s");
    static final List<String> MICROS = List.of("µs");

    /** What two ways of adding floats may differ by. */
    private static final double ROUNDING = 1e-6;

    /** A name, address or port, which is written as it is. */
    public static Shown name(final String name) {
        return oneOf(List.of(name));
    }

    /** One of several names, where nothing says which. */
    public static Shown oneOf(final Collection<String> names) {
        return new Shown(List.copyOf(names), List.copyOf(names), 0, 0, List.of());
    }

    public static Shown count(final long count) {
        return new Shown(
                List.of(String.format(Locale.ROOT, "%,d", count)),
                List.of(Long.toString(count)),
                0,
                0,
                List.of());
    }

    public static Shown time(final long millis) {
        return new Shown(
                List.of(CLOCK.format(Instant.ofEpochMilli(millis))),
                List.of(Long.toString(millis)),
                0,
                0,
                List.of());
    }

    /** A number that was measured, in the unit of the documents. */
    public static Shown measured(final double number, final List<String> units) {
        return between(number, number, units);
    }

    public static Shown between(final double low, final double high, final List<String> units) {
        return new Shown(List.of(), List.of(), low, high, units);
    }

    public static Shown mean(final double[] values, final List<String> units) {
        return measured(Arrays.stream(values).average().orElseThrow(), units);
    }

    /** A percentile: between the two values that stand around that share of all. */
    public static Shown percentile(
            final double[] values, final double percent, final List<String> units) {
        final double[] sorted = values.clone();
        Arrays.sort(sorted);
        final double at = percent / 100 * (sorted.length - 1);
        return between(sorted[(int) Math.floor(at)], sorted[(int) Math.ceil(at)], units);
    }

    /** Whether this is what the text of a cell says. */
    public boolean isWritten(final String cell) {
        if (units.isEmpty()) {
            return written.contains(cell);
        }
        final Matcher number = NUMBER.matcher(cell);
        if (!number.matches() || !units.contains(number.group("unit"))) {
            return false;
        }
        final String rest = number.group("rest") == null ? "" : number.group("rest");
        final double scale = SCALES.get(number.group("unit"));
        final double step = scale * Math.pow(10, -rest.length());
        return isWithin(
                scale
                        * Double.parseDouble(
                                number.group("whole").replace(",", "") + "." + rest + "0"),
                step / 2);
    }

    /** Whether this is what a mark stands for. */
    public boolean isMarked(final String value) {
        return units.isEmpty() ? plain.contains(value) : isWithin(Double.parseDouble(value), 0);
    }

    private boolean isWithin(final double value, final double step) {
        final double margin = step + ROUNDING * Math.max(1, Math.abs(high));
        return value >= low - margin && value <= high + margin;
    }
}
