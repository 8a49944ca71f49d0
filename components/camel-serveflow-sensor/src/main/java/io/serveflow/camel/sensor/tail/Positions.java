/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.tail;

import java.time.Instant;
import java.util.List;

/**
 * Up to where all files of an endpoint are acknowledged.
 *
 * @param since files rotated away that were not written to after this, and are not listed, count as
 *     read
 */
record Positions(Instant since, List<FilePosition> files) {

    Positions {
        files = List.copyOf(files);
    }
}
