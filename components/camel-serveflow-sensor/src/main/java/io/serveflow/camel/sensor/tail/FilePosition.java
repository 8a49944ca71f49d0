/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.tail;

import java.time.Instant;
import java.util.Optional;

/**
 * Up to where a log file is acknowledged, and how it is distinguished from others.
 *
 * @param log the log that it is part of
 * @param path where it was last
 * @param key what the file system knows it by, such as device and inode; empty if by nothing
 * @param fingerprint its beginning
 * @param offset bytes from its start, unpacked, up to which every flow is acknowledged
 * @param modified when it was last written to, as far as was seen
 * @param finished whether nothing more is expected in it
 */
record FilePosition(
        String log,
        String path,
        Optional<String> key,
        Fingerprint fingerprint,
        long offset,
        Instant modified,
        boolean finished) {}
