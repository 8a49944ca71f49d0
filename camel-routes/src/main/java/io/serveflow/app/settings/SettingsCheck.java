/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.settings;

import io.serveflow.app.settings.Kind.Choices;
import io.serveflow.app.settings.Kind.FileList;
import io.serveflow.app.settings.Kind.Location;
import io.serveflow.app.settings.Kind.TaskBundles;
import io.serveflow.camel.elastic.IndexProfile;
import io.serveflow.model.BundleFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Finds everything that is wrong with what is set, each in a sentence that says what to do. */
final class SettingsCheck {

    private static final int TENTHS = 10;

    private final SetValues values;
    private final Settings settings;

    /**
     * @param settings those that the values make up
     */
    SettingsCheck(final SetValues values, final Settings settings) {
        this.values = values;
        this.settings = settings;
    }

    /**
     * All that is wrong, one sentence each; none if all is right.
     *
     * @param own names of settings that the operator's own route files ask for
     */
    List<String> faults(final Set<String> own) {
        final List<String> faults = new ArrayList<>();
        values.forEach(
                (name, value) -> {
                    if (isUnknown(name, own)) {
                        faults.add(unknown(name, value));
                    }
                });
        final List<String> running = readsSources() ? sources() : List.of();
        for (final Setting setting : DeclaredSettings.all()) {
            if (values.isSet(setting.name())) {
                fault(setting, running).ifPresent(faults::add);
            } else if (setting.required() && (readsSources() || !isSources(setting))
                    || setting.defaultValue().isPresent()) {
                faults.add(missing(setting));
            }
        }
        final List<String> wrong =
                DeclaredSettings.names().stream()
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
        faults.addAll(unsetOutside());
        if (faults.isEmpty()) {
            together(running).forEach(faults::add);
        }
        return faults;
    }

    private List<String> sources() {
        return values.resolved(Settings.SOURCES).map(Choices::split).orElse(List.of());
    }

    private static boolean isSources(final Setting setting) {
        return setting.name().equals(Settings.SOURCES);
    }

    /** Also where the role is wrong, which is said of itself. */
    private boolean readsSources() {
        return values.resolved(DeclaredSettings.ROLE)
                .map(String::strip)
                .filter(Role.ids()::contains)
                .map(Role::named)
                .orElse(Role.ALL)
                .readsSources();
    }

    /** Where the process stores verdicts, if it does. */
    private Optional<String> stores() {
        return values.resolved(DeclaredSettings.ROLE)
                .map(String::strip)
                .filter(Role.ids()::contains)
                .map(Role::named)
                .filter(Role::stores)
                .flatMap(role -> values.resolved(DeclaredSettings.SINK))
                .map(String::strip);
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
                        values.resolved(name)
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
                        values.resolved(name)
                                .map(text -> new SetValue(text, value.origin(), value.folder()))
                                .flatMap(resolved -> camel.fault(name, resolved))
                                .ifPresent(faults::add);
                    }
                });
        return faults;
    }

    /**
     * Options of Camel and of components that ask for a variable or a system property that is not
     * there; settings that they ask for may be found by Camel in other places.
     */
    private List<String> unsetOutside() {
        final List<String> faults = new ArrayList<>();
        values.forEach(
                (name, value) -> {
                    final boolean stated =
                            name.startsWith(Settings.CAMEL) && !value.origin().isEmpty();
                    if (stated && !value.value().contains("{{?")) {
                        values.unset(name)
                                .filter(unset -> unset.kind() != SetValues.Unset.Kind.SETTING)
                                .ifPresent(
                                        unset ->
                                                faults.add(
                                                        unresolved(
                                                                name, value, Optional.of(unset))));
                    }
                });
        return faults;
    }

    /**
     * What is wrong with some settings alone, whatever others are.
     *
     * @param names those that are looked at
     */
    List<String> faultsOf(final Set<String> names) {
        final List<String> faults = new ArrayList<>();
        values.forEach(
                (name, value) -> {
                    if (isUnknown(name, Set.of()) && Nearest.isSlip(name, names)) {
                        faults.add(unknown(name, value));
                    }
                });
        DeclaredSettings.all().stream()
                .filter(setting -> names.contains(setting.name()) && values.isSet(setting.name()))
                .forEach(setting -> fault(setting, List.of()).ifPresent(faults::add));
        return faults;
    }

    /** What is wrong with settings that are right one by one. */
    private List<String> together(final List<String> running) {
        final List<String> faults = new ArrayList<>();
        faults.addAll(link());
        faults.addAll(repair(running));
        final int most = settings.number("serveflow.drift.window") / TENTHS * (TENTHS - 1);
        if (settings.number("serveflow.drift.least") > most) {
            faults.add(
                    "setting serveflow.drift.least is "
                            + values.get("serveflow.drift.least").shown()
                            + "; it must be at most "
                            + most
                            + ", nine tenths of serveflow.drift.window");
        }
        faults.addAll(worker());
        faults.addAll(indexNames());
        if (settings.has(Settings.BUNDLES) && !values.get(Settings.BUNDLE).origin().isEmpty()) {
            faults.add(
                    "settings serveflow.bundle and serveflow.bundles are both set; leave out"
                            + " serveflow.bundle, and name its bundle in serveflow.bundles too");
        }
        if (settings.yes("serveflow.bundle.requireSignature")
                && !settings.has("serveflow.bundle.trustedKeys")) {
            faults.add(
                    "setting serveflow.bundle.requireSignature is "
                            + values.get("serveflow.bundle.requireSignature").shown()
                            + "; it needs serveflow.bundle.trustedKeys, a file with the public keys"
                            + " of those who sign");
        }
        if (running.contains("files")) {
            Stream.concat(
                            settings.repairTopic().isPresent()
                                    ? Stream.of("serveflow.deadLetters")
                                    : Stream.of("serveflow.deadLetters", Settings.REPAIR),
                            settings.storesInFiles()
                                    ? Stream.of("serveflow.file.folder")
                                    : Stream.empty())
                    .filter(this::isAmongInputs)
                    .map(this::amongInputs)
                    .forEach(faults::add);
        }
        return faults;
    }

    /** Flows are kept in one place, which holds nothing else. */
    private List<String> repair(final List<String> running) {
        if (settings.repairTopic().isEmpty()) {
            return List.of();
        }
        final List<String> faults = new ArrayList<>();
        if (!values.get(Settings.REPAIR).origin().isEmpty()) {
            faults.add(
                    "settings serveflow.repair and serveflow.repair.topic are both set; leave out"
                            + " the one where flows are not to be kept. ./serveflow repair FILE"
                            + " still repairs what is in a file");
        }
        final String prefix = settings.text("serveflow.link.prefix");
        final List<String> taken = new ArrayList<>();
        if (settings.linkedByKafka()) {
            taken.addAll(List.of(prefix + "uncertain", prefix + "verdicts"));
        }
        if (running.contains(DeclaredSettings.KAFKA)) {
            taken.addAll(settings.list("serveflow.kafka.topics"));
        }
        if (taken.contains(settings.repairTopic().get())) {
            faults.add(
                    "setting serveflow.repair.topic is "
                            + values.get(Settings.REPAIR_TOPIC).shown()
                            + ", which holds other records; it needs a topic of its own");
        }
        return faults;
    }

    private List<String> link() {
        final Role role = settings.role();
        if (settings.linkedByKafka() && role == Role.ALL) {
            return List.of(
                    "setting serveflow.link is kafka and serveflow.role is all, which hands nothing"
                            + " to other processes; set serveflow.role to fast, slow or index, or"
                            + " leave serveflow.link out");
        }
        if (!settings.linkedByKafka() && (role == Role.FAST || role == Role.INDEX)) {
            return List.of(
                    "setting serveflow.role is "
                            + values.get(DeclaredSettings.ROLE).shown()
                            + "; processes of this role hand flows and verdicts to others by Kafka,"
                            + " so set serveflow.link to kafka too");
        }
        return List.of();
    }

    /** Indices of other names would be made without the template, with guessed types. */
    private List<String> indexNames() {
        if (!settings.storesInElasticsearch()
                || !settings.yes("serveflow.elasticsearch.templates")
                || !settings.text("serveflow.index.profile").equals(IndexProfile.MALCOLM.id())) {
            return List.of();
        }
        return Stream.concat(
                        Stream.of("serveflow.index"),
                        settings.alerts().isEmpty()
                                ? Stream.empty()
                                : Stream.of("serveflow.alerts.index"))
                .filter(name -> !settings.text(name).startsWith(IndexProfile.MALCOLM_NAMES))
                .map(
                        name ->
                                "setting "
                                        + name
                                        + " is "
                                        + values.get(name).shown()
                                        + "; with serveflow.index.profile=malcolm it must begin"
                                        + " with "
                                        + IndexProfile.MALCOLM_NAMES
                                        + ", which the template is for: set"
                                        + " serveflow.profile=malcolm, which names all of it, or"
                                        + " serveflow.elasticsearch.templates=false if there is"
                                        + " another template for it")
                .toList();
    }

    private List<String> worker() {
        final List<String> faults = new ArrayList<>();
        final int most = settings.number("serveflow.worker.maxRows");
        if (settings.number("serveflow.worker.maxWaiting") < most) {
            faults.add(
                    "setting serveflow.worker.maxWaiting is "
                            + values.get("serveflow.worker.maxWaiting").shown()
                            + "; it must be at least "
                            + most
                            + ", as serveflow.worker.maxRows is");
        }
        final boolean certified = settings.has("serveflow.worker.certificate");
        if (certified != settings.has("serveflow.worker.privateKey")) {
            faults.add(
                    "of serveflow.worker.certificate and serveflow.worker.privateKey one is not"
                            + " set; set both, or none");
        }
        if (!certified && settings.has("serveflow.worker.clientCertificates")) {
            faults.add(
                    "setting serveflow.worker.clientCertificates is "
                            + values.get("serveflow.worker.clientCertificates").shown()
                            + "; it takes serveflow.worker.certificate and"
                            + " serveflow.worker.privateKey too");
        }
        return faults;
    }

    /** What is written there would be read, and become dead letters, without end. */
    private boolean isAmongInputs(final String name) {
        return settings.path(name).startsWith(settings.path("serveflow.input"));
    }

    private String amongInputs(final String name) {
        return "setting "
                + name
                + " is "
                + values.get(name).shown()
                + ", which is inside serveflow.input, "
                + settings.path("serveflow.input")
                + "; keep it outside the folder that is read";
    }

    private static boolean isUnknown(final String name, final Set<String> own) {
        return (name.startsWith(Settings.OURS) || name.startsWith("SERVEFLOW_"))
                && DeclaredSettings.named(name).isEmpty()
                && !own.contains(name);
    }

    private static String unknown(final String name, final SetValue value) {
        final boolean variable = name.startsWith("SERVEFLOW_");
        final List<String> known =
                variable
                        ? DeclaredSettings.all().stream().map(Setting::variable).toList()
                        : DeclaredSettings.names();
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

    /** The sentence on a setting whose placeholders cannot be replaced. */
    static String unresolved(
            final String name, final SetValue value, final Optional<SetValues.Unset> unset) {
        return "setting "
                + name
                + " is "
                + value.shown()
                + "; what it asks for in braces is not set"
                + unset.map(one -> ": " + one.words()).orElse("");
    }

    private Optional<String> fault(final Setting setting, final List<String> running) {
        final SetValue value = values.get(setting.name());
        final Optional<String> text = values.resolved(setting.name());
        if (text.isEmpty()) {
            return Optional.of(unresolved(setting.name(), value, values.unset(setting.name())));
        }
        final Optional<String> fault = setting.kind().fault(text.get());
        if (fault.isPresent()) {
            return fault.map(
                    what -> "setting " + setting.name() + " is " + value.shown() + "; it " + what);
        }
        if (setting.kind() instanceof Location location && location.use() == Location.Use.BUNDLE) {
            return values.isSet(Settings.BUNDLES) && setting.name().equals(Settings.BUNDLE)
                    ? Optional.empty()
                    : badBundle(setting.name(), text.get());
        }
        if (setting.kind() instanceof TaskBundles) {
            return TaskBundles.parse(text.get()).values().stream()
                    .map(stated -> badBundle(setting.name(), stated))
                    .flatMap(Optional::stream)
                    .findFirst();
        }
        if (setting.kind() instanceof FileList) {
            return Choices.split(text.get()).stream()
                    .map(stated -> badFile(setting.name(), stated))
                    .flatMap(Optional::stream)
                    .findFirst();
        }
        if (setting.kind() instanceof Location location
                && !(setting.name().equals(Settings.REPAIR) && values.isSet(Settings.REPAIR_TOPIC))
                && !DeclaredSettings.isIdle(
                        setting.name(),
                        values.resolved("serveflow.role").orElse(""),
                        stores(),
                        running)) {
            return PathChecks.fault(
                            location.use(), Path.of(SetValues.absolute(text.get(), value.folder())))
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

    private Optional<String> badFile(final String name, final String stated) {
        final SetValue value = values.get(name);
        return PathChecks.file(Path.of(SetValues.absolute(stated, value.folder())))
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

    private Optional<String> badBundle(final String name, final String stated) {
        final SetValue value = values.get(name);
        return PathChecks.bundleFault(SetValues.absolute(stated, value.folder()))
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
}
