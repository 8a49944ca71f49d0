/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import java.util.Objects;

/**
 * What a sensor says of a flow when it is over: how long it took, how much went each way and how it
 * ended.
 *
 * <p>A number that the sensor did not give is {@link #UNKNOWN}, a text that it did not give is
 * empty. Texts are the sensor's own; Zeek and Suricata have different words for the same.
 *
 * @param durationMicros time between the first and the last packet, microseconds
 * @param originatorBytes payload bytes that the originator sent
 * @param responderBytes payload bytes that the responder sent
 * @param originatorPackets packets that the originator sent
 * @param responderPackets packets that the responder sent
 * @param originatorIpBytes bytes that the originator sent, IP headers included
 * @param responderIpBytes bytes that the responder sent, IP headers included
 * @param state Zeek's {@code conn_state} or Suricata's {@code flow.state}
 * @param history Zeek's {@code history}
 * @param service the sensor's own name of the application protocol; several are joined by commas
 * @param tlsVersion the TLS version that was agreed on
 * @param ja3 JA3 hash of the client
 * @param ja4 JA4 fingerprint of the client
 */
public record FlowSummary(
        long durationMicros,
        long originatorBytes,
        long responderBytes,
        long originatorPackets,
        long responderPackets,
        long originatorIpBytes,
        long responderIpBytes,
        String state,
        String history,
        String service,
        String tlsVersion,
        String ja3,
        String ja4) {

    /** The number for one that the sensor did not give. */
    public static final long UNKNOWN = -1;

    /** The summary of a flow that is not over, of which nothing is known. */
    public static final FlowSummary NONE =
            new FlowSummary(
                    UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, "", "", "", "",
                    "", "");

    public FlowSummary {
        requireNumber("durationMicros", durationMicros);
        requireNumber("originatorBytes", originatorBytes);
        requireNumber("responderBytes", responderBytes);
        requireNumber("originatorPackets", originatorPackets);
        requireNumber("responderPackets", responderPackets);
        requireNumber("originatorIpBytes", originatorIpBytes);
        requireNumber("responderIpBytes", responderIpBytes);
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(history, "history");
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(tlsVersion, "tlsVersion");
        Objects.requireNonNull(ja3, "ja3");
        Objects.requireNonNull(ja4, "ja4");
    }

    /** The packets of both sides; unknown if one side's are. */
    public long packets() {
        return originatorPackets < 0 || responderPackets < 0
                ? UNKNOWN
                : originatorPackets + responderPackets;
    }

    private static void requireNumber(final String name, final long value) {
        if (value < UNKNOWN) {
            throw new IllegalArgumentException(
                    name + " must be at least 0, or -1 if it is unknown, was " + value);
        }
    }
}
