/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Flow records decoded from the lines of one log file, gzip'd or not.
 *
 * <p>What cannot be read becomes a dead letter with its byte offset and one of the reasons {@code
 * bad_json}, {@code bad_tsv}, {@code missing_field}, {@code bad_field}, {@code unknown_format},
 * {@code line_too_long}, {@code torn_line}, {@code bad_gzip}; it is counted, as each record is,
 * under {@link Ledger.Entry#EVENTS}. A last line without a newline is used if it is whole beyond
 * doubt.
 */
final class LogSource implements FlowRecordSource {

    private final SensorLog log;
    private final LineDecoder decoder;
    private final Queue<FlowRecord> ready = new ArrayDeque<>();
    private boolean ended;

    /**
     * Opens a log.
     *
     * @param kind the word under which the ledger counts dead letters, where no line told another
     * @param decoder makes the decoder, which gives its records to what it is made with
     */
    LogSource(
            final Path file,
            final String kind,
            final Function<Consumer<FlowRecord>, LineDecoder> decoder,
            final Ledger ledger,
            final DeadLetterSink deadLetters)
            throws IOException {
        this.decoder = decoder.apply(ready::add);
        this.log = new SensorLog(file, kind, ledger, deadLetters);
    }

    @Override
    public Optional<FlowRecord> next() throws IOException {
        while (ready.isEmpty() && !ended) {
            if (log.next()) {
                log.decode(decoder);
            } else {
                ended = true;
                decoder.finish();
            }
        }
        return Optional.ofNullable(ready.poll());
    }

    @Override
    public void close() throws IOException {
        log.close();
    }
}
