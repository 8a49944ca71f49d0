/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * A file that a command writes: looked at before the work begins, and there only when it is whole.
 *
 * <p>It is written under another name beside it, so that where the work fails or the disk is full,
 * what was there before still is. What is no plain file, such as {@code /dev/null}, and a file in a
 * folder in which this user may make none, are written to as they are.
 */
final class OutputFile {

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
        final Path folder = file.toAbsolutePath().getParent();
        if (file.toString().equals("-")) {
            return "but this is not written to stdout; name a file";
        }
        if (Files.isDirectory(file)) {
            return "which is a folder; name a file";
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
        return file.toAbsolutePath().normalize().equals(other.file.toAbsolutePath().normalize())
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
        final Path target = Files.isRegularFile(file) ? file.toRealPath() : file.toAbsolutePath();
        if (!plain || Files.exists(file) && !Files.isWritable(target.getParent())) {
            try (OutputStream out = new NamingStream(Files.newOutputStream(file))) {
                content.writeTo(out);
            }
            return;
        }
        final Path draft = target.resolveSibling("." + target.getFileName() + ".draft");
        // Where a signal ends the process.
        draft.toFile().deleteOnExit();
        try {
            try (OutputStream out = new NamingStream(Files.newOutputStream(draft))) {
                content.writeTo(out);
            }
            Files.move(draft, target, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
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
