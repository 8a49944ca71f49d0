/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import io.serveflow.app.BuildInfo;
import io.serveflow.app.demo.DemoCommand;
import io.serveflow.app.settings.WrongSettingsException;
import io.serveflow.app.terminal.ErrorSentence;
import io.serveflow.app.terminal.PlainText;
import io.serveflow.camel.support.WrongOptionException;
import io.serveflow.feature.Mask;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Function;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: {@code ./serveflow COMMAND}. */
@Command(
        name = "serveflow",
        description = "Machine learning on network flows, from the sensor to Elasticsearch.",
        mixinStandardHelpOptions = true,
        versionProvider = BuildInfo.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            ClassifyCommand.class,
            RunCommand.class,
            InstallCommand.class,
            DoctorCommand.class,
            LedgerCommand.class,
            ReplayCommand.class,
            RepairCommand.class,
            TrainCommand.class,
            EvaluateCommand.class,
            CalibrateCommand.class,
            PackCommand.class,
            BundleCommand.class,
            RecordsCommand.class,
            BenchCommand.class,
            RehearseCommand.class,
            AutoComplete.GenerateCompletion.class,
            CommandLine.HelpCommand.class
        })
public final class Serveflow {

    /** What the launcher does by itself where there are sources to build. */
    private static final String[] OF_SOURCES = {
        "",
        "In a checkout of the sources, with Maven:",
        "  test                 Build everything and run all tests.",
        "  package              Make the release: an archive, a Debian package, checksums."
    };

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "Show the stack trace of an error.")
    private boolean debug;

    private Serveflow() {}

    /** Runs a command and ends the process with its exit code: 0 done, 1 failed, 2 wrong use. */
    public static void main(final String[] args) {
        System.exit(execute(args));
    }

    /** Runs a command in this process and returns its exit code. */
    public static int execute(final String... args) {
        return execute(new PrintWriter(System.out, true), new PrintWriter(System.err, true), args);
    }

    /** The same with what it prints going elsewhere. */
    public static int execute(final PrintWriter out, final PrintWriter err, final String... args) {
        final Serveflow serveflow = new Serveflow();
        final CommandLine commands = new CommandLine(serveflow);
        RunCommand.listSettings(commands.getSubcommands().get("run"));
        if (Files.exists(BuildInfo.home().resolve("pom.xml"))) {
            commands.getCommandSpec().usageMessage().footer(OF_SOURCES);
        }
        final int code =
                commands.setOut(out)
                        .setErr(err)
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .registerConverter(Path.class, Serveflow::path)
                        .registerConverter(int.class, text -> number(text, Integer::valueOf))
                        .registerConverter(long.class, text -> number(text, Long::valueOf))
                        .registerConverter(Mask.class, Serveflow::mask)
                        .registerConverter(double.class, Serveflow::decimal)
                        .registerConverter(Double.class, Serveflow::decimal)
                        .setParameterExceptionHandler(Serveflow::wrongUse)
                        .setExecutionExceptionHandler(serveflow::failed)
                        .execute(args);
        // A full disk, or a reader that is gone: a writer that prints says so only when asked.
        if (out.checkError() && code == CommandLine.ExitCode.OK) {
            err.println("serveflow: stdout did not take all that was printed; it is not complete");
            return CommandLine.ExitCode.SOFTWARE;
        }
        return code;
    }

    private static Path path(final String text) {
        if (text.isBlank()) {
            throw new TypeConversionException("must name a file or folder, was empty");
        }
        try {
            return Path.of(text);
        } catch (final InvalidPathException e) {
            throw new TypeConversionException("can be no file or folder: " + e.getReason());
        }
    }

    private static <T> T number(final String text, final Function<String, T> read) {
        try {
            return read.apply(text);
        } catch (final NumberFormatException e) {
            throw new TypeConversionException("must be a whole number, was '" + text + "'");
        }
    }

    private static Mask mask(final String text) {
        try {
            return Mask.of(text);
        } catch (final IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    private static double decimal(final String text) {
        try {
            return Double.parseDouble(text);
        } catch (final NumberFormatException e) {
            throw new TypeConversionException("must be a number, was '" + text + "'");
        }
    }

    /** One sentence and where more is said; all commands only to whoever names none of them. */
    private static int wrongUse(final ParameterException error, final String[] args) {
        final CommandLine command = error.getCommandLine();
        final PrintWriter err = command.getErr();
        err.println("serveflow: " + PlainText.lines(error.getMessage()));
        final boolean suggested = UnmatchedArgumentException.printSuggestions(error, err);
        if (command.getParent() != null && !command.getSubcommands().isEmpty()) {
            err.println(
                    "serveflow: "
                            + command.getCommandName()
                            + " takes one of "
                            + String.join(", ", command.getSubcommands().keySet()));
        }
        if (command.getParent() != null) {
            err.println(
                    "serveflow: './"
                            + command.getCommandSpec().qualifiedName()
                            + " --help' says what can be given");
        } else if (!suggested) {
            command.usage(err);
        }
        return CommandLine.ExitCode.USAGE;
    }

    /** Settings that are wrong are wrong use, as wrong options are. */
    private int failed(final Exception error, final CommandLine command, final ParseResult parsed) {
        if (debug) {
            error.printStackTrace(command.getErr());
        } else if (!isShuttingDown()) {
            command.getErr().println("serveflow: " + PlainText.lines(ErrorSentence.of(error)));
        }
        return isWrongUse(error) ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
    }

    /** Camel puts what a component says into exceptions of its own. */
    private static boolean isWrongUse(final Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof WrongSettingsException || cause instanceof WrongOptionException) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether the JVM is ending already, as after a signal that came before the command took
     * signals itself: what fails then is no news to whoever sent it.
     */
    private static boolean isShuttingDown() {
        final Thread probe = new Thread();
        try {
            Runtime.getRuntime().addShutdownHook(probe);
            Runtime.getRuntime().removeShutdownHook(probe);
            return false;
        } catch (final IllegalStateException e) {
            return true;
        }
    }
}
