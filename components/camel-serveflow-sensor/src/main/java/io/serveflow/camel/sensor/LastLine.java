/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor;

import io.serveflow.sensor.SensorStream;
import java.io.IOException;

/** Finds where the last whole line of a log ends. */
final class LastLine {

    private LastLine() {}

    /**
     * The offset behind the last line end, looking back as far as a line may be long; a line that
     * is longer is taken to begin at the file's end.
     */
    static long end(final LogBytes bytes) throws IOException {
        if (bytes.isPacked()) {
            return 0;
        }
        final long size = bytes.size();
        final byte[] last = new byte[(int) Math.min(size, SensorStream.MAX_LINE_BYTES)];
        final int read = bytes.read(last, size - last.length);
        for (int i = read - 1; i >= 0; i--) {
            if (last[i] == '\n') {
                return size - last.length + i + 1;
            }
        }
        return size <= SensorStream.MAX_LINE_BYTES ? 0 : size;
    }
}
