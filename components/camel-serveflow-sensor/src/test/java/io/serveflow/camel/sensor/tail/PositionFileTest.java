/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.tail;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.camel.support.WrongOptionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PositionFileTest {

    @Test
    void shouldNameTheOptionWhereItsFolderCannotBeMade(@TempDir final Path folder)
            throws IOException {
        final Path file = Files.writeString(folder.resolve("file"), "");
        final Path positions = file.resolve("positions");

        assertThatThrownBy(() -> PositionFile.open(positions, "/var/log/serveflow.log"))
                .isInstanceOf(WrongOptionException.class)
                .hasNoCause()
                .hasMessageStartingWith(
                        "option positionFile names " + positions + ", whose folder cannot be made")
                .hasMessageEndingWith("name a file in a folder that this process may write to");
    }
}
