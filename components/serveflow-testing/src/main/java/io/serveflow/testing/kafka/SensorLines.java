/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.testing.kafka;

/** Lines as the Zeek package writes them, of flows that nobody had. */
public final class SensorLines {

    private static final String LINE =
            "{\"ts\":1700000000.000001,\"uid\":\"%s\",\"id.orig_h\":\"10.0.0.5\",\"id.orig_p\":51514,"
                + "\"id.resp_h\":\"203.0.113.9\",\"id.resp_p\":443,\"proto\":\"udp\",\"stage\":\"%s\","
                + "\"reason\":\"end\",\"pkt_dt\":[0.0],\"pkt_orig\":[true],\"pkt_len\":[28],"
                + "\"pkt_data\":[\"RQAAHAABAABAEQAACgAABcsAcQnJOgG7AAgAAA==\"]}";

    private SensorLines() {}

    /** The first record of a flow. */
    public static String first(final String uid) {
        return LINE.formatted(uid, "first");
    }

    /** The context record of a flow. */
    public static String context(final String uid) {
        return LINE.formatted(uid, "context");
    }
}
