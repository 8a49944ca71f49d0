/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

/**
 * What a packet's flow is looked up by: its endpoints, or the sensor's own id of the flow. One key
 * is set anew for every packet.
 */
final class FlowKey {

    /** The name of flows that no sensor named, which are identified by their endpoints. */
    static final String UNNAMED = "";

    private static final int IPV6 = 0x100;

    /** The same in every run, so that the same capture gives the same roles. */
    private static final long FINGERPRINT_SEED = 0x9e3779b97f4a7c15L;

    private final long seed;

    String name = UNNAMED;
    int protocol;
    long sourceHigh;
    long sourceLow;
    int sourcePort;
    long destinationHigh;
    long destinationLow;
    int destinationPort;
    int hash;

    /**
     * @param seed spreads the hashes, so that nobody outside can send flows that all collide
     */
    FlowKey(final long seed) {
        this.seed = seed;
    }

    void set(final String uid, final IpHeaders headers, final byte[] bytes) {
        name = uid;
        // The version belongs to it: ::a00:1 and 10.0.0.1 have the same value and are two hosts.
        protocol = headers.transport().number() | (headers.ipv6() ? IPV6 : 0);
        sourcePort = headers.sourcePort();
        destinationPort = headers.destinationPort();
        final int source = headers.sourceOffset();
        final int destination = headers.destinationOffset();
        if (headers.ipv6()) {
            sourceHigh = i64(bytes, source);
            sourceLow = i64(bytes, source + 8);
            destinationHigh = i64(bytes, destination);
            destinationLow = i64(bytes, destination + 8);
        } else {
            sourceHigh = 0;
            sourceLow = i32(bytes, source);
            destinationHigh = 0;
            destinationLow = i32(bytes, destination);
        }
        hash = uid.isEmpty() ? hashOfEndpoints() : hashOfName();
    }

    /** Makes it the key of the flow that the sensor names so, whose endpoints nobody states. */
    void set(final String uid) {
        name = uid;
        hash = hashOfName();
    }

    private int hashOfName() {
        return (int) mix(name.hashCode() ^ seed);
    }

    boolean isTcp() {
        return (protocol & ~IPV6) == Transport.TCP.number();
    }

    /** The same for both directions, hence the sum. */
    private int hashOfEndpoints() {
        final long ends =
                hashOf(seed, sourceHigh, sourceLow, sourcePort)
                        + hashOf(seed, destinationHigh, destinationLow, destinationPort);
        return (int) mix(ends + protocol);
    }

    /** What tells the endpoints from others; the same for both directions, whatever the name. */
    long fingerprint() {
        return fingerprint(
                protocol,
                fingerprintOf(sourceHigh, sourceLow, sourcePort),
                fingerprintOf(destinationHigh, destinationLow, destinationPort));
    }

    /** The same of the endpoints of a flow. */
    static long fingerprint(final Flow flow) {
        return fingerprint(
                flow.protocol,
                fingerprintOf(flow.originatorHigh, flow.originatorLow, flow.originatorPort),
                fingerprintOf(flow.responderHigh, flow.responderLow, flow.responderPort));
    }

    private static long fingerprint(final int protocol, final long oneEnd, final long otherEnd) {
        return mix(oneEnd + otherEnd + protocol);
    }

    /** Whether the end that sends comes before the other one in the order of {@link #isLower}. */
    boolean sourceIsLower() {
        return isLower(
                sourceHigh,
                sourceLow,
                sourcePort,
                destinationHigh,
                destinationLow,
                destinationPort);
    }

    /** Any order of ends does, as long as it is always the same. */
    static boolean isLower(
            final long high,
            final long low,
            final int port,
            final long otherHigh,
            final long otherLow,
            final int otherPort) {
        if (high != otherHigh) {
            return high < otherHigh;
        }
        return low != otherLow ? low < otherLow : port < otherPort;
    }

    private static long fingerprintOf(final long high, final long low, final int port) {
        // An IPv4 address and its port have room in one word.
        final long first = high == 0 ? FINGERPRINT_SEED : mix(high ^ FINGERPRINT_SEED);
        return mix(first + low + ((long) port << 32));
    }

    private static long hashOf(final long seed, final long high, final long low, final int port) {
        return mix(mix(mix(high ^ seed) + low) + port);
    }

    /** The finalizer of SplittableRandom (Stafford's variant 13): every bit reaches every bit. */
    private static long mix(final long value) {
        long z = value;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    private static long i32(final byte[] bytes, final int at) {
        return (long) (bytes[at] & 0xff) << 24
                | (bytes[at + 1] & 0xff) << 16
                | (bytes[at + 2] & 0xff) << 8
                | bytes[at + 3] & 0xff;
    }

    private static long i64(final byte[] bytes, final int at) {
        return i32(bytes, at) << 32 | i32(bytes, at + 4);
    }
}
