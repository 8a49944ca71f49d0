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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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
        requireFile();
        for (final Path input : inputs) {
            if (Files.exists(out) && Files.exists(input) && Files.isSameFile(out, input)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "option --out is " + out + ", which is an input; name another file");
            }
        }
        final Ledger ledger = new Ledger();
        boolean skipped = false;
        try (OutputStream file = Files.newOutputStream(out);
                FlowRecordWriter writer = FlowRecordWriter.to(file)) {
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
        return strict && (skipped || ledger.total(Ledger.Entry.DEAD_LETTERED) > 0) ? 1 : 0;
    }

    private void requireFile() {
        final Path folder = out.toAbsolutePath().getParent();
        if (Files.isDirectory(out) || folder == null || !Files.isDirectory(folder)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "option --out is "
                            + out
                            + (Files.isDirectory(out)
                                    ? ", which is a folder; name a file"
                                    : ", but its folder does not exist; make it or name another"
                                            + " file"));
        }
    }

    private void tell(final String sentence) {
        spec.commandLine().getErr().println("serveflow: " + PlainText.of(sentence));
    }
}
