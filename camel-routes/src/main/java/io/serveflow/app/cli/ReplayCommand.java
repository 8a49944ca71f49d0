/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import io.serveflow.app.run.Replay;
import io.serveflow.app.run.RouteApplication;
import io.serveflow.ledger.DeadLetterReplay;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code serveflow replay}: dead letters through the routes once more. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = {
            "Feed dead letters in once more: lines of sensors through the routes, verdict documents"
                    + " into the index.",
            "FILE is FILE.replaying meanwhile and FILE.replayed-TIME afterwards, so that nothing is"
                    + " replayed twice. What becomes a dead letter again is in the file that"
                    + " serveflow.deadLetters names; what is no whole line or document is in"
                    + " FILE.remaining."
        })
public final class ReplayCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "Files of dead letters that no running process writes to.")
    private List<Path> files;

    @Mixin private SettingsOption config;

    @Override
    public Integer call() throws Exception {
        DistinctInputs.require(spec, files);
        final List<DeadLetterReplay> replays = new ArrayList<>();
        try (RoutesWithoutSources routes = new RoutesWithoutSources(config.file(), "replay")) {
            for (final Path file : files) {
                replays.add(DeadLetterReplay.hold(file, Clock.systemUTC()));
            }
            awaitElasticsearch(routes);
            // Before the application opens its own file of dead letters, which may be one of them.
            for (final DeadLetterReplay replay : replays) {
                replay.begin();
            }
            final Outcome outcome = feed(replays, routes);
            requireStored(outcome.ledger, replays);
            final List<Path> replayed = new ArrayList<>();
            for (final DeadLetterReplay replay : replays) {
                replayed.add(replay.done());
            }
            return print(outcome, replays, replayed) == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
        } finally {
            for (final DeadLetterReplay replay : replays) {
                replay.close();
            }
        }
    }

    /** As long as it takes; whoever stops it meanwhile finds the files as they were. */
    private static void awaitElasticsearch(final RoutesWithoutSources routes) throws Exception {
        final Properties settings = new Properties();
        settings.setProperty("serveflow.deadLetters", routes.letters().toString());
        try (RouteApplication application = routes.open(settings)) {
            application.awaitElasticsearch();
        }
    }

    /**
     * What became of all letters.
     *
     * @param again where those are that became dead letters once more
     */
    private record Outcome(SortedMap<String, Replay.Tally> tallies, Ledger ledger, String again) {}

    /** Feeds all files in; every verdict is stored when this returns. */
    private static Outcome feed(
            final List<DeadLetterReplay> replays, final RoutesWithoutSources routes)
            throws Exception {
        boolean begun = false;
        final Properties settings = new Properties();
        // What is refused once more has its place in the file that it came from.
        settings.setProperty("serveflow.deadLetters.maxBytes", "0");
        try (RouteApplication application = routes.open(settings)) {
            RoutesWithoutSources.start(application);
            begun = true;
            try (Replay replay = new Replay(application)) {
                for (final DeadLetterReplay file : replays) {
                    replay.feed(file);
                }
                return new Outcome(
                        replay.tallies(),
                        application.ledger(),
                        application.setting("serveflow.deadLetters"));
            }
        } finally {
            if (!begun) {
                for (final DeadLetterReplay replay : replays) {
                    replay.giveBack();
                }
            }
        }
    }

    private static void requireStored(final Ledger ledger, final List<DeadLetterReplay> replays)
            throws IOException {
        // An alert beyond the rate leaves its verdict stored.
        final long lost =
                ledger.total(Ledger.Entry.DROPPED)
                        - ledger.byDetail(Ledger.Entry.DROPPED)
                                .getOrDefault(Reason.ALERT_RATE.code(), 0L)
                        + ledger.total(Ledger.Entry.RETURNED);
        if (lost > 0) {
            throw new IOException(
                    lost
                            + " verdicts were not stored; the letters are in "
                            + replays.stream()
                                    .map(replay -> replay.file().toString())
                                    .collect(Collectors.joining(" and "))
                            + "; replay "
                            + (replays.size() == 1 ? "that file" : "those files")
                            + " once what is in the log is cured");
        }
    }

    /** Prints what became of the letters; returns how many became dead letters again. */
    private long print(
            final Outcome outcome,
            final List<DeadLetterReplay> replays,
            final List<Path> replayed) {
        final PrintWriter out = spec.commandLine().getOut();
        out.printf(
                "%-24s %8s %9s %11s %6s%n", "reason", "letters", "replayed", "dead again", "kept");
        outcome.tallies.forEach(
                (reason, tally) ->
                        out.printf(
                                "%-24s %8d %9d %11d %6d%n",
                                reason,
                                tally.letters(),
                                tally.replayed(),
                                tally.again(),
                                tally.cannot()));
        out.flush();
        final PrintWriter err = spec.commandLine().getErr();
        final long again = outcome.tallies.values().stream().mapToLong(Replay.Tally::again).sum();
        if (again > 0) {
            err.println("serveflow: " + again + " became dead letters again, in " + outcome.again);
        }
        for (int i = 0; i < replays.size(); i++) {
            final Path rest = replays.get(i).remaining();
            err.println(
                    "serveflow: the letters are in "
                            + replayed.get(i)
                            + (Files.exists(rest)
                                    ? ", those that are no whole line or document in " + rest
                                    : ""));
        }
        err.flush();
        return again;
    }
}
