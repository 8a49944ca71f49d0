/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.settings;

import io.serveflow.model.BundleFiles;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The values that are set, by name, with the placeholders of Camel that are in them replaced. */
final class SetValues {

    /** A placeholder of Camel's: a name, maybe optional, maybe with a value if it is not set. */
    private static final Pattern PLACEHOLDER =
            Pattern.compile("\\{\\{\\??([^{}:]+)(?::([^{}]*))?}}");

    /** What the location of a bundle begins with that a bean is. */
    static final String REGISTRY = "ref:";

    private static final int MAX_DEPTH = 10;

    private final Map<String, SetValue> values = new LinkedHashMap<>();

    /** Values that were set before what the program sets. */
    private final Map<String, SetValue> stated = new LinkedHashMap<>();

    /** Sets a value; one that was set before counts no more. */
    void put(final String name, final SetValue value) {
        values.put(name, value);
    }

    /** Sets a value that the program sets, instead of what is stated. */
    void override(final String name, final SetValue value) {
        final SetValue before = values.put(name, value);
        if (before != null) {
            stated.put(name, before);
        }
    }

    /** A value that is set as it was before the program set another. */
    SetValue stated(final String name) {
        return stated.getOrDefault(name, values.get(name));
    }

    /** A value that is set. */
    SetValue get(final String name) {
        return values.get(name);
    }

    Set<String> names() {
        return values.keySet();
    }

    void forEach(final BiConsumer<String, SetValue> action) {
        values.forEach(action);
    }

    boolean isSet(final String name) {
        return values.containsKey(name);
    }

    /** The text of a setting with its placeholders replaced; empty if that cannot be done here. */
    Optional<String> resolved(final String name) {
        return Optional.ofNullable(values.get(name)).flatMap(set -> resolved(set.value(), 0));
    }

    private Optional<String> resolved(final String text, final int depth) {
        if (!text.contains("{{")) {
            return Optional.of(text);
        }
        final Matcher placeholder = PLACEHOLDER.matcher(text);
        final StringBuilder whole = new StringBuilder();
        while (placeholder.find()) {
            final Optional<String> replacement =
                    replacement(placeholder.group(1), Optional.ofNullable(placeholder.group(2)));
            if (replacement.isEmpty() || depth > MAX_DEPTH) {
                return Optional.empty();
            }
            placeholder.appendReplacement(whole, Matcher.quoteReplacement(replacement.get()));
        }
        placeholder.appendTail(whole);
        return whole.indexOf("{{") >= 0 && depth < MAX_DEPTH
                ? resolved(whole.toString(), depth + 1)
                : Optional.of(whole.toString());
    }

    /** What a setting asks for in braces and nobody has set; empty if there is nothing. */
    Optional<Unset> unset(final String name) {
        return Optional.ofNullable(values.get(name)).flatMap(set -> unset(set.value(), 0));
    }

    private Optional<Unset> unset(final String text, final int depth) {
        final Matcher placeholder = PLACEHOLDER.matcher(text);
        while (placeholder.find() && depth <= MAX_DEPTH) {
            final String name = placeholder.group(1);
            final Optional<String> rest = Optional.ofNullable(placeholder.group(2));
            final Optional<String> replacement = replacement(name, rest);
            final Optional<Unset> unset =
                    replacement.isEmpty()
                            ? Optional.of(Unset.of(name, rest))
                            : unset(replacement.get(), depth + 1);
            if (unset.isPresent()) {
                return unset;
            }
        }
        return Optional.empty();
    }

    /**
     * What is not set and should be.
     *
     * @param kind whose it is: one of Camel's functions, or a setting
     */
    record Unset(Kind kind, String name) {

        /** Where the value is to come from. */
        enum Kind {
            ENVIRONMENT,
            SYSTEM,
            SETTING
        }

        private static Unset of(final String name, final Optional<String> rest) {
            return rest.isEmpty()
                    ? new Unset(Kind.SETTING, name)
                    : new Unset(name.equals("env") ? Kind.ENVIRONMENT : Kind.SYSTEM, rest.get());
        }

        /** What a sentence calls it, with where it would be set. */
        String words() {
            return switch (kind) {
                case ENVIRONMENT ->
                        "the environment variable "
                                + name
                                + ", which a service has from a file such as"
                                + " /etc/serveflow/secrets.env";
                case SYSTEM -> "the system property " + name;
                case SETTING -> "the setting " + name;
            };
        }
    }

    /** What a placeholder stands for: a setting, or with Camel's functions env and sys others. */
    private Optional<String> replacement(final String name, final Optional<String> rest) {
        if (rest.isPresent() && (name.equals("env") || name.equals("sys"))) {
            final String[] parts = rest.get().split(":", 2);
            return Optional.ofNullable(
                            name.equals("env")
                                    ? System.getenv(parts[0])
                                    : System.getProperty(parts[0]))
                    .or(() -> parts.length > 1 ? Optional.of(parts[1]) : Optional.empty());
        }
        return Optional.ofNullable(values.get(name)).map(SetValue::value).or(() -> rest);
    }

    /**
     * A path or a location on the class path or in the registry as one that does not depend on a
     * folder.
     */
    static String absolute(final String path, final Path folder) {
        final String stripped =
                path.strip().startsWith(BundleFiles.FILE)
                        ? path.strip().substring(BundleFiles.FILE.length())
                        : path.strip();
        return stripped.startsWith("/")
                        || stripped.startsWith(BundleFiles.CLASSPATH)
                        || stripped.startsWith(REGISTRY)
                ? stripped
                : folder.resolve(stripped).normalize().toString();
    }
}
