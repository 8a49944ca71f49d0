/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.tail;

import io.serveflow.sensor.line.GzipInput;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.ZipException;

/**
 * A log file that was packed with gzip, or is being packed: it ends where the packed bytes do.
 *
 * <p>Reads forward; whoever goes back, beyond what was read last, begins anew.
 */
final class GzipLog implements LogBytes {

    private static final int BUFFER_BYTES = 1 << 16;

    /** Opens the packed bytes of a file. */
    interface PackedBytes {

        InputStream open(Path file) throws IOException;
    }

    private final Path file;
    private final PackedBytes packedBytes;
    private Optional<InputStream> in = Optional.empty();
    private Optional<GzipInput> gzip = Optional.empty();
    private Optional<String> damage = Optional.empty();

    /** How many bytes were unpacked, the last of which are in {@link #latest}. */
    private long unpacked;

    private byte[] latest = {};

    /** From before its bytes were read: what is added while they are read makes it another. */
    private long sizeWhenOpened;

    GzipLog(final Path file) {
        this(file, Files::newInputStream);
    }

    GzipLog(final Path file, final PackedBytes packedBytes) {
        this.file = file;
        this.packedBytes = packedBytes;
    }

    @Override
    public int read(final byte[] to, final long at) throws IOException {
        if (in.isEmpty()
                || at < unpacked - latest.length
                || damage.isPresent() && size() != sizeWhenOpened) {
            reopen();
        }
        while (unpacked < at) {
            if (unpack((int) Math.min(BUFFER_BYTES, at - unpacked)) == 0) {
                return 0;
            }
        }
        final int known = (int) (unpacked - at);
        final int start = latest.length - known;
        final int kept = Math.min(known, to.length);
        System.arraycopy(latest, start, to, 0, kept);
        int filled = kept;
        while (filled < to.length) {
            final int n = unpack(to, filled);
            if (n == 0) {
                break;
            }
            filled += n;
        }
        if (filled > kept) {
            latest = Arrays.copyOf(to, filled);
        }
        return filled;
    }

    private int unpack(final int most) throws IOException {
        final byte[] skipped = new byte[most];
        final int n = unpack(skipped, 0);
        latest = Arrays.copyOf(skipped, n);
        return n;
    }

    private int unpack(final byte[] to, final int from) throws IOException {
        if (damage.isPresent()) {
            return 0;
        }
        try {
            final int n = in.orElseThrow().read(to, from, to.length - from);
            if (n < 0) {
                gzip.flatMap(GzipInput::leftover).ifPresent(this::broken);
            }
            unpacked += Math.max(0, n);
            return Math.max(0, n);
        } catch (final EOFException e) {
            broken("its gzip data is cut off");
        } catch (final ZipException e) {
            broken("its gzip data is damaged: " + e.getMessage());
        }
        return 0;
    }

    private void reopen() throws IOException {
        close();
        damage = Optional.empty();
        unpacked = 0;
        latest = new byte[0];
        sizeWhenOpened = size();
        final InputStream packed = new BufferedInputStream(packedBytes.open(file), BUFFER_BYTES);
        try {
            final GzipInput opened = new GzipInput(packed);
            gzip = Optional.of(opened);
            in = Optional.of(opened);
        } catch (final EOFException | ZipException e) {
            gzip = Optional.empty();
            in = Optional.of(packed);
            broken("its gzip header is cut off");
        } catch (final IOException e) {
            packed.close();
            throw e;
        }
    }

    private void broken(final String why) {
        damage = Optional.of(why);
    }

    @Override
    public byte[] beginning() throws IOException {
        final byte[] bytes = new byte[Fingerprint.MAX_BYTES];
        return Arrays.copyOf(bytes, read(bytes, 0));
    }

    @Override
    public long size() throws IOException {
        return Files.size(file);
    }

    @Override
    public boolean isPacked() {
        return true;
    }

    @Override
    public Optional<String> damage() {
        return damage;
    }

    @Override
    public void close() throws IOException {
        if (in.isPresent()) {
            in.get().close();
            in = Optional.empty();
        }
    }
}
