/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.run;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A JVM that is started for one measurement: it gets its settings as an argument in JSON, says what
 * it measured as the last line of its standard output, and ends.
 *
 * @param cores how many of the machine's cores it may use; 0 for all
 * @param options options of the JVM, separated by spaces
 */
public record FreshJvm(int cores, String options) {

    private static final JsonMapper JSON =
            JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
    private static final int ALLOWED_BY_NAME_FROM = 24;

    /**
     * Runs the {@code main} of a class and returns what it measured.
     *
     * @throws IOException if it fails; what it said is on standard error
     */
    public <R> R measure(final Class<?> main, final Object settings, final Class<R> result)
            throws IOException, InterruptedException {
        final ProcessBuilder builder =
                new ProcessBuilder(command(main, JSON.writeValueAsString(settings)))
                        .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putIfAbsent("SERVEFLOW_LOG", "ERROR");
        final Process process = builder.start();
        final Thread end = new Thread(process::destroyForcibly, "end-of-a-measurement");
        Runtime.getRuntime().addShutdownHook(end);
        try {
            process.getOutputStream().close();
            final List<String> said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .toList();
            final int code = process.waitFor();
            if (code != 0 || said.isEmpty()) {
                throw new IOException(
                        "the measurement "
                                + main.getSimpleName()
                                + " ended with code "
                                + code
                                + "; what it said is above");
            }
            return JSON.readValue(said.get(said.size() - 1), result);
        } finally {
            process.destroyForcibly();
            Runtime.getRuntime().removeShutdownHook(end);
        }
    }

    /** The command that starts this JVM with the {@code main} of a class. */
    public List<String> command(final Class<?> main, final String... arguments) {
        return command(System.getProperty("java.class.path"), main, arguments);
    }

    /**
     * The command that starts this JVM with the {@code main} of a class of the application, without
     * what only benchmarks need.
     *
     * @param home the project's folder, with the application as the launcher builds it
     */
    public List<String> applicationCommand(
            final Path home, final Class<?> main, final String... arguments) throws IOException {
        final Path built = home.resolve("camel-routes/target");
        final List<String> command =
                command(
                        only(built, "camel-routes-*.jar") + ":" + built.resolve("lib/*"),
                        main,
                        arguments);
        final Path archive =
                built.resolve("serveflow-" + System.getProperty("java.vm.version") + ".jsa");
        if (Files.exists(archive) && Files.size(archive) > 0) {
            command.add(command.indexOf("-cp"), "-XX:SharedArchiveFile=" + archive);
        }
        return command;
    }

    private static Path only(final Path folder, final String glob) throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, glob)) {
            return found.iterator().next();
        }
    }

    private List<String> command(
            final String classPath, final Class<?> main, final String... arguments) {
        final List<String> command = new ArrayList<>();
        if (cores > 0) {
            command.addAll(List.of("taskset", "-c", "0-" + (cores - 1)));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= ALLOWED_BY_NAME_FROM) {
            command.add("--enable-native-access=ALL-UNNAMED");
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(
                List.of("-XX:MetaspaceSize=96m", "-XX:MaxTenuringThreshold=2")); // as the launcher
        Arrays.stream(options.split(" ")).filter(o -> !o.isBlank()).forEach(command::add);
        command.addAll(List.of("-cp", classPath));
        command.add("-Dserveflow.home=" + System.getProperty("serveflow.home", ""));
        command.add(main.getName());
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    /** The settings that a JVM was started with. */
    public static <S> S settings(final String[] arguments, final Class<S> settings)
            throws IOException {
        return JSON.readValue(arguments[0], settings);
    }

    /** Says what was measured. */
    public static void say(final Object measured) throws IOException {
        System.out.println(JSON.writeValueAsString(measured));
        System.out.flush();
    }
}
