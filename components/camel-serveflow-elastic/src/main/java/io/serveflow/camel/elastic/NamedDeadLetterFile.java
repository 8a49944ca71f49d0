/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.DeadLetterFile;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Supplier;

/** A dead letter file that an option names; opened by the first that needs it. */
final class NamedDeadLetterFile implements DeadLetterSink, Closeable {

    private final Path path;
    private final Supplier<Ledger> ledger;
    private DeadLetterFile file;

    /**
     * @param ledger asked when the file is opened
     */
    NamedDeadLetterFile(final Path path, final Supplier<Ledger> ledger) {
        this.path = Objects.requireNonNull(path, "path");
        this.ledger = Objects.requireNonNull(ledger, "ledger");
    }

    /**
     * Opens the file unless it is open.
     *
     * @throws IOException if it cannot be written to
     */
    synchronized DeadLetterFile open() throws IOException {
        if (file == null) {
            try {
                file = new DeadLetterFile(path, ledger.get());
            } catch (final IOException e) {
                throw new IOException(
                        "option deadLetters is "
                                + path
                                + ", which cannot be written to ("
                                + e.getMessage()
                                + "); name a file in a folder that this user may write to",
                        e);
            }
        }
        return file;
    }

    @Override
    public void accept(final DeadLetter letter) {
        try {
            open().accept(letter);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
