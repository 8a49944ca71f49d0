/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import io.serveflow.app.BuildInfo;
import io.serveflow.app.doctor.Doctor;
import io.serveflow.app.doctor.Finding;
import io.serveflow.app.doctor.Finding.Outcome;
import io.serveflow.app.settings.PathChecks;
import io.serveflow.app.settings.ProcessSettings;
import io.serveflow.app.settings.Settings;
import io.serveflow.app.settings.WrongSettingsException;
import io.serveflow.app.terminal.PlainText;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code serveflow doctor}: what keeps an instance from running, and what cures it. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description =
                "Look at all that run needs with these settings: Java, ONNX Runtime, bundles, logs"
                    + " of the sensor, disks, Kafka, Elasticsearch. One line a check, with a cure"
                    + " where one is needed; nothing is changed.",
        footer = "The exit code is 1 if a check failed, and 2 if settings are wrong.")
public final class DoctorCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Option(names = "--config", paramLabel = "FILE", description = "The settings of the instance.")
    private Optional<Path> config = Optional.empty();

    @Override
    public Integer call() throws IOException {
        config.flatMap(PathChecks::file)
                .ifPresent(
                        fault -> {
                            throw new ParameterException(
                                    spec.commandLine(), "option --config: " + fault);
                        });
        final Settings settings = settings();
        print(Finding.settings(config.map(Path::toString)));
        final List<Finding> findings =
                new Doctor(settings, settings.trust(), Clock.systemUTC()).examine();
        findings.forEach(this::print);
        return findings.stream().anyMatch(finding -> finding.outcome() == Outcome.FAILED)
                ? ExitCode.SOFTWARE
                : ExitCode.OK;
    }

    /**
     * @throws WrongSettingsException naming all that are wrong
     */
    private Settings settings() throws IOException {
        return Settings.load(
                new Settings.Sources(
                        BuildInfo.home(),
                        config,
                        ProcessSettings.ofThisProcess(),
                        new Properties(),
                        Set.of()));
    }

    private void print(final Finding finding) {
        final PrintWriter out = spec.commandLine().getOut();
        out.printf(
                "%-8s %-14s %s%n",
                finding.outcome().word(), finding.check(), PlainText.of(finding.said()));
        if (!finding.cure().isEmpty()) {
            out.printf("%-8s %-14s -> %s%n", "", "", PlainText.of(finding.cure()));
        }
        out.flush();
    }
}
