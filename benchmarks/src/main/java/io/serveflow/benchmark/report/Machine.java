/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The machine that something was measured on. */
public record Machine(String cpu, int cores, long memoryMiB, String kernel, String jvm) {

    private static final String UNKNOWN = "unknown";
    private static final long MIB = 1 << 20;

    /** The machine that this runs on. */
    public static Machine here() {
        final long memory =
                ManagementFactory.getOperatingSystemMXBean()
                                instanceof com.sun.management.OperatingSystemMXBean system
                        ? system.getTotalMemorySize()
                        : 0;
        return new Machine(
                cpuModel(),
                Runtime.getRuntime().availableProcessors(),
                memory / MIB,
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.version"));
    }

    private static String cpuModel() {
        final Path file = Path.of("/proc/cpuinfo");
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(UNKNOWN);
        } catch (final IOException e) {
            return UNKNOWN;
        }
    }

    @Override
    public String toString() {
        return "%s, %d cores, %,d MiB, %s, %s".formatted(cpu, cores, memoryMiB, kernel, jvm);
    }
}
