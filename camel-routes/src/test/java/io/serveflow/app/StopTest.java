/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code serveflow run} as a process of its own that is told to stop. */
class StopTest {

    private static final Path ROOT = Path.of(System.getProperty("serveflow.root"));
    private static final int SIGTERM_EXIT = 143;

    @TempDir private Path work;

    /** Wherever the start is by then: it was before the models, at them, and behind them. */
    @ParameterizedTest
    @ValueSource(ints = {900, 1_300, 1_600, 1_900, 2_300, 3_000})
    void shouldStopWithoutATraceWhenItIsStillStarting(final int millis) throws Exception {
        final Process process = run(settings());
        assertThat(process.waitFor(millis, TimeUnit.MILLISECONDS)).isFalse();

        process.destroy();

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(SIGTERM_EXIT);
        assertThat(work.resolve("process.log")).content().doesNotContain("ERROR", "serveflow:");
        try (Stream<Path> left = Files.walk(work)) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.startsWith("hs_err") || name.contains("libonnx"));
        }
    }

    private Properties settings() throws IOException {
        final Properties settings = new Properties();
        settings.setProperty("serveflow.sources", "files");
        settings.setProperty(
                "serveflow.input", Files.createDirectories(work.resolve("in")).toString());
        settings.setProperty("serveflow.bundle", ROOT.resolve("models/service").toString());
        settings.setProperty("serveflow.elasticsearch.templates", "false");
        settings.setProperty("serveflow.dead-letters", work.resolve("dead.ndjson").toString());
        settings.setProperty("serveflow.console.port", "0");
        settings.setProperty("camel.management.enabled", "false");
        return settings;
    }

    private Process run(final Properties settings) throws IOException {
        final Path configuration = work.resolve("serveflow.properties");
        try (OutputStream out = Files.newOutputStream(configuration)) {
            settings.store(out, null);
        }
        final List<String> command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:-CreateCoredumpOnCrash",
                        "-XX:ErrorFile=" + work.resolve("hs_err"),
                        "-Djava.io.tmpdir=" + Files.createDirectories(work.resolve("tmp")),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Serveflow.class.getName(),
                        "run",
                        "--config",
                        configuration.toString());
        return new ProcessBuilder(command)
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("process.log").toFile())
                .start();
    }
}
