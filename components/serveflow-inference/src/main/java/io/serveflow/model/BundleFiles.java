/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where the files of a bundle are read from: a folder, or the class path, of which nothing is
 * copied to disk.
 */
public interface BundleFiles {

    /** Beyond this a file is no manifest, golden file or model of a tier. */
    int MAX_FILE_BYTES = 1 << 30;

    /** The prefix of a location on the class path. */
    String CLASSPATH = "classpath:";

    /** The prefix of a folder as a URI. */
    String FILE = "file:";

    /** The location, which is one and the same for all that is read from it. */
    String location();

    /**
     * The content of a file.
     *
     * @param name path of the file inside the bundle
     * @throws BundleException if there is no such file, it is outside the bundle, too large, or
     *     cannot be read
     */
    byte[] read(String name);

    /**
     * The content of a file that a bundle need not have; empty if it is not there.
     *
     * @param name path of the file inside the bundle
     * @throws BundleException if it is there and cannot be read as {@link #read} does
     */
    Optional<byte[]> find(String name);

    /**
     * The same files, where the location is a link that may change: all that is read from what is
     * returned is where the link leads to now.
     */
    default BundleFiles settled() {
        return this;
    }

    /**
     * A text that is another one whenever a file of the bundle was changed or replaced since; empty
     * where they never are, as on the class path.
     *
     * @throws BundleException if there is nothing at the location, or it cannot be read
     */
    default Optional<String> state() {
        return Optional.empty();
    }

    /** What the bundle there says of itself, without anything being checked or opened. */
    default BundleManifest manifest() {
        try {
            return BundleJson.read(read(BundleJson.FILE));
        } catch (final BundleException e) {
            throw e.in(location());
        }
    }

    /**
     * The files at a stated location: a folder, {@code file:} with one, or {@code classpath:} with
     * the path of one on the class path.
     *
     * @param resources opens what is on the class path; null if it is not there
     */
    static BundleFiles at(final String stated, final Function<String, InputStream> resources) {
        if (stated.startsWith(CLASSPATH)) {
            return onClassPath(stated.substring(CLASSPATH.length()), resources);
        }
        if (stated.startsWith(FILE)) {
            final String path = stated.substring(FILE.length());
            return in(path.startsWith("//") ? Path.of(URI.create(stated)) : Path.of(path));
        }
        return in(Path.of(stated));
    }

    /** The files in a folder. */
    static BundleFiles in(final Path folder) {
        return new BundleFiles() {
            @Override
            public String location() {
                return folder.toAbsolutePath().normalize().toString();
            }

            @Override
            public byte[] read(final String name) {
                return content(root(folder), name);
            }

            @Override
            public Optional<byte[]> find(final String name) {
                return Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS)
                        ? Optional.of(read(name))
                        : Optional.empty();
            }

            @Override
            public BundleFiles settled() {
                final String stated = location();
                final Path root = root(folder);
                return root.toString().equals(stated) ? this : new Settled(stated, in(root));
            }

            @Override
            public Optional<String> state() {
                return Optional.of(FolderState.of(root(folder)));
            }
        };
    }

    /** The files below a path on the class path. */
    static BundleFiles onClassPath(
            final String path, final Function<String, InputStream> resources) {
        final String root = path.replaceAll("^/+|/+$", "");
        return new BundleFiles() {
            @Override
            public String location() {
                return CLASSPATH + root;
            }

            @Override
            public byte[] read(final String name) {
                return find(name)
                        .orElseThrow(
                                () ->
                                        new BundleException(
                                                name
                                                        + " is not on the class path; add the jar"
                                                        + " that has it, such as"
                                                        + " io.serveflow:serveflow-models"));
            }

            @Override
            public Optional<byte[]> find(final String name) {
                if (!Path.of("/" + root).resolve(name).normalize().startsWith("/" + root)) {
                    throw outside(name);
                }
                try (InputStream in = resources.apply(root + "/" + name)) {
                    if (in == null) {
                        return Optional.empty();
                    }
                    final byte[] content = in.readNBytes(MAX_FILE_BYTES);
                    if (in.read() >= 0) {
                        throw tooLarge(name, "more");
                    }
                    return Optional.of(content);
                } catch (final IOException e) {
                    throw new BundleException(name + " cannot be read: " + e, e);
                }
            }
        };
    }

    /** The files of a folder, called by the location of a link to it. */
    record Settled(String location, BundleFiles files) implements BundleFiles {

        @Override
        public byte[] read(final String name) {
            return files.read(name);
        }

        @Override
        public Optional<byte[]> find(final String name) {
            return files.find(name);
        }
    }

    private static Path root(final Path folder) {
        try {
            final Path root = folder.toRealPath();
            if (!Files.isDirectory(root)) {
                throw new BundleException("it is a file; name the folder with bundle.json");
            }
            return root;
        } catch (final IOException e) {
            throw new BundleException("there is no such folder; name the one with bundle.json", e);
        }
    }

    private static byte[] content(final Path root, final String name) {
        try {
            requireInside(root, root.resolve(name).normalize(), name);
            final Path file = root.resolve(name).toRealPath();
            requireInside(root, file, name);
            final long size = Files.size(file);
            if (size > MAX_FILE_BYTES) {
                throw tooLarge(name, Long.toString(size));
            }
            return Files.readAllBytes(file);
        } catch (final NoSuchFileException e) {
            throw new BundleException(
                    name + " is missing; copy the bundle again from where it was made", e);
        } catch (final InvalidPathException e) {
            throw new BundleException(name + " is no name of a file; rename the file", e);
        } catch (final IOException e) {
            throw new BundleException(
                    name + " cannot be read: " + e + "; make it a file that this user may read", e);
        }
    }

    private static void requireInside(final Path root, final Path file, final String name) {
        if (!file.startsWith(root)) {
            throw outside(name);
        }
    }

    private static BundleException outside(final String name) {
        return new BundleException(name + " is outside the bundle; keep its files in its folder");
    }

    private static BundleException tooLarge(final String name, final String bytes) {
        return new BundleException(
                name
                        + " has "
                        + bytes
                        + " bytes, more than the "
                        + MAX_FILE_BYTES
                        + " that are read; name another file");
    }
}
