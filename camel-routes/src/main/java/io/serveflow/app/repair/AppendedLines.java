/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.repair;

import io.serveflow.ledger.DeadLetterFile;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Adds lines to a file that is kept: all of them are on the disk afterwards, or none is there.
 *
 * <p>What a crash left unfinished at its end stays a line of its own.
 */
final class AppendedLines {

    /** What is added, each line with its newline. */
    interface Source {
        void writeTo(OutputStream out) throws IOException;
    }

    private AppendedLines() {}

    /**
     * Adds lines; only its owner may read a file that is made here.
     *
     * @throws IOException if that fails, or another process has the file, such as one that replays
     *     it
     */
    static void append(final Path file, final Source lines) throws IOException {
        DeadLetterFile.createForOwner(file);
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            if (!isLocked(out) || Files.notExists(file)) {
                throw new IOException("another process uses it");
            }
            final long end = out.length();
            try {
                if (end > 0) {
                    out.seek(end - 1);
                    if (out.read() != '\n') {
                        out.write('\n');
                    }
                }
                // Not a channel, which an interrupt of this thread would close.
                lines.writeTo(new FileOutputStream(out.getFD()));
                out.getFD().sync();
            } catch (final IOException e) {
                takeBack(file, out, end, e);
                throw e;
            }
        }
    }

    /**
     * The same for lines of a repair.
     *
     * @param all where all lines of the repair still are if that fails, for people
     */
    static void append(final Path file, final Source lines, final String all) throws IOException {
        try {
            append(file, lines);
        } catch (final IOException e) {
            // Not as the cause, whose bare message would be the sentence that a person reads.
            final IOException named =
                    new IOException(
                            "%s could not be written (%s); all lines are still in %s"
                                    .formatted(file, e.getMessage(), all));
            named.addSuppressed(e);
            throw named;
        }
    }

    /** Leaves what was there before, and no empty file, which nobody would know what to do with. */
    private static void takeBack(
            final Path file, final RandomAccessFile out, final long end, final IOException why) {
        try {
            out.setLength(end);
            if (end == 0) {
                Files.delete(file);
            }
        } catch (final IOException e) {
            why.addSuppressed(e);
        }
    }

    private static boolean isLocked(final RandomAccessFile file) throws IOException {
        try {
            final FileLock lock = file.getChannel().tryLock();
            return lock != null;
        } catch (final OverlappingFileLockException e) {
            return false;
        }
    }
}
