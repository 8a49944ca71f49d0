/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import io.serveflow.app.terminal.PlainText;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.FlowRecordSource;
import io.serveflow.sensor.FlowRecordWriter;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorInput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code serveflow records}: the serveflow log that a Zeek with our package would write. */
@Command(
        name = "records",
        mixinStandardHelpOptions = true,
        description =
                "Write the serveflow log, two records a flow, for captures or EVE logs; for tests"
                        + " and samples where no Zeek is at hand.")
public final class RecordsCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "The log to write.")
    private Path out;

    @Option(
            names = "--observer",
            defaultValue = "serveflow",
            paramLabel = "NAME",
            description = "Name of the sensor (default: ${DEFAULT-VALUE}).")
    private String observer;

    @Option(
            names = "--strict",
            description = "Exit with 1 if any packet or line was skipped or could not be read.")
    private boolean strict;

    @Mixin private FlowOptions flowOptions;

    @Parameters(arity = "1..*", paramLabel = "INPUT", description = "Captures or EVE logs.")
    private List<Path> inputs;

    @Override
    public Integer call() throws IOException {
        final FlowAssembler.Options stated = flowOptions.assembling(observer);
        final OutputFile file = OutputFile.of(spec, "--out", out, inputs);
        DistinctInputs.require(spec, inputs);
        final Ledger ledger = new Ledger();
        final AtomicBoolean skipped = new AtomicBoolean();
        file.write(log -> skipped.set(write(log, stated, ledger)));
        return strict && (skipped.get() || ledger.total(Ledger.Entry.DEAD_LETTERED) > 0) ? 1 : 0;
    }

    /** Writes the records of all inputs; returns whether anything was skipped. */
    private boolean write(
            final OutputStream log, final FlowAssembler.Options stated, final Ledger ledger)
            throws IOException {
        boolean skipped = false;
        try (FlowRecordWriter writer = FlowRecordWriter.to(log)) {
            for (final Path input : inputs) {
                final InputReport report = new InputReport(input, ledger, this::tell);
                try (FlowRecordSource source =
                        SensorInput.open(
                                input,
                                SensorFormats.installed(),
                                stated,
                                report.ledger(),
                                report.deadLetters())) {
                    Optional<FlowRecord> next = source.next();
                    while (next.isPresent()) {
                        writer.write(next.get());
                        next = source.next();
                    }
                    skipped |= report.end(source);
                }
            }
        }
        return skipped;
    }

    private void tell(final String sentence) {
        spec.commandLine().getErr().println("serveflow: " + PlainText.of(sentence));
    }
}
