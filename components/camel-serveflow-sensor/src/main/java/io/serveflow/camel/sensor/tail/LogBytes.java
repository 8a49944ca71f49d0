/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.tail;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The bytes of a log file that is open, unpacked; it may be renamed or deleted meanwhile. */
sealed interface LogBytes extends Closeable permits PlainLog, GzipLog {

    int GZIP_MAGIC_1 = 0x1f;
    int GZIP_MAGIC_2 = 0x8b;

    /** Opens a file, packed or not, which its first bytes tell. */
    static LogBytes open(final Path file) throws IOException {
        final PlainLog plain = new PlainLog(file);
        try {
            final byte[] magic = plain.beginning();
            if (magic.length < 2
                    || (magic[0] & 0xff) != GZIP_MAGIC_1
                    || (magic[1] & 0xff) != GZIP_MAGIC_2) {
                return plain;
            }
            plain.close();
            return new GzipLog(file);
        } catch (final IOException e) {
            plain.close();
            throw e;
        }
    }

    /** Reads bytes that begin at {@code at}, as many as there are and fit; 0 at the end. */
    int read(byte[] to, long at) throws IOException;

    /** The first bytes that it has now, at most {@link Fingerprint#MAX_BYTES}. */
    byte[] beginning() throws IOException;

    /** Its size now, as it lies on the disk: any change says that there may be more to read. */
    long size() throws IOException;

    /** Whether it is packed, so that its size says nothing about offsets in it. */
    boolean isPacked();

    /** Why there is nothing behind the last byte that was read, if it is not the file's end. */
    Optional<String> damage();
}
