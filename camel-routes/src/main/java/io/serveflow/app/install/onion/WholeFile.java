/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.onion;

import io.serveflow.app.install.InstallException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Writes files whole or not at all: what is new takes the place of the old when it is on the disk.
 */
final class WholeFile {

    private static final String MODE = "rw-r--r--";

    /** Not a name that Salt takes for a pillar, or Security Onion for an integration. */
    private static final String DRAFT = ".serveflow-new";

    /** Makes a draft, empty or not, whose content is replaced. */
    private interface Draft {
        void make(Path draft) throws IOException;
    }

    private WholeFile() {}

    /** Where what is new of a file is gathered, and stays if the process is killed meanwhile. */
    static Path draftOf(final Path file) {
        return file.resolveSibling(file.getFileName() + DRAFT);
    }

    /**
     * Writes a file that all may read.
     *
     * @throws IOException if it cannot be written; what was there still is then
     */
    static void write(final Path file, final byte[] content) throws IOException {
        write(
                file,
                content,
                draft -> {
                    Files.deleteIfExists(draft);
                    Files.createFile(draft);
                    Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString(MODE));
                });
    }

    /**
     * Writes a file that is there, which keeps its owner, group and mode; behind a link, the one
     * that the link names.
     *
     * @throws IOException if it cannot be written; what was there still is then
     */
    static void rewrite(final Path file, final byte[] content) throws IOException {
        final Path target = file.toRealPath();
        write(target, content, draft -> copy(target, draft));
    }

    private static void copy(final Path file, final Path draft) throws IOException {
        Files.copy(
                file,
                draft,
                StandardCopyOption.COPY_ATTRIBUTES,
                StandardCopyOption.REPLACE_EXISTING);
        // Copying says nothing of an owner that this user may not give.
        if (file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            for (final String one : new String[] {"unix:uid", "unix:gid"}) {
                final Object owner = Files.getAttribute(file, one);
                if (!owner.equals(Files.getAttribute(draft, one))) {
                    Files.setAttribute(draft, one, owner);
                }
            }
        }
    }

    private static void write(final Path file, final byte[] content, final Draft how)
            throws IOException {
        final Path draft = draftOf(file);
        try {
            how.make(draft);
            try (FileChannel out =
                    FileChannel.open(
                            draft,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.TRUNCATE_EXISTING)) {
                final ByteBuffer left = ByteBuffer.wrap(content);
                while (left.hasRemaining()) {
                    out.write(left);
                }
                out.force(true);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (final IOException e) {
            final InstallException failure =
                    new InstallException(
                            file
                                    + " could not be written, and is as it was ("
                                    + e.getMessage()
                                    + "); see that there is room and that this is root, then run"
                                    + " it again",
                            e);
            try {
                Files.deleteIfExists(draft);
            } catch (final IOException alsoFailed) {
                failure.addSuppressed(alsoFailed);
            }
            throw failure;
        }
    }
}
