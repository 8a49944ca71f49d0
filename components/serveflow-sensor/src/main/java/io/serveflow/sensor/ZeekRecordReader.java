/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import io.serveflow.flow.FlowRecord;
import io.serveflow.sensor.conn.ConnJson;
import io.serveflow.sensor.json.TellingKey;
import io.serveflow.sensor.line.BadLineException;
import io.serveflow.sensor.ndpid.NdpidDecoder;
import io.serveflow.sensor.summary.ConnField;
import io.serveflow.sensor.summary.SummaryRow;
import io.serveflow.sensor.zeek.ZeekJson;
import io.serveflow.sensor.zeek.ZeekRow;
import java.util.Objects;

/**
 * Reads single sensor records in the JSON form of Zeek's {@code serveflow} log or {@code conn.log},
 * such as the body of a message.
 *
 * <p>Not safe for use by more than one thread.
 */
public final class ZeekRecordReader {

    private static final String READ_BY_SOURCE =
            "read the log with serveflow-tail:, serveflow-socket: or serveflow-kafka:, which give"
                    + " serveflow: whole flows: ";

    private final String observer;

    /** That of the Community IDs that a line does not state. */
    private static final int DEFAULT_SEED = 0;

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
     * @throws IllegalArgumentException if it holds none; the message says why, and what the line is
     *     where it is of another kind; its cause is a {@link BadLineException}
     */
    public FlowRecord read(final byte[] line, final int start, final int end) {
        Objects.checkFromToIndex(start, end, line.length);
        if (SensorStream.beginsWithBom(line, start, end)) {
            return read(line, SensorStream.behindBoms(line, start, end), end);
        }
        row.clear();
        try {
            if (TellingKey.CONN_STATE.isIn(line, start, end)) {
                return summary(line, start, end);
            }
            json.read(line, start, end, ContextInterest.all(), row);
            return row.record(observer, DEFAULT_SEED, System.nanoTime());
        } catch (final BadLineException e) {
            throw new IllegalArgumentException(kind(line, start, end) + e.getMessage(), e);
        }
    }

    /** What a line is that is of another kind, and who reads it; empty if it is of this one. */
    private static String kind(final byte[] line, final int start, final int end) {
        final LineSniffer.Kind kind;
        try {
            kind =
                    NdpidDecoder.hasLength(line, start, end)
                            ? LineSniffer.Kind.NDPID
                            : new LineSniffer().kind(line, start, end);
        } catch (final BadLineException e) {
            return "";
        }
        return switch (kind) {
            case EVE ->
                    "the line is an event of Suricata's EVE log, which is no whole flow; "
                            + READ_BY_SOURCE;
            case NDPID ->
                    "the line is an event of nDPId, which is no whole flow; " + READ_BY_SOURCE;
            case SHIPPED ->
                    "the line is a log shipper's event around a sensor's line; " + READ_BY_SOURCE;
            case TAGGED ->
                    "the line is an object around another, as zeek-kafka writes it; "
                            + READ_BY_SOURCE;
            case OTHER_LOG ->
                    "the line is of a log of Zeek's other than serveflow.log and conn.log: ";
            case SERVEFLOW, CONN, UNKNOWN -> "";
        };
    }

    private FlowRecord summary(final byte[] line, final int start, final int end)
            throws BadLineException {
        summary.clear();
        conn.read(line, start, end, summary);
        if (ZeekLogName.isInterim(summary.text(ConnField.PATH))) {
            throw new BadLineException(
                    BadLineException.BAD_FIELD,
                    "field '_path' is '"
                            + summary.text(ConnField.PATH)
                            + "': the connection goes on, and its final record comes in conn.log");
        }
        return summary.record(observer, DEFAULT_SEED, System.nanoTime())
                .orElseThrow(
                        () ->
                                BadLineException.bad(
                                        ConnField.PROTO.key(),
                                        summary.text(ConnField.PROTO),
                                        "tcp, udp, icmp or sctp"));
    }
}
