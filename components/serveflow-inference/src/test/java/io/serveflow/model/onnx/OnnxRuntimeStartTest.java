/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ONNX Runtime 1.29.0 fails both; see docs/decisions/0007. */
class OnnxRuntimeStartTest {

    @TempDir private Path home;

    @Test
    void shouldStartInAProcessWithALongCommandLine() throws Exception {
        assertThat(start("/some/folder/with/a/capture.pcap ".repeat(2000))).isZero();
    }

    @Test
    void shouldWriteNothingBelowTheHomeOfTheUser() throws Exception {
        assertThat(start("short")).isZero();

        try (Stream<Path> written = Files.walk(home)) {
            assertThat(written.filter(Files::isRegularFile)).isEmpty();
        }
    }

    private int start(final String argument) throws Exception {
        final ProcessBuilder process =
                new ProcessBuilder(
                                List.of(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        Start.class.getName(),
                                        argument))
                        .inheritIO();
        process.environment().put("HOME", home.toString());
        process.environment().remove("ORT_DISABLE_TELEMETRY");
        return process.start().waitFor();
    }

    /** Only creates the environment. */
    static final class Start {

        private Start() {}

        public static void main(final String[] args) {
            OrtEnvironment.getEnvironment();
        }
    }
}
