/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import io.serveflow.sensor.line.LineBeginnings;
import io.serveflow.sensor.line.LinePrefix;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The formats that are known to whoever is given this list, and whether one of them is taken for
 * granted. Format detection and the opening of files ask it. Immutable.
 */
public final class SensorFormats {

    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");

    private final List<SensorFormat> all;
    private final List<LineFormat> lines;
    private final List<CaptureFormat> captures;
    private final Optional<SensorFormat> only;
    private final LineSniffer.Keys keys;
    private final List<LinePrefix> prefixes;
    private final LineBeginnings beginnings;

    private SensorFormats(final Collection<SensorFormat> all, final Optional<SensorFormat> only) {
        this.all = List.copyOf(all);
        this.lines = ofType(LineFormat.class);
        this.captures = ofType(CaptureFormat.class);
        this.only = only;
        this.keys = new LineSniffer.Keys(lines);
        this.prefixes = lines.stream().flatMap(format -> format.prefix().stream()).toList();
        this.beginnings =
                new LineBeginnings(
                        lines.stream().flatMap(format -> format.beginnings().stream()).toList());
    }

    private SensorFormats(final SensorFormats known, final SensorFormat only) {
        this.all = known.all;
        this.lines = known.lines;
        this.captures = known.captures;
        this.only = Optional.of(only);
        this.keys = known.keys;
        this.prefixes = known.prefixes;
        this.beginnings = known.beginnings;
    }

    private <F extends SensorFormat> List<F> ofType(final Class<F> type) {
        return all.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /**
     * Those that {@link ServiceLoader} finds beside this class: the ones of this module, and what
     * other jars on the class path provide.
     *
     * @throws IllegalArgumentException as {@link #of} does
     */
    public static SensorFormats installed() {
        return Installed.FORMATS;
    }

    /** Those of this module, whatever other jars provide: what {@link FlowRecordWriter} writes. */
    public static SensorFormats shipped() {
        return Installed.SHIPPED;
    }

    /**
     * Some formats.
     *
     * @throws IllegalArgumentException if two have the same id, or have the same signature key
     */
    public static SensorFormats of(final Collection<? extends SensorFormat> formats) {
        final Map<String, SensorFormat> byKey = new HashMap<>();
        final Set<String> ids = new HashSet<>();
        for (final SensorFormat format : formats) {
            if (!ID.matcher(format.id()).matches()) {
                throw new IllegalArgumentException(
                        format.getClass().getName()
                                + " has the id '"
                                + format.id()
                                + "'; it must be 1 to 32 lower-case letters, digits and dashes");
            }
            if (!ids.add(format.id())) {
                throw new IllegalArgumentException(
                        "two formats have the id " + format.id() + "; name one of them otherwise");
            }
            if (format instanceof LineFormat lines) {
                requireOwnKeys(lines, byKey);
            }
        }
        return new SensorFormats(List.copyOf(formats), Optional.empty());
    }

    private static void requireOwnKeys(
            final LineFormat format, final Map<String, SensorFormat> byKey) {
        final Set<String> keys = new HashSet<>(format.signature().decisive());
        keys.addAll(format.signature().weak());
        for (final String key : keys) {
            final SensorFormat other = byKey.put(key, format);
            if (other != null) {
                throw new IllegalArgumentException(
                        "the formats "
                                + other.id()
                                + " and "
                                + format.id()
                                + " have the same signature key "
                                + key
                                + "; one of them needs another");
            }
        }
    }

    /**
     * The same and some more.
     *
     * @throws IllegalArgumentException as {@link #of} does
     */
    public SensorFormats with(final Collection<? extends SensorFormat> more) {
        if (more.isEmpty()) {
            return this;
        }
        final List<SensorFormat> formats = new ArrayList<>(all);
        more.stream().filter(format -> !formats.contains(format)).forEach(formats::add);
        return new SensorFormats(of(formats).all, only);
    }

    /**
     * The same, of which one is taken for granted whatever the input looks like.
     *
     * @throws IllegalArgumentException if there is none of that id; one sentence that names those
     *     that there are
     */
    public SensorFormats only(final String id) {
        return new SensorFormats(
                this,
                find(id).orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "must be one of " + ids() + ", was " + id)));
    }

    /** The format of that id, if there is one. */
    public Optional<SensorFormat> find(final String id) {
        return all.stream().filter(format -> format.id().equals(id)).findFirst();
    }

    /** The one that is taken for granted; empty to tell it by the content. */
    public Optional<SensorFormat> only() {
        return only;
    }

    /** All formats of lines, also beside one that is taken for granted. */
    public List<LineFormat> lines() {
        return lines;
    }

    /** All formats of captures, also beside one that is taken for granted. */
    public List<CaptureFormat> captures() {
        return captures;
    }

    /** Whether input can only be lines, as the format is given. */
    public boolean isOnlyLines() {
        return only.isPresent() && only.get() instanceof LineFormat;
    }

    /** Whether input can only be captures, as the format is given. */
    public boolean isOnlyCaptures() {
        return only.isPresent() && only.get() instanceof CaptureFormat;
    }

    /** Whether rows below header lines may have to be read. */
    public boolean mayHaveHeaders() {
        return only.isEmpty()
                ? !lines.isEmpty()
                : only.get() instanceof LineFormat f && f.hasHeaders();
    }

    /** The ids, with commas between them. */
    public String ids() {
        return all.stream().map(SensorFormat::id).collect(Collectors.joining(", "));
    }

    /** The ids of the formats of lines, with commas between them. */
    public String lineIds() {
        return lines.stream().map(SensorFormat::id).collect(Collectors.joining(", "));
    }

    /** What is found at the keys of a line. */
    LineSniffer.Keys keys() {
        return keys;
    }

    /** What stands before the lines of those formats that have something there. */
    List<LinePrefix> prefixes() {
        return prefixes;
    }

    /** How lines of all formats begin. */
    LineBeginnings beginnings() {
        return beginnings;
    }

    /** Whether a log of that name may be of any of the formats. */
    boolean isNamed(final String log) {
        for (final LineFormat format : lines) {
            if (format.isNamed(log)) {
                return true;
            }
        }
        return false;
    }

    /** The format of rows of such columns; empty if there is none. */
    Optional<LineFormat> ofColumns(final List<String> columns) {
        return lines.stream().filter(format -> format.readsColumns(columns)).findFirst();
    }

    /** The keys that tell objects, in words. */
    String signatureKeys() {
        final Set<String> keys = new LinkedHashSet<>();
        lines.forEach(format -> format.signature().common().ifPresent(key -> keys.add(key.name())));
        lines.forEach(format -> format.otherLogs().ifPresent(logs -> keys.add(logs.key())));
        return inWords(List.copyOf(keys));
    }

    private static String inWords(final List<String> words) {
        return words.size() < 2
                ? String.join("", words)
                : String.join(", ", words.subList(0, words.size() - 1))
                        + " and "
                        + words.get(words.size() - 1);
    }

    /** What can be read, in words. */
    String titles() {
        return inWords(all.stream().map(SensorFormat::title).toList());
    }

    /** A writer of the first format that has one. */
    FlowRecordWriter writer(final OutputStream out, final boolean observer) {
        return lines.stream()
                .flatMap(format -> format.writer(out, observer).stream())
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException("no format is installed that is written"));
    }

    /** Found when they are first asked for. */
    private static final class Installed {

        private static final String PACKAGE = SensorFormats.class.getPackageName() + ".";

        private static final SensorFormats FORMATS =
                of(
                        ServiceLoader.load(SensorFormat.class, SensorFormat.class.getClassLoader())
                                .stream()
                                .map(ServiceLoader.Provider::get)
                                .toList());

        private static final SensorFormats SHIPPED =
                of(
                        FORMATS.all.stream()
                                .filter(format -> format.getClass().getName().startsWith(PACKAGE))
                                .toList());
    }
}
