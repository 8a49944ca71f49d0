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
        java("touch \"$list\"", "touch \"$archive\"");
        executable("bin/mvn", "#!/bin/sh", "touch " + root.resolve("asked-to-build"));
        for (final String source :
                List.of(
                        "pom.xml",
                        "components/a/pom.xml",
                        "camel-routes/pom.xml",
                        "elastic-templates/a.json",
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
                "models/service/bundle.json"
            })
    void shouldBuildAnewWhatIsOlderThanItsSources(final String source) throws Exception {
        Files.setLastModifiedTime(
                root.resolve(source), FileTime.from(BUILT.toInstant().plusSeconds(60)));

        assertThat(launch()).isZero();
        assertThat(root.resolve("asked-to-build")).exists();
    }

    @Test
    void shouldKeepTheClassesOfAStartOnce() throws Exception {
        java("echo java/lang/Object > \"$list\"", "cp \"$classes\" \"$archive\"");

        assertThat(launch("run")).isZero();
        assertThat(launch("run")).isZero();

        assertThat(archive()).hasContent("java/lang/Object");
        assertThat(calls("rehearse")).hasSize(1);
        assertThat(calls(" run"))
                .hasSize(2)
                .allMatch(call -> call.contains("SharedArchiveFile=" + archive()));
    }

    @Test
    void shouldKeepTheClassesAnewWhereALibraryIsNewer() throws Exception {
        java("echo java/lang/Object > \"$list\"", "cp \"$classes\" \"$archive\"");
        assertThat(launch("run")).isZero();
        Files.setLastModifiedTime(archive(), FileTime.from(BUILT.toInstant().minusSeconds(60)));

        assertThat(launch("classify")).isZero();
        assertThat(calls(" classify")).noneMatch(call -> call.contains("SharedArchiveFile="));
        assertThat(launch("run")).isZero();

        assertThat(calls("rehearse")).hasSize(2);
    }

    @Test
    void shouldKeepNoClassesWhereHelpIsAskedFor() throws Exception {
        assertThat(launch("run", "--help")).isZero();

        assertThat(calls("rehearse")).isEmpty();
    }

    @Test
    void shouldLeaveNothingBehindWhereItIsStoppedMeanwhile() throws Exception {
        java("kill -TERM $PPID", "cp \"$classes\" \"$archive\"");

        assertThat(launch("run")).isEqualTo(143);

        assertThat(calls(" run")).isEmpty();
        assertThat(archive()).doesNotExist();
        assertThat(built()).isDirectoryNotContaining("glob:**archive-*");
    }

    @Test
    void shouldLeaveTheLambdasOfAStartOut() throws Exception {
        java(
                "printf 'java/lang/Object\\n@lambda-proxy a/B\\na/B\\n' > \"$list\"",
                "cp \"$classes\" \"$archive\"");

        assertThat(launch("run")).isZero();

        assertThat(archive()).hasContent("java/lang/Object\na/B");
    }

    /** A JVM that runs has it open, and ends where what it has open is cut off. */
    @Test
    void shouldReplaceAnOldArchiveAsAWholeWhereNoneCanBeMade() throws Exception {
        java("exit 1", "exit 1");
        Files.writeString(archive(), "open elsewhere");
        final Path open = Files.createLink(root.resolve("open"), archive());
        Files.setPosixFilePermissions(archive(), PosixFilePermissions.fromString("r--r--r--"));
        Files.setLastModifiedTime(archive(), FileTime.from(BUILT.toInstant().minusSeconds(60)));

        assertThat(launch("run")).isZero();

        assertThat(archive()).isEmptyFile();
        assertThat(open).hasContent("open elsewhere");
        assertThat(calls(" run")).hasSize(1);
    }

    @Test
    void shouldStartWithoutThemWhereTheyCannotBeKept() throws Exception {
        java("echo java/lang/Object > \"$list\"", "exit 134");

        assertThat(launch("run")).isZero();
        assertThat(launch("run")).isZero();

        assertThat(archive()).isEmptyFile();
        assertThat(calls("rehearse")).hasSize(1);
        assertThat(calls(" run")).hasSize(2).noneMatch(call -> call.contains("SharedArchiveFile="));
        assertThat(built()).isDirectoryNotContaining("glob:**archive-*");
    }

    private Path built() {
        return root.resolve("camel-routes/target");
    }

    private Path archive() {
        return built().resolve("serveflow-17.0.1+2.jsa");
    }

    private List<String> calls(final String of) throws IOException {
        return Files.readAllLines(root.resolve("calls")).stream()
                .filter(call -> call.contains(of))
                .toList();
    }

    /**
     * A JVM that notes how it is called, and classes and an archive of them in a way of its own.
     */
    private void java(final String note, final String dump) throws IOException {
        executable(
                "bin/java",
                "#!/bin/sh",
                "case $* in",
                "  -XshowSettings*)",
                "    echo ' java.specification.version = 17' >&2",
                "    echo ' java.vm.version = 17.0.1+2' >&2",
                "    exit",
                "    ;;",
                "esac",
                "echo \"$*\" >> " + root.resolve("calls"),
                "for option in \"$@\"; do",
                "  case $option in",
                "    -XX:DumpLoadedClassList=*) list=${option#*=}; " + note + " ;;",
                "    -XX:SharedClassListFile=*) classes=${option#*=} ;;",
                "    -XX:SharedArchiveFile=*) archive=${option#*=} ;;",
                "    -Xshare:dump) dump=true ;;",
                "  esac",
                "done",
                "if [ -n \"${dump:-}\" ]; then " + dump + "; fi");
    }

    private int launch(final String... arguments) throws Exception {
        final ProcessBuilder command = new ProcessBuilder(root.resolve("serveflow").toString());
        command.command().addAll(List.of(arguments));
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
