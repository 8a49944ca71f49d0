/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.command;

import io.serveflow.app.BuildInfo;
import io.serveflow.app.terminal.ErrorSentence;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command line: {@code ./serveflow bench WHAT}. */
@Command(
        name = "serveflow bench",
        description =
                "Measure how fast this is here, each compared with a baseline in the same run.",
        mixinStandardHelpOptions = true,
        versionProvider = BuildInfo.class,
        synopsisSubcommandLabel = "WHAT",
        subcommands = {
            RateCommand.class,
            LatencyCommand.class,
            IndexCommand.class,
            KafkaCommand.class,
            RolesCommand.class,
            ClassifyBenchCommand.class,
            FlowsCommand.class,
            OverloadCommand.class,
            EscalationCommand.class,
            StartCommand.class,
            SlowCommand.class,
            RemoteCommand.class,
            SwapCommand.class,
            CompareCommand.class,
            PlotCommand.class
        })
public final class Bench {

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "Show the stack trace of an error.")
    private boolean debug;

    private Bench() {}

    /** Measures and ends the process with its exit code: 0 done, 1 failed, 2 wrong use. */
    public static void main(final String[] args) {
        System.exit(execute(args));
    }

    /** Measures in this process and returns its exit code. */
    public static int execute(final String... args) {
        final Bench bench = new Bench();
        return new CommandLine(bench)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(
                        (error, command, parsed) -> {
                            if (bench.debug) {
                                error.printStackTrace(command.getErr());
                            } else {
                                command.getErr().println("serveflow: " + ErrorSentence.of(error));
                            }
                            return CommandLine.ExitCode.SOFTWARE;
                        })
                .execute(args);
    }
}
