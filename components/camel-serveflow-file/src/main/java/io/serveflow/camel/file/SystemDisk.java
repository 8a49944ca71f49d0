/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.file;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The disk that the operating system has. */
final class SystemDisk implements Disk {

    private static final Logger LOG = LoggerFactory.getLogger(SystemDisk.class);

    @Override
    public void write(
            final FileOutputStream out, final byte[] bytes, final int from, final int length)
            throws IOException {
        out.write(bytes, from, length);
    }

    @Override
    public long length(final FileOutputStream out) throws IOException {
        return out.getChannel().size();
    }

    @Override
    public void truncate(final FileOutputStream out, final long length) throws IOException {
        out.getChannel().truncate(length);
    }

    @Override
    public void sync(final FileOutputStream out) throws IOException {
        out.getFD().sync();
    }

    @Override
    public void syncFolder(final Path folder) throws IOException {
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        } catch (final UnsupportedOperationException e) {
            LOG.debug("This system opens no folders", e);
        }
    }

    @Override
    public void setPermissions(final Path file, final Set<PosixFilePermission> permissions)
            throws IOException {
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(file, permissions);
        }
    }

    @Override
    public void cut(final Path file, final long length) throws IOException {
        if (Files.exists(file)) {
            // Not a FileChannel: an interrupt of the writing thread would close it.
            try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
                out.setLength(length);
                out.getFD().sync();
            }
        }
    }

    @Override
    public void delete(final Path file) throws IOException {
        Files.deleteIfExists(file);
    }
}
