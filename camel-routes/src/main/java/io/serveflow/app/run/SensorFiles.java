/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import io.serveflow.app.terminal.ErrorSentence;
import io.serveflow.app.terminal.SkippedReport;
import io.serveflow.batch.FlowBatch;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.FlowBatchReader;
import io.serveflow.sensor.FlowRecordSource;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorInput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads finished sensor files for the route {@code sensor-files}: captures, {@code serveflow} logs
 * and EVE logs, distinguished by their content.
 */
public final class SensorFiles {

    private static final Logger LOG = LoggerFactory.getLogger(SensorFiles.class);

    private final FlowAssembler.Options options;
    private final int batchSize;
    private final Ledger ledger;
    private final DeadLetterSink deadLetters;
    private final BooleanSupplier stopping;

    /**
     * @param options how packets become flows; also names the observer
     * @param batchSize most flows in a batch
     * @param stopping whether the routes are to stop, so that files end where they are; the next
     *     start reads them again
     */
    public SensorFiles(
            final FlowAssembler.Options options,
            final int batchSize,
            final Ledger ledger,
            final DeadLetterSink deadLetters,
            final BooleanSupplier stopping) {
        this.options = options;
        this.batchSize = batchSize;
        this.ledger = ledger;
        this.deadLetters = deadLetters;
        this.stopping = stopping;
    }

    private FlowRecordSource untilStopping(final FlowRecordSource records) {
        return new FlowRecordSource() {
            @Override
            public Optional<FlowRecord> next() throws IOException {
                return stopping.getAsBoolean() ? Optional.empty() : records.next();
            }

            @Override
            public long read() {
                return records.read();
            }

            @Override
            public String unit() {
                return records.unit();
            }

            @Override
            public void close() throws IOException {
                records.close();
            }
        };
    }

    /**
     * The flows of a file in batches, read as they are asked for. A file that is no sensor's
     * becomes a dead letter and gives none; the Splitter closes what this returns when it is an
     * open file.
     */
    public Iterator<FlowBatch> batches(@Header(Exchange.FILE_PATH) final String file) {
        try {
            final SkippedReport report = new SkippedReport(file, ledger);
            final FlowRecordSource records =
                    SensorInput.open(
                            Path.of(file),
                            SensorFormats.installed(),
                            options,
                            report.ledger(),
                            deadLetters);
            return new FlowBatchReader(
                    untilStopping(records),
                    batchSize,
                    System::nanoTime,
                    source -> report.of(source).ifPresent(LOG::info));
        } catch (final IOException e) {
            deadLetters.accept(
                    new DeadLetter(file, -1, "unreadable_file", ErrorSentence.of(e), ""));
            return Collections.emptyIterator();
        }
    }
}
