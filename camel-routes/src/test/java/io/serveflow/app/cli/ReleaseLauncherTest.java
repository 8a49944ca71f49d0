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
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code serveflow} of a release, in a folder like that of the archive, with a Java of its own. */
@EnabledOnOs(OS.LINUX)
class ReleaseLauncherTest {

    private static final FileTime RELEASED = FileTime.from(Instant.parse("2026-11-22T00:00:00Z"));
    private static final String ARCHIVE = "serveflow-17.0.1+2.jsa";

    @TempDir private Path root;
    @TempDir private Path cache;
    private LaunchedFolder folder;

    @BeforeEach
    void unpack() throws IOException {
        folder = new LaunchedFolder(root);
        Files.copy(
                ProjectFiles.path("distribution/src/main/release/serveflow"),
                root.resolve("serveflow"));
        Files.createDirectory(root.resolve("lib"));
        Files.copy(
                ProjectFiles.path("camel-routes/src/main/launcher/launch.sh"),
                root.resolve("lib/launch.sh"));
        Files.setLastModifiedTime(Files.createFile(root.resolve("lib/a.jar")), RELEASED);
        folder.java("echo java/lang/Object > \"$list\"", "cp \"$classes\" \"$archive\"");
    }

    @Test
    void shouldKeepTheClassesOfAStartInTheCacheOfItsService() throws Exception {
        assertThat(folder.launch(Map.of("CACHE_DIRECTORY", cache.toString()), "run")).isZero();

        assertThat(cache.resolve(ARCHIVE)).hasContent("java/lang/Object");
        assertThat(root.resolve("lib").resolve(ARCHIVE)).doesNotExist();
        assertThat(folder.calls(" run"))
                .singleElement()
                .asString()
                .contains("SharedArchiveFile=" + cache.resolve(ARCHIVE))
                .contains("-Dserveflow.home=" + root);
    }

    @Test
    void shouldKeepTheClassesOfAStartBesideTheJarsOtherwise() throws Exception {
        assertThat(folder.launch(Map.of(), "run")).isZero();

        assertThat(root.resolve("lib").resolve(ARCHIVE)).hasContent("java/lang/Object");
    }

    /** The making of the archive changes the folder that it is in. */
    @Test
    void shouldTakeTheClassesThatAreKeptBesideTheJarsAtTheNextStart() throws Exception {
        assertThat(folder.launch(Map.of(), "run")).isZero();

        assertThat(folder.launch(Map.of(), "run")).isZero();

        assertThat(folder.calls("rehearse")).hasSize(1);
        assertThat(folder.calls(" run"))
                .hasSize(2)
                .allMatch(
                        call ->
                                call.contains(
                                        "SharedArchiveFile="
                                                + root.resolve("lib").resolve(ARCHIVE)));
    }

    /** The jars of each release have one and the same time. */
    @Test
    void shouldKeepTheClassesAnewAfterAnUpgradeWhoseJarsAreOlderThanTheArchive() throws Exception {
        assertThat(folder.launch(Map.of(), "run")).isZero();
        Files.setLastModifiedTime(
                root.resolve("lib").resolve(ARCHIVE),
                FileTime.from(Instant.now().minusSeconds(60)));
        Files.writeString(root.resolve("lib/a.jar"), "of the next release");
        Files.setLastModifiedTime(root.resolve("lib/a.jar"), RELEASED);

        assertThat(folder.launch(Map.of(), "run")).isZero();

        assertThat(folder.calls("rehearse")).hasSize(2);
    }

    @Test
    void shouldStartWhereNothingMayBeWritten() throws Exception {
        Files.setPosixFilePermissions(
                root.resolve("lib"), PosixFilePermissions.fromString("r-xr-xr-x"));
        final Map<String, String> nowhere =
                Map.of("CACHE_DIRECTORY", root.resolve("none").toString());

        assertThat(folder.launch(nowhere, "run")).isZero();

        assertThat(folder.calls(" run")).hasSize(1);
        assertThat(folder.calls("rehearse")).isEmpty();
        Files.setPosixFilePermissions(
                root.resolve("lib"), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"test", "package"})
    void shouldSayThatAReleaseBuildsNothing(final String command) throws Exception {
        assertThat(folder.launch(Map.of(), command)).isEqualTo(1);

        assertThat(folder.printed())
                .isEqualToIgnoringNewLines(
                        "serveflow: '"
                                + command
                                + "' builds, which a release cannot; run it in a checkout of the"
                                + " sources");
        assertThat(folder.calls(command)).isEmpty();
    }
}
