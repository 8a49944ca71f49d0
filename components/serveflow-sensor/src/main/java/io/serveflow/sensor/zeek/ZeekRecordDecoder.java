/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.zeek;

import io.serveflow.flow.FlowRecord;
import io.serveflow.sensor.ContextInterest;
import io.serveflow.sensor.LineFormat;
import io.serveflow.sensor.line.BadLineException;
import io.serveflow.sensor.line.LineBeginnings;
import java.util.List;

/** Reads single lines of the {@code serveflow} log in its JSON form. */
final class ZeekRecordDecoder implements LineFormat.RecordDecoder {

    /** That of the Community IDs that a line does not state. */
    private static final int DEFAULT_SEED = 0;

    private final String observer;
    private final ZeekRow row = new ZeekRow();
    private final ZeekJson json = new ZeekJson(new LineBeginnings(List.of()));

    ZeekRecordDecoder(final String observer) {
        this.observer = observer;
    }

    @Override
    public FlowRecord read(final byte[] bytes, final int start, final int end)
            throws BadLineException {
        row.clear();
        json.read(bytes, start, end, ContextInterest.all(), row);
        return row.record(observer, DEFAULT_SEED, System.nanoTime());
    }
}
