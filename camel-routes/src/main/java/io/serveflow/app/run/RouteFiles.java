/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import io.serveflow.app.settings.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Which route files are loaded: the shipped ones, replaced or joined by those of the operator. */
final class RouteFiles {

    private static final Map<Role, List<String>> SHIPPED =
            Map.of(
                    Role.ALL,
                    List.of(
                            "flows.camel.yaml",
                            "summaries.camel.yaml",
                            "tasks.camel.yaml",
                            "cascade.camel.yaml",
                            "slow.camel.yaml",
                            "repair.camel.yaml",
                            "verdicts.camel.yaml",
                            "hosts.camel.yaml",
                            "console.camel.yaml"),
                    Role.FAST,
                    List.of(
                            "flows.camel.yaml",
                            "summaries.camel.yaml",
                            "tasks.camel.yaml",
                            "cascade.camel.yaml",
                            "role-fast.camel.yaml",
                            "verdicts.camel.yaml",
                            "console.camel.yaml"),
                    Role.SLOW,
                    List.of(
                            "role-slow.camel.yaml",
                            "tasks.camel.yaml",
                            "cascade.camel.yaml",
                            "slow.camel.yaml",
                            "repair.camel.yaml",
                            "verdicts.camel.yaml",
                            "console.camel.yaml"),
                    Role.INDEX,
                    List.of("role-index.camel.yaml", "console.camel.yaml"));

    /** What is done with verdicts that are stored, where some become alerts and where none do. */
    private static final String ALERTS = "alerts.camel.yaml";

    private static final String NO_ALERTS = "no-alerts.camel.yaml";

    /** The files that send verdicts which are stored to where alerts are made of them. */
    private static final Map<Role, String> STORING =
            Map.of(Role.ALL, "verdicts.camel.yaml", Role.INDEX, "role-index.camel.yaml");

    /** Where alerts are made, by an address or by hand. */
    private static final Pattern ALERTED = Pattern.compile("\\bdirect:alerts\\b|\\bflowAlerts\\b");

    private static final Pattern ALERTS_BEGIN =
            Pattern.compile("\\bfrom:\\s+(?:uri:\\s*)?[\"']?direct:alerts\\b");

    private static final Pattern COMMENT = Pattern.compile("(?m)(?:^|\\s)#.*$");

    /** Shipped files of earlier versions, and the file that has their routes now. */
    private static final Map<String, String> REPLACED =
            Map.of(
                    "fastest.camel.yaml", "cascade.camel.yaml",
                    "fast.camel.yaml", "cascade.camel.yaml");

    /**
     * Routes of earlier versions, by the address that they had; what is sent to them waits for a
     * consumer that never comes.
     */
    private static final Pattern GONE = Pattern.compile("\\bdirect:(?:fastest|fast)\\b");

    /** The steps at which shipped files count flows, for the account. */
    private static final Map<String, String> COUNTING =
            Map.of(
                    "flows.camel.yaml", "flowsTaken",
                    "cascade.camel.yaml", "flowsWaiting",
                    "slow.camel.yaml", "flowsJoined",
                    "verdicts.camel.yaml", "verdictsStored");

    /** The name of a setting that a route file asks for. */
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{[?!]?([^{}:]+)");

    private final List<Path> own;

    private RouteFiles(final List<Path> own) {
        this.own = own;
    }

    /**
     * The shipped files and those in the folder {@code camel} beside a configuration file, or in a
     * configuration folder.
     */
    static RouteFiles beside(final Optional<Path> configuration) throws IOException {
        final Optional<Path> folder =
                configuration
                        .map(Path::toAbsolutePath)
                        .map(path -> Files.isDirectory(path) ? path : path.getParent())
                        .map(path -> path.resolve("camel"))
                        .filter(Files::isDirectory);
        if (folder.isEmpty()) {
            return new RouteFiles(List.of());
        }
        try (Stream<Path> files = Files.list(folder.get())) {
            return new RouteFiles(
                    files.filter(file -> file.toString().endsWith(".camel.yaml"))
                            .sorted()
                            .toList());
        }
    }

    /**
     * What is wrong with the operator's own files: those that would replace nothing any more, and
     * those that hold no routes, which Camel would ignore.
     */
    List<String> faults() throws IOException {
        final List<String> faults = new ArrayList<>();
        for (final Path file : own) {
            final String successor = REPLACED.get(file.getFileName().toString());
            if (successor != null) {
                faults.add(
                        "route file "
                                + file
                                + " replaces no shipped file any more; what it did is in "
                                + successor
                                + " now, so put a file of that name in its place, or give it"
                                + " another name if it is a route of your own");
            } else if (sendsToGone(file).isPresent()) {
                faults.add(
                        "route file "
                                + file
                                + " sends to "
                                + sendsToGone(file).get()
                                + ", a route of an earlier version that is gone; send"
                                + " first records to \"{{cascades.first}}\", as the shipped"
                                + " flows.camel.yaml does");
            } else if (isText(file)) {
                faults.add(
                        "route file "
                                + file
                                + " is no list of routes; its first line that counts begins with"
                                + " '- route:' or another element of Camel's YAML");
            }
        }
        return faults;
    }

    /** What a file says, without what stands in comments. */
    private static String routes(final Path file) throws IOException {
        return COMMENT.matcher(Files.readString(file)).replaceAll("");
    }

    /** The address of a route that is gone, if a file names it and none of the files has it. */
    private Optional<String> sendsToGone(final Path file) throws IOException {
        final Matcher gone = GONE.matcher(routes(file));
        while (gone.find()) {
            final Pattern consumer =
                    Pattern.compile(
                            "\\bfrom:\\s+(?:uri:\\s*)?[\"']?"
                                    + Pattern.quote(gone.group())
                                    + "\\b");
            boolean isThere = false;
            for (final Path other : own) {
                isThere |= consumer.matcher(routes(other)).find();
            }
            if (!isThere) {
                return Optional.of(gone.group());
            }
        }
        return Optional.empty();
    }

    /** Whether a file is one text for YAML; what is no YAML at all is Camel's to report. */
    private static boolean isText(final Path file) throws IOException {
        try {
            for (final Event event :
                    new Parse(LoadSettings.builder().build()).parseString(Files.readString(file))) {
                if (event instanceof NodeEvent) {
                    return event.getEventId() == Event.ID.Scalar;
                }
            }
            return false;
        } catch (final YamlEngineException e) {
            return false;
        }
    }

    /**
     * Why flows are not accounted for: files of the operator that are there instead of shipped ones
     * lack the steps that count them. Empty if all are counted.
     */
    Optional<String> uncounted() throws IOException {
        final List<String> without = new ArrayList<>();
        for (final Path file : own) {
            final String name = file.getFileName().toString();
            final String step = COUNTING.get(name);
            if (step != null && !routes(file).contains(step)) {
                without.add("your " + name + " has no step " + step);
            }
        }
        return without.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", without));
    }

    /** The names of the settings that the operator's own files ask for. */
    Set<String> placeholders() throws IOException {
        final Set<String> names = new HashSet<>();
        for (final Path file : own) {
            final Matcher placeholder = PLACEHOLDER.matcher(Files.readString(file));
            while (placeholder.find()) {
                names.add(placeholder.group(1).strip());
            }
        }
        return names;
    }

    /**
     * The file of the operator that replaces the one which sends verdicts to where alerts are made,
     * and does not do that, nor does any other of theirs; empty if alerts are made.
     */
    Optional<Path> withoutAlerts(final Role role) throws IOException {
        final Optional<Path> storing =
                own.stream()
                        .filter(
                                file ->
                                        file.getFileName()
                                                .toString()
                                                .equals(STORING.getOrDefault(role, "")))
                        .findFirst();
        for (final Path file : own) {
            if (ALERTED.matcher(ALERTS_BEGIN.matcher(routes(file)).replaceAll("")).find()) {
                return Optional.empty();
            }
        }
        return storing;
    }

    /** What the operator's own files do, such as that one replaces a shipped one; empty if none. */
    Optional<String> words(final List<String> sources, final Role role) {
        if (own.isEmpty()) {
            return Optional.empty();
        }
        final List<String> shipped =
                Stream.concat(shipped(sources, role), Stream.of(ALERTS, NO_ALERTS)).toList();
        return Optional.of(
                "own routes "
                        + own.stream()
                                .map(file -> file.getFileName().toString())
                                .map(
                                        name ->
                                                shipped.contains(name)
                                                        ? name + " (instead of the shipped)"
                                                        : name)
                                .collect(Collectors.joining(", ")));
    }

    private static Stream<String> shipped(final List<String> sources, final Role role) {
        return Stream.concat(
                sources.stream().map(RouteFiles::ofSource), SHIPPED.get(role).stream());
    }

    private static String ofSource(final String source) {
        return "sensor-" + source + ".camel.yaml";
    }

    /**
     * Camel's include pattern for the files in force.
     *
     * @param alerts whether labels are named whose verdicts become alerts
     */
    String pattern(final List<String> sources, final Role role, final boolean alerts) {
        final List<String> names = own.stream().map(file -> file.getFileName().toString()).toList();
        final List<String> locations = new ArrayList<>();
        Stream.concat(
                        shipped(sources, role),
                        Stream.of(alerts && role.stores() ? ALERTS : NO_ALERTS)
                                .filter(name -> !names.contains(ALERTS)))
                .filter(name -> !names.contains(name))
                .map("classpath:camel/"::concat)
                .forEach(locations::add);
        own.stream().map(file -> "file:" + file.toAbsolutePath()).forEach(locations::add);
        return String.join(",", locations);
    }
}
