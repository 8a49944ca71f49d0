/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.app.fixture.ServeflowProcess;
import io.serveflow.testing.samples.ProjectFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearseCommandTest {

    @TempDir private Path folder;

    @Test
    void shouldLetTheJvmNoteWhatReadsDecidesAndStores() throws Exception {
        final Path noted = folder.resolve("noted");
        final Path temporary = Files.createDirectory(folder.resolve("tmp"));

        final Process process =
                ServeflowProcess.command(
                                List.of(
                                        "-XX:DumpLoadedClassList=" + noted,
                                        "-Djava.io.tmpdir=" + temporary,
                                        "-Dserveflow.home=" + ProjectFiles.path("")),
                                List.of("rehearse"))
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("said").toFile())
                        .start();

        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(folder.resolve("said"))).isZero();
        assertThat(Files.readString(noted))
                .contains("io/serveflow/camel/sensor/tail/")
                .contains("ai/onnxruntime/OrtSession")
                .contains("io/serveflow/camel/elastic/BulkDelivery")
                .contains("org/elasticsearch/client/RestClient");
    }
}
