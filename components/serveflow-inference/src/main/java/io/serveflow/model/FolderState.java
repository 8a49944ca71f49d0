/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a folder with a bundle is like: its files with size, time and identity, and the content of
 * those that say what the bundle is.
 */
final class FolderState {

    private FolderState() {}

    /**
     * A text that is another one when a file was changed, replaced, added or taken away.
     *
     * @throws BundleException if the folder cannot be read
     */
    static String of(final Path folder) {
        final StringBuilder state = new StringBuilder();
        try (Stream<Path> files = Files.list(folder)) {
            for (final Path file : files.sorted().toList()) {
                final BasicFileAttributes attributes = attributes(file);
                state.append(file.getFileName())
                        .append(' ')
                        .append(attributes.size())
                        .append(' ')
                        .append(attributes.lastModifiedTime())
                        .append(' ')
                        .append(attributes.fileKey())
                        .append('\n');
            }
            for (final String name : List.of(BundleJson.FILE, BundleSignature.FILE)) {
                final Path file = folder.resolve(name);
                if (Files.isRegularFile(file)) {
                    state.append(Sha256.hex(Files.readAllBytes(file))).append('\n');
                }
            }
        } catch (final IOException | UncheckedIOException e) {
            throw new BundleException("the folder is being changed, or cannot be read: " + e, e);
        }
        return state.toString();
    }

    /** Of the link itself where it leads nowhere, as those of an editor that locks a file. */
    private static BasicFileAttributes attributes(final Path file) throws IOException {
        return Files.exists(file)
                ? Files.readAttributes(file, BasicFileAttributes.class)
                : Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }
}
