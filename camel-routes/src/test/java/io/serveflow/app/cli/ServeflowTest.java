/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.app.settings.DeclaredSettings;
import io.serveflow.app.settings.Setting;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ServeflowTest {

    private final StringWriter said = new StringWriter();

    @Test
    void shouldCallAnUnknownCommandWrongUse() {
        assertThat(Serveflow.execute("sing")).isEqualTo(CommandLine.ExitCode.USAGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"install nowhere", "install"})
    void shouldNameWhatCanBeInstalled(final String command) {
        assertThat(Serveflow.execute(out(), out(), command.split(" "))).isEqualTo(2);

        assertThat(said.toString())
                .contains(
                        "serveflow: install takes one of elastic, kibana, malcolm, security-onion")
                .contains("'./serveflow install --help' says what can be given");
    }

    @Test
    void shouldListWhatTheLauncherDoesWithSourcesWhereThereAreSome(@TempDir final Path release) {
        System.setProperty("serveflow.home", ProjectFiles.root().toString());
        try {
            assertThat(Serveflow.execute(out(), out(), "help")).isZero();
            assertThat(said.toString()).containsPattern("(?m)^  test +Build.*\n  package +Make");

            said.getBuffer().setLength(0);
            System.setProperty("serveflow.home", release.toString());
            assertThat(Serveflow.execute(out(), out(), "help")).isZero();
            assertThat(said.toString()).contains("classify").doesNotContain("package  ");
        } finally {
            System.clearProperty("serveflow.home");
        }
    }

    @Test
    void shouldSayWhatCanBeMeasuredWithoutMeasuringIt() {
        assertThat(Serveflow.execute(out(), out(), "bench", "--help")).isZero();
        assertThat(said.toString()).contains("  rate ", "  latency ", "./serveflow bench WHAT");

        assertThat(Serveflow.execute(out(), out(), "bench")).isEqualTo(2);
        assertThat(said.toString()).contains("what is to be measured is missing, such as rate");
    }

    private PrintWriter out() {
        return new PrintWriter(said, true);
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
                            .formatted(ProjectFiles.bundle("service"), taken.getLocalPort()));

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
    void shouldOpenTheNamedTunnelsForRecords(@TempDir final Path folder) throws IOException {
        final Path capture = tunnelled(folder, 2);

        assertThat(records(capture)).isEmpty();
        assertThat(folder.resolve("out.log")).content().contains("\"id.resp_p\":53");
        assertThat(records(capture, "--tunnels", "none"))
                .endsWith("1 of 1 packets skipped: 1 other_transport");
        assertThat(records(capture, "--tunnels", "nope"))
                .startsWith("serveflow: option --tunnels must be all, none, or some of gre");
    }

    @Test
    void shouldSayThatPacketsAreInTooManyTunnels(@TempDir final Path folder) throws IOException {
        assertThat(records(tunnelled(folder, 4))).isEmpty();
        assertThat(records(tunnelled(folder, 5)))
                .endsWith("1 of 1 packets skipped: 1 tunnels_too_deep");
    }

    /** The first line that the command prints on stderr. */
    private static String records(final Path capture, final String... more) {
        final StringWriter err = new StringWriter();
        final List<String> arguments = new ArrayList<>(List.of("records", capture.toString()));
        arguments.addAll(List.of("--out", capture.resolveSibling("out.log").toString()));
        arguments.addAll(List.of(more));
        Serveflow.execute(
                new PrintWriter(new StringWriter()),
                new PrintWriter(err, true),
                arguments.toArray(String[]::new));
        return err.toString().lines().findFirst().orElse("");
    }

    /** A capture of raw IP (link type 101) with a packet to port 53 in tunnels of IP in IP. */
    private static Path tunnelled(final Path folder, final int tunnels) throws IOException {
        final int length = 20 * (tunnels + 1) + 8 + 4;
        final ByteBuffer capture = ByteBuffer.allocate(24 + 16 + length);
        capture.putInt(0xa1b2c3d4).putShort((short) 2).putShort((short) 4);
        capture.putLong(0).putInt(65_535).putInt(101);
        capture.putInt(1_700_000_000).putInt(0).putInt(length).putInt(length);
        for (int i = 0; i <= tunnels; i++) {
            capture.putShort((short) 0x4500).putShort((short) (length - 20 * i)).putInt(0);
            capture.put((byte) 64).put((byte) (i < tunnels ? 4 : 17)).putShort((short) 0);
            capture.putInt(0x0a000001).putInt(0x0a000002);
        }
        capture.putShort((short) 50_000)
                .putShort((short) 53)
                .putShort((short) 12)
                .putShort((short) 0);
        return Files.write(folder.resolve("tunnelled.pcap"), capture.array());
    }

    @Test
    void shouldListEverySettingInTheHelpOfRun() {
        final StringWriter out = new StringWriter();

        Serveflow.execute(new PrintWriter(out), new PrintWriter(out), "run", "--help");

        assertThat(out.toString())
                .contains(DeclaredSettings.all().stream().map(Setting::help).toList())
                .contains("serveflow.sources (required)\n")
                .contains("serveflow.input.settle (default: 2000)\n");
    }

    @Test
    void shouldExplainEveryCommand() {
        for (final String command : new String[] {"demo", "classify", "run", "train", "records"}) {
            assertThat(Serveflow.execute(command, "--help")).as(command).isZero();
        }
    }
}
