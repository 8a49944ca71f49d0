/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.line;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.ZipException;

/**
 * The bytes of a file, uncompressed if it begins as gzip does; they end where the compression
 * breaks off, and {@link #damage()} says that it did.
 */
public final class UnpackedInput extends FilterInputStream {

    private static final int GZIP_MAGIC = 0x1f8b;

    private final Optional<GzipInput> gzip;
    private Optional<String> damage = Optional.empty();

    private UnpackedInput(final InputStream plain) {
        super(plain);
        this.gzip = Optional.empty();
    }

    private UnpackedInput(final GzipInput packed) {
        super(packed);
        this.gzip = Optional.of(packed);
    }

    public static UnpackedInput open(final Path file) throws IOException {
        return open(file.toString(), Files.newInputStream(file));
    }

    /**
     * Unpacks a stream, which is closed with this one.
     *
     * @param name what messages call it
     */
    public static UnpackedInput open(final String name, final InputStream in) throws IOException {
        final PushbackInputStream raw = new PushbackInputStream(in, 2);
        try {
            final byte[] magic = raw.readNBytes(2);
            raw.unread(magic);
            final boolean gzip =
                    magic.length == 2 && ((magic[0] & 0xff) << 8 | magic[1] & 0xff) == GZIP_MAGIC;
            return gzip ? new UnpackedInput(new GzipInput(raw)) : new UnpackedInput(raw);
        } catch (final EOFException | ZipException e) {
            raw.close();
            throw new IOException(
                    name + " begins as gzip does, but its gzip header is broken; is it whole?", e);
        } catch (final IOException e) {
            raw.close();
            throw e;
        }
    }

    /** What ended the bytes before its time, if anything did. */
    public Optional<String> damage() {
        return damage;
    }

    /** What stands behind the compressed data, once all of that was read, and is none. */
    public Optional<String> leftover() {
        return gzip.flatMap(GzipInput::leftover);
    }

    @Override
    public int read() throws IOException {
        final byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(final byte[] to, final int from, final int length) throws IOException {
        if (damage.isPresent()) {
            return -1;
        }
        try {
            return super.read(to, from, length);
        } catch (final EOFException e) {
            damage = Optional.of("its gzip data is cut off");
            return -1;
        } catch (final ZipException e) {
            damage = Optional.of("its gzip data is damaged: " + e.getMessage());
            return -1;
        }
    }
}
