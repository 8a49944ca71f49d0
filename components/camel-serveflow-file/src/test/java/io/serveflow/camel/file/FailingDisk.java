/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.file;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** The system's disk, of which a test says what fails and for how often. */
final class FailingDisk implements Disk {

    /** What can fail. */
    enum Call {
        WRITE,
        TRUNCATE,
        SYNC,
        SYNC_FOLDER,
        SET_PERMISSIONS,
        CUT,
        DELETE
    }

    private final Disk disk = new SystemDisk();
    private final Map<Call, Failures> failures = new ConcurrentHashMap<>();
    private final Map<Call, AtomicInteger> failed = new ConcurrentHashMap<>();
    private volatile CountDownLatch free = new CountDownLatch(0);
    private volatile boolean blocked;

    /** How many calls succeed before so many fail. */
    private record Failures(int succeeding, int failing) {

        private Failures next() {
            return succeeding > 0
                    ? new Failures(succeeding - 1, failing)
                    : new Failures(0, failing - 1);
        }
    }

    /** Lets so many calls of a kind fail from now on, and those after them succeed. */
    void fail(final Call call, final int times) {
        failAfter(call, 0, times);
    }

    /** Lets some calls of a kind succeed, and then so many fail. */
    void failAfter(final Call call, final int succeeding, final int times) {
        failures.put(call, new Failures(succeeding, times));
    }

    /** Lets all calls of a kind fail until {@link #heal()}. */
    void fail(final Call call) {
        fail(call, Integer.MAX_VALUE);
    }

    /** Lets everything succeed. */
    void heal() {
        failures.clear();
    }

    /** How many calls of a kind have failed. */
    int failed(final Call call) {
        return failed.computeIfAbsent(call, any -> new AtomicInteger()).get();
    }

    /** Lets an fsync take until what is returned is counted down. */
    CountDownLatch block() {
        free = new CountDownLatch(1);
        return free;
    }

    /** Whether an fsync takes until then now. */
    boolean isBlocked() {
        return blocked;
    }

    private void mayFail(final Call call) throws IOException {
        final Failures now = failures.getOrDefault(call, new Failures(0, 0));
        failures.computeIfPresent(call, (any, left) -> left.next());
        if (now.succeeding() == 0 && now.failing() > 0) {
            failed.computeIfAbsent(call, any -> new AtomicInteger()).incrementAndGet();
            throw new IOException("Input/output error");
        }
    }

    /** A write that fails leaves half of what it was to write. */
    @Override
    public void write(
            final FileOutputStream out, final byte[] bytes, final int from, final int length)
            throws IOException {
        try {
            mayFail(Call.WRITE);
        } catch (final IOException e) {
            disk.write(out, bytes, from, length / 2);
            throw e;
        }
        disk.write(out, bytes, from, length);
    }

    @Override
    public long length(final FileOutputStream out) throws IOException {
        return disk.length(out);
    }

    @Override
    public void truncate(final FileOutputStream out, final long length) throws IOException {
        mayFail(Call.TRUNCATE);
        disk.truncate(out, length);
    }

    @Override
    public void sync(final FileOutputStream out) throws IOException {
        blocked = free.getCount() > 0;
        try {
            free.await();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            blocked = false;
        }
        mayFail(Call.SYNC);
        disk.sync(out);
    }

    @Override
    public void syncFolder(final Path folder) throws IOException {
        mayFail(Call.SYNC_FOLDER);
        disk.syncFolder(folder);
    }

    @Override
    public void setPermissions(final Path file, final Set<PosixFilePermission> permissions)
            throws IOException {
        mayFail(Call.SET_PERMISSIONS);
        disk.setPermissions(file, permissions);
    }

    @Override
    public void cut(final Path file, final long length) throws IOException {
        mayFail(Call.CUT);
        disk.cut(file, length);
    }

    @Override
    public void delete(final Path file) throws IOException {
        mayFail(Call.DELETE);
        disk.delete(file);
    }
}
