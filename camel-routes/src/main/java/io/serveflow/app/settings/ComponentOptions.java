/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.camel.elastic.ServeflowIndexConfiguration;
import io.serveflow.camel.support.OptionText;
import io.serveflow.camel.support.OptionText.Form;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.apache.camel.util.TimeUtils;

/**
 * The options of the product's Camel components, {@code camel.component.NAME.OPTION}, as the
 * components themselves describe them.
 */
final class ComponentOptions {

    /** What such a setting begins with. */
    static final String PREFIX = "camel.component.";

    private static final String OURS = PREFIX + "serveflow";
    private static final String INDEX = "serveflow-index";
    private static final List<String> COMPONENTS =
            List.of(
                    "serveflow",
                    "serveflow-join",
                    "serveflow-enrich",
                    INDEX,
                    "serveflow-file",
                    "serveflow-tail",
                    "serveflow-socket",
                    "serveflow-kafka",
                    "serveflow-pcap");

    /** Options that name files. */
    private static final Set<String> FILES =
            Set.of(
                    "cacertificate",
                    "certificate",
                    "privatekey",
                    "trustedcertificates",
                    "ssltruststorelocation",
                    "sslkeystorelocation");

    /** Options of the index that say who asks. */
    private static final Set<String> CREDENTIALS = Set.of("username", "password", "apikey");

    /** Options that name bundles. */
    private static final Set<String> BUNDLES = Set.of("bundle", "shadow", "canary");

    private static final JsonMapper JSON = new JsonMapper();

    /** By component, read when the first option of that one is looked at. */
    private final Map<String, Map<String, Option>> options = new TreeMap<>();

    /**
     * An option.
     *
     * @param name as it is written
     * @param type number, duration and so on, in Camel's words
     * @param choices the words that it may be, if there are only some
     */
    private record Option(String name, String type, List<String> choices) {

        private Form form() {
            return switch (type) {
                case "integer" -> Form.NUMBER;
                case "duration" -> Form.TIME;
                case "boolean" -> Form.YES_OR_NO;
                default -> Form.ANY;
            };
        }
    }

    /** Whether a setting is an option of one of the product's components, or is meant to be one. */
    static boolean isOurs(final String name) {
        return name.startsWith(OURS);
    }

    /** Whether a setting is a path, to begin at its file if it is relative. */
    static boolean isPath(final String name) {
        final String option = plain(name.substring(name.lastIndexOf('.') + 1));
        return isOurs(name) && (FILES.contains(option) || BUNDLES.contains(option));
    }

    /** Whether a setting is a list of paths, each to begin at its file if it is relative. */
    static boolean isPathList(final String name) {
        return isOurs(name)
                && plain(name.substring(name.lastIndexOf('.') + 1)).equals("trustedkeys");
    }

    /**
     * The setting that a variable of the environment stands for, as Camel reads it; empty if it is
     * none of our components.
     */
    static Optional<String> ofVariable(final String variable) {
        String longest = "";
        for (final String component : COMPONENTS) {
            final String prefix = (PREFIX + component + ".").replaceAll("[.-]", "_");
            if (variable.toLowerCase(Locale.ROOT).startsWith(prefix)
                    && component.length() > longest.length()) {
                longest = component;
            }
        }
        return longest.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        PREFIX
                                + longest
                                + "."
                                + variable.substring(PREFIX.length() + longest.length() + 1)
                                        .toLowerCase(Locale.ROOT)
                                        .replace("_", ""));
    }

    /**
     * What is wrong with options.
     *
     * @param values the settings that are options of our components, with placeholders replaced
     */
    List<String> faults(final Map<String, SetValue> values) {
        final List<String> faults = new ArrayList<>();
        final Map<String, SetValue> index = new LinkedHashMap<>();
        values.forEach(
                (name, value) -> {
                    final Optional<String> fault = fault(name, value);
                    fault.ifPresent(faults::add);
                    if (fault.isEmpty() && component(name).equals(INDEX)) {
                        index.put(option(name), value);
                    }
                });
        configuration(index).faults().forEach(fault -> faults.add(PREFIX + INDEX + ": " + fault));
        return faults;
    }

    /** What is wrong with one option, whatever others are. */
    Optional<String> fault(final String name, final SetValue value) {
        final String shown = "setting " + name + " is " + value.shown() + "; it ";
        if (!COMPONENTS.contains(component(name))) {
            return Optional.of(
                    "there is no component "
                            + component(name)
                            + ", which setting "
                            + name
                            + where(value)
                            + " names"
                            + Nearest.hint(component(name), COMPONENTS));
        }
        final Map<String, Option> known =
                options.computeIfAbsent(component(name), ComponentOptions::described);
        final String option = option(name);
        if (option.startsWith("additionalproperties")) {
            return Optional.empty();
        }
        final Option described = known.get(option);
        if (described == null) {
            return Optional.of(unknown(name, value, known));
        }
        if (value.value().startsWith("#")) {
            return Optional.empty();
        }
        final Optional<String> fault = OptionText.fault(described.form(), value.value());
        if (fault.isPresent()) {
            return fault.map(what -> shown + what);
        }
        if (!described.choices().isEmpty()
                && described.choices().stream()
                        .noneMatch(value.value().strip()::equalsIgnoreCase)) {
            return Optional.of(
                    shown
                            + "must be one of "
                            + String.join(", ", described.choices())
                            + Nearest.hint(value.value(), described.choices()));
        }
        return location(option, value)
                .map(what -> "setting " + name + " is " + value.shown() + "; " + what);
    }

    /** The CA of the index is looked into with the other options of that component. */
    private static Optional<String> location(final String option, final SetValue value) {
        if (value.value().isBlank()) {
            return Optional.empty();
        }
        final String stated = value.value().strip();
        if (BUNDLES.contains(option)) {
            // One of the registry shows only when it is asked for.
            return stated.startsWith(SetValues.REGISTRY)
                    ? Optional.empty()
                    : PathChecks.bundleFault(SetValues.absolute(stated, value.folder()));
        }
        final Path path = value.folder().resolve(stated);
        return FILES.contains(option) && !option.equals("cacertificate")
                ? PathChecks.file(path)
                : Optional.empty();
    }

    private static String unknown(
            final String name, final SetValue value, final Map<String, Option> known) {
        final List<String> names = known.values().stream().map(Option::name).toList();
        final String last = name.substring(PREFIX.length() + component(name).length() + 1);
        return "component "
                + component(name)
                + " has no option "
                + last
                + ", which setting "
                + name
                + where(value)
                + " sets"
                + Nearest.to(last, names)
                        .map(
                                near ->
                                        "; did you mean "
                                                + PREFIX
                                                + component(name)
                                                + "."
                                                + near
                                                + "?")
                        .orElse("; its page in the documentation lists them");
    }

    /** Whether a setting is an option of the index. */
    static boolean isOfIndex(final String name) {
        return isOurs(name) && component(name).equals(INDEX);
    }

    /** Whether an option of the index says who asks. */
    static boolean isCredential(final String name) {
        return CREDENTIALS.contains(option(name));
    }

    /**
     * The index with options, each of the right type.
     *
     * @param values settings of {@link #isOfIndex}, with placeholders replaced
     */
    static ServeflowIndexConfiguration index(final Map<String, SetValue> values) {
        final Map<String, SetValue> options = new LinkedHashMap<>();
        values.forEach((name, value) -> options.put(option(name), value));
        return configuration(options);
    }

    private static ServeflowIndexConfiguration configuration(final Map<String, SetValue> set) {
        final ServeflowIndexConfiguration configuration = new ServeflowIndexConfiguration();
        set.forEach(
                (name, value) -> {
                    if (!value.value().startsWith("#")) {
                        configure(configuration, name, value);
                    }
                });
        return configuration;
    }

    private static void configure(
            final ServeflowIndexConfiguration configuration,
            final String name,
            final SetValue value) {
        final String text = value.value().strip();
        switch (name) {
            case "urls" -> configuration.setUrls(text);
            case "profile" -> configuration.setProfile(text);
            case "username" -> configuration.setUsername(text);
            case "password" -> configuration.setPassword(text);
            case "apikey" -> configuration.setApiKey(text);
            case "cacertificate" ->
                    configuration.setCaCertificate(
                            text.isEmpty()
                                    ? ""
                                    : value.folder().resolve(text).normalize().toString());
            case "certificatefingerprint" -> configuration.setCertificateFingerprint(text);
            case "connecttimeout" -> configuration.setConnectTimeout(millis(text));
            case "requesttimeout" -> configuration.setRequestTimeout(millis(text));
            case "maxinflight" -> configuration.setMaxInFlight(Integer.parseInt(text));
            case "maxbulkbytes" -> configuration.setMaxBulkBytes(Integer.parseInt(text));
            case "retryfor" -> configuration.setRetryFor(millis(text));
            case "backoffmin" -> configuration.setBackoffMin(millis(text));
            case "backoffmax" -> configuration.setBackoffMax(millis(text));
            default -> {
                // Any text of the right type is allowed.
            }
        }
    }

    private static long millis(final String text) {
        return text.startsWith("P")
                ? Duration.parse(text).toMillis()
                : TimeUtils.toMilliSeconds(text);
    }

    private static String where(final SetValue value) {
        return value.origin().isEmpty() ? "" : " (" + value.origin() + ")";
    }

    private static String component(final String name) {
        final String rest = name.substring(PREFIX.length());
        final int dot = rest.indexOf('.');
        return dot < 0 ? rest : rest.substring(0, dot);
    }

    /** Camel takes options in any case, with hyphens, and by way of the configuration. */
    private static String option(final String name) {
        final String rest = name.substring(PREFIX.length() + component(name).length());
        final String option = plain(rest.startsWith(".") ? rest.substring(1) : rest);
        return option.startsWith("configuration.")
                ? option.substring("configuration.".length())
                : option;
    }

    private static String plain(final String option) {
        return option.toLowerCase(Locale.ROOT).replace("-", "");
    }

    private static Map<String, Option> described(final String component) {
        final Properties service = new Properties();
        try (InputStream in =
                resource("META-INF/services/org/apache/camel/component/" + component)) {
            service.load(in);
        } catch (final IOException e) {
            throw new UncheckedIOException("the component " + component + " is not there", e);
        }
        final String type = service.getProperty("class");
        final String folder = type.substring(0, type.lastIndexOf('.')).replace('.', '/');
        final Map<String, Option> described = new TreeMap<>();
        try (InputStream in = resource("META-INF/" + folder + "/" + component + ".json")) {
            for (final Map.Entry<String, JsonNode> one :
                    JSON.readTree(in).path("componentProperties").properties()) {
                final List<String> choices = new ArrayList<>();
                one.getValue().path("enum").forEach(choice -> choices.add(choice.asText()));
                described.put(
                        plain(one.getKey()),
                        new Option(one.getKey(), one.getValue().path("type").asText(), choices));
            }
        } catch (final IOException e) {
            throw new UncheckedIOException("the component " + component + " is not described", e);
        }
        return described;
    }

    private static InputStream resource(final String name) throws IOException {
        final InputStream in = ComponentOptions.class.getClassLoader().getResourceAsStream(name);
        if (in == null) {
            throw new IOException("there is no " + name);
        }
        return in;
    }
}
