/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;

/** A log file that is not packed. */
final class PlainLog implements LogBytes {

    private final FileChannel channel;

    PlainLog(final Path file) throws IOException {
        this.channel = FileChannel.open(file, StandardOpenOption.READ);
    }

    @Override
    public int read(final byte[] to, final long at) throws IOException {
        final ByteBuffer buffer = ByteBuffer.wrap(to);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, at + buffer.position()) < 0) {
                break;
            }
        }
        return buffer.position();
    }

    @Override
    public byte[] beginning() throws IOException {
        final byte[] bytes = new byte[Fingerprint.MAX_BYTES];
        return Arrays.copyOf(bytes, read(bytes, 0));
    }

    @Override
    public long size() throws IOException {
        return channel.size();
    }

    @Override
    public boolean isPacked() {
        return false;
    }

    @Override
    public Optional<String> damage() {
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
