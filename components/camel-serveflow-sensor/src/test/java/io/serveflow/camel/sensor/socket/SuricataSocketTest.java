/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.serveflow.camel.sensor.Samples;
import io.serveflow.camel.sensor.SourceRoute;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorInput;
import io.serveflow.testing.samples.Gzip;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.camel.health.HealthCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Suricata itself, where it is installed, writing to our socket and to a file at the same time. */
@EnabledIf("isInstalled")
class SuricataSocketTest {

    private final SourceRoute route = new SourceRoute();

    @TempDir private Path folder;

    static boolean isInstalled() {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(bin -> Files.isExecutable(Path.of(bin, "suricata")));
    }

    @AfterEach
    void close() {
        route.close();
    }

    @Test
    void shouldGiveTheFlowsThatSuricataWritesToItsFile() throws Exception {
        route.from("serveflow-socket:unix:" + folder.resolve("eve.sock"));

        runSuricata(unpacked("samples/captures/mixed.pcap.gz"));

        final List<FlowRecord> expected =
                Samples.records(
                        SensorInput.open(
                                folder.resolve("serveflow.json"),
                                SensorFormats.installed().only("eve"),
                                FlowAssembler.Options.defaults("serveflow"),
                                new Ledger(),
                                letter -> {}));
        assertThat(expected).hasSizeGreaterThan(100);
        await().untilAsserted(() -> assertThat(route.records).hasSize(expected.size()));
        assertThat(Samples.sorted(route.records)).isEqualTo(Samples.sorted(expected));
        assertThat(route.letters).isEmpty();
        assertThat(route.health().getState()).isEqualTo(HealthCheck.State.UP);
    }

    private Path unpacked(final String capture) throws IOException {
        return Files.write(folder.resolve("in.pcap"), Gzip.unpacked(ProjectFiles.path(capture)));
    }

    private void runSuricata(final Path capture) throws Exception {
        final Path sensor = ProjectFiles.path("zeek-scripts/suricata");
        final String ours = Files.readString(sensor.resolve("serveflow-eve.yaml"));
        final Path toSocket = folder.resolve("to-socket.yaml");
        Files.writeString(
                toSocket,
                ours.replace("filetype: regular", "filetype: unix_stream")
                        .replace("serveflow.json", folder.resolve("eve.sock").toString()));
        final Path configuration = folder.resolve("suricata.yaml");
        Files.writeString(
                configuration,
                """
                %%YAML 1.1
                ---
                outputs:
                  - eve-log: !include %s
                  - eve-log: !include %s
                stream:
                  midstream: true
                """
                        .formatted(toSocket, sensor.resolve("serveflow-eve.yaml")));
        final Path log = folder.resolve("log");
        final Process suricata =
                new ProcessBuilder(
                                "suricata",
                                "-c",
                                configuration.toString(),
                                "-r",
                                capture.toString(),
                                "-S",
                                sensor.resolve("serveflow.rules").toString(),
                                "-l",
                                folder.toString(),
                                "-k",
                                "none",
                                "--runmode",
                                "single")
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        assertThat(suricata.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(suricata.exitValue()).as(() -> text(log)).isZero();
    }

    private static String text(final Path file) {
        try {
            return Files.readString(file);
        } catch (final IOException e) {
            return e.toString();
        }
    }
}
