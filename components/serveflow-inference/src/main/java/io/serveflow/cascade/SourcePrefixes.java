/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.cascade;

import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.IpAddress;

/**
 * Which source a flow is of: the prefix of its originator's address, as one of {@link #COUNT}
 * numbers. A keyed hash (SipHash-2-4) makes the number, so that nobody who does not know the key
 * can choose addresses that share one with others.
 *
 * <p>For one thread at a time.
 *
 * @see <a href="https://www.aumasson.jp/siphash/siphash.pdf">Aumasson, Bernstein: SipHash: a fast
 *     short-input PRF (2012)</a>
 */
final class SourcePrefixes {

    /** How many numbers there are. */
    static final int COUNT = 4096;

    private static final int IPV4_BYTES = 4;
    private static final int MAPPED_FROM = 12;
    private static final long IPV4 = 4;
    private static final long IPV6 = 6;
    private static final long NO_ADDRESS = 0;
    private static final long MESSAGE_BYTES = 16;

    private final int ipv4Bits;
    private final int ipv6Bits;
    private final long key0;
    private final long key1;
    private final byte[] address = new byte[16];

    private long v0;
    private long v1;
    private long v2;
    private long v3;

    /**
     * @param ipv4Bits length of the prefix of an IPv4 address, 0 to 32
     * @param ipv6Bits length of the prefix of an IPv6 address, 0 to 64
     * @param key0 one half of the key, secret
     * @param key1 the other half
     */
    SourcePrefixes(final int ipv4Bits, final int ipv6Bits, final long key0, final long key1) {
        this.ipv4Bits = ipv4Bits;
        this.ipv6Bits = ipv6Bits;
        this.key0 = key0;
        this.key1 = key1;
    }

    /** The number of a flow's source, 0 to {@link #COUNT} - 1. */
    int of(final FlowRecord flow) {
        return of(flow.tuple().originator());
    }

    int of(final String originator) {
        final int length;
        try {
            length = IpAddress.parse(originator, address);
        } catch (final IllegalArgumentException e) {
            return number(originator.hashCode(), NO_ADDRESS);
        }
        if (length == IPV4_BYTES) {
            return number(bits(0, IPV4_BYTES) >>> 32 - ipv4Bits, IPV4);
        }
        if (isMapped()) {
            return number(bits(MAPPED_FROM, IPV4_BYTES) >>> 32 - ipv4Bits, IPV4);
        }
        return number(ipv6Bits == 0 ? 0 : bits(0, 8) >>> 64 - ipv6Bits, IPV6);
    }

    private boolean isMapped() {
        return bits(0, 8) == 0 && bits(8, 4) == 0xffff;
    }

    private long bits(final int from, final int bytes) {
        long bits = 0;
        for (int i = from; i < from + bytes; i++) {
            bits = bits << 8 | address[i] & 0xff;
        }
        return bits;
    }

    private int number(final long prefix, final long version) {
        v0 = key0 ^ 0x736f6d6570736575L;
        v1 = key1 ^ 0x646f72616e646f6dL;
        v2 = key0 ^ 0x6c7967656e657261L;
        v3 = key1 ^ 0x7465646279746573L;
        absorb(prefix);
        absorb(version);
        absorb(MESSAGE_BYTES << 56);
        v2 ^= 0xff;
        for (int i = 0; i < 4; i++) {
            mix();
        }
        return (int) ((v0 ^ v1 ^ v2 ^ v3) & COUNT - 1);
    }

    private void absorb(final long word) {
        v3 ^= word;
        mix();
        mix();
        v0 ^= word;
    }

    private void mix() {
        v0 += v1;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v3;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v2 = Long.rotateLeft(v2, 32);
    }
}
