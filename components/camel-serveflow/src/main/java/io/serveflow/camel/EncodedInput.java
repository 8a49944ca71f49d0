/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The characters of a reader as bytes of UTF-8, a buffer at a time. */
final class EncodedInput extends InputStream {

    private final Reader reader;
    private final CharBuffer chars = CharBuffer.allocate(1 << 12).limit(0);
    private final ByteBuffer bytes = ByteBuffer.allocate(1 << 14).limit(0);
    private final CharsetEncoder encoder =
            StandardCharsets.UTF_8
                    .newEncoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private boolean ended;

    EncodedInput(final Reader reader) {
        this.reader = Objects.requireNonNull(reader, "reader");
    }

    @Override
    public int read() throws IOException {
        return fill() ? bytes.get() & 0xff : -1;
    }

    @Override
    public int read(final byte[] to, final int from, final int length) throws IOException {
        Objects.checkFromIndexSize(from, length, to.length);
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        final int n = Math.min(length, bytes.remaining());
        bytes.get(to, from, n);
        return n;
    }

    /** Whether there is a byte, or one more could be read. */
    private boolean fill() throws IOException {
        while (!bytes.hasRemaining() && !ended) {
            chars.compact();
            ended = reader.read(chars) < 0;
            chars.flip();
            bytes.clear();
            encoder.encode(chars, bytes, ended);
            if (ended) {
                encoder.flush(bytes);
            }
            bytes.flip();
        }
        return bytes.hasRemaining();
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
