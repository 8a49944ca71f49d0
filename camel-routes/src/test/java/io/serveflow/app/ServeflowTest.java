/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ServeflowTest {

    @Test
    void shouldCallAnUnknownCommandWrongUse() {
        assertThat(Serveflow.execute("sing")).isEqualTo(CommandLine.ExitCode.USAGE);
    }

    @Test
    void shouldFailWithOneWhenARunFails() {
        assertThat(Serveflow.execute("run", "--config", "no-such.properties"))
                .isEqualTo(CommandLine.ExitCode.SOFTWARE);
    }

    @Test
    void shouldNotOverwriteAnInputWithTheRecordsOfIt(@TempDir final Path folder)
            throws IOException {
        final Path log = Files.writeString(folder.resolve("serveflow.log"), "precious");

        assertThat(Serveflow.execute("records", "--out", log.toString(), log.toString()))
                .isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(log).hasContent("precious");
    }

    @Test
    void shouldExplainEveryCommand() {
        for (final String command : new String[] {"demo", "classify", "run", "train", "records"}) {
            assertThat(Serveflow.execute(command, "--help")).as(command).isZero();
        }
    }
}
