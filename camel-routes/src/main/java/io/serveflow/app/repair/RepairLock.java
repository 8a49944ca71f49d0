/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.repair;

import io.serveflow.ledger.DeadLetterFile;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The right to repair a {@link RepairStore}, which one process has at a time: a lock on {@code
 * FILE.lock}, which is empty and stays there. It ends with the process, however that ends.
 *
 * <p>It is taken before anything of the store is, so that nobody is in the middle of taking a file
 * that somebody else then finds.
 */
public final class RepairLock implements Closeable {

    private final RandomAccessFile held;

    private RepairLock(final RandomAccessFile held) {
        this.held = held;
    }

    /**
     * Takes the right.
     *
     * @param store the store's file, which need not exist, or one that was taken of it
     * @return empty where another repair has it
     */
    public static Optional<RepairLock> take(final Path store) throws IOException {
        final Path file = Path.of(TakenRepairs.storeOf(store) + ".lock");
        DeadLetterFile.createForOwner(file);
        final RandomAccessFile held = new RandomAccessFile(file.toFile(), "rw");
        try {
            if (held.getChannel().tryLock() != null) {
                return Optional.of(new RepairLock(held));
            }
        } catch (final OverlappingFileLockException e) {
            held.close();
            return Optional.empty();
        } catch (final IOException e) {
            held.close();
            throw e;
        }
        held.close();
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        held.close();
    }
}
