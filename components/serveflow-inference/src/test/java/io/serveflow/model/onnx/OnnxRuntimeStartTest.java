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

    @Test
    void shouldSayEachTimeThatItsLibraryDoesNotLoad() throws Exception {
        final Path library = Files.writeString(home.resolve("libonnxruntime.so"), "no library");

        assertThat(
                        start(
                                StartTwice.class,
                                "-Donnxruntime.native.onnxruntime.path=" + library,
                                "twice"))
                .isZero();
    }

    private int start(final String argument) throws Exception {
        return start(Start.class, "-Xshare:auto", argument);
    }

    private int start(final Class<?> main, final String option, final String argument)
            throws Exception {
        final ProcessBuilder process =
                new ProcessBuilder(
                                List.of(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        option,
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        main.getName(),
                                        argument))
                        .inheritIO();
        process.environment().put("HOME", home.toString());
        process.environment().remove("ORT_DISABLE_TELEMETRY");
        return process.start().waitFor();
    }

    /** Opens the environment twice, which must fail alike. */
    static final class StartTwice {

        private StartTwice() {}

        public static void main(final String[] args) {
            for (int i = 0; i < 2; i++) {
                try {
                    OnnxEnvironment.get();
                    System.exit(1);
                } catch (final IllegalStateException e) {
                    if (!e.getMessage().startsWith("no model can be opened, as ONNX Runtime")) {
                        System.exit(2);
                    }
                }
            }
        }
    }

    /** Only creates the environment. */
    static final class Start {

        private Start() {}

        public static void main(final String[] args) {
            OrtEnvironment.getEnvironment();
        }
    }
}
