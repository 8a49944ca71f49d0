/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.support;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.spi.PropertyConfigurerGetter;
import org.apache.camel.support.component.PropertyConfigurerSupport;
import org.apache.camel.util.TimeUtils;

/**
 * Checks the texts of options before Camel converts them: Camel makes 0 of a number that it cannot
 * read, so that a message about bounds would name a number that nobody wrote.
 */
public final class OptionText {

    /** As many as there are nanoseconds of in a {@code long}. */
    private static final long MOST_MILLIS = TimeUnit.NANOSECONDS.toMillis(Long.MAX_VALUE);

    private static final Pattern TIME_PART = Pattern.compile("([0-9]+)([a-z]*)");

    private OptionText() {}

    /**
     * Checks all options of an endpoint or component together.
     *
     * @param where the endpoint's address or the component's name, which the message begins with
     * @param configurer knows the types of the options
     * @param values the options by name, those of other types than {@link String} are not looked at
     * @throws IllegalArgumentException naming every option that is wrong, its value and what it may
     *     be
     */
    public static void check(
            final String where,
            final PropertyConfigurer configurer,
            final Map<String, Object> values) {
        final String faults =
                new TreeMap<>(values)
                        .entrySet().stream()
                                .flatMap(
                                        one ->
                                                fault(configurer, one.getKey(), one.getValue())
                                                        .stream())
                                .collect(Collectors.joining("; "));
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(where + ": " + faults);
        }
    }

    static Optional<String> fault(
            final PropertyConfigurer configurer, final String name, final Object value) {
        if (!(configurer instanceof PropertyConfigurerGetter types)
                || !(value instanceof String text)
                || text.startsWith("#")
                || text.equals(PropertyConfigurerSupport.MAGIC_VALUE)) {
            return Optional.empty();
        }
        final Class<?> type = types.getOptionType(name, true);
        if (type == null) {
            return Optional.empty();
        }
        return fault(form(name, type), text)
                .map(what -> name + " " + what + ", was '" + text + "'");
    }

    /** What texts an option takes that have to be checked. */
    public enum Form {
        /** A whole number. */
        NUMBER,
        /** A time of at most three hundred years or so, in milliseconds or with units. */
        TIME,
        /** A time whose milliseconds are an {@code int}. */
        SHORT_TIME,
        /** True or false. */
        YES_OR_NO,
        /** Anything. */
        ANY
    }

    private static Form form(final String name, final Class<?> type) {
        if (type == boolean.class || type == Boolean.class) {
            return Form.YES_OR_NO;
        }
        if (type == long.class || type == Long.class || type == Duration.class) {
            return Form.TIME;
        }
        if (type == int.class || type == Integer.class) {
            return name.toLowerCase(Locale.ROOT).endsWith("ms") ? Form.SHORT_TIME : Form.NUMBER;
        }
        return Form.ANY;
    }

    /** What is wrong with a text, as in "must be true or false"; empty if nothing is. */
    public static Optional<String> fault(final Form form, final String text) {
        final String stripped = text.strip();
        return switch (form) {
            case NUMBER ->
                    isNumber(stripped)
                            ? Optional.empty()
                            : Optional.of("must be a whole number of at most " + Integer.MAX_VALUE);
            case TIME -> timeFault(stripped, MOST_MILLIS);
            case SHORT_TIME -> timeFault(stripped, Integer.MAX_VALUE);
            case YES_OR_NO ->
                    stripped.equalsIgnoreCase("true") || stripped.equalsIgnoreCase("false")
                            ? Optional.empty()
                            : Optional.of("must be true or false");
            case ANY -> Optional.empty();
        };
    }

    private static boolean isNumber(final String text) {
        try {
            Integer.parseInt(text);
            return true;
        } catch (final NumberFormatException e) {
            return false;
        }
    }

    private static Optional<String> timeFault(final String text, final long most) {
        if (!isTime(text)) {
            return Optional.of("must be a time, in milliseconds or such as 500ms, 5s or 1m");
        }
        return millis(text) <= most
                ? Optional.empty()
                : Optional.of("must be at most " + most + " milliseconds");
    }

    /** What Camel cannot read as a time it makes 0. */
    private static boolean isTime(final String text) {
        try {
            if (text.startsWith("P")) {
                Duration.parse(text);
                return true;
            }
            /* With small numbers, as what overflows may come to anything. */
            return text.matches("0+(ms|s|m|h|d)?|-?[0-9]+")
                    || text.matches("([0-9]+[a-z]+)+")
                            && TimeUtils.toMilliSeconds(text.replaceAll("[0-9]+", "1")) != 0;
        } catch (final NumberFormatException | DateTimeParseException e) {
            return false;
        }
    }

    /** About how long a time is, where Camel's count of milliseconds overflows too. */
    private static double millis(final String text) {
        if (text.startsWith("P")) {
            return Duration.parse(text).getSeconds() * 1_000.0;
        }
        double millis = 0;
        final Matcher parts = TIME_PART.matcher(text);
        while (parts.find()) {
            millis += Double.parseDouble(parts.group(1)) * millisOf(parts.group(2));
        }
        return millis;
    }

    private static double millisOf(final String unit) {
        if (unit.isEmpty() || unit.startsWith("ms") || unit.startsWith("mil")) {
            return 1;
        }
        return switch (unit.charAt(0)) {
            case 'd' -> TimeUnit.DAYS.toMillis(1);
            case 'h' -> TimeUnit.HOURS.toMillis(1);
            case 'm' -> TimeUnit.MINUTES.toMillis(1);
            default -> TimeUnit.SECONDS.toMillis(1);
        };
    }
}
