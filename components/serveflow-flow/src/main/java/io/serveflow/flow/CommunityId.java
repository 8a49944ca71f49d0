/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * Community ID version 1: the hash of a flow's tuple on which sensors agree, the same for both
 * directions.
 *
 * <p>ICMP has no ports. Its type stands for the originator's, and the responder's is the type that
 * answers it where there is one (echo and echo reply); otherwise it is the code, and the two
 * directions are two flows.
 *
 * <p>Between equal addresses the ports decide the order, as numbers. Zeek 8.0 on little-endian
 * machines compares them with their bytes swapped, so its ids of a host talking to itself may
 * differ from those of the specification, Wireshark and this class.
 *
 * @see <a href="https://github.com/corelight/community-id-spec">the specification</a>
 */
public final class CommunityId {

    /** The largest seed; it has two bytes. */
    public static final int MAX_SEED = 65_535;

    private static final String PREFIX = "1:";

    private CommunityId() {}

    /**
     * The Community ID with the default seed 0.
     *
     * @throws IllegalArgumentException if an address is no IP address, or the two differ in version
     */
    public static String v1(final FlowTuple tuple) {
        return v1(tuple, 0);
    }

    /**
     * The Community ID with a seed, which keeps the ids of different sites apart.
     *
     * @param seed 0 to 65535
     * @throws IllegalArgumentException if an address is no IP address, the two differ in version or
     *     the seed is out of range
     */
    public static String v1(final FlowTuple tuple, final int seed) {
        if (seed < 0 || seed > MAX_SEED) {
            throw new IllegalArgumentException(
                    "the Community ID seed must be 0 to " + MAX_SEED + ", was " + seed);
        }
        final byte[] originator = IpAddress.parse(tuple.originator());
        final byte[] responder = IpAddress.parse(tuple.responder());
        if (originator.length != responder.length) {
            throw new IllegalArgumentException(
                    "a flow has addresses of one IP version, not "
                            + tuple.originator()
                            + " and "
                            + tuple.responder());
        }
        final int originatorPort = tuple.originatorPort();
        final int answer = answeringType(tuple.transport(), originatorPort);
        final int responderPort = answer < 0 ? tuple.responderPort() : answer;
        final boolean oneWay = answer < 0 && isIcmp(tuple.transport());

        final int order = Arrays.compareUnsigned(originator, responder);
        final boolean asIs = oneWay || order < 0 || order == 0 && originatorPort <= responderPort;
        final byte[] hashed = new byte[2 + 2 * originator.length + 2 + 4];
        putShort(hashed, 0, seed);
        int at = put(hashed, 2, asIs ? originator : responder);
        at = put(hashed, at, asIs ? responder : originator);
        hashed[at] = (byte) tuple.transport().number();
        putShort(hashed, at + 2, asIs ? originatorPort : responderPort);
        putShort(hashed, at + 4, asIs ? responderPort : originatorPort);
        return PREFIX + Base64.getEncoder().encodeToString(sha1().digest(hashed));
    }

    private static boolean isIcmp(final Transport transport) {
        return transport == Transport.ICMP || transport == Transport.ICMP6;
    }

    /** The ICMP type that answers or asks for this one, -1 if the exchange has one direction. */
    private static int answeringType(final Transport transport, final int type) {
        return switch (transport) {
            case ICMP ->
                    switch (type) {
                        case 0 -> 8; // echo
                        case 8 -> 0;
                        case 9 -> 10; // router
                        case 10 -> 9;
                        case 13 -> 14; // timestamp
                        case 14 -> 13;
                        case 15 -> 16; // information
                        case 16 -> 15;
                        case 17 -> 18; // address mask
                        case 18 -> 17;
                        default -> -1;
                    };
            case ICMP6 ->
                    switch (type) {
                        case 128 -> 129; // echo
                        case 129 -> 128;
                        case 130 -> 131; // multicast listener
                        case 131 -> 130;
                        case 133 -> 134; // router
                        case 134 -> 133;
                        case 135 -> 136; // neighbour
                        case 136 -> 135;
                        case 139 -> 140; // node information (WHO-ARE-YOU)
                        case 140 -> 139;
                        case 144 -> 145; // home agent address
                        case 145 -> 144;
                        default -> -1;
                    };
            case TCP, UDP, SCTP -> -1;
        };
    }

    private static int put(final byte[] to, final int at, final byte[] address) {
        System.arraycopy(address, 0, to, at, address.length);
        return at + address.length;
    }

    private static void putShort(final byte[] to, final int at, final int value) {
        to[at] = (byte) (value >>> 8);
        to[at + 1] = (byte) value;
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
