/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.line;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A gzip stream that gives the bytes before a damaged position, where the JDK's throws away what it
 * has unpacked in the call that comes to it; and that counts what stands behind its end, which the
 * JDK's does not look at.
 */
public final class GzipInput extends GZIPInputStream {

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int TRAILER_BYTES = 8;

    private boolean ended;
    private long leftover;

    /**
     * Unpacks a stream, which is closed with this one.
     *
     * @throws java.io.EOFException if its header is cut off
     * @throws ZipException if it does not begin as gzip does
     */
    public GzipInput(final InputStream in) throws IOException {
        super(new Lookahead(in), BUFFER_BYTES);
    }

    /**
     * Knows whether a byte follows by reading it: the JDK's stream asks at the end of each member,
     * and a named pipe fails with "Illegal seek" then, or says no while its writer is slow.
     */
    private static final class Lookahead extends PushbackInputStream {

        private Lookahead(final InputStream in) {
            super(in, 1);
        }

        @Override
        public int available() throws IOException {
            final int next = read();
            if (next < 0) {
                return 0;
            }
            unread(next);
            return 1;
        }
    }

    @Override
    public int read(final byte[] to, final int from, final int length) throws IOException {
        final long before = inf.getBytesWritten();
        try {
            final int n = super.read(to, from, length);
            if (n < 0 && !ended) {
                ended = true;
                lookBehind();
            }
            return n;
        } catch (final ZipException e) {
            // The inflater counts them, and fails again when it is asked for more.
            final long unpacked = inf.getBytesWritten() - before;
            if (unpacked <= 0) {
                throw e;
            }
            return (int) unpacked;
        }
    }

    /** What stands behind the compressed data, once all of that was read, and is none. */
    public Optional<String> leftover() {
        return leftover > 0
                ? Optional.of(
                        leftover + " bytes behind the compressed data are none and were skipped")
                : Optional.empty();
    }

    /** Zeros are no leftover: they fill up blocks of tapes and of file systems. */
    private void lookBehind() throws IOException {
        final int held = Math.max(0, inf.getRemaining() - TRAILER_BYTES);
        long bytes = held;
        boolean zeros = true;
        for (int i = len - held; i < len; i++) {
            zeros &= buf[i] == 0;
        }
        final byte[] more = new byte[BUFFER_BYTES];
        for (int n = in.read(more); n > 0; n = in.read(more)) {
            bytes += n;
            for (int i = 0; i < n; i++) {
                zeros &= more[i] == 0;
            }
        }
        leftover = zeros ? 0 : bytes;
    }
}
