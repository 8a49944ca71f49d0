/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the doctor finds of the places that flows come from. */
class SourceChecksTest {

    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

    @TempDir private Path work;

    private Properties settings;

    @BeforeEach
    void settle() throws IOException {
        settings = Examined.settings(work);
        settings.setProperty("serveflow.sources", "tail");
        Files.createDirectories(work.resolve("logs"));
        settings.setProperty("serveflow.tail.path", work + "/logs/serveflow.log");
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, ok log: .* was written 0 s ago",
        "PT14M, ok log: .* was written 14 min ago",
        "PT2H, warning log: .* was written 2 h ago -> look whether the sensor runs",
        "PT25H, FAILED log: .* was written 25 h ago -> look whether the sensor runs",
        "-PT1M, ok log: .* was written in the future",
        "-PT10M, warning log: .* was written in the future -> set the clocks"
    })
    void shouldSayWhenALogWasWritten(final Duration before, final String expected)
            throws IOException {
        write("logs/serveflow.log", before);

        assertThat(examine()).containsPattern(expected);
    }

    @Test
    void shouldJudgeTheLogOfAGlobThatWasWrittenLast() throws IOException {
        write("logs/eve-1.json", Duration.ofDays(3));
        write("logs/eve-2.json", Duration.ofMinutes(1));
        write("logs/eve-3.json", Duration.ofDays(3));
        write("logs/eve-4.json", Duration.ofMinutes(2));
        settings.setProperty("serveflow.tail.path", work + "/logs/eve-*.json");

        assertThat(examine())
                .contains("ok log: " + work + "/logs/eve-2.json was written 1 min ago")
                .containsPattern(
                        "warning log: 2 others of 4 that .*/eve-\\*.json names cannot be read or"
                                + " were not written for 15 min; first .*/eve-[13].json, written"
                                + " 72 h ago -> ")
                .doesNotContain("FAILED log", "eve-4.json");
    }

    @Test
    void shouldFailWhereTheLogOfAGlobThatWasWrittenLastIsOld() throws IOException {
        write("logs/eve-1.json", Duration.ofDays(3));
        write("logs/eve-2.json", Duration.ofDays(2));
        settings.setProperty("serveflow.tail.path", work + "/logs/eve-*.json");

        assertThat(examine())
                .contains("FAILED log: " + work + "/logs/eve-2.json was written 48 h ago");
    }

    /** As lost+found is, or here a link to itself, which nobody can look into. */
    @Test
    void shouldMindAClosedFolderBesideThoseOfTheLogsOnlyWhereThereIsNoLog() throws IOException {
        Files.createDirectories(work.resolve("nsm/zeek"));
        Files.createSymbolicLink(work.resolve("nsm/lost"), work.resolve("nsm/lost"));
        settings.setProperty("serveflow.tail.path", work + "/nsm/*/serveflow.log");

        assertThat(examine())
                .contains("FAILED log: there is no " + work + "/nsm/*/serveflow.log")
                .contains("warning log: it cannot be seen whether there is a file " + work);

        write("nsm/zeek/serveflow.log", Duration.ZERO);

        assertThat(examine()).contains("ok log: ").doesNotContain("cannot be seen");
    }

    @Test
    void shouldFailWhereTheFolderOfTheLogIsNotThere() throws IOException {
        settings.setProperty("serveflow.tail.path", work + "/lgs/*/serveflow.log");

        assertThat(examine())
                .contains("FAILED log: there is no " + work + "/lgs/*/serveflow.log")
                .contains("there is no folder " + work + "/lgs -> check serveflow.tail.path");
    }

    /** What is misspelled must not pass for a log that has not begun. */
    @ParameterizedTest
    @ValueSource(strings = {"servflow.log", "serveflow.lgo", "serveflow*.json"})
    void shouldFailWhereThereIsNoLogOfTheName(final String name) throws IOException {
        write("logs/serveflow.log", Duration.ZERO);
        write("logs/serveflow.10:00:00-11:00:00.log.gz", Duration.ofHours(1));
        settings.setProperty("serveflow.tail.path", work + "/logs/" + name);

        assertThat(examine())
                .contains("FAILED log: there is no " + work + "/logs/" + name + " -> check");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"serveflow.log.1", "serveflow.10:00:00-11:00:00.log.gz", "serveflow-1.log"})
    void shouldWarnBetweenARotationAndTheNextFlow(final String rotated) throws IOException {
        write("logs/" + rotated, Duration.ofHours(1));

        assertThat(examine())
                .containsPattern("warning log: .*the last rotated one was written 1 h ago");
    }

    @Test
    void shouldFailWhereTheLastRotationIsLongAgo() throws IOException {
        write("logs/serveflow.log.1", Duration.ofDays(3));

        assertThat(examine())
                .containsPattern("FAILED log: .*the last rotated one was written 72 h ago");
    }

    @Test
    void shouldKnowRotatedLogsOfAnotherFolder() throws IOException {
        Files.createDirectories(work.resolve("old/2026-11-30"));
        write("old/2026-11-30/serveflow.10.log.gz", Duration.ofHours(1));
        settings.setProperty("serveflow.tail.rotated", work + "/old/*/serveflow.*.log.gz");

        assertThat(examine())
                .contains("warning log: there is no")
                .contains("ok rotated logs: 1 files");
    }

    @Test
    void shouldFailWhereTheFolderOfRotatedLogsIsNotThere() throws IOException {
        write("logs/serveflow.log", Duration.ZERO);
        settings.setProperty("serveflow.tail.rotated", work + "/odl/*/serveflow.*.log.gz");

        assertThat(examine()).contains("FAILED rotated logs: ").contains("there is no " + work);
    }

    @Test
    void shouldFailWhereASocketHasNoFolder() throws IOException {
        settings.setProperty("serveflow.sources", "socket");
        settings.setProperty("serveflow.socket.address", "unix:" + work + "/run/eve.sock");

        assertThat(examine())
                .contains("FAILED socket: this user may make no socket in " + work + "/run");
    }

    @ParameterizedTest
    @CsvSource({
        "unix:WORK/eve.sock, ok socket: the sensor connects to unix:",
        "tcp:127.0.0.1:5555, ok socket: the sensor connects to tcp:127.0.0.1:5555",
        "tcp:0.0.0.0:5555, ok socket: the sensor connects to",
        "tcp:192.0.2.1:5555, FAILED socket: 192.0.2.1 is no address of this machine",
        "tcp:127.0.0.1:70000, FAILED socket: tcp:127.0.0.1:70000: port out of range"
    })
    void shouldSayWhetherASensorCanConnect(final String address, final String expected)
            throws IOException {
        settings.setProperty("serveflow.sources", "socket");
        settings.setProperty("serveflow.socket.address", address.replace("WORK", work.toString()));

        assertThat(examine()).contains(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "in*.pcap, ok captures: 1 files have a name like",
        "out*.pcap, FAILED captures: there is no"
    })
    void shouldSayWhetherThereAreCaptures(final String name, final String expected)
            throws IOException {
        Files.createFile(work.resolve("in.pcap"));
        settings.setProperty("serveflow.sources", "pcap");
        settings.setProperty("serveflow.pcap.file", work + "/" + name);

        assertThat(examine()).contains(expected);
    }

    @Test
    void shouldSayWhetherASlowEndpointTakesConnections() throws IOException {
        settings.setProperty("serveflow.sources", "files");
        try (ServerSocket worker = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            settings.setProperty(
                    "serveflow.slow.endpoints",
                    "127.0.0.1:" + worker.getLocalPort() + ",127.0.0.1:1,127.0.0.1:70000");

            assertThat(examine())
                    .contains(
                            "ok slow endpoint: 127.0.0.1:" + worker.getLocalPort() + " takes",
                            "FAILED slow endpoint: 127.0.0.1:1 cannot be reached",
                            "FAILED slow endpoint: 127.0.0.1:70000 cannot be reached: port out");
        }
    }

    private void write(final String name, final Duration before) throws IOException {
        final Path file = Files.createFile(work.resolve(name));
        Files.setLastModifiedTime(file, FileTime.from(NOW.minus(before)));
    }

    private String examine() throws IOException {
        return Examined.lines(
                new SourceChecks(Examined.checked(settings), Clock.fixed(NOW, ZoneOffset.UTC))
                        .examine());
    }
}
