/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.roles;

import io.serveflow.app.cli.Serveflow;
import io.serveflow.benchmark.run.FreshJvm;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Processes of {@code serveflow run}, each of a role and with a folder of its own, that can be
 * killed and started again.
 */
public final class RoleProcesses implements AutoCloseable {

    private final Path folder;
    private final FreshJvm jvm;
    private final Map<String, String> settings;
    private final Map<String, Process> running = new HashMap<>();

    /**
     * @param folder in which each process gets a folder of its name
     * @param settings those that all of them have
     */
    public RoleProcesses(
            final Path folder, final FreshJvm jvm, final Map<String, String> settings) {
        this.folder = folder;
        this.jvm = jvm;
        this.settings = Map.copyOf(settings);
    }

    /**
     * Starts a process, for the first time or again.
     *
     * @param name its role and a number, as {@code fast-1}
     */
    public void start(final String name) throws IOException {
        final Path work = Files.createDirectories(folder.resolve(name));
        final Properties properties = new Properties();
        properties.putAll(settings);
        properties.setProperty("serveflow.role", name.substring(0, name.indexOf('-')));
        properties.setProperty(
                "serveflow.deadLetters", work.resolve("dead-letters.ndjson").toString());
        final Path file = work.resolve("serveflow.properties");
        try (OutputStream out = Files.newOutputStream(file)) {
            properties.store(out, null);
        }
        final List<String> command =
                jvm.command(Serveflow.class, "run", "--config", file.toString());
        running.put(
                name,
                new ProcessBuilder(command)
                        .directory(work.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log(name).toFile()))
                        .start());
    }

    /** Kills a process, which gets no time to end anything. */
    public void kill(final String name) throws InterruptedException {
        running.get(name).destroyForcibly().waitFor();
    }

    /**
     * Requires that all processes run that were not killed.
     *
     * @throws IOException with what it said, if one has ended by itself
     */
    public void requireAlive() throws IOException {
        for (final Map.Entry<String, Process> process : running.entrySet()) {
            if (!process.getValue().isAlive()) {
                throw new IOException(
                        process.getKey()
                                + " has ended; it said: "
                                + Files.readString(log(process.getKey())));
            }
        }
    }

    private Path log(final String name) {
        return folder.resolve(name).resolve("process.log");
    }

    @Override
    public void close() {
        running.values().forEach(Process::destroyForcibly);
    }
}
