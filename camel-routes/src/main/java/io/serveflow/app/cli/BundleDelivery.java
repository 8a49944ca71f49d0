/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import io.serveflow.app.BuildInfo;
import io.serveflow.app.settings.ProcessSettings;
import io.serveflow.app.settings.Settings;
import io.serveflow.model.Bundle;
import io.serveflow.model.BundleException;
import io.serveflow.model.BundleFiles;
import io.serveflow.model.BundleJson;
import io.serveflow.model.BundleManifest;
import io.serveflow.model.BundleSignature;
import io.serveflow.model.BundleTrust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Puts a bundle where an instance reads the one of the same task: a link is turned to it, and a
 * folder is replaced by a copy that is made beside it first.
 */
final class BundleDelivery {

    /** The settings of an instance that say where its bundles are, and whose it takes. */
    private static final Set<String> NEEDED =
            Set.of(
                    "serveflow.bundle",
                    "serveflow.bundles",
                    "serveflow.bundle.watch",
                    "serveflow.bundle.requireSignature",
                    "serveflow.bundle.trustedKeys");

    private final List<String> locations;
    private final BundleTrust trust;
    private final String next;

    private BundleDelivery(
            final List<String> locations, final BundleTrust trust, final String next) {
        this.locations = List.copyOf(locations);
        this.trust = trust;
        this.next = next;
    }

    /**
     * What was done.
     *
     * @param folder where the bundle is now
     * @param next what becomes of it, in a few words
     */
    record Delivered(BundleManifest bundle, Path folder, String next) {}

    /** To a folder that is known. */
    static BundleDelivery at(final Path folder) {
        return new BundleDelivery(
                List.of(folder.toString()),
                BundleTrust.ANYBODY,
                "a running instance takes it at its next look (serveflow.bundle.watch)");
    }

    /**
     * To the instance with these settings.
     *
     * @throws io.serveflow.app.settings.WrongSettingsException naming all settings of bundles that
     *     are wrong
     */
    static BundleDelivery to(final Path configuration) throws IOException {
        final Settings settings =
                Settings.load(
                        new Settings.Sources(
                                BuildInfo.home(),
                                Optional.of(configuration),
                                ProcessSettings.ofThisProcess(),
                                new Properties(),
                                Set.of()),
                        NEEDED);
        final Duration watch = settings.time("serveflow.bundle.watch");
        return new BundleDelivery(
                List.copyOf(settings.bundles().values()),
                settings.trust(),
                watch.isZero()
                        ? "an instance takes it at its next start, as serveflow.bundle.watch is 0"
                        : "a running instance takes it within " + watch.toSeconds() + " s");
    }

    /**
     * Puts a bundle there, once it is loaded and found to be whole.
     *
     * @param asked whose bundles the person at the terminal trusts
     * @throws BundleException if the bundle is not whole or not trusted, or an instance could not
     *     take it instead of the one that is there
     */
    Delivered deliver(final Path source, final BundleTrust asked) throws IOException {
        final BundleManifest bundle;
        try (Bundle loaded = Bundle.load(BundleFiles.in(source), trust)) {
            bundle = loaded.manifest();
            asked.require(loaded.signer());
        }
        final Path target = target(bundle);
        if (Files.exists(target) && Files.isSameFile(source, target)) {
            throw new BundleException(
                    "bundle " + source + " is at " + target + " already; name the one to use");
        }
        if (Files.isSymbolicLink(target)) {
            turn(target, source.toRealPath());
        } else {
            replace(target, source, bundle);
        }
        return new Delivered(bundle, target, next);
    }

    private Path target(final BundleManifest bundle) throws IOException {
        final List<String> others = new ArrayList<>();
        for (final String location : locations) {
            if (location.startsWith(BundleFiles.CLASSPATH)) {
                others.add(location);
                continue;
            }
            final Path folder = Path.of(location).toAbsolutePath().normalize();
            putBack(folder);
            final BundleManifest there = BundleFiles.in(folder).manifest();
            if (there.task().equals(bundle.task()) || locations.size() == 1) {
                requireOwn(folder);
                there.requireAlike(bundle);
                return folder;
            }
            others.add(there.task() + " at " + location);
        }
        throw new BundleException(
                "no folder has a bundle of the task "
                        + bundle.task()
                        + "; there is "
                        + String.join(", ", others));
    }

    /** An upgrade would bring the shipped one back, and other instances may use it. */
    private static void requireOwn(final Path folder) {
        if (folder.startsWith(BuildInfo.home().resolve("models"))) {
            throw new BundleException(
                    "the bundle "
                            + folder
                            + " comes with the product; set serveflow.bundle to a folder of your"
                            + " own, such as a copy of it");
        }
    }

    private static Path before(final Path folder) {
        return folder.resolveSibling(folder.getFileName() + ".before");
    }

    /** After a replacing that was ended in the middle. */
    private static void putBack(final Path folder) throws IOException {
        if (Files.notExists(folder, LinkOption.NOFOLLOW_LINKS) && isBundle(before(folder))) {
            Files.move(before(folder), folder);
        }
    }

    private static boolean isBundle(final Path folder) {
        return Files.isRegularFile(folder.resolve(BundleJson.FILE));
    }

    private static void turn(final Path link, final Path to) throws IOException {
        final Path draft = link.resolveSibling("." + link.getFileName() + ".next");
        Files.deleteIfExists(draft);
        Files.move(
                Files.createSymbolicLink(draft, to),
                link,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static void replace(final Path target, final Path source, final BundleManifest bundle)
            throws IOException {
        final Path draft = target.resolveSibling("." + target.getFileName() + ".next");
        delete(draft);
        copy(source, draft, bundle);
        if (Files.exists(before(target)) && !isBundle(before(target))) {
            throw new BundleException(
                    before(target)
                            + " holds no bundle, and is where the one that is replaced would go;"
                            + " move it elsewhere");
        }
        delete(before(target));
        Files.move(target, before(target));
        try {
            Files.move(draft, target);
        } catch (final IOException e) {
            Files.move(before(target), target);
            throw e;
        }
    }

    private static void copy(final Path source, final Path draft, final BundleManifest bundle)
            throws IOException {
        final BundleFiles files = BundleFiles.in(source.toRealPath());
        for (final String name : bundle.files().keySet()) {
            write(draft, name, files.read(name));
        }
        final Optional<byte[]> signature = files.find(BundleSignature.FILE);
        if (signature.isPresent()) {
            write(draft, BundleSignature.FILE, signature.get());
        }
        write(draft, BundleJson.FILE, files.read(BundleJson.FILE));
    }

    private static void write(final Path folder, final String name, final byte[] content)
            throws IOException {
        final Path file = folder.resolve(name).normalize();
        if (!file.startsWith(folder.normalize())) {
            throw new BundleException(
                    "file " + name + " is outside the folder of its bundle; pack the bundle again");
        }
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    /** Deletes what this class has put there, and refuses a folder with anything else in it. */
    private static void delete(final Path folder) throws IOException {
        if (Files.notExists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        final Map<Boolean, List<Path>> all;
        try (Stream<Path> files = Files.walk(folder)) {
            all =
                    files.sorted(Comparator.reverseOrder())
                            .collect(Collectors.partitioningBy(Files::isDirectory));
        }
        final Set<String> own = new HashSet<>(Set.of(BundleJson.FILE, BundleSignature.FILE));
        if (isBundle(folder)) {
            own.addAll(BundleFiles.in(folder).manifest().files().keySet());
        }
        for (final Path file : all.get(false)) {
            if (isBundle(folder) && !own.contains(folder.relativize(file).toString())) {
                throw new BundleException(
                        file
                                + " is of no bundle, and its folder is to be replaced; move it"
                                + " elsewhere");
            }
        }
        for (final Path file : all.get(false)) {
            Files.delete(file);
        }
        for (final Path directory : all.get(true)) {
            Files.delete(directory);
        }
    }
}
