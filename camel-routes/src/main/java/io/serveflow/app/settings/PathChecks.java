/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.settings;

import io.serveflow.model.BundleFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Looks at what is at the paths that settings name, before anything is opened. */
public final class PathChecks {

    private PathChecks() {}

    /** What is wrong with a bundle at a location: a folder, or one on the class path. */
    static Optional<String> bundleFault(final String location) {
        if (!location.startsWith(BundleFiles.CLASSPATH)) {
            return fault(Kind.Location.Use.BUNDLE, Path.of(location));
        }
        final String json = location.substring(BundleFiles.CLASSPATH.length()) + "/bundle.json";
        return PathChecks.class.getClassLoader().getResource(json) != null
                ? Optional.empty()
                : Optional.of(
                        "there is no "
                                + json
                                + " on the class path; add the jar that has it, or name a folder");
    }

    /** What is wrong with what is at a path, as in "is a folder; ..."; empty if nothing is. */
    static Optional<String> fault(final Kind.Location.Use use, final Path path) {
        return switch (use) {
            case FOLDER -> folder(path);
            case WRITTEN_FOLDER -> folder(path).or(() -> unwritable(path));
            case BUNDLE -> folder(path).or(() -> bundle(path));
            case WRITTEN_FILE -> written(path);
            case LATER_FILES -> isGlob(path) ? Optional.empty() : noFolder(path);
            case FILE -> file(path);
            case FILES -> isGlob(path) ? Optional.empty() : file(path);
        };
    }

    /** What is wrong with a file that is to be read. */
    public static Optional<String> file(final Path path) {
        if (Files.notExists(path)) {
            return Optional.of("there is no file " + path);
        }
        return noFolder(path).or(() -> unreadable(path));
    }

    private static Optional<String> folder(final Path path) {
        if (Files.notExists(path)) {
            return Optional.of("there is no folder " + path + "; make it, or name another one");
        }
        return Files.isDirectory(path)
                ? unreadable(path)
                : Optional.of(path + " is a file; name a folder");
    }

    private static Optional<String> bundle(final Path path) {
        return Files.isRegularFile(path.resolve("bundle.json"))
                ? Optional.empty()
                : Optional.of(path + " holds no bundle.json; name the folder of a bundle");
    }

    private static Optional<String> written(final Path path) {
        if (Files.isDirectory(path)) {
            return noFolder(path);
        }
        if (Files.exists(path)) {
            return Files.isWritable(path) && Files.isReadable(path)
                    ? Optional.empty()
                    : Optional.of("this user may not write " + path);
        }
        Path folder = path.toAbsolutePath().getParent();
        while (folder != null && Files.notExists(folder)) {
            folder = folder.getParent();
        }
        if (folder == null || !Files.isDirectory(folder)) {
            return Optional.of(folder + " is a file, so " + path + " cannot be made");
        }
        return Files.isWritable(folder)
                ? Optional.empty()
                : Optional.of("this user may not write into the folder " + folder);
    }

    private static Optional<String> noFolder(final Path path) {
        return Files.isDirectory(path)
                ? Optional.of(path + " is a folder; name a file")
                : Optional.empty();
    }

    private static Optional<String> unreadable(final Path path) {
        return Files.isReadable(path)
                ? Optional.empty()
                : Optional.of("this user may not read " + path);
    }

    private static Optional<String> unwritable(final Path folder) {
        return Files.isWritable(folder)
                ? Optional.empty()
                : Optional.of(
                        "this user may not write into the folder "
                                + folder
                                + "; give it to the user that runs this: chown "
                                + System.getProperty("user.name")
                                + " "
                                + folder);
    }

    private static boolean isGlob(final Path path) {
        return path.toString().matches(".*[*?\\[{].*");
    }
}
