/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.command;

import io.serveflow.app.Progress;
import io.serveflow.cascade.Cascade;
import io.serveflow.cascade.FlowBatch;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.Bundle;
import io.serveflow.sensor.FlowRecordSource;
import io.serveflow.sensor.SensorFormat;
import io.serveflow.sensor.SensorInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
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
            "Results go to stdout, one a flow and task; what could not be read is told on stderr.",
            "Exit code: 0 all inputs were read, 1 an input could not be read at all."
        })
public final class ClassifyCommand implements Callable<Integer> {

    private static final int BATCH = 256;

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
            description = "Form of the inputs: auto (by content, the default), pcap, zeek or eve.")
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

    @Parameters(arity = "1..*", paramLabel = "INPUT", description = "Captures or sensor logs.")
    private List<Path> inputs;

    @Override
    public Integer call() throws IOException {
        final Optional<SensorFormat> known = format();
        final Ledger ledger = new Ledger();
        final DeadLetterSink deadLetters =
                letter -> {
                    ledger.add(Ledger.Entry.DEAD_LETTERED, letter.reason(), 1);
                    tell(place(letter) + ": " + letter.detail());
                };
        final List<Bundle> open = new ArrayList<>();
        try (VerdictOutput verdicts = new VerdictOutput(output, spec.commandLine().getOut());
                Progress progress = Progress.ofBytes("Classifying", size())) {
            final List<Cascade> cascades = new ArrayList<>();
            for (final Path folder : bundles) {
                final Bundle bundle = Bundle.load(folder);
                open.add(bundle);
                cascades.add(new Cascade(bundle, System::nanoTime, ledger, (flow, verdict) -> {}));
            }
            int unreadable = 0;
            for (final Path input : inputs) {
                try (FlowRecordSource source =
                        SensorInput.open(
                                input,
                                known,
                                FlowAssembler.Options.defaults(observer),
                                ledger,
                                deadLetters)) {
                    classify(source, cascades, verdicts);
                } catch (final IOException e) {
                    unreadable++;
                    tell(e.getMessage());
                }
                progress.step(Files.exists(input) ? Files.size(input) : 0);
            }
            return unreadable == 0 ? 0 : 1;
        } finally {
            open.forEach(Bundle::close);
        }
    }

    /**
     * A flow is decided on its context record, which holds packet 1 too; a flow that has none, as
     * in a log that was cut off, on its first record.
     */
    private static void classify(
            final FlowRecordSource source,
            final List<Cascade> cascades,
            final VerdictOutput verdicts)
            throws IOException {
        final Map<FlowId, FlowRecord> withoutContext = new LinkedHashMap<>();
        final List<FlowRecord> batch = new ArrayList<>(BATCH);
        Optional<FlowRecord> next = source.next();
        while (next.isPresent()) {
            final FlowRecord record = next.get();
            if (record.stage() == FlowRecord.Stage.FIRST) {
                withoutContext.put(record.id(), record);
            } else {
                withoutContext.remove(record.id());
                batch.add(record);
            }
            if (batch.size() == BATCH) {
                decide(batch, cascades, verdicts);
            }
            next = source.next();
        }
        decide(batch, cascades, verdicts);
        batch.addAll(withoutContext.values());
        decide(batch, cascades, verdicts);
    }

    private static void decide(
            final List<FlowRecord> flows,
            final List<Cascade> cascades,
            final VerdictOutput verdicts) {
        if (flows.isEmpty()) {
            return;
        }
        for (final Cascade cascade : cascades) {
            final FlowBatch batch = FlowBatch.of(flows);
            cascade.decide(batch);
            verdicts.write(batch);
        }
        flows.clear();
    }

    /** A line is known by its byte offset; a packet, which has no text, by its number. */
    private static String place(final DeadLetter letter) {
        if (letter.offset() < 0) {
            return letter.source();
        }
        return letter.source()
                + (letter.payload().isEmpty() ? ", packet " : ", byte ")
                + letter.offset();
    }

    private Optional<SensorFormat> format() {
        if (format.equals("auto")) {
            return Optional.empty();
        }
        for (final SensorFormat known : SensorFormat.values()) {
            if (known.id().equals(format)) {
                return Optional.of(known);
            }
        }
        throw new ParameterException(
                spec.commandLine(),
                "option --format is '" + format + "'; it can be auto, pcap, zeek or eve");
    }

    private long size() throws IOException {
        long bytes = 0;
        for (final Path input : inputs) {
            bytes += Files.exists(input) ? Files.size(input) : 0;
        }
        return bytes;
    }

    private void tell(final String sentence) {
        spec.commandLine().getErr().println("serveflow: " + sentence);
    }
}
