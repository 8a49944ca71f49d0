/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.testing.samples;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Compresses what a test makes, and unpacks samples. */
public final class Gzip {

    private Gzip() {}

    /** Bytes as one member of a gzip file. */
    public static byte[] packed(final byte[] bytes) {
        final ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        } catch (final IOException e) {
            throw new UncheckedIOException("writing to memory does not fail", e);
        }
        return packed.toByteArray();
    }

    /** A text, as UTF-8, as one member of a gzip file. */
    public static byte[] packed(final String text) {
        return packed(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What a compressed file holds. */
    public static byte[] unpacked(final Path file) throws IOException {
        return unpacked(Files.readAllBytes(file));
    }

    /** What compressed bytes hold. */
    public static byte[] unpacked(final byte[] packed) throws IOException {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            return in.readAllBytes();
        }
    }

    /** The UTF-8 text that a compressed file holds. */
    public static String text(final Path file) throws IOException {
        return new String(unpacked(file), StandardCharsets.UTF_8);
    }
}
