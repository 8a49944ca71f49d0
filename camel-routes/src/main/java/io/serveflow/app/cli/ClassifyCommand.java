/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import io.serveflow.app.terminal.PlainText;
import io.serveflow.app.terminal.Progress;
import io.serveflow.app.terminal.SkippedReport;
import io.serveflow.batch.FlowBatch;
import io.serveflow.cascade.Cascade;
import io.serveflow.cascade.SharedRows;
import io.serveflow.feature.ContextReach;
import io.serveflow.feature.FeatureSpec;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.host.HostVotes;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.Bundle;
import io.serveflow.model.TierSpec;
import io.serveflow.sensor.FlowRecordSource;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorInput;
import io.serveflow.verdict.VerdictListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code serveflow classify}: captures or sensor logs in, one final verdict a flow and task out.
 */
@Command(
        name = "classify",
        mixinStandardHelpOptions = true,
        description = "Classify the flows of captures or sensor logs, offline.",
        footer = {
            "",
            "Results go to stdout, one a flow and task; what could not be read, and how much was",
            "skipped and why, is reported on stderr.",
            "With --hosts, one a host and task follows, by a vote of all its flows.",
            "Exit code: 0 all inputs were read, 1 an input could not be read at all, or has only",
            "records that no bundle reads; with --strict 1 also if anything was skipped."
        })
public final class ClassifyCommand implements Callable<Integer> {

    private static final int BATCH = 256;
    private static final int MAX_HOSTS = 100_000;

    @Spec private CommandSpec spec;

    @Option(
            names = "--bundle",
            required = true,
            paramLabel = "DIR",
            description = "Folder of a bundle; may be given more than once.")
    private List<Path> bundles;

    @Option(
            names = "--format",
            defaultValue = "auto",
            paramLabel = "FORMAT",
            completionCandidates = FormatIds.class,
            description =
                    "Format of the inputs: auto (by content, the default) or one of"
                            + " ${COMPLETION-CANDIDATES}.")
    private String format;

    @Option(
            names = "--output",
            defaultValue = "table",
            paramLabel = "FORM",
            description = "table (the default) or ndjson, one verdict document a line.")
    private VerdictOutput.Form output;

    @Option(
            names = "--observer",
            defaultValue = "serveflow",
            paramLabel = "NAME",
            description = "Name of the sensor in the documents (default: ${DEFAULT-VALUE}).")
    private String observer;

    @Mixin private FlowOptions flowOptions;

    @Option(
            names = "--hosts",
            description =
                    "Say of each host what it is, after the flows; for bundles with a vote, such as"
                            + " those that tell devices.")
    private boolean hosts;

    @Option(
            names = "--strict",
            description = "Exit with 1 if any packet or line was skipped or could not be read.")
    private boolean strict;

    @Parameters(arity = "1..*", paramLabel = "INPUT", description = "Captures or sensor logs.")
    private List<Path> inputs;

    @Override
    public Integer call() throws IOException {
        final SensorFormats known = formats();
        final FlowAssembler.Options stated = flowOptions.assembling(observer);
        final Ledger ledger = new Ledger();
        final List<Bundle> open = new ArrayList<>();
        final List<HostVotes> votes = new ArrayList<>();
        try (VerdictOutput verdicts = new VerdictOutput(output, spec.commandLine().getOut());
                Progress progress = Progress.ofBytes("Classifying", size())) {
            final List<NamedCascade> cascades = new ArrayList<>();
            final SharedRows rows = new SharedRows();
            for (final Path folder : bundles) {
                final Bundle bundle = Bundle.load(folder);
                open.add(bundle);
                final Optional<HostVotes> vote = vote(bundle, ledger);
                vote.ifPresent(votes::add);
                cascades.add(
                        new NamedCascade(
                                bundle.manifest().name(),
                                new Cascade(
                                        bundle, rows, System::nanoTime, ledger, listener(vote))));
            }
            final List<FeatureSpec> tiers =
                    open.stream()
                            .flatMap(bundle -> bundle.manifest().tiers().stream())
                            .map(TierSpec::features)
                            .toList();
            final FlowAssembler.Options assembly = ContextReach.options(stated, tiers);
            requireVote(votes);
            int unreadable = 0;
            boolean skipped = false;
            for (final Path input : inputs) {
                final SkippedReport report = new SkippedReport(input.toString(), ledger);
                final UnreadReport deadLetters =
                        new UnreadReport(input.toString(), ledger, this::tell);
                try (FlowRecordSource source =
                        SensorInput.open(input, known, assembly, report.ledger(), deadLetters)) {
                    if (readsSeconds(tiers) && !source.isCapture() && source.next().isPresent()) {
                        unreadable++;
                        tell(
                                input
                                        + " has only the first packets of flows, but a bundle reads"
                                        + " seconds of them; give it a capture");
                    } else if (!classify(source, cascades, verdicts)) {
                        unreadable++;
                        tell(input + " " + uselessFor(cascades));
                    }
                    final Optional<String> sentence = report.of(source);
                    sentence.ifPresent(this::tell);
                    deadLetters.sentence().ifPresent(this::tell);
                    skipped |= sentence.isPresent();
                    if (source.read() == 0 && deadLetters.isEmpty()) {
                        tell(input + " has no " + source.unit());
                    }
                } catch (final IOException e) {
                    unreadable++;
                    tell(e.getMessage());
                }
                progress.step(Files.exists(input) ? Files.size(input) : 0);
            }
            for (final HostVotes vote : votes) {
                verdicts.write(vote.takeAll());
            }
            tellForgotten(ledger);
            final boolean lost = skipped || ledger.total(Ledger.Entry.DEAD_LETTERED) > 0;
            return unreadable == 0 && !(strict && lost) ? 0 : 1;
        } finally {
            open.forEach(Bundle::close);
        }
    }

    private Optional<HostVotes> vote(final Bundle bundle, final Ledger ledger) {
        return hosts && bundle.manifest().vote().isPresent()
                ? Optional.of(
                        new HostVotes(
                                bundle.manifest(),
                                bundle.ref(),
                                new HostVotes.Options(MAX_HOSTS, 0, false),
                                ledger,
                                System::nanoTime))
                : Optional.empty();
    }

    private static VerdictListener listener(final Optional<HostVotes> vote) {
        return vote.<VerdictListener>map(votes -> votes::add).orElse((flow, verdict) -> {});
    }

    private void requireVote(final List<HostVotes> votes) {
        if (hosts && votes.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "option --hosts needs a bundle with a vote, and there is none in "
                            + bundles.stream().map(Path::toString).collect(Collectors.joining(", "))
                            + "; name one that was trained with --vote");
        }
    }

    private void tellForgotten(final Ledger ledger) {
        final long forgotten =
                ledger.byDetail(Ledger.Entry.EVICTED).getOrDefault(HostVotes.HOST_TABLE_FULL, 0L);
        if (forgotten > 0) {
            tell(
                    forgotten
                            + " hosts are left out, because at most "
                            + MAX_HOSTS
                            + " are kept; classify the inputs one by one");
        }
    }

    /**
     * A flow is decided on its context record, which holds packet 1 too; a flow that has none, as
     * in a log that was cut off, on its first record. A summary is decided on by itself. Returns
     * whether any record was of use, or there was none.
     */
    private static boolean classify(
            final FlowRecordSource source,
            final List<NamedCascade> cascades,
            final VerdictOutput verdicts)
            throws IOException {
        final Map<FlowId, FlowRecord> withoutContext = new LinkedHashMap<>();
        final List<FlowRecord> contexts = new ArrayList<>(BATCH);
        final List<FlowRecord> summaries = new ArrayList<>(BATCH);
        boolean used = false;
        boolean any = false;
        Optional<FlowRecord> next = source.next();
        while (next.isPresent()) {
            any = true;
            final FlowRecord record = next.get();
            switch (record.stage()) {
                case FIRST -> withoutContext.put(record.id(), record);
                case CONTEXT -> {
                    withoutContext.remove(record.id());
                    contexts.add(record);
                }
                case SUMMARY -> summaries.add(record);
            }
            if (contexts.size() == BATCH) {
                used |= decide(contexts, cascades, verdicts);
            }
            if (summaries.size() == BATCH) {
                used |= decide(summaries, cascades, verdicts);
            }
            next = source.next();
        }
        used |= decide(contexts, cascades, verdicts);
        used |= decide(summaries, cascades, verdicts);
        contexts.addAll(withoutContext.values());
        used |= decide(contexts, cascades, verdicts);
        return used || !any;
    }

    /** Asks the bundles that read the records' stage; returns whether there is one. */
    private static boolean decide(
            final List<FlowRecord> flows,
            final List<NamedCascade> cascades,
            final VerdictOutput verdicts) {
        if (flows.isEmpty()) {
            return false;
        }
        boolean used = false;
        final FlowBatch batch = FlowBatch.of(flows);
        for (final NamedCascade named : cascades) {
            final FlowBatch read = batch.where(i -> named.cascade().reads(batch.record(i)));
            if (!read.isEmpty()) {
                verdicts.write(named.cascade().decide(read));
                used = true;
            }
        }
        flows.clear();
        return used;
    }

    private static boolean readsSeconds(final List<FeatureSpec> tiers) {
        return tiers.stream()
                .anyMatch(tier -> ContextReach.of(tier).unit() == ContextReach.Unit.SECONDS);
    }

    private static String uselessFor(final List<NamedCascade> cascades) {
        final String names =
                cascades.stream().map(NamedCascade::bundle).collect(Collectors.joining(" and "));
        return cascades.get(0).cascade().reads(FlowRecord.Stage.SUMMARY)
                ? "has only packets of flows, but bundle "
                        + names
                        + " reads summaries of them; give it a conn.log or EVE flow events"
                : "has only summaries of flows, but bundle "
                        + names
                        + " reads their packets; give it a capture, a serveflow.log or EVE alerts"
                        + " with packets";
    }

    private SensorFormats formats() {
        final SensorFormats known = SensorFormats.installed();
        if (format.equals("auto")) {
            return known;
        }
        try {
            return known.only(format);
        } catch (final IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "option --format is '" + format + "'; it can be auto, " + known.ids(),
                    e);
        }
    }

    private long size() throws IOException {
        long bytes = 0;
        for (final Path input : inputs) {
            bytes += Files.exists(input) ? Files.size(input) : 0;
        }
        return bytes;
    }

    private void tell(final String sentence) {
        spec.commandLine().getErr().println("serveflow: " + PlainText.of(sentence));
    }

    /** The ids of the formats that are installed. */
    private static final class FormatIds implements Iterable<String> {

        @Override
        public Iterator<String> iterator() {
            return List.of(SensorFormats.installed().ids().split(", ")).iterator();
        }
    }

    /** The tiers of a bundle and its name. */
    private record NamedCascade(String bundle, Cascade cascade) {}
}
