/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes the files of a bundle into a folder and their checksums into its manifest.
 *
 * <p>The manifest comes last and at once, so that a folder with a {@code bundle.json} is a whole
 * bundle. Not safe for use by more than one thread.
 */
public final class BundleWriter {

    private final Path directory;
    private final Map<String, String> checksums = new TreeMap<>();

    /** A writer into a folder, which is made if it is not there. */
    public BundleWriter(final Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
    }

    /**
     * Writes a file, over one of the same name.
     *
     * @param name a plain file name, such as {@code fast.onnx}
     */
    public BundleWriter file(final String name, final byte[] content) throws IOException {
        if (name.isBlank()
                || name.equals(BundleJson.FILE)
                || name.equals(BundleSignature.FILE)
                || !Path.of(name).equals(Path.of(name).getFileName())
                || name.startsWith(".")) {
            throw new IllegalArgumentException(
                    "'" + name + "' cannot be a file of a bundle; use a plain file name");
        }
        Files.write(directory.resolve(name), content);
        checksums.put(name, Sha256.hex(content));
        return this;
    }

    /**
     * Writes {@code bundle.json}.
     *
     * @param manifest what it says; its {@code files} are replaced by the files written here
     * @return the manifest as it was written
     */
    public BundleManifest finish(final BundleManifest manifest) throws IOException {
        final BundleManifest complete = manifest.withFiles(checksums);
        final Path draft = directory.resolve(BundleJson.FILE + ".tmp");
        Files.write(draft, BundleJson.write(complete));
        Files.move(
                draft,
                directory.resolve(BundleJson.FILE),
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.ATOMIC_MOVE);
        return complete;
    }
}
