/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import io.serveflow.app.run.Application;
import io.serveflow.app.run.SystemdNotice;
import io.serveflow.app.settings.DeclaredSettings;
import io.serveflow.app.settings.ProcessSettings;
import io.serveflow.app.terminal.StopSignals;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code serveflow run}: the routes, until the process is asked to end. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description =
                "Run the routes for good: live logs, sockets, topics or files of sensors in,"
                        + " verdicts out.",
        footer = "SIGTERM and Ctrl-C stop them in order; the exit code is then 143 or 130.")
public final class RunCommand implements Callable<Integer> {

    private static final String SETTINGS = "settings";

    @Spec private CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = {
                "Settings that differ from the defaults; no other file is read. Relative paths in"
                        + " it begin at its folder.",
                "Route files in the folder camel/ beside it replace the shipped ones of the same"
                        + " name."
            })
    private Optional<Path> config;

    /** Has the help of this command list all settings, as they are declared. */
    static void listSettings(final CommandLine run) {
        run.getHelpSectionMap().put(SETTINGS, help -> settings());
        final List<String> sections = new ArrayList<>(run.getHelpSectionKeys());
        sections.add(sections.indexOf(UsageMessageSpec.SECTION_KEY_FOOTER_HEADING), SETTINGS);
        run.setHelpSectionKeys(sections);
    }

    private static String settings() {
        return DeclaredSettings.all().stream()
                .map(
                        setting ->
                                "  "
                                        + setting.name()
                                        + (setting.required()
                                                ? " (required)"
                                                : setting.defaultValue()
                                                        .filter(value -> !value.isEmpty())
                                                        .map(value -> " (default: " + value + ")")
                                                        .orElse(""))
                                        + "\n      "
                                        + setting.help())
                .collect(
                        Collectors.joining(
                                "\n",
                                "\nSettings, in FILE or as variables of the environment:\n",
                                "\n\n"));
    }

    @Override
    public Integer call() throws Exception {
        SettingsOption.require(spec, config);
        try (Application application = Application.of(config, ProcessSettings.ofThisProcess())) {
            final StopSignals signals = StopSignals.runAtFirst(application::close);
            start(application, signals);
            application.awaitEnd();
            return signals.exitCode().orElse(ExitCode.OK);
        }
    }

    private static void start(final Application application, final StopSignals signals)
            throws Exception {
        try {
            application.start();
            application.announce();
            SystemdNotice.ofThisProcess().ready();
        } catch (final Exception e) {
            // A start that was asked to stop is no failure, whatever was not there any more.
            if (signals.exitCode().isEmpty()) {
                throw e;
            }
        }
    }
}
