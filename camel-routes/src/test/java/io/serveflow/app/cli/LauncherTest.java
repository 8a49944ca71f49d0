/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./serveflow} in a copy of the project's folders, with a Java and a Maven of its own. */
@EnabledOnOs(OS.LINUX)
class LauncherTest {

    private static final FileTime BUILT = FileTime.from(Instant.parse("2026-11-22T10:00:00Z"));

    @TempDir private Path root;

    @BeforeEach
    void build() throws IOException {
        Files.copy(ProjectFiles.path("serveflow"), root.resolve("serveflow"));
        executable("bin/java", "#!/bin/sh", "echo ' java.specification.version = 17' >&2");
        executable("bin/mvn", "#!/bin/sh", "touch " + root.resolve("asked-to-build"));
        for (final String source :
                List.of(
                        "pom.xml",
                        "components/a/pom.xml",
                        "camel-routes/pom.xml",
                        "elastic-templates/a.json",
                        "models/service/bundle.json",
                        "camel-routes/target/serveflow.built")) {
            final Path file = root.resolve(source);
            Files.createDirectories(file.getParent());
            Files.setLastModifiedTime(Files.createFile(file), BUILT);
        }
    }

    @Test
    void shouldNotBuildWhatIsBuilt() throws Exception {
        assertThat(launch()).isZero();
        assertThat(root.resolve("asked-to-build")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pom.xml",
                "components/a/pom.xml",
                "camel-routes/pom.xml",
                "elastic-templates/a.json",
                "models/service/bundle.json"
            })
    void shouldBuildAnewWhatIsOlderThanItsSources(final String source) throws Exception {
        Files.setLastModifiedTime(
                root.resolve(source), FileTime.from(BUILT.toInstant().plusSeconds(60)));

        assertThat(launch()).isZero();
        assertThat(root.resolve("asked-to-build")).exists();
    }

    private int launch() throws Exception {
        final ProcessBuilder command = new ProcessBuilder(root.resolve("serveflow").toString());
        command.environment().put("JAVA_HOME", root.toString());
        command.environment().put("PATH", root.resolve("bin") + ":" + System.getenv("PATH"));
        final Process process =
                command.redirectErrorStream(true)
                        .redirectOutput(root.resolve("printed").toFile())
                        .start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return process.exitValue();
    }

    private void executable(final String name, final String... lines) throws IOException {
        final Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, List.of(lines));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
