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
import java.util.Map;
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

    private static final String SHARED = "camel-routes/src/main/launcher/launch.sh";

    @TempDir private Path root;
    private LaunchedFolder folder;

    @BeforeEach
    void build() throws IOException {
        folder = new LaunchedFolder(root);
        Files.copy(ProjectFiles.path("serveflow"), root.resolve("serveflow"));
        Files.createDirectories(root.resolve(SHARED).getParent());
        Files.copy(ProjectFiles.path(SHARED), root.resolve(SHARED));
        Files.setLastModifiedTime(root.resolve(SHARED), BUILT);
        folder.java("touch \"$list\"", "touch \"$archive\"");
        folder.executable("bin/mvn", "#!/bin/sh", "touch " + root.resolve("asked-to-build"));
        for (final String source :
                List.of(
                        "pom.xml",
                        "components/a/pom.xml",
                        "camel-routes/pom.xml",
                        "elastic-templates/a.json",
                        "security-onion/a.json",
                        "models/service/bundle.json",
                        "camel-routes/target/camel-routes-1.jar",
                        "camel-routes/target/lib/a.jar",
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
                "security-onion/a.json",
                "models/service/bundle.json"
            })
    void shouldBuildAnewWhatIsOlderThanItsSources(final String source) throws Exception {
        Files.setLastModifiedTime(
                root.resolve(source), FileTime.from(BUILT.toInstant().plusSeconds(60)));

        assertThat(launch()).isZero();
        assertThat(root.resolve("asked-to-build")).exists();
    }

    /** What a release is made of may be built with other profiles. */
    @Test
    void shouldBuildAnewAfterARelease() throws Exception {
        assertThat(launch("package")).isNotZero();
        assertThat(root.resolve("camel-routes/target/lib")).doesNotExist();
        Files.delete(root.resolve("asked-to-build"));

        launch();

        assertThat(root.resolve("asked-to-build")).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bench", "bench --help", "bench -h"})
    void shouldSayWhatCanBeMeasuredWithoutBuildingWhatMeasures(final String command)
            throws Exception {
        assertThat(launch(command.split(" "))).isZero();

        assertThat(root.resolve("asked-to-build")).doesNotExist();
        assertThat(folder.calls(" io.serveflow.app.cli.Serveflow " + command)).hasSize(1);
    }

    @Test
    void shouldBuildWhatMeasuresWhereItIsAskedToMeasure() throws Exception {
        assertThat(Files.createDirectories(root.resolve("benchmarks/target"))).isDirectory();

        assertThat(launch("bench", "rate")).isZero();

        assertThat(root.resolve("asked-to-build")).exists();
        assertThat(folder.calls(" io.serveflow.benchmark.command.Bench rate")).hasSize(1);
    }

    @Test
    void shouldKeepTheClassesOfAStartOnce() throws Exception {
        folder.java("echo java/lang/Object > \"$list\"", "cp \"$classes\" \"$archive\"");

        assertThat(launch("run")).isZero();
        assertThat(launch("run")).isZero();

        assertThat(archive()).hasContent("java/lang/Object");
        assertThat(folder.calls("rehearse")).hasSize(1);
        assertThat(folder.calls(" run"))
                .hasSize(2)
                .allMatch(call -> call.contains("SharedArchiveFile=" + archive()));
    }

    @Test
    void shouldKeepTheClassesAnewWhereALibraryIsNewer() throws Exception {
        folder.java("echo java/lang/Object > \"$list\"", "cp \"$classes\" \"$archive\"");
        assertThat(launch("run")).isZero();
        Files.setLastModifiedTime(archive(), FileTime.from(BUILT.toInstant().minusSeconds(60)));

        assertThat(launch("classify")).isZero();
        assertThat(folder.calls(" classify"))
                .noneMatch(call -> call.contains("SharedArchiveFile="));
        assertThat(launch("run")).isZero();

        assertThat(folder.calls("rehearse")).hasSize(2);
    }

    @Test
    void shouldKeepNoClassesWhereHelpIsAskedFor() throws Exception {
        assertThat(launch("run", "--help")).isZero();

        assertThat(folder.calls("rehearse")).isEmpty();
    }

    @Test
    void shouldLeaveNothingBehindWhereItIsStoppedMeanwhile() throws Exception {
        folder.java("kill -TERM $PPID", "cp \"$classes\" \"$archive\"");

        assertThat(launch("run")).isEqualTo(143);

        assertThat(folder.calls(" run")).isEmpty();
        assertThat(archive()).doesNotExist();
        assertThat(built()).isDirectoryNotContaining("glob:**archive-*");
    }

    @Test
    void shouldLeaveTheLambdasOfAStartOut() throws Exception {
        folder.java(
                "printf 'java/lang/Object\\n@lambda-proxy a/B\\na/B\\n' > \"$list\"",
                "cp \"$classes\" \"$archive\"");

        assertThat(launch("run")).isZero();

        assertThat(archive()).hasContent("java/lang/Object\na/B");
    }

    /** A JVM that runs has it open, and ends where what it has open is cut off. */
    @Test
    void shouldReplaceAnOldArchiveAsAWholeWhereNoneCanBeMade() throws Exception {
        folder.java("exit 1", "exit 1");
        Files.writeString(archive(), "open elsewhere");
        final Path open = Files.createLink(root.resolve("open"), archive());
        Files.setPosixFilePermissions(archive(), PosixFilePermissions.fromString("r--r--r--"));
        Files.setLastModifiedTime(archive(), FileTime.from(BUILT.toInstant().minusSeconds(60)));

        assertThat(launch("run")).isZero();

        assertThat(archive()).isEmptyFile();
        assertThat(open).hasContent("open elsewhere");
        assertThat(folder.calls(" run")).hasSize(1);
    }

    @Test
    void shouldStartWithoutThemWhereTheyCannotBeKept() throws Exception {
        folder.java("echo java/lang/Object > \"$list\"", "exit 134");

        assertThat(launch("run")).isZero();
        assertThat(launch("run")).isZero();

        assertThat(archive()).isEmptyFile();
        assertThat(folder.calls("rehearse")).hasSize(1);
        assertThat(folder.calls(" run"))
                .hasSize(2)
                .noneMatch(call -> call.contains("SharedArchiveFile="));
        assertThat(built()).isDirectoryNotContaining("glob:**archive-*");
    }

    private Path built() {
        return root.resolve("camel-routes/target");
    }

    private Path archive() {
        return built().resolve("serveflow-17.0.1+2.jsa");
    }

    private int launch(final String... arguments) throws Exception {
        return folder.launch(Map.of(), arguments);
    }
}
