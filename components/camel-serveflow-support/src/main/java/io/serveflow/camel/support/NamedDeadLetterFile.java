/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.support;

import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.DeadLetterFile;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;

/** A dead letter file that an option names; opened by the first endpoint that needs it. */
final class NamedDeadLetterFile implements DeadLetterSink {

    private final Path path;
    private DeadLetterFile file;

    NamedDeadLetterFile(final Path path) {
        this.path = Objects.requireNonNull(path, "path");
    }

    /**
     * Opens the file unless it is open.
     *
     * @param ledger in which it counts what it keeps
     * @throws UncheckedIOException if it cannot be written to
     */
    synchronized void open(final Ledger ledger) {
        if (file == null) {
            try {
                // Without a bound, as the option states none.
                file = new DeadLetterFile(path, ledger, Clock.systemUTC(), 0);
            } catch (final IOException e) {
                throw new UncheckedIOException(
                        "option deadLetters is "
                                + path
                                + ", which cannot be written to ("
                                + e.getMessage()
                                + "); name a file in a folder that this user may write to",
                        e);
            }
        }
    }

    @Override
    public void accept(final DeadLetter letter) {
        opened().accept(letter);
    }

    private synchronized DeadLetterFile opened() {
        if (file == null) {
            throw new IllegalStateException(
                    "the dead letter file " + path + " is not open; its endpoints have stopped");
        }
        return file;
    }

    synchronized void close() {
        if (file != null) {
            try {
                file.close();
            } catch (final IOException e) {
                throw new UncheckedIOException("cannot close " + path, e);
            } finally {
                file = null;
            }
        }
    }
}
