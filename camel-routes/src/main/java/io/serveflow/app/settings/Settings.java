/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.settings;

import io.serveflow.app.settings.Kind.AlertList;
import io.serveflow.app.settings.Kind.Choices;
import io.serveflow.app.settings.Kind.FileList;
import io.serveflow.app.settings.Kind.Location;
import io.serveflow.app.settings.Kind.TaskBundles;
import io.serveflow.app.settings.Kind.Time;
import io.serveflow.camel.FlowAlerts;
import io.serveflow.model.BundleTrust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The settings in force, checked. Later ones win: the shipped defaults, the configuration file,
 * variables of the environment, system properties, what the program itself sets.
 *
 * <p>Relative paths are relative to the configuration file that they are in, else to the working
 * directory; the default bundle is one of the product's own.
 */
public final class Settings {

    static final String OURS = "serveflow.";
    static final String CAMEL = "camel.";
    static final String SOURCES = "serveflow.sources";
    static final String BUNDLE = "serveflow.bundle";
    static final String BUNDLES = "serveflow.bundles";
    static final String ALERTS = "serveflow.alerts";
    static final String URLS = "serveflow.elasticsearch.urls";
    static final String FILE = "application.properties";
    static final String REPAIR = "serveflow.repair";
    static final String REPAIR_TOPIC = "serveflow.repair.topic";

    private final SetValues values;
    private final Optional<Path> file;

    private Settings(final SetValues values, final Optional<Path> file) {
        this.values = values;
        this.file = file;
    }

    /**
     * Where settings come from.
     *
     * @param home the product's folder, with the shipped bundles
     * @param configuration a configuration file, or a folder that may hold one of the name {@code
     *     application.properties}
     * @param process what the process was started with
     * @param given what the program sets
     * @param own names of settings that the operator's own route files ask for
     */
    public record Sources(
            Path home,
            Optional<Path> configuration,
            ProcessSettings process,
            Properties given,
            Set<String> own) {}

    /**
     * Reads and checks all settings.
     *
     * @throws WrongSettingsException naming everything that is wrong
     * @throws IOException if the configuration file cannot be read
     */
    public static Settings load(final Sources sources) throws IOException {
        final Optional<Path> file = file(sources);
        final SetValues values = SettingsReading.read(sources, file);
        final Settings settings = new Settings(values, file);
        final List<String> faults =
                new ArrayList<>(new SettingsCheck(values, settings).faults(sources.own()));
        if (faults.isEmpty() && settings.role().stores()) {
            storing(sources, file, settings).ifPresent(faults::add);
        }
        if (!faults.isEmpty()) {
            throw new WrongSettingsException(faults);
        }
        return settings;
    }

    /**
     * Reads all settings and checks some alone, for a program that asks of an instance no more than
     * these: folders and keys of it may be closed to whoever runs that.
     *
     * @param names of the settings that are checked; others may be wrong
     * @throws WrongSettingsException naming everything that is wrong with these
     * @throws IOException if the configuration file cannot be read
     */
    public static Settings load(final Sources sources, final Set<String> names) throws IOException {
        final Optional<Path> file = file(sources);
        final SetValues values = SettingsReading.read(sources, file);
        final Settings settings = new Settings(values, file);
        final List<String> faults = new SettingsCheck(values, settings).faultsOf(names);
        if (!faults.isEmpty()) {
            throw new WrongSettingsException(faults);
        }
        return settings;
    }

    private static Optional<Path> file(final Sources sources) {
        return sources.configuration()
                .map(path -> Files.isDirectory(path) ? path.resolve(FILE) : path)
                .map(Path::toAbsolutePath)
                .filter(Files::exists);
    }

    /**
     * What is wrong where a program that stores verdicts is to do so by the settings of a process
     * that stores none: these need not say where Elasticsearch is, and the default would be waited
     * for.
     */
    private static Optional<String> storing(
            final Sources sources, final Optional<Path> file, final Settings settings)
            throws IOException {
        if (settings.storesInFiles()
                || !sources.given().containsKey(DeclaredSettings.ROLE)
                || sources.given().containsKey(URLS)) {
            return Optional.empty();
        }
        final SetValues stated =
                SettingsReading.read(
                        new Sources(
                                sources.home(),
                                sources.configuration(),
                                sources.process(),
                                new Properties(),
                                sources.own()),
                        file);
        final boolean storesNothing =
                stated.resolved(DeclaredSettings.ROLE)
                        .filter(Role.ids()::contains)
                        .filter(role -> !Role.named(role).stores())
                        .isPresent();
        final boolean isSaid =
                Stream.of(URLS, "camel.component.serveflow-index.urls")
                        .anyMatch(name -> !stated.get(name).origin().isEmpty());
        return storesNothing && !isSaid
                ? Optional.of(
                        "setting serveflow.role is "
                                + stated.get(DeclaredSettings.ROLE).shown()
                                + ", whose processes store nothing, and "
                                + URLS
                                + " is not set; set it, as this command stores verdicts, or give it"
                                + " a node with --url")
                : Optional.empty();
    }

    /** The configuration file, if there is one. */
    public Optional<Path> file() {
        return file;
    }

    /** Whether a setting has a value. */
    public boolean has(final String name) {
        return values.resolved(name).isPresent();
    }

    /**
     * A setting as it is in force, paths absolute.
     *
     * @throws IllegalArgumentException if it is not set
     */
    public String text(final String name) {
        final String text =
                values.resolved(name)
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "setting " + name + " is not set"));
        return canonical(name, text);
    }

    private String canonical(final String name, final String text) {
        final Optional<Kind> kind = DeclaredSettings.named(name).map(Setting::kind);
        if (kind.filter(Location.class::isInstance).isPresent()) {
            return SetValues.absolute(text, values.get(name).folder());
        }
        if (kind.filter(TaskBundles.class::isInstance).isPresent()) {
            return TaskBundles.parse(text).entrySet().stream()
                    .map(
                            bundle ->
                                    bundle.getKey()
                                            + ":"
                                            + SetValues.absolute(
                                                    bundle.getValue(), values.get(name).folder()))
                    .collect(Collectors.joining(","));
        }
        if (kind.filter(FileList.class::isInstance).isPresent()) {
            return absolute(text, values.get(name).folder());
        }
        return kind.map(known -> known.canonical(text)).orElse(text);
    }

    /** The paths of a list, absolute. */
    private static String absolute(final String list, final Path folder) {
        return Choices.split(list).stream()
                .map(path -> SetValues.absolute(path, folder))
                .collect(Collectors.joining(","));
    }

    /**
     * The locations of the bundles in use, by their tasks; under the empty text where the task is
     * for the bundle to say.
     */
    public Map<String, String> bundles() {
        return has(BUNDLES) ? TaskBundles.parse(text(BUNDLES)) : Map.of("", text(BUNDLE));
    }

    /**
     * Whose bundles are used.
     *
     * @throws IllegalArgumentException if a file of trusted keys cannot be read
     */
    public BundleTrust trust() {
        final String keys = "serveflow.bundle.trustedKeys";
        return BundleTrust.reading(
                keys, has(keys) ? list(keys) : List.of(), yes("serveflow.bundle.requireSignature"));
    }

    /** Whether the process scores tiers for others by gRPC, and reads nothing itself. */
    public boolean isWorker() {
        return role() == Role.SLOW && !linkedByKafka();
    }

    /** Which part of the routes the process runs. */
    public Role role() {
        return Role.named(text(DeclaredSettings.ROLE));
    }

    /** Whether the process stores verdicts in files, for an agent that ships them. */
    public boolean storesInFiles() {
        return role().stores() && text(DeclaredSettings.SINK).equals(DeclaredSettings.FILE);
    }

    /** Whether the process stores verdicts in Elasticsearch itself. */
    public boolean storesInElasticsearch() {
        return role().stores() && !storesInFiles();
    }

    /** Whether the parts of the routes hand flows and verdicts to each other by Kafka. */
    public boolean linkedByKafka() {
        return text(DeclaredSettings.LINK).equals(DeclaredSettings.KAFKA);
    }

    /** The topic of flows that the slow tier had no answer for; empty where a file has them. */
    public Optional<String> repairTopic() {
        return has(REPAIR_TOPIC) ? Optional.of(text(REPAIR_TOPIC)) : Optional.empty();
    }

    /** Whether the process sends flows to a topic that the slow tier had no answer for. */
    public boolean sendsToRepairTopic() {
        return repairTopic().isPresent()
                && !isWorker()
                && (role() == Role.ALL || role() == Role.SLOW);
    }

    /** Whether any topic is asked for, to read from or to send to. */
    public boolean talksToKafka() {
        return linkedByKafka()
                || sources().contains(DeclaredSettings.KAFKA)
                || sendsToRepairTopic();
    }

    /** Where flows come from; nowhere in a role that reads no sources, whatever is set. */
    public List<String> sources() {
        return role().readsSources() ? list(SOURCES) : List.of();
    }

    /** A setting that is a whole number. */
    public int number(final String name) {
        return Integer.parseInt(text(name));
    }

    /** A setting that is true or false. */
    public boolean yes(final String name) {
        return Boolean.parseBoolean(text(name).strip());
    }

    /** A setting that is a path. */
    public Path path(final String name) {
        return Path.of(text(name));
    }

    /** A setting that is a path, as it is where the program itself sets none. */
    public Path statedPath(final String name) {
        final SetValue stated = values.stated(name);
        return Path.of(SetValues.absolute(stated.value(), stated.folder()));
    }

    /** A setting that is a list, separated by commas. */
    public List<String> list(final String name) {
        return Choices.split(text(name));
    }

    /** The labels whose verdicts become alerts; none unless they are set. */
    public List<FlowAlerts.Rule> alerts() {
        return has(ALERTS)
                ? AlertList.parse(text(ALERTS)).stream()
                        .map(
                                alert ->
                                        new FlowAlerts.Rule(
                                                alert.task(), alert.label(), alert.severity()))
                        .toList()
                : List.of();
    }

    /** A setting that is a time. */
    public Duration time(final String name) {
        final Kind kind =
                DeclaredSettings.named(name)
                        .map(Setting::kind)
                        .orElseThrow(
                                () -> new IllegalArgumentException("there is no setting " + name));
        if (kind instanceof Time time) {
            return time.parse(text(name)).orElseThrow();
        }
        throw new IllegalArgumentException("setting " + name + " is no time");
    }

    /** All settings as Camel is to see them: declared ones in their canonical form. */
    public Properties forCamel() {
        final Properties properties = new Properties();
        values.forEach((name, value) -> properties.setProperty(name, forCamel(name, value)));
        return properties;
    }

    private String forCamel(final String name, final SetValue value) {
        if (DeclaredSettings.named(name).isPresent() && has(name)) {
            return text(name);
        }
        if (ComponentOptions.isPathList(name) && has(name)) {
            return absolute(text(name), value.folder());
        }
        return ComponentOptions.isPath(name)
                        && has(name)
                        && !value.value().isBlank()
                        && !value.value().startsWith("#")
                ? SetValues.absolute(text(name), value.folder())
                : value.value();
    }
}
