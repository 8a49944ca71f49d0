/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import io.serveflow.flow.FlowRecord;
import java.util.Objects;

/**
 * Reads single sensor records in the JSON form of Zeek's {@code serveflow} log or {@code conn.log},
 * such as the body of a message.
 *
 * <p>Not safe for use by more than one thread.
 */
public final class ZeekRecordReader {

    private final String observer;
    private final ZeekRow row = new ZeekRow();
    private final ZeekJson json = new ZeekJson();
    private final SummaryRow summary = new SummaryRow(ConnField::key, reason -> {});
    private final ConnJson conn = new ConnJson();

    /**
     * @param observer name of the sensor, unless a record names another
     */
    public ZeekRecordReader(final String observer) {
        this.observer = Objects.requireNonNull(observer, "observer");
    }

    /**
     * The record that a JSON object holds.
     *
     * @param line UTF-8 bytes of the object
     * @param start index of its first byte
     * @param end index behind its last byte
     * @throws IllegalArgumentException if it holds none; the message says why
     */
    public FlowRecord read(final byte[] line, final int start, final int end) {
        Objects.checkFromToIndex(start, end, line.length);
        row.clear();
        try {
            if (TellingKey.CONN_STATE.isIn(line, start, end)) {
                return summary(line, start, end);
            }
            json.read(line, start, end, ContextInterest.all(), row);
            return row.record(observer, System.nanoTime());
        } catch (final BadLineException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private FlowRecord summary(final byte[] line, final int start, final int end)
            throws BadLineException {
        summary.clear();
        conn.read(line, start, end, summary);
        return summary.record(observer, System.nanoTime())
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "field 'proto' is '"
                                                + summary.text(ConnField.PROTO)
                                                + "'; it must be tcp, udp, icmp or sctp"));
    }
}
