/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.settings;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Options of Camel itself, such as {@code camel.main.shutdownTimeout} and {@code
 * camel.management.port}, as Camel describes them.
 *
 * <p>Camel finds wrong ones too, but says no more of a number than {@code For input string}, and
 * says nothing of a group that there is not.
 */
final class CamelOptions {

    private static final String PREFIX = "camel.";
    private static final String DESCRIPTION = "META-INF/camel-main-configuration-metadata.json";
    private static final int MAX_PORT = 65_535;

    /** Groups whose names are all described; in others a part of the name is the user's. */
    private static final Set<String> CLOSED =
            Set.of("main", "server", "management", "metrics", "mdc", "routecontroller");

    /** Groups that are described elsewhere or nowhere. */
    private static final Set<String> FREE =
            Set.of("component", "dataformat", "language", "beans", "variable", "kamelet", "jbang");

    private static final JsonFactory JSON = new JsonFactory();

    /** By name in plain form. */
    private final Map<String, Option> options = new TreeMap<>();

    private final Set<String> groups = new TreeSet<>(FREE);

    /**
     * An option.
     *
     * @param name as it is written
     * @param type of Java, without its package
     * @param choices the words that it may be, if there are only some
     */
    private record Option(String name, String type, List<String> choices) {}

    CamelOptions() {
        try (InputStream in = getClass().getClassLoader().getResourceAsStream(DESCRIPTION)) {
            if (in == null) {
                throw new IOException("there is no " + DESCRIPTION);
            }
            read(in);
        } catch (final IOException e) {
            throw new UncheckedIOException("the options of Camel are not described", e);
        }
    }

    /** As tokens, since a tree of all texts of the description would take longer than the rest. */
    private void read(final InputStream in) throws IOException {
        try (JsonParser json = JSON.createParser(in)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                final boolean properties = json.currentName().equals("properties");
                json.nextToken();
                if (!properties) {
                    json.skipChildren();
                    continue;
                }
                while (json.nextToken() == JsonToken.START_OBJECT) {
                    final Option option = option(json);
                    options.put(plain(option.name()), option);
                    groups.add(group(option.name()));
                }
            }
        }
    }

    private static Option option(final JsonParser json) throws IOException {
        String name = "";
        String type = "";
        final List<String> choices = new ArrayList<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            final String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "name" -> name = json.getText();
                case "javaType" -> type = json.getText();
                case "enum" -> {
                    while (json.nextToken() != JsonToken.END_ARRAY) {
                        choices.add(json.getText());
                    }
                }
                default -> json.skipChildren();
            }
        }
        return new Option(name, type.substring(type.lastIndexOf('.') + 1), choices);
    }

    /** Whether a setting is looked at here. */
    static boolean isOne(final String name) {
        return name.startsWith(PREFIX)
                && name.indexOf('.', PREFIX.length()) > 0
                && !FREE.contains(group(name));
    }

    /**
     * What is wrong with a setting of Camel's; empty if nothing is.
     *
     * @param value its value with placeholders replaced
     */
    Optional<String> fault(final String name, final SetValue value) {
        final Option option = options.get(plain(name));
        if (option == null) {
            return unknown(name, value);
        }
        return fault(option, value.value().strip())
                .map(what -> "setting " + name + " is " + value.shown() + "; it must be " + what);
    }

    private Optional<String> unknown(final String name, final SetValue value) {
        final String group = group(name);
        final Collection<String> known;
        if (!groups.contains(group)) {
            if (!Nearest.isSlip(group, groups)) {
                return Optional.empty();
            }
            known = groups.stream().map(one -> PREFIX + one + name.substring(end(name))).toList();
        } else if (CLOSED.contains(group) && name.indexOf('[') < 0) {
            known = options.values().stream().map(Option::name).filter(like(group)).toList();
        } else {
            return Optional.empty();
        }
        return Optional.of(
                "there is no setting "
                        + name
                        + (value.origin().isEmpty() ? "" : " (" + value.origin() + ")")
                        + Nearest.to(name, known)
                                .map(near -> "; did you mean " + near + "?")
                                .orElse(
                                        "; Camel's documentation of its main component lists those"
                                                + " that begin with "
                                                + PREFIX
                                                + group));
    }

    private static Predicate<String> like(final String group) {
        return name -> group(name).equals(group);
    }

    /** What a value must be and is not. */
    private static Optional<String> fault(final Option option, final String text) {
        if (text.startsWith("#")) {
            return Optional.empty();
        }
        if (!option.choices().isEmpty()) {
            return option.choices().stream().anyMatch(one -> plain(one).equals(plain(text)))
                    ? Optional.empty()
                    : Optional.of(
                            "one of "
                                    + String.join(", ", option.choices())
                                    + Nearest.hint(text, option.choices()));
        }
        return switch (option.type()) {
            case "int", "Integer" -> {
                final boolean port = option.name().endsWith(".port");
                yield whole(text, port ? 0 : Integer.MIN_VALUE, port ? MAX_PORT : Integer.MAX_VALUE)
                        ? Optional.empty()
                        : Optional.of(
                                "a whole number "
                                        + (port
                                                ? "from 0 to " + MAX_PORT
                                                : "of at most " + Integer.MAX_VALUE));
            }
            case "long", "Long" ->
                    whole(text, Long.MIN_VALUE, Long.MAX_VALUE) || text.matches("([0-9]+[a-z]+)+")
                            ? Optional.empty()
                            : Optional.of("a whole number");
            case "float", "Float", "double", "Double" ->
                    text.matches("[-+]?[0-9]*\\.?[0-9]+([eE][-+]?[0-9]+)?")
                            ? Optional.empty()
                            : Optional.of("a number such as 0.5");
            case "boolean", "Boolean" ->
                    text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")
                            ? Optional.empty()
                            : Optional.of("true or false");
            default -> Optional.empty();
        };
    }

    private static boolean whole(final String text, final long least, final long most) {
        try {
            final long number = Long.parseLong(text);
            return number >= least && number <= most;
        } catch (final NumberFormatException e) {
            return false;
        }
    }

    private static String group(final String name) {
        return name.substring(PREFIX.length(), end(name));
    }

    private static int end(final String name) {
        final int dot = name.indexOf('.', PREFIX.length());
        return dot < 0 ? name.length() : dot;
    }

    /** Camel takes names in any case and with hyphens. */
    private static String plain(final String name) {
        return name.toLowerCase(Locale.ROOT).replace("-", "");
    }
}
