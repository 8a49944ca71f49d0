/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.remote;

import io.serveflow.app.cli.Serveflow;
import io.serveflow.app.run.ServerPorts;
import io.serveflow.benchmark.run.FreshJvm;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** {@code serveflow run} in the role slow, as a process that scores for the measured one. */
public final class Worker implements AutoCloseable {

    private static final String HOST = "127.0.0.1";
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long LOOK_MILLIS = 50;

    private final Process process;
    private final int port;

    private Worker(final Process process, final int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts it, and waits until it takes connections.
     *
     * @param work an empty folder
     */
    public static Worker started(final FreshJvm jvm, final Path bundle, final Path work)
            throws IOException, InterruptedException {
        final int port = ServerPorts.free(HOST);
        final Properties settings = new Properties();
        settings.setProperty("serveflow.role", "slow");
        settings.setProperty("serveflow.worker.port", Integer.toString(port));
        settings.setProperty("serveflow.bundle", bundle.toString());
        settings.setProperty("camel.management.enabled", "false");
        final Path file = work.resolve("worker.properties");
        try (OutputStream out = Files.newOutputStream(file)) {
            settings.store(out, null);
        }
        final Path said = work.resolve("worker.log");
        final Worker worker =
                new Worker(
                        new ProcessBuilder(
                                        jvm.command(
                                                Serveflow.class,
                                                "run",
                                                "--config",
                                                file.toString()))
                                .redirectErrorStream(true)
                                .redirectOutput(said.toFile())
                                .start(),
                        port);
        final long begin = System.nanoTime();
        while (!worker.isListening()) {
            if (worker.process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)
                    || System.nanoTime() - begin > PATIENCE_NANOS) {
                worker.close();
                throw new IOException("the worker does not listen: " + Files.readString(said));
            }
        }
        return worker;
    }

    private boolean isListening() {
        try (Socket socket = new Socket(HOST, port)) {
            return socket.isConnected();
        } catch (final IOException e) {
            return false;
        }
    }

    /** {@code HOST:PORT}, as settings name it. */
    public String address() {
        return HOST + ":" + port;
    }

    /** The command that has it stand still, with its connections open. */
    public List<String> stopping() {
        return List.of("kill", "-STOP", Long.toString(process.pid()));
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
