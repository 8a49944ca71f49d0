/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

/** The forms of input that can be read; all but captures are lines. */
public enum SensorFormat {
    /** A pcap or pcapng capture, gzip'd or not. */
    PCAP("pcap"),
    /** The Zeek package's {@code serveflow} log, JSON lines or TSV. */
    ZEEK("zeek"),
    /** Suricata EVE: alerts that carry a packet each, and flow events. */
    EVE("eve"),
    /** Zeek's own {@code conn.log}, JSON lines or TSV. */
    CONN("conn"),
    /** Events of nDPId, of which those with a packet are used. */
    NDPID("ndpid");

    private final String id;

    SensorFormat(final String id) {
        this.id = id;
    }

    /** The name on the command line. */
    public String id() {
        return id;
    }
}
