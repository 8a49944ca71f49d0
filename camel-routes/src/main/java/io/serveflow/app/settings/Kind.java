/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.settings;

import io.serveflow.verdict.AlertSeverity;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a setting may be: the texts that are allowed, and what they mean. */
public sealed interface Kind {

    /** What is wrong with a list in which an item is empty. */
    String EMPTY_ITEM = "must have something between any two commas, and no comma first or last";

    /** What is wrong with a text, as in "must be true or false"; empty if it may be so. */
    Optional<String> fault(String text);

    /** What is allowed, for the table of settings. */
    String words();

    /** The text as the routes read it, the same for all texts that mean the same. */
    default String canonical(final String text) {
        return text.strip();
    }

    /** A whole number. */
    record WholeNumber(int least, int most) implements Kind {

        @Override
        public Optional<String> fault(final String text) {
            try {
                final int number = Integer.parseInt(text.strip());
                if (number >= least && number <= most) {
                    return Optional.empty();
                }
            } catch (final NumberFormatException e) {
                // Said below, as for a number out of bounds.
            }
            return Optional.of("must be a " + words());
        }

        @Override
        public String words() {
            return "whole number from " + least + " to " + most;
        }
    }

    /**
     * A time, as a number in the setting's own unit or with one of the units ms, s, m, h.
     *
     * @param unit the unit of a bare number: ms or s
     * @param least the shortest, in that unit
     * @param most the longest, in that unit
     */
    record Time(String unit, long least, long most) implements Kind {

        private static final Pattern FORM = Pattern.compile("([0-9]{1,12})\\s*(ms|s|m|h)?");
        private static final Map<String, Long> MILLIS =
                Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L);

        public Time {
            if (!unit.equals("ms") && !unit.equals("s")) {
                throw new IllegalArgumentException("a bare number is in ms or s, not " + unit);
            }
        }

        @Override
        public Optional<String> fault(final String text) {
            final Optional<Duration> time = parse(text);
            final long millis = time.map(Duration::toMillis).orElse(-1L);
            return millis >= least * MILLIS.get(unit)
                            && millis <= most * MILLIS.get(unit)
                            && millis % MILLIS.get(unit) == 0
                    ? Optional.empty()
                    : Optional.of("must be a " + words());
        }

        /** The time that a text states; empty if it states none. */
        Optional<Duration> parse(final String text) {
            final Matcher form = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
            if (!form.matches()) {
                return Optional.empty();
            }
            final String stated = form.group(2) == null ? unit : form.group(2);
            return Optional.of(
                    Duration.ofMillis(Long.parseLong(form.group(1)) * MILLIS.get(stated)));
        }

        @Override
        public String canonical(final String text) {
            return Long.toString(parse(text).orElseThrow().toMillis() / MILLIS.get(unit));
        }

        @Override
        public String words() {
            return "time from "
                    + least
                    + " to "
                    + most
                    + " "
                    + unit
                    + ", such as "
                    + Math.max(1, least)
                    + " or "
                    + Math.max(1, least)
                    + unit
                    + (unit.equals("ms") ? " or 2s" : " or 5m");
        }
    }

    /** Yes or no. */
    record YesOrNo() implements Kind {

        @Override
        public Optional<String> fault(final String text) {
            final String stripped = text.strip();
            return stripped.equalsIgnoreCase("true") || stripped.equalsIgnoreCase("false")
                    ? Optional.empty()
                    : Optional.of("must be true or false");
        }

        @Override
        public String canonical(final String text) {
            return text.strip().toLowerCase(Locale.ROOT);
        }

        @Override
        public String words() {
            return "true or false";
        }
    }

    /** One of a few words. */
    record Choice(List<String> choices) implements Kind {

        public Choice {
            choices = List.copyOf(choices);
        }

        @Override
        public Optional<String> fault(final String text) {
            return choices.contains(text.strip())
                    ? Optional.empty()
                    : Optional.of("must be " + words() + Nearest.hint(text.strip(), choices));
        }

        @Override
        public String words() {
            return String.join(", ", choices.subList(0, choices.size() - 1))
                    + " or "
                    + choices.get(choices.size() - 1);
        }
    }

    /** One or more of a few words, separated by commas, each once. */
    record Choices(List<String> choices) implements Kind {

        public Choices {
            choices = List.copyOf(choices);
        }

        @Override
        public Optional<String> fault(final String text) {
            final List<String> chosen = split(text);
            final List<String> unknown =
                    chosen.stream().filter(word -> !choices.contains(word)).toList();
            if (chosen.isEmpty() || !unknown.isEmpty()) {
                return Optional.of(
                        "must name "
                                + words()
                                + (unknown.isEmpty() ? "" : Nearest.hint(unknown.get(0), choices)));
            }
            if (hasEmptyItem(text)) {
                return Optional.of(EMPTY_ITEM);
            }
            return new HashSet<>(chosen).size() < chosen.size()
                    ? Optional.of("must name each source once")
                    : Optional.empty();
        }

        /** Whether a comma stands first, last or beside another one, as where an item was lost. */
        static boolean hasEmptyItem(final String text) {
            return Arrays.stream(text.split(",", -1)).anyMatch(String::isBlank);
        }

        /** The words of a text. */
        static List<String> split(final String text) {
            return Arrays.stream(text.split(","))
                    .map(String::strip)
                    .filter(word -> !word.isEmpty())
                    .toList();
        }

        @Override
        public String canonical(final String text) {
            return String.join(",", split(text));
        }

        @Override
        public String words() {
            return "one or more of " + String.join(", ", choices);
        }
    }

    /**
     * A text of a certain form.
     *
     * @param form the form that all of it has
     * @param words the form in words
     */
    record Text(Pattern form, String words) implements Kind {

        /** Any text that is not blank. */
        static Text any(final String words) {
            return new Text(Pattern.compile("(?s).*\\S.*"), words);
        }

        @Override
        public Optional<String> fault(final String text) {
            return form.matcher(text.strip()).matches()
                    ? Optional.empty()
                    : Optional.of("must be " + words);
        }
    }

    /** Addresses of servers that speak HTTP, separated by commas. */
    record Urls() implements Kind {

        @Override
        public Optional<String> fault(final String text) {
            final List<String> urls = Choices.split(text);
            for (final String url : urls) {
                if (!isHttp(url)) {
                    return Optional.of("must be " + words() + hint(url));
                }
            }
            if (urls.isEmpty()) {
                return Optional.of("must be " + words());
            }
            return Choices.hasEmptyItem(text) ? Optional.of(EMPTY_ITEM) : Optional.empty();
        }

        private static String hint(final String url) {
            return url.contains("//") ? "" : "; did you mean http://" + url + "?";
        }

        private static boolean isHttp(final String url) {
            try {
                final URI uri = new URI(url);
                return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                        && uri.getHost() != null
                        && uri.getUserInfo() == null;
            } catch (final URISyntaxException e) {
                return false;
            }
        }

        @Override
        public String canonical(final String text) {
            return String.join(",", Choices.split(text));
        }

        @Override
        public String words() {
            return "http://HOST:PORT or https://HOST:PORT, separated by commas, without user and"
                    + " password";
        }
    }

    /**
     * Bundles by the task that each answers; a relative path is relative to the file that sets it.
     */
    record TaskBundles() implements Kind {

        private static final Pattern FORM = Pattern.compile("([A-Za-z0-9._-]{1,64}):(.+)");

        @Override
        public Optional<String> fault(final String text) {
            final List<String> entries = Choices.split(text);
            final Set<String> tasks = new HashSet<>();
            for (final String entry : entries) {
                final Matcher form = FORM.matcher(entry);
                if (!form.matches() || Set.of("classpath", "file").contains(form.group(1))) {
                    return Optional.of("must be " + words() + "; '" + entry + "' names no task");
                }
                if (!tasks.add(form.group(1))) {
                    return Optional.of(
                            "must name each task once, names " + form.group(1) + " twice");
                }
            }
            if (entries.isEmpty()) {
                return Optional.of("must be " + words());
            }
            return Choices.hasEmptyItem(text) ? Optional.of(EMPTY_ITEM) : Optional.empty();
        }

        /** The location of each task's bundle as it is stated. */
        static Map<String, String> parse(final String text) {
            final Map<String, String> locations = new LinkedHashMap<>();
            for (final String entry : Choices.split(text)) {
                final Matcher form = FORM.matcher(entry);
                if (form.matches()) {
                    locations.put(form.group(1), form.group(2).strip());
                }
            }
            return locations;
        }

        @Override
        public String words() {
            return "TASK:BUNDLE, separated by commas, such as"
                    + " service:models/service,device:models/device";
        }
    }

    /** Labels with the severity of the alerts on them, separated by commas. */
    record AlertList() implements Kind {

        private static final Pattern FORM =
                Pattern.compile(
                        "(?:([A-Za-z0-9._-]{1,64})/)?([^,/:\\s][^,/:]{0,127}):\\s*([a-z]+)");

        /**
         * A label.
         *
         * @param task whose label it is; empty for any
         */
        record Alert(Optional<String> task, String label, AlertSeverity severity) {}

        @Override
        public Optional<String> fault(final String text) {
            final List<String> entries = Choices.split(text);
            final Set<String> labels = new HashSet<>();
            for (final String entry : entries) {
                final Matcher form = FORM.matcher(entry);
                if (!form.matches() || AlertSeverity.named(form.group(3)).isEmpty()) {
                    return Optional.of(
                            "must be "
                                    + words()
                                    + "; '"
                                    + entry
                                    + "' is not"
                                    + (form.matches()
                                            ? Nearest.hint(form.group(3), AlertSeverity.words())
                                            : ""));
                }
                if (!labels.add(form.group(1) + "/" + form.group(2).strip())) {
                    return Optional.of(
                            "must name each label once, names " + form.group(2) + " twice");
                }
            }
            if (entries.isEmpty()) {
                return Optional.of("must be " + words());
            }
            return Choices.hasEmptyItem(text) ? Optional.of(EMPTY_ITEM) : Optional.empty();
        }

        /** The labels of a text that has no fault, in its order. */
        static List<Alert> parse(final String text) {
            final List<Alert> alerts = new ArrayList<>();
            for (final String entry : Choices.split(text)) {
                final Matcher form = FORM.matcher(entry);
                if (form.matches()) {
                    alerts.add(
                            new Alert(
                                    Optional.ofNullable(form.group(1)),
                                    form.group(2).strip(),
                                    AlertSeverity.named(form.group(3)).orElseThrow()));
                }
            }
            return alerts;
        }

        @Override
        public String words() {
            return "LABEL:SEVERITY or TASK/LABEL:SEVERITY, separated by commas, with the severities"
                    + " "
                    + String.join(", ", AlertSeverity.words())
                    + ", such as p2p:medium";
        }
    }

    /** Files that are there; a relative path is relative to the file that sets it. */
    record FileList() implements Kind {

        @Override
        public Optional<String> fault(final String text) {
            if (Choices.split(text).isEmpty() || text.indexOf('\0') >= 0) {
                return Optional.of("must be " + words());
            }
            return Choices.hasEmptyItem(text) ? Optional.of(EMPTY_ITEM) : Optional.empty();
        }

        @Override
        public String words() {
            return "files that are there, separated by commas";
        }
    }

    /**
     * A path; a relative one is relative to the file that sets it.
     *
     * @param use what it must be
     */
    record Location(Use use) implements Kind {

        /** What is at a path, or may be. */
        public enum Use {
            /** A folder that is there and may be read. */
            FOLDER("folder that is there"),
            /** A folder that is there and may be written to. */
            WRITTEN_FOLDER("folder that is there and may be written to"),
            /** A folder with a bundle in it. */
            BUNDLE("folder of a bundle, or classpath: with one"),
            /** A file that is written to, and made if it is not there. */
            WRITTEN_FILE("file, which is made if it is not there"),
            /** A file, or a glob of files, which may come later. */
            LATER_FILES("file or glob"),
            /** A file that is there and may be read. */
            FILE("file that is there"),
            /** A file that is there, or a glob. */
            FILES("file that is there, or a glob");

            private final String words;

            Use(final String words) {
                this.words = words;
            }
        }

        @Override
        public Optional<String> fault(final String text) {
            return text.isBlank() || text.indexOf('\0') >= 0
                    ? Optional.of("must be a " + words())
                    : Optional.empty();
        }

        @Override
        public String words() {
            return use.words;
        }
    }
}
