/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.tail;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.camel.health.HealthCheck;

/**
 * A process that reads ten flows of logs, or finds that it may not, and prints how many it has, its
 * health and what it said.
 *
 * <p>Tests may run as the superuser, who may read everything; this process may not do so even then.
 */
final class UnprivilegedReader {

    private UnprivilegedReader() {}

    /** What a process prints that reads the logs of a path. */
    static String read(final Path folder, final String path)
            throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("setpriv", "--bounding-set", "-dac_override,-dac_read_search"));
        }
        command.addAll(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty(
                                "surefire.test.class.path", System.getProperty("java.class.path")),
                        UnprivilegedReader.class.getName(),
                        folder.toString(),
                        path));
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            return out.lines().collect(Collectors.joining("\n", "", "\n"));
        } finally {
            process.waitFor();
        }
    }

    /**
     * @param arguments the folder of the positions, and the path of the logs
     */
    public static void main(final String[] arguments) throws Exception {
        try (SaidOfLogs said = SaidOfLogs.fromNowOn();
                Tail tail = Tail.start(Path.of(arguments[0]), arguments[1], "")) {
            await().until(
                            () ->
                                    tail.records.size() == 10
                                            || tail.health().getState() == HealthCheck.State.DOWN);
            System.out.println(tail.records.size() + " " + tail.health().getState());
            said.lines().forEach(System.out::println);
        }
    }
}
