/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A launcher in a folder with a Java of its own, which notes how it is called. */
final class LaunchedFolder {

    private final Path root;

    LaunchedFolder(final Path root) {
        this.root = root;
    }

    List<String> calls(final String of) throws IOException {
        final Path calls = root.resolve("calls");
        return Files.exists(calls)
                ? Files.readAllLines(calls).stream().filter(call -> call.contains(of)).toList()
                : List.of();
    }

    /**
     * A JVM that notes how it is called, and classes and an archive of them in a way of its own.
     */
    void java(final String note, final String dump) throws IOException {
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

    int launch(final Map<String, String> environment, final String... arguments) throws Exception {
        final ProcessBuilder command = new ProcessBuilder(root.resolve("serveflow").toString());
        command.command().addAll(List.of(arguments));
        command.environment().put("JAVA_HOME", root.toString());
        command.environment().put("PATH", root.resolve("bin") + ":" + System.getenv("PATH"));
        command.environment().putAll(environment);
        final Process process =
                command.redirectErrorStream(true)
                        .redirectOutput(root.resolve("printed").toFile())
                        .start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return process.exitValue();
    }

    /** What the last launch has printed. */
    String printed() throws IOException {
        return Files.readString(root.resolve("printed"));
    }

    void executable(final String name, final String... lines) throws IOException {
        final Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, List.of(lines));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
