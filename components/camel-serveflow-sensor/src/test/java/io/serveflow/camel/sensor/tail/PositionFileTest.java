/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.camel.support.WrongOptionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
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

    /** POSIX lets go of a lock when its process closes the file once, whoever opened it. */
    @Test
    void shouldKeepOtherProcessesOutAlsoAfterItRefusedASecondEndpoint(@TempDir final Path folder)
            throws Exception {
        final Path file = folder.resolve("positions");
        try (PositionFile held = PositionFile.open(file, "/var/log/serveflow.log")) {
            assertThatThrownBy(() -> PositionFile.open(file, "/var/log/serveflow.log"))
                    .hasMessageContaining("which another endpoint or process uses");
            assertThat(held).hasToString(file.toString());

            assertThat(openedElsewhere(file)).isEqualTo(1);
        }
        assertThat(openedElsewhere(file)).isZero();
        PositionFile.open(file, "/var/log/serveflow.log").close();
    }

    /** The exit code of a process that opens the file. */
    private static int openedElsewhere(final Path file) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty(
                                "surefire.test.class.path", System.getProperty("java.class.path")),
                        Opening.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    /** Opens a position file in a process of its own, and ends at once. */
    static final class Opening {

        public static void main(final String[] arguments) throws IOException {
            PositionFile.open(Path.of(arguments[0]), "/var/log/serveflow.log").close();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldNameTheFileThatADiskHasNoRoomFor(@TempDir final Path folder) throws IOException {
        final Path file = folder.resolve("positions");
        Files.createSymbolicLink(folder.resolve("positions.next"), Path.of("/dev/full"));
        try (PositionFile held = PositionFile.open(file, "/var/log/serveflow.log")) {
            assertThatThrownBy(() -> held.write(new Positions(Instant.EPOCH, List.of())))
                    .hasMessage(
                            "positions cannot be written to "
                                    + file
                                    + " (java.io.IOException: No space left on device); see that"
                                    + " its disk has room and that this process may write there");
        }
    }
}
