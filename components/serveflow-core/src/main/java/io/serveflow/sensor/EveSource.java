/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/**
 * Flow records assembled from Suricata's EVE log: of each flow's first packets, one alert event of
 * the ServeFlow rules (signatures 3900000 to 3900999) a packet, with the frame in {@code packet}.
 *
 * <p>The flows are Suricata's, by its {@code flow_id}; who is the originator is told from the
 * packets as it is for a capture, because Suricata's {@code direction} can turn round within a
 * flow. Events of other types and rules are passed over and counted as {@link
 * Ledger.Entry#SKIPPED}; what cannot be read becomes a dead letter with its byte offset and one of
 * the reasons {@code bad_json}, {@code missing_field}, {@code bad_field}, {@code line_too_long},
 * {@code torn_line}. Records and dead letters are counted as {@link Ledger.Entry#EVENTS}.
 */
public final class EveSource implements FlowRecordSource {

    private final SensorLog log;
    private final EveDecoder decoder;
    private final Queue<FlowRecord> ready = new ArrayDeque<>();
    private boolean ended;

    /** Opens a log, gzip'd or not. */
    public EveSource(
            final Path file,
            final FlowAssembler.Options options,
            final Ledger ledger,
            final DeadLetterSink deadLetters)
            throws IOException {
        this.decoder = new EveDecoder(options, ledger, ready::add);
        this.log = new SensorLog(file, SensorFormat.EVE.id(), ledger, deadLetters);
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
