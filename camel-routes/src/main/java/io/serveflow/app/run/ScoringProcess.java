/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

/** A process of its own that scores tiers: {@code serveflow run} in the role slow. */
public final class ScoringProcess implements Closeable {

    private static final String HOST = "127.0.0.1";

    /** By its name, as nothing knows the command line. */
    private static final String COMMAND = "io.serveflow.app.cli.Serveflow";

    private static final Duration START = Duration.ofMinutes(1);
    private static final Duration STOP = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(50);

    private final Process process;
    private final int port;

    private ScoringProcess(final Process process, final int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts one on the class path and with the options of this process. */
    public static ScoringProcess start(final Path work, final Path bundle)
            throws IOException, InterruptedException {
        return start(ScoringProcess::command, work, bundle);
    }

    /**
     * Starts one, and waits until it takes connections.
     *
     * @param command that of the process, by the file of its settings
     * @param work folder for its settings and its log
     * @throws IOException if it ends, with what it has said, or does not come up in a minute
     */
    public static ScoringProcess start(
            final Function<Path, List<String>> command, final Path work, final Path bundle)
            throws IOException, InterruptedException {
        final int port = ServerPorts.free(HOST);
        final Properties settings = new Properties();
        settings.setProperty("serveflow.role", "slow");
        settings.setProperty("serveflow.worker.host", HOST);
        settings.setProperty("serveflow.worker.port", Integer.toString(port));
        settings.setProperty("serveflow.bundle", bundle.toString());
        settings.setProperty("camel.management.enabled", "false");
        final Path file = work.resolve("worker.properties");
        try (OutputStream out = Files.newOutputStream(file)) {
            settings.store(out, null);
        }
        final Path log = work.resolve("worker.log");
        final ScoringProcess worker =
                new ScoringProcess(
                        new ProcessBuilder(command.apply(file))
                                .redirectErrorStream(true)
                                .redirectOutput(log.toFile())
                                .start(),
                        port);
        try {
            worker.awaitStart(log);
            return worker;
        } catch (final IOException | InterruptedException | RuntimeException e) {
            worker.close();
            throw e;
        }
    }

    private static List<String> command(final Path settings) {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(ScoringProcess::isForBoth)
                .forEach(command::add);
        command.addAll(
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        COMMAND,
                        "run",
                        "--config",
                        settings.toString()));
        return command;
    }

    /** What the launcher sets, without agents and ports that only one process can have. */
    private static boolean isForBoth(final String option) {
        return Stream.of("-XX:", "-Xlog:", "-Dserveflow.home=", "--enable-", "--sun-")
                .anyMatch(option::startsWith);
    }

    private void awaitStart(final Path log) throws IOException, InterruptedException {
        final long deadline = System.nanoTime() + START.toNanos();
        while (!isListening()) {
            if (process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("the worker has ended: " + lastLine(log));
            }
            if (System.nanoTime() > deadline) {
                throw new IOException(
                        "the worker does not listen after "
                                + START.toSeconds()
                                + " seconds: "
                                + lastLine(log));
            }
        }
    }

    private static String lastLine(final Path log) throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.reduce((first, second) -> second).orElse("it has said nothing");
        }
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

    public long pid() {
        return process.pid();
    }

    /** Ends it, at the latest after ten seconds. Later calls do nothing. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (final InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
