/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.elastic;

import io.serveflow.app.install.InstallException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** How a new API key, which the server shows once, comes to whoever asked for it. */
public sealed interface KeyHandOver {

    /** The variable that the settings of the service name; what is handed over sets it. */
    String VARIABLE = "SERVEFLOW_KEY";

    /** Why it cannot be handed over, as a sentence with the cure; empty if it can. */
    Optional<String> fault();

    /** Where it comes to, for people. */
    String destination();

    /**
     * Makes sure of it before there is a key.
     *
     * @throws IOException if it cannot be handed over
     */
    void prepare() throws IOException;

    /**
     * Hands a key over.
     *
     * @param encoded as the option {@code apiKey} takes it
     * @throws IOException if nobody got it
     */
    void accept(String encoded) throws IOException;

    /** Undoes what was prepared, as there is no key. */
    void abandon() throws IOException;

    /** As a line for people, or for a pipe. */
    record Printed(PrintWriter out) implements KeyHandOver {

        @Override
        public Optional<String> fault() {
            return Optional.empty();
        }

        @Override
        public String destination() {
            return "above; it is not shown again";
        }

        @Override
        public void prepare() {}

        @Override
        public void accept(final String encoded) throws IOException {
            out.println(VARIABLE + "=" + encoded);
            if (out.checkError()) {
                throw new IOException("stdout did not take it");
            }
        }

        @Override
        public void abandon() {}
    }

    /**
     * As the only line of a new file that its owner alone may read. An empty one is replaced, as an
     * installation leaves it that is killed before it has the key.
     */
    record KeyFile(Path file) implements KeyHandOver {

        @Override
        public Optional<String> fault() {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !isEmpty()) {
                return Optional.of(
                        file
                                + " is there already, and its key would be lost; name a file with"
                                + " --key-file that is not there yet");
            }
            final Path folder = file.toAbsolutePath().getParent();
            return Files.isDirectory(folder) && Files.isWritable(folder)
                    ? Optional.empty()
                    : Optional.of(
                            "this user cannot write into "
                                    + folder
                                    + "; name a file with --key-file in another folder");
        }

        private boolean isEmpty() {
            try {
                return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                        && Files.size(file) == 0;
            } catch (final IOException e) {
                return false;
            }
        }

        @Override
        public String destination() {
            return "in " + file;
        }

        @Override
        public void prepare() throws IOException {
            if (isEmpty()) {
                // With the rights that it has, somebody else could read what it gets.
                Files.delete(file);
            }
            try {
                Files.createFile(
                        file,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
            } catch (final FileAlreadyExistsException e) {
                throw new InstallException("API key: " + fault().orElse(file.toString()), e);
            }
        }

        @Override
        public void accept(final String encoded) throws IOException {
            Files.writeString(
                    file,
                    VARIABLE + "=" + encoded + "\n",
                    StandardOpenOption.WRITE,
                    StandardOpenOption.SYNC);
        }

        @Override
        public void abandon() throws IOException {
            Files.deleteIfExists(file);
        }
    }
}
