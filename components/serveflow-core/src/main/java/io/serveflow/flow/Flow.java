/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

/**
 * A flow that the assembler knows. Its context is let go once it is written; what stays is what
 * tells later packets of the flow from new flows.
 */
final class Flow {

    final int hash;
    final String name;
    final int protocol;
    final long originatorHigh;
    final long originatorLow;
    final int originatorPort;
    final long responderHigh;
    final long responderLow;
    final int responderPort;

    final long startMicros;

    /** How many flows with the same endpoints and start were before it. */
    final int generation;

    final FlowQueue.Place idlePlace = new FlowQueue.Place(this);
    long lastSeen;

    boolean originatorFinished;
    boolean responderFinished;
    boolean reset;

    /** What the context record will be made of, null once it is written. */
    FlowContext context;

    Flow(
            final FlowKey key,
            final boolean sentByResponder,
            final long startMicros,
            final int generation) {
        hash = key.hash;
        name = key.name;
        protocol = key.protocol;
        originatorHigh = sentByResponder ? key.destinationHigh : key.sourceHigh;
        originatorLow = sentByResponder ? key.destinationLow : key.sourceLow;
        originatorPort = sentByResponder ? key.destinationPort : key.sourcePort;
        responderHigh = sentByResponder ? key.sourceHigh : key.destinationHigh;
        responderLow = sentByResponder ? key.sourceLow : key.destinationLow;
        responderPort = sentByResponder ? key.sourcePort : key.destinationPort;
        this.startMicros = startMicros;
        this.generation = generation;
    }

    /** Whether a packet with this key belongs to the flow, in either direction. */
    boolean matches(final FlowKey key) {
        if (hash != key.hash || !name.equals(key.name)) {
            return false;
        }
        return !name.isEmpty()
                || protocol == key.protocol
                        && (isOriginator(key.sourceHigh, key.sourceLow, key.sourcePort)
                                        && isResponder(
                                                key.destinationHigh,
                                                key.destinationLow,
                                                key.destinationPort)
                                || isResponder(key.sourceHigh, key.sourceLow, key.sourcePort)
                                        && isOriginator(
                                                key.destinationHigh,
                                                key.destinationLow,
                                                key.destinationPort));
    }

    /** Whether the originator sent the packet with this key. */
    boolean sentByOriginator(final FlowKey key) {
        return isOriginator(key.sourceHigh, key.sourceLow, key.sourcePort);
    }

    /** Whether TCP has closed the flow: a reset, or no more data from both sides. */
    boolean closed() {
        return reset || originatorFinished && responderFinished;
    }

    /** Notes what the flags of a TCP packet say about the flow's end. */
    void noteFlags(final int tcpFlags, final boolean fromOriginator) {
        reset |= (tcpFlags & IpHeaders.RST) != 0;
        if ((tcpFlags & IpHeaders.FIN) != 0) {
            originatorFinished |= fromOriginator;
            responderFinished |= !fromOriginator;
        }
    }

    private boolean isOriginator(final long high, final long low, final int port) {
        return originatorLow == low && originatorPort == port && originatorHigh == high;
    }

    private boolean isResponder(final long high, final long low, final int port) {
        return responderLow == low && responderPort == port && responderHigh == high;
    }
}
