/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.command;

import io.serveflow.app.BuildInfo;
import io.serveflow.benchmark.report.Machine;
import io.serveflow.benchmark.report.Report;
import io.serveflow.benchmark.run.FreshJvm;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of all measurements, and how they print their results. */
final class Common {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--json", paramLabel = "FILE", description = "Write all figures to a file.")
    private Optional<Path> json;

    @Option(
            names = "--runs",
            defaultValue = "5",
            paramLabel = "N",
            description = "Runs of each case, each in a fresh JVM (default: ${DEFAULT-VALUE}).")
    private int runs;

    @Option(
            names = "--bundle",
            paramLabel = "DIR",
            description = "Folder of the bundle (default: models/service).")
    private Optional<Path> bundle;

    @Option(
            names = "--captures",
            paramLabel = "DIR",
            description =
                    "Capture, or folder of captures, that flows are drawn from (default:"
                            + " samples/captures, which no shipped model was trained on).")
    private Optional<Path> captures;

    @Option(
            names = "--cores",
            defaultValue = "0",
            paramLabel = "N",
            description = "Cores that a measured process may use (default: all).")
    private int cores;

    @Option(
            names = "--jvm",
            defaultValue = "-Xms2g -Xmx2g",
            paramLabel = "OPTIONS",
            description = "Options of the measured JVM (default: ${DEFAULT-VALUE}).")
    private String jvm;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "A setting of the application, as in application.properties.")
    private Map<String, String> settings = new LinkedHashMap<>();

    /** Settings of the application that are not the shipped ones. */
    Map<String, String> settings() {
        return settings;
    }

    int runs() {
        return runs;
    }

    /** How many cores it is limited to; 0 for no limit. */
    int givenCores() {
        return cores;
    }

    /** How many cores a measured process has. */
    int cores() {
        return cores == 0 ? Runtime.getRuntime().availableProcessors() : cores;
    }

    Path bundle() {
        return bundle.orElseGet(() -> BuildInfo.home().resolve("models/service"))
                .toAbsolutePath()
                .normalize();
    }

    Path captures() {
        return captures.orElseGet(() -> BuildInfo.home().resolve("samples/captures"))
                .toAbsolutePath()
                .normalize();
    }

    /** The JVM that is measured. */
    FreshJvm freshJvm() {
        return new FreshJvm(cores, jvm);
    }

    /** The options of the measured JVM. */
    String jvm() {
        return jvm;
    }

    /** Says how far things are. */
    void tell(final String pattern, final Object... values) {
        final PrintWriter err = spec.commandLine().getErr();
        err.println("serveflow: " + String.format(Locale.ROOT, pattern, values));
        err.flush();
    }

    /** Prints the table, and writes the JSON where it is wanted. */
    void publish(final Report report) throws IOException {
        final PrintWriter out = spec.commandLine().getOut();
        out.print(report.table());
        out.println(Machine.here());
        out.println(command());
        out.flush();
        if (json.isPresent()) {
            report.write(json.get(), command());
        }
    }

    /** The command as it was given. */
    private String command() {
        final CommandLine.ParseResult root = spec.root().commandLine().getParseResult();
        final List<String> arguments = root == null ? List.of() : root.originalArgs();
        return "./serveflow bench " + String.join(" ", arguments);
    }
}
