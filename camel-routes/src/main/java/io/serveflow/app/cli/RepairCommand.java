/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import io.serveflow.app.repair.TakenRepairs;
import io.serveflow.app.run.Repair;
import io.serveflow.app.run.RouteApplication;
import io.serveflow.app.settings.PathChecks;
import io.serveflow.app.settings.ProcessSettings;
import io.serveflow.app.terminal.PlainText;
import io.serveflow.app.terminal.Progress;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code serveflow repair}: flows that kept a fast verdict, to the slow tier once more. */
@Command(
        name = "repair",
        mixinStandardHelpOptions = true,
        description = {
            "Ask the slow tier about flows that it had no answer for when they came, and store its"
                    + " verdicts; each supersedes the one that stood.",
            "May be used while ./serveflow run goes on. Flows without an answer stay in"
                    + " FILE.repairing-TIME for the next time; lines with which nothing can be"
                    + " asked are in FILE.remaining, verdicts that Elasticsearch refuses in"
                    + " FILE.refused."
        })
public final class RepairCommand implements Callable<Integer> {

    private static final String INPUT = "in";
    private static final String REFUSED = "refused.ndjson";

    @Spec private CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The settings of ./serveflow run; its sources are not read.")
    private Optional<Path> config;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Node of Elasticsearch, instead of serveflow.elasticsearch.urls.")
    private Optional<String> url;

    @Parameters(
            arity = "0..*",
            paramLabel = "FILE",
            description = "Files of such flows (default: that of serveflow.repair).")
    private List<Path> files = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        config.flatMap(PathChecks::file)
                .ifPresent(
                        fault -> {
                            throw new ParameterException(
                                    spec.commandLine(), "option --config: " + fault);
                        });
        DistinctInputs.require(spec, files);
        final Path nothing = Files.createTempDirectory("serveflow-repair-");
        try {
            Files.createDirectory(nothing.resolve(INPUT));
            // Where a signal ends the process; the last one first.
            for (final String name : List.of("", INPUT, REFUSED)) {
                nothing.resolve(name).toFile().deleteOnExit();
            }
            return repair(nothing);
        } finally {
            for (final String name : List.of(REFUSED, INPUT, "")) {
                Files.deleteIfExists(nothing.resolve(name));
            }
        }
    }

    private int repair(final Path nothing) throws Exception {
        final Path refused = nothing.resolve(REFUSED);
        final List<Path> stores;
        final Outcome outcome;
        try (RouteApplication application =
                new RouteApplication(config, settings(nothing), ProcessSettings.ofThisProcess())) {
            stores = stores(application);
            if (!hasAny(stores)) {
                spec.commandLine().getErr().println("serveflow: nothing is to be repaired");
                return ExitCode.OK;
            }
            Runtime.getRuntime().addShutdownHook(new Thread(application::close, "shutdown"));
            application.start();
            outcome = repair(application, stores);
        }
        if (Files.exists(refused) && Files.size(refused) > 0) {
            append(refused, refusedOf(stores.get(0)));
        }
        return print(outcome, refusedOf(stores.get(0)));
    }

    private static void append(final Path from, final Path to) throws IOException {
        if (Files.notExists(to)) {
            Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
        } else {
            Files.write(to, Files.readAllBytes(from), StandardOpenOption.APPEND);
        }
    }

    private static Path refusedOf(final Path store) {
        return Path.of(store + ".refused");
    }

    private List<Path> stores(final RouteApplication application) throws IOException {
        if (files.isEmpty()) {
            return List.of(Path.of(application.setting("serveflow.repair")));
        }
        for (final Path file : files) {
            if (!TakenRepairs.hasAny(file) && Files.notExists(file)) {
                throw new NoSuchFileException(file.toString());
            }
        }
        return files;
    }

    private static boolean hasAny(final List<Path> stores) throws IOException {
        for (final Path store : stores) {
            if (TakenRepairs.hasAny(store)) {
                return true;
            }
        }
        return false;
    }

    /**
     * What became of all flows.
     *
     * @param left files with flows that are left
     */
    private record Outcome(
            SortedMap<String, Repair.Tally> tallies,
            List<String> notes,
            List<Path> left,
            long aside,
            long refused) {}

    private static Outcome repair(final RouteApplication application, final List<Path> stores)
            throws IOException, InterruptedException {
        final List<TakenRepairs> taken = new ArrayList<>();
        try {
            for (final Path store : stores) {
                taken.addAll(TakenRepairs.take(store, Clock.systemUTC()));
            }
            if (taken.isEmpty()) {
                throw new IOException(
                        "another ./serveflow repair has the flows of "
                                + stores.get(0)
                                + "; wait until it has ended");
            }
            long bytes = 0;
            for (final TakenRepairs file : taken) {
                bytes += Files.size(file.file());
            }
            final List<Path> left = new ArrayList<>();
            try (Progress progress = Progress.ofBytes("repair", bytes);
                    Repair repair = new Repair(application, progress::step)) {
                for (final TakenRepairs file : taken) {
                    if (repair.repair(file)) {
                        left.add(file.file());
                    }
                }
                return new Outcome(
                        repair.tallies(), repair.notes(), left, repair.aside(), repair.refused());
            }
        } finally {
            for (final TakenRepairs file : taken) {
                file.close();
            }
        }
    }

    /** Sources and servers of the settings are for {@code run}, which may be running. */
    private Properties settings(final Path nothing) {
        final Properties settings = new Properties();
        settings.setProperty("serveflow.role", "all");
        settings.setProperty("serveflow.link", "memory");
        settings.setProperty("serveflow.sources", "files");
        settings.setProperty("serveflow.input", nothing.resolve(INPUT).toString());
        settings.setProperty("serveflow.deadLetters", nothing.resolve(REFUSED).toString());
        settings.setProperty("serveflow.console.port", "0");
        settings.setProperty("camel.management.enabled", "false");
        url.ifPresent(stated -> settings.setProperty("serveflow.elasticsearch.urls", stated));
        return settings;
    }

    private int print(final Outcome outcome, final Path refused) {
        final PrintWriter out = spec.commandLine().getOut();
        out.printf("%-16s %9s %9s %9s %9s%n", "task", "flows", "repaired", "revised", "left");
        outcome.tallies.forEach(
                (task, tally) ->
                        out.printf(
                                "%-16s %9d %9d %9d %9d%n",
                                task,
                                tally.flows(),
                                tally.repaired(),
                                tally.revised(),
                                tally.left()));
        out.flush();
        outcome.notes.forEach(this::tell);
        if (outcome.aside > 0) {
            tell(outcome.aside + " lines were put aside, as nothing can be asked with them");
        }
        if (outcome.refused > 0) {
            tell("Elasticsearch refused " + outcome.refused + " verdicts, which are in " + refused);
        }
        for (final Path file : outcome.left) {
            tell(
                    "the slow tier has no answer yet for flows that stay in "
                            + file
                            + "; run ./serveflow repair again when it answers");
        }
        return outcome.left.isEmpty() && outcome.aside + outcome.refused == 0
                ? ExitCode.OK
                : ExitCode.SOFTWARE;
    }

    private void tell(final String sentence) {
        spec.commandLine().getErr().println("serveflow: " + PlainText.of(sentence));
    }
}
