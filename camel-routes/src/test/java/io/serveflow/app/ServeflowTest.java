/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
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
    void shouldCallAConfigurationThatIsNotThereWrongUse() {
        assertThat(Serveflow.execute("run", "--config", "no-such.properties"))
                .isEqualTo(CommandLine.ExitCode.USAGE);
    }

    @Test
    void shouldFailWithOneWhenARunFails(@TempDir final Path folder) throws IOException {
        final Path config = folder.resolve("my.properties");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Files.writeString(
                    config,
                    """
                    serveflow.sources=tail
                    serveflow.tail.path=serveflow.log
                    serveflow.bundle=%s
                    serveflow.console.port=%d
                    """
                            .formatted(
                                    Path.of(System.getProperty("serveflow.root"))
                                            .resolve("models/service"),
                                    taken.getLocalPort()));

            assertThat(Serveflow.execute("run", "--config", config.toString()))
                    .isEqualTo(CommandLine.ExitCode.SOFTWARE);
        }
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
    void shouldFailToMakeRecordsWhenStrictIfAnythingWasSkipped(@TempDir final Path folder)
            throws IOException {
        final Path eve =
                Files.writeString(
                        folder.resolve("eve.json"),
                        "{\"timestamp\":\"2026-11-22T20:47:41.0+0000\",\"event_type\":\"stats\"}\n");
        final String out = folder.resolve("serveflow.log").toString();

        assertThat(Serveflow.execute("records", "--out", out, eve.toString())).isZero();
        assertThat(Serveflow.execute("records", "--strict", "--out", out, eve.toString()))
                .isEqualTo(1);
    }

    @Test
    void shouldExplainEveryCommand() {
        for (final String command : new String[] {"demo", "classify", "run", "train", "records"}) {
            assertThat(Serveflow.execute(command, "--help")).as(command).isZero();
        }
    }
}
