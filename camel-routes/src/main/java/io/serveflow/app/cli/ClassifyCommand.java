/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import io.serveflow.app.BuildInfo;
import io.serveflow.app.terminal.PlainText;
import io.serveflow.app.terminal.Progress;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.host.HostVotes;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.BundleTrust;
import io.serveflow.sensor.FlowRecordSource;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
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

    /** In the product's folder. */
    private static final String DEFAULT_BUNDLE = "models/service";

    @Spec private CommandSpec spec;

    @Option(
            names = "--bundle",
            paramLabel = "DIR",
            description =
                    "Folder of a bundle; may be given more than once (default: models/service of"
                            + " the product, as in run).")
    private List<Path> bundles = List.of();

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

    @Mixin private TrustOptions trust;

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
        DistinctInputs.require(spec, inputs);
        if (bundles.isEmpty()) {
            bundles = List.of(BuildInfo.home().resolve(DEFAULT_BUNDLE));
        }
        final BundleTrust trusted = trust.trust();
        final Ledger ledger = new Ledger();
        try (OpenBundles open = new OpenBundles(hosts, trusted, ledger);
                VerdictOutput verdicts = new VerdictOutput(output, spec.commandLine().getOut());
                Progress progress = Progress.ofBytes("Classifying", size())) {
            for (final Path folder : bundles) {
                if (!open.add(folder)) {
                    throw new ParameterException(
                            spec.commandLine(),
                            "option --bundle names the same bundle twice, the second time as "
                                    + folder
                                    + "; name each once");
                }
            }
            requireVote(open);
            final FlowAssembler.Options assembling = open.assembling(stated);
            int unreadable = 0;
            boolean skipped = false;
            for (final Path input : inputs) {
                final InputReport report = new InputReport(input, ledger, this::tell);
                try (FlowRecordSource source =
                        SensorInput.open(
                                input, known, assembling, report.ledger(), report.deadLetters())) {
                    final Optional<String> useless = useless(source, open, verdicts);
                    if (useless.isPresent()) {
                        unreadable++;
                        tell(input + " " + useless.get());
                    }
                    skipped |= report.end(source);
                } catch (final IOException e) {
                    unreadable++;
                    tell(e.getMessage());
                }
                progress.step(Files.exists(input) ? Files.size(input) : 0);
            }
            open.writeHosts(verdicts);
            tellForgotten(ledger);
            final boolean lost = skipped || ledger.total(Ledger.Entry.DEAD_LETTERED) > 0;
            return unreadable == 0 && !(strict && lost) ? 0 : 1;
        }
    }

    /** Classifies an input; returns why no bundle has use for it, or empty if one has. */
    private static Optional<String> useless(
            final FlowRecordSource source, final OpenBundles open, final VerdictOutput verdicts)
            throws IOException {
        if (open.readSeconds() && !source.isCapture() && source.next().isPresent()) {
            return Optional.of(
                    "has only the first packets of flows, but a bundle reads seconds of them; give"
                            + " it a capture");
        }
        return open.classify(source, verdicts) ? Optional.empty() : Optional.of(open.uselessFor());
    }

    private void requireVote(final OpenBundles open) {
        if (hosts && !open.vote()) {
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
                            + OpenBundles.MAX_HOSTS
                            + " are kept; classify the inputs one by one");
        }
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
}
