/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * A file that a command writes: looked at before the work begins, and there only when it is whole.
 *
 * <p>It is written under a name of its own beside it, so that where the work fails or the disk is
 * full, what was there before still is, and no other file is touched. It has the permissions of the
 * file that it replaces; behind a link, the file that the link names is replaced. What is no plain
 * file, such as {@code /dev/null}, and a file in a folder in which this user may make none, are
 * written to as they are.
 */
final class OutputFile {

    /** As many as Linux follows. */
    private static final int MOST_LINKS = 40;

    private final Path file;

    private OutputFile(final Path file) {
        this.file = file;
    }

    /**
     * The file that an option names.
     *
     * @param inputs what the command reads, none of which it writes to
     * @throws ParameterException if it cannot be written there
     */
    static OutputFile of(
            final CommandSpec spec,
            final String option,
            final Path file,
            final Collection<Path> inputs)
            throws IOException {
        final String fault = fault(file, inputs);
        if (!fault.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "option " + option + " is " + file + ", " + fault);
        }
        return new OutputFile(file);
    }

    private static String fault(final Path file, final Collection<Path> inputs) throws IOException {
        final Path target = Files.exists(file) ? file.toAbsolutePath() : missing(file);
        final Path folder = target.getParent();
        if (file.toString().equals("-")) {
            return "but this is not written to stdout; name a file";
        }
        if (Files.isDirectory(file)) {
            return "which is a folder; name a file";
        }
        if (Files.isSymbolicLink(target) && !Files.exists(target)) {
            return "a link that leads back to itself; name another file";
        }
        if (folder == null || !Files.isDirectory(folder)) {
            return "but its folder does not exist; make it or name another file";
        }
        if (!Files.isWritable(Files.exists(file) ? file : folder)) {
            return "which this user may not write; name another file";
        }
        for (final Path input : inputs) {
            if (Files.exists(file) && Files.exists(input) && Files.isSameFile(file, input)) {
                return "which is an input; name another file";
            }
        }
        return "";
    }

    /** Whether both are one file. */
    boolean isSameAs(final OutputFile other) throws IOException {
        return missing(file).normalize().equals(missing(other.file).normalize())
                || Files.exists(file)
                        && Files.exists(other.file)
                        && Files.isSameFile(file, other.file);
    }

    /** Writes all of the content to a stream. */
    interface Content {

        /** Writes it; whoever calls this closes the stream. */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes the file.
     *
     * @throws IOException if it or its content cannot be had; what was there before still is then
     */
    void write(final Content content) throws IOException {
        final boolean plain = Files.isRegularFile(file) || Files.notExists(file);
        final Path target = Files.isRegularFile(file) ? file.toRealPath() : missing(file);
        if (!plain || Files.exists(file) && !Files.isWritable(target.getParent())) {
            try (OutputStream out = new NamingStream(Files.newOutputStream(file))) {
                content.writeTo(out);
            }
            return;
        }
        // A name that no other file and no other process has, and of a length that any folder
        // takes.
        final Path draft = target.resolveSibling(".serveflow-" + UUID.randomUUID() + ".draft");
        try (OutputStream out = new NamingStream(create(draft, permissions(target)))) {
            // Where a signal ends the process.
            draft.toFile().deleteOnExit();
            content.writeTo(out);
        } catch (final IOException | RuntimeException | Error e) {
            Files.deleteIfExists(draft);
            throw e;
        }
        try {
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /** Where a file is made that is not there yet: behind links, at what the last one names. */
    private static Path missing(final Path file) throws IOException {
        Path named = file.toAbsolutePath();
        for (int links = 0; links < MOST_LINKS && Files.isSymbolicLink(named); links++) {
            named = named.resolveSibling(Files.readSymbolicLink(named));
        }
        return named;
    }

    /** Those of a file that is there, where the file system has any. */
    private static Optional<Set<PosixFilePermission>> permissions(final Path target)
            throws IOException {
        final PosixFileAttributeView view =
                Files.getFileAttributeView(target, PosixFileAttributeView.class);
        return view == null || Files.notExists(target)
                ? Optional.empty()
                : Optional.of(view.readAttributes().permissions());
    }

    /** Makes a new file; at no time may more users read it than the permissions say. */
    private static OutputStream create(
            final Path draft, final Optional<Set<PosixFilePermission>> permissions)
            throws IOException {
        final Set<OpenOption> options =
                Set.of(
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS);
        if (permissions.isEmpty()) {
            return Channels.newOutputStream(Files.newByteChannel(draft, options));
        }
        final OutputStream out =
                Channels.newOutputStream(
                        Files.newByteChannel(
                                draft,
                                options,
                                PosixFilePermissions.asFileAttribute(permissions.get())));
        try {
            // What the umask took away.
            Files.setPosixFilePermissions(draft, permissions.get());
            return out;
        } catch (final IOException e) {
            try (out) {
                throw e;
            }
        }
    }

    /** Says of which file it is that something could not be written. */
    private final class NamingStream extends OutputStream {

        private final OutputStream out;

        NamingStream(final OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(final int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(final byte[] bytes, final int from, final int length) throws IOException {
            try {
                out.write(bytes, from, length);
            } catch (final IOException e) {
                throw named(e);
            }
        }

        @Override
        public void flush() throws IOException {
            try {
                out.flush();
            } catch (final IOException e) {
                throw named(e);
            }
        }

        @Override
        public void close() throws IOException {
            try {
                out.close();
            } catch (final IOException e) {
                throw named(e);
            }
        }

        /** Not as the cause, whose message would be the sentence that a person reads. */
        private IOException named(final IOException e) {
            final IOException named =
                    new IOException(file + " could not be written: " + e.getMessage());
            named.addSuppressed(e);
            return named;
        }
    }
}
