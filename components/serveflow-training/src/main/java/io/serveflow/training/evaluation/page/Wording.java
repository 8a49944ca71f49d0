/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation.page;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.List;
import java.util.Locale;

/** Numbers and lists as a reader finds them in a page. */
public final class Wording {

    private Wording() {}

    /** A score between 0 and 1, such as 0.594. */
    public static String score(final double value) {
        return String.format(Locale.ROOT, "%.3f", value + 0.0);
    }

    /** A difference of scores with its sign, such as +0.014. */
    public static String difference(final double value) {
        final String digits = String.format(Locale.ROOT, "%.3f", Math.abs(value));
        if ("0.000".equals(digits)) {
            return "±0.000";
        }
        return (value < 0 ? "−" : "+") + digits;
    }

    /** A share, such as 20.6 %. */
    public static String percent(final double share) {
        return String.format(Locale.ROOT, "%.1f\u00a0%%", 100 * share);
    }

    /** A count, such as 1,408. */
    public static String count(final long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** A count and the word for what is counted, such as "1 group" and "2 groups". */
    public static String count(final long value, final String one, final String many) {
        return count(value) + " " + (value == 1 ? one : many);
    }

    /** Milliseconds in about three digits, such as 6.68 ms, as seconds from 1 s on. */
    public static String millis(final double value) {
        return value < 1_000 ? digits(value) + "\u00a0ms" : digits(value / 1_000) + "\u00a0s";
    }

    /** Microseconds in about three digits, such as 2.34 µs. */
    public static String micros(final double value) {
        return digits(value) + "\u00a0µs";
    }

    /** How many times as much, such as 19.8 times. */
    public static String times(final double value) {
        return digits(value) + " times";
    }

    /** A number in about three digits. */
    public static String digits(final double value) {
        final double size = Math.abs(value);
        final String pattern =
                size >= 100 ? "#,##0" : size >= 10 ? "0.0" : size >= 0.1 ? "0.00" : "0.000";
        return new DecimalFormat(pattern, DecimalFormatSymbols.getInstance(Locale.ROOT))
                .format(value);
    }

    /** Items in a sentence, such as "a, b and c". */
    public static String list(final List<String> items) {
        if (items.size() < 2) {
            return String.join("", items);
        }
        return String.join(", ", items.subList(0, items.size() - 1))
                + " and "
                + items.get(items.size() - 1);
    }

    /** The same, cut after some items with the number of those left out. */
    public static String list(final List<String> items, final int most) {
        return items.size() <= most
                ? list(items)
                : String.join(", ", items.subList(0, most))
                        + " and "
                        + count(items.size() - most)
                        + " more";
    }
}
