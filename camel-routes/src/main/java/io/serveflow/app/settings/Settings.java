/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.settings;

import io.serveflow.app.settings.Kind.Choices;
import io.serveflow.app.settings.Kind.Location;
import io.serveflow.app.settings.Kind.TaskBundles;
import io.serveflow.app.settings.Kind.Time;
import io.serveflow.model.BundleFiles;
import java.io.IOException;
import java.nio.file.Files;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The settings in force, checked. Later ones win: the shipped defaults, the configuration file,
 * variables of the environment, system properties, what the program itself sets.
 *
 * <p>Relative paths are relative to the configuration file that they are in, else to the working
 * directory; the default bundle is one of the product's own.
 */
public final class Settings {

    private static final String OURS = "serveflow.";
    private static final String CAMEL = "camel.";
    private static final String BUNDLE = "serveflow.bundle";
    private static final String BUNDLES = "serveflow.bundles";
    private static final String FILE = "application.properties";

    /** A placeholder of Camel's: a name, maybe optional, maybe with a value if it is not set. */
    private static final Pattern PLACEHOLDER =
            Pattern.compile("\\{\\{\\??([^{}:]+)(?::([^{}]*))?}}");

    private static final int MAX_DEPTH = 10;
    private static final int TENTHS = 10;

    private final Map<String, SetValue> values;
    private final Optional<Path> file;

    private Settings(final Map<String, SetValue> values, final Optional<Path> file) {
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
        final Optional<Path> file =
                sources.configuration()
                        .map(path -> Files.isDirectory(path) ? path.resolve(FILE) : path)
                        .map(Path::toAbsolutePath)
                        .filter(Files::exists);
        final Settings settings = new Settings(new LinkedHashMap<>(), file);
        settings.putDefaults(sources);
        if (file.isPresent()) {
            settings.putFile(file.get());
        }
        settings.putProcess(sources.process());
        sources.given()
                .stringPropertyNames()
                .forEach(
                        name ->
                                settings.put(
                                        name,
                                        sources.given().getProperty(name),
                                        "",
                                        ProcessSettings.folder()));
        final List<String> faults = settings.faults(sources);
        if (!faults.isEmpty()) {
            throw new WrongSettingsException(faults);
        }
        return settings;
    }

    private void putDefaults(final Sources sources) throws IOException {
        final Path beside =
                sources.configuration()
                        .map(Path::toAbsolutePath)
                        .map(path -> Files.isDirectory(path) ? path : path.getParent())
                        .orElse(ProcessSettings.folder());
        final Properties shipped = new Properties();
        try (var in = Settings.class.getResourceAsStream("/" + FILE)) {
            shipped.load(in);
        }
        shipped.stringPropertyNames()
                .forEach(
                        name ->
                                put(
                                        name,
                                        shipped.getProperty(name),
                                        "",
                                        name.equals(BUNDLE) ? sources.home() : beside));
    }

    private void putFile(final Path from) throws IOException {
        try {
            SettingsFile.read(from)
                    .forEach(
                            (name, line) ->
                                    put(
                                            name,
                                            line.value(),
                                            from + " line " + line.line(),
                                            from.getParent()));
        } catch (final IOException e) {
            throw new IOException("cannot read the settings in " + from + ": " + e.getMessage(), e);
        }
    }

    private void putProcess(final ProcessSettings process) {
        final Map<String, String> variables = new LinkedHashMap<>();
        DeclaredSettings.all().forEach(one -> variables.put(one.variable(), one.name()));
        values.keySet().stream()
                .filter(name -> !name.startsWith(CAMEL))
                .forEach(name -> variables.putIfAbsent(variable(name), name));
        process.variables()
                .forEach(
                        (variable, value) ->
                                Optional.ofNullable(variables.get(variable))
                                        .or(() -> likeOne(variable, variables))
                                        .ifPresent(
                                                name ->
                                                        put(
                                                                name,
                                                                value,
                                                                "environment variable " + variable,
                                                                ProcessSettings.folder())));
        process.variables()
                .forEach(
                        (variable, value) ->
                                ComponentOptions.ofVariable(variable)
                                        .ifPresent(
                                                name ->
                                                        put(
                                                                name,
                                                                value,
                                                                "environment variable " + variable,
                                                                ProcessSettings.folder())));
        process.properties().forEach(this::putProperty);
    }

    private void putProperty(final String name, final String value) {
        final boolean known = values.containsKey(name) || DeclaredSettings.named(name).isPresent();
        if (known
                || name.startsWith(CAMEL)
                || name.startsWith(OURS) && Nearest.isSlip(name, names())) {
            put(name, value, "system property -D" + name, ProcessSettings.folder());
        }
    }

    /**
     * A variable that is a setting but for a slip of the pen is kept under its own name, to be a
     * fault; others that begin like ours, as those of a container's services do, are not settings.
     */
    private static Optional<String> likeOne(
            final String variable, final Map<String, String> variables) {
        return variable.startsWith("SERVEFLOW_") && Nearest.isSlip(variable, variables.keySet())
                ? Optional.of(variable)
                : Optional.empty();
    }

    private static String variable(final String name) {
        return name.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    private void put(
            final String name, final String value, final String origin, final Path folder) {
        values.put(name, new SetValue(value, origin, folder));
    }

    private static List<String> names() {
        return DeclaredSettings.all().stream().map(Setting::name).toList();
    }

    private List<String> faults(final Sources sources) {
        final List<String> faults = new ArrayList<>();
        values.forEach(
                (name, value) -> {
                    if (isUnknown(name, sources.own())) {
                        faults.add(unknown(name, value));
                    }
                });
        final Optional<String> named = resolved("serveflow.sources");
        final List<String> running = named.map(Choices::split).orElse(List.of());
        for (final Setting setting : DeclaredSettings.all()) {
            if (isSet(setting.name())) {
                fault(setting, running).ifPresent(faults::add);
            } else if (setting.required() || setting.defaultValue().isPresent()) {
                faults.add(missing(setting));
            }
        }
        final List<String> wrong =
                names().stream()
                        .filter(
                                name ->
                                        faults.stream()
                                                .anyMatch(
                                                        fault ->
                                                                fault.startsWith(
                                                                        "setting " + name + " ")))
                        .toList();
        new ComponentOptions().faults(componentOptions(wrong)).forEach(faults::add);
        camelOptions().forEach(faults::add);
        if (faults.isEmpty()) {
            together(running).forEach(faults::add);
        }
        return faults;
    }

    /**
     * The options of our components that are set, with placeholders replaced; what names something
     * that only Camel finds is left to Camel.
     *
     * @param wrong settings of which something wrong is said already
     */
    private Map<String, SetValue> componentOptions(final List<String> wrong) {
        final Map<String, SetValue> options = new LinkedHashMap<>();
        values.forEach(
                (name, value) -> {
                    final boolean saidAlready =
                            wrong.stream().anyMatch(one -> value.value().contains("{{" + one));
                    if (ComponentOptions.isOurs(name) && !saidAlready) {
                        resolved(name)
                                .ifPresent(
                                        text ->
                                                options.put(
                                                        name,
                                                        new SetValue(
                                                                text,
                                                                value.origin(),
                                                                value.folder())));
                    }
                });
        return options;
    }

    /**
     * What is wrong with options of Camel's; what has a placeholder that is wrong itself is said of
     * that.
     */
    private List<String> camelOptions() {
        final CamelOptions camel = new CamelOptions();
        final List<String> faults = new ArrayList<>();
        values.forEach(
                (name, value) -> {
                    if (CamelOptions.isOne(name) && !value.value().contains("{{serveflow.")) {
                        resolved(name)
                                .map(text -> new SetValue(text, value.origin(), value.folder()))
                                .flatMap(resolved -> camel.fault(name, resolved))
                                .ifPresent(faults::add);
                    }
                });
        return faults;
    }

    /** What is wrong with settings that are right one by one. */
    private List<String> together(final List<String> running) {
        final List<String> faults = new ArrayList<>();
        final int most = number("serveflow.drift.window") / TENTHS * (TENTHS - 1);
        if (number("serveflow.drift.least") > most) {
            faults.add(
                    "setting serveflow.drift.least is "
                            + values.get("serveflow.drift.least").shown()
                            + "; it must be at most "
                            + most
                            + ", nine tenths of serveflow.drift.window");
        }
        if (has(BUNDLES) && !values.get(BUNDLE).origin().isEmpty()) {
            faults.add(
                    "settings serveflow.bundle and serveflow.bundles are both set; leave out"
                            + " serveflow.bundle, and name its bundle in serveflow.bundles too");
        }
        // Dead letters among the sensor files would be read, and become dead letters, without end.
        if (running.contains("files")
                && path("serveflow.dead-letters").startsWith(path("serveflow.input"))) {
            faults.add(
                    "setting serveflow.dead-letters is "
                            + values.get("serveflow.dead-letters").shown()
                            + ", which is inside serveflow.input, "
                            + path("serveflow.input")
                            + "; keep dead letters outside the folder that is read");
        }
        return faults;
    }

    private static boolean isUnknown(final String name, final Set<String> own) {
        return (name.startsWith(OURS) || name.startsWith("SERVEFLOW_"))
                && DeclaredSettings.named(name).isEmpty()
                && !own.contains(name);
    }

    private static String unknown(final String name, final SetValue value) {
        final boolean variable = name.startsWith("SERVEFLOW_");
        final List<String> known =
                variable
                        ? DeclaredSettings.all().stream().map(Setting::variable).toList()
                        : names();
        final String hint = Nearest.hint(name, known);
        return "there is no setting "
                + name
                + (value.origin().isEmpty() || variable ? "" : " (" + value.origin() + ")")
                + (hint.isEmpty()
                        ? "; docs/reference/settings.md lists them all, and a setting of your own"
                                + " route files needs another name"
                        : hint);
    }

    private static String missing(final Setting setting) {
        return "setting "
                + setting.name()
                + " is not set; it says "
                + setting.help()
                + ": "
                + setting.kind().words();
    }

    private Optional<String> fault(final Setting setting, final List<String> running) {
        final SetValue value = values.get(setting.name());
        final Optional<String> text = resolved(setting.name());
        if (text.isEmpty()) {
            return Optional.of(
                    "setting "
                            + setting.name()
                            + " is "
                            + value.shown()
                            + "; what it asks for in braces is not set");
        }
        final Optional<String> fault = setting.kind().fault(text.get());
        if (fault.isPresent()) {
            return fault.map(
                    what -> "setting " + setting.name() + " is " + value.shown() + "; it " + what);
        }
        if (setting.kind() instanceof Location location && location.use() == Location.Use.BUNDLE) {
            return isSet(BUNDLES) ? Optional.empty() : badBundle(setting.name(), text.get());
        }
        if (setting.kind() instanceof TaskBundles) {
            return TaskBundles.parse(text.get()).values().stream()
                    .map(stated -> badBundle(setting.name(), stated))
                    .flatMap(Optional::stream)
                    .findFirst();
        }
        if (setting.kind() instanceof Location location
                && !DeclaredSettings.isIdle(setting.name(), running)) {
            return PathChecks.fault(location.use(), Path.of(absolute(text.get(), value.folder())))
                    .map(
                            what ->
                                    "setting "
                                            + setting.name()
                                            + " is "
                                            + value.shown()
                                            + "; "
                                            + what
                                            + relative(text.get(), value));
        }
        return Optional.empty();
    }

    private Optional<String> badBundle(final String name, final String stated) {
        final SetValue value = values.get(name);
        return PathChecks.bundleFault(absolute(stated, value.folder()))
                .map(
                        what ->
                                "setting "
                                        + name
                                        + " is "
                                        + value.shown()
                                        + "; "
                                        + what
                                        + relative(stated, value));
    }

    /** Where a relative path began, for those who thought that it would begin elsewhere. */
    private static String relative(final String text, final SetValue value) {
        return Path.of(text.strip()).isAbsolute()
                        || text.strip().startsWith(BundleFiles.CLASSPATH)
                        || value.origin().isEmpty()
                ? ""
                : " (relative paths begin at " + value.folder() + ")";
    }

    private static String absolute(final String path, final Path folder) {
        final String stripped =
                path.strip().startsWith(BundleFiles.FILE)
                        ? path.strip().substring(BundleFiles.FILE.length())
                        : path.strip();
        return stripped.startsWith("/") || stripped.startsWith(BundleFiles.CLASSPATH)
                ? stripped
                : folder.resolve(stripped).normalize().toString();
    }

    private boolean isSet(final String name) {
        return values.containsKey(name);
    }

    /** The text of a setting with its placeholders replaced; empty if that cannot be done here. */
    private Optional<String> resolved(final String name) {
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

    /** The configuration file, if there is one. */
    public Optional<Path> file() {
        return file;
    }

    /** Whether a setting has a value. */
    public boolean has(final String name) {
        return resolved(name).isPresent();
    }

    /**
     * A setting as it is in force, paths absolute.
     *
     * @throws IllegalArgumentException if it is not set
     */
    public String text(final String name) {
        final String text =
                resolved(name)
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "setting " + name + " is not set"));
        return canonical(name, text);
    }

    private String canonical(final String name, final String text) {
        final Optional<Kind> kind = DeclaredSettings.named(name).map(Setting::kind);
        if (kind.filter(Location.class::isInstance).isPresent()) {
            return absolute(text, values.get(name).folder());
        }
        if (kind.filter(TaskBundles.class::isInstance).isPresent()) {
            return TaskBundles.parse(text).entrySet().stream()
                    .map(
                            bundle ->
                                    bundle.getKey()
                                            + ":"
                                            + absolute(
                                                    bundle.getValue(), values.get(name).folder()))
                    .collect(Collectors.joining(","));
        }
        return kind.map(known -> known.canonical(text)).orElse(text);
    }

    /**
     * The locations of the bundles in use, by their tasks; under the empty text where the task is
     * for the bundle to say.
     */
    public Map<String, String> bundles() {
        return has(BUNDLES) ? TaskBundles.parse(text(BUNDLES)) : Map.of("", text(BUNDLE));
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

    /** A setting that is a list, separated by commas. */
    public List<String> list(final String name) {
        return Choices.split(text(name));
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
        return ComponentOptions.isPath(name) && has(name) && !value.value().isBlank()
                ? absolute(text(name), value.folder())
                : value.value();
    }
}
