/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import java.util.Objects;

/**
 * Who talks to whom: transport, originator and responder of a flow, as the sensor saw them.
 *
 * <p>Addresses are kept as text, because sensors write text and documents carry text; only the
 * Community ID and the packet reader need their bytes.
 *
 * @param originatorPort TCP or UDP port, or the ICMP type
 * @param responderPort TCP or UDP port, or the ICMP code
 */
public record FlowTuple(
        Transport transport,
        String originator,
        int originatorPort,
        String responder,
        int responderPort) {

    public FlowTuple {
        Objects.requireNonNull(transport, "transport");
        Objects.requireNonNull(originator, "originator");
        Objects.requireNonNull(responder, "responder");
        if ((originatorPort | responderPort) >>> 16 != 0) {
            throw new IllegalArgumentException(
                    "ports must be 0 to 65535, were " + originatorPort + " and " + responderPort);
        }
    }
}
