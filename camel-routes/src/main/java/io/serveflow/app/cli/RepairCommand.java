/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import io.serveflow.app.repair.RepairLock;
import io.serveflow.app.repair.RepairTopic;
import io.serveflow.app.repair.TakenRecords;
import io.serveflow.app.repair.TakenRepairs;
import io.serveflow.app.run.Repair;
import io.serveflow.app.run.RouteApplication;
import io.serveflow.app.terminal.PlainText;
import io.serveflow.app.terminal.Progress;
import io.serveflow.camel.kafka.ServeflowKafkaConfiguration;
import io.serveflow.camel.kafka.TopicBacklog;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
                + " FILE.repairing-TIME for the next time; lines with which nothing can be asked"
                + " are in FILE.remaining, verdicts that Elasticsearch refuses in FILE.refused."
                + " With serveflow.repair.topic they stay in that topic, and these two files are"
                + " beside that of serveflow.deadLetters, named as the topic."
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:every flow has a verdict of the slow tier, or there was none to ask about",
            "1:flows are left or were deleted by Kafka, lines were put aside, verdicts refused or"
                    + " alerts dropped; or it failed",
            "2:wrong use or wrong settings",
            "75:another repair is at work on the same flows; nothing was done"
        })
public final class RepairCommand implements Callable<Integer> {

    /** What sysexits.h calls EX_TEMPFAIL, and who runs commands takes for: try again later. */
    private static final int BUSY = 75;

    private static final String DEADLINE = "serveflow.slow.deadline";

    /** Nobody waits for these flows, and a process that has just begun is slow to ask. */
    private static final long LEAST_DEADLINE_MILLIS = 10_000;

    private static final String NOTHING = "nothing is to be repaired";

    @Spec private CommandSpec spec;

    @Mixin private SettingsOption config;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Node of Elasticsearch, instead of serveflow.elasticsearch.urls.")
    private Optional<String> url;

    @Parameters(
            arity = "0..*",
            paramLabel = "FILE",
            description =
                    "Files of such flows (default: that of serveflow.repair, or"
                            + " the topic of serveflow.repair.topic).")
    private List<Path> files = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        DistinctInputs.require(spec, files);
        try (RoutesWithoutSources routes = new RoutesWithoutSources(config.file(), "repair")) {
            return repair(routes);
        }
    }

    private int repair(final RoutesWithoutSources routes) throws Exception {
        final Map<Path, RepairLock> locks = new HashMap<>();
        try (RouteApplication application = open(routes)) {
            if (files.isEmpty() && application.repairTopic().isPresent()) {
                return repairTopic(application, application.repairTopic().get());
            }
            final List<Path> stores = stores(application);
            if (bytes(stores) == 0) {
                tell(NOTHING);
                return ExitCode.OK;
            }
            // Before anything is waited for: a repair that waits is one that is at work.
            for (final Path store : stores) {
                final Path locked = TakenRepairs.storeOf(store).toAbsolutePath().normalize();
                if (!locks.containsKey(locked)) {
                    RepairLock.take(store).ifPresent(lock -> locks.put(locked, lock));
                }
                if (!locks.containsKey(locked)) {
                    return busyAt(store.toString());
                }
            }
            RoutesWithoutSources.start(application);
            return print(repair(application, stores));
        } finally {
            for (final RepairLock lock : locks.values()) {
                lock.close();
            }
        }
    }

    /** One repair at a time has a topic; of two that begin at once each has some partitions. */
    private int repairTopic(final RouteApplication application, final RepairTopic topic)
            throws Exception {
        application.init();
        final ServeflowKafkaConfiguration kafka = topic.settings(application.kafka());
        final TopicBacklog.Standing standing = TopicBacklog.look(kafka);
        if (standing.read()) {
            return busyAt(topic.place());
        }
        if (standing.records() + standing.expired() == 0) {
            tell(NOTHING);
            return ExitCode.OK;
        }
        final Optional<TopicBacklog> joined = TopicBacklog.join(kafka);
        if (joined.isEmpty()) {
            return busyAt(topic.place());
        }
        try (TopicBacklog backlog = joined.get()) {
            RoutesWithoutSources.start(application);
            return print(repair(application, topic, backlog, standing.records()));
        }
    }

    private static Outcome repair(
            final RouteApplication application,
            final RepairTopic topic,
            final TopicBacklog backlog,
            final long records)
            throws IOException, InterruptedException {
        final TakenRecords taken =
                new TakenRecords(topic, backlog, application.statedPath("serveflow.deadLetters"));
        try (Progress progress = Progress.ofSteps("repair", records);
                Repair repair = new Repair(application, bytes -> progress.step(1))) {
            final boolean isLeft = repair.repair(taken);
            return Outcome.of(
                    repair, isLeft ? List.of(topic.place()) : List.of(), backlog.expired());
        }
    }

    private int busyAt(final String place) {
        tell("another ./serveflow repair is at work on " + place);
        return BUSY;
    }

    /** Only routes that are open say what is set. */
    private RouteApplication open(final RoutesWithoutSources routes) throws IOException {
        final Properties settings = settings(routes);
        final RouteApplication asSet = routes.open(settings);
        if (asSet.time(DEADLINE).toMillis() >= LEAST_DEADLINE_MILLIS) {
            return asSet;
        }
        asSet.close();
        settings.setProperty(DEADLINE, Long.toString(LEAST_DEADLINE_MILLIS));
        return routes.open(settings);
    }

    private List<Path> stores(final RouteApplication application) throws IOException {
        if (files.isEmpty()) {
            return List.of(Path.of(application.setting("serveflow.repair")));
        }
        for (final Path file : files) {
            if (TakenRepairs.bytes(file) == 0 && Files.notExists(file)) {
                throw new NoSuchFileException(file.toString());
            }
        }
        // What was taken of a store that is named too is repaired with that.
        return files.stream()
                .filter(
                        file -> {
                            final Path store = TakenRepairs.storeOf(file);
                            return store.equals(file) || !files.contains(store);
                        })
                .toList();
    }

    private static long bytes(final List<Path> stores) throws IOException {
        long bytes = 0;
        for (final Path store : stores) {
            bytes += TakenRepairs.bytes(store);
        }
        return bytes;
    }

    /**
     * What became of all flows.
     *
     * @param left where flows are that are left
     * @param alertsDropped how many alerts were more than the minute may have
     * @param expired how many flows at most Kafka deleted before they were repaired
     */
    private record Outcome(
            SortedMap<String, Repair.Tally> tallies,
            List<String> notes,
            List<String> left,
            long aside,
            long refused,
            long alertsDropped,
            long expired) {

        private static Outcome of(
                final Repair repair, final List<String> left, final long expired) {
            return new Outcome(
                    repair.tallies(),
                    repair.notes(),
                    left,
                    repair.aside(),
                    repair.refused(),
                    repair.alertsDropped(),
                    expired);
        }

        private boolean isWhole() {
            return left.isEmpty() && aside + refused + alertsDropped + expired == 0;
        }
    }

    private static Outcome repair(final RouteApplication application, final List<Path> stores)
            throws IOException, InterruptedException {
        final List<String> left = new ArrayList<>();
        try (Progress progress = Progress.ofBytes("repair", bytes(stores));
                Repair repair = new Repair(application, progress::step)) {
            for (final Path store : stores) {
                for (final TakenRepairs file : TakenRepairs.left(store)) {
                    repair(repair, file, left);
                }
                // Or what is new would be in one file more with each try.
                if (!repair.hasGivenUp()) {
                    final Optional<TakenRepairs> taken =
                            TakenRepairs.take(store, Clock.systemUTC());
                    if (taken.isPresent()) {
                        repair(repair, taken.get(), left);
                    }
                }
            }
            return Outcome.of(repair, left, 0);
        }
    }

    private static void repair(
            final Repair repair, final TakenRepairs file, final List<String> left)
            throws IOException, InterruptedException {
        try (file) {
            if (repair.repair(file)) {
                left.add(file.file().toString());
            }
        }
    }

    /** All tiers are asked here, and the verdicts stored, whatever part the settings are for. */
    private Properties settings(final RoutesWithoutSources routes) {
        final Properties settings = new Properties();
        settings.setProperty("serveflow.role", "all");
        settings.setProperty("serveflow.link", "memory");
        settings.setProperty("serveflow.deadLetters", routes.letters().toString());
        settings.setProperty("serveflow.deadLetters.maxBytes", "0");
        url.ifPresent(stated -> settings.setProperty("serveflow.elasticsearch.urls", stated));
        return settings;
    }

    private int print(final Outcome outcome) {
        if (outcome.tallies.isEmpty() && outcome.aside + outcome.expired == 0) {
            // Another repair has ended while this one began.
            tell(NOTHING);
            return ExitCode.OK;
        }
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
        if (!outcome.left.isEmpty()) {
            tell(
                    "the slow tier has no answer yet for flows that stay in "
                            + outcome.left.get(0)
                            + (outcome.left.size() == 1
                                    ? ""
                                    : " and " + (outcome.left.size() - 1) + " more")
                            + "; run ./serveflow repair again when it answers");
        }
        if (outcome.expired > 0) {
            tell(
                    "at most "
                            + outcome.expired
                            + " flows were deleted by Kafka before they were repaired, as their"
                            + " time in the topic was over, and keep the fast verdict; lengthen"
                            + " the retention of the topic, or repair more often");
        }
        if (outcome.alertsDropped > 0) {
            tell(
                    outcome.alertsDropped
                            + " alerts were dropped, as there were more in a minute than"
                            + " serveflow.alerts.maxPerMinute; their verdicts are stored, with"
                            + " serveflow.stage repaired. Set it higher before the next repair");
        }
        return outcome.isWhole() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private void tell(final String sentence) {
        spec.commandLine().getErr().println("serveflow: " + PlainText.of(sentence));
    }
}
