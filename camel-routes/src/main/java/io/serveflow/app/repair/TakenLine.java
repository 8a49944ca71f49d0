/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.repair;

import io.serveflow.camel.kafka.TopicBacklog;
import java.util.Optional;

/**
 * Where a line is that is to be repaired.
 *
 * @param record of a topic that it is; empty in a file
 * @param start offset of its record, or of its first byte
 * @param length in bytes, without its newline, which the last one of a file may lack
 * @param text its bytes; empty where it is too long for a flow
 */
public record TakenLine(
        Optional<TopicBacklog.Line> record, long start, long length, Optional<byte[]> text) {

    /** A line of a file. */
    static TakenLine of(final long start, final long length, final Optional<byte[]> text) {
        return new TakenLine(Optional.empty(), start, length, text);
    }

    static TakenLine of(final TopicBacklog.Line record) {
        return new TakenLine(
                Optional.of(record),
                record.offset(),
                record.value().length,
                Optional.of(record.value()));
    }

    TakenLine withoutText() {
        return new TakenLine(record, start, length, Optional.empty());
    }
}
