/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Names flows that no sensor named: {@code P} and 96 bits of a hash over endpoints and start, in
 * base 62. The same capture gives the same names in every run.
 *
 * <p>What tells flows apart that have even the start in common is hashed too; it is zero in all but
 * odd captures, so that a flow keeps its name when other traffic is filtered out.
 */
final class FlowUid {

    private static final String DIGITS =
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int WORDS = 3;
    private static final int LENGTH = 17; // 62^17 > 2^96

    private final MessageDigest sha1;
    private final ByteBuffer hashed = ByteBuffer.allocate(7 * Long.BYTES + 4 * Integer.BYTES);
    private final long[] words = new long[WORDS];
    private final char[] text = new char[1 + LENGTH];

    FlowUid() {
        try {
            sha1 = MessageDigest.getInstance("SHA-1");
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
        text[0] = 'P';
    }

    /**
     * @param lag by how much the flow's start is behind the clock of the capture: late packets, and
     *     steps back before
     * @param evictions how many flows the full table ended before the flow began
     */
    String of(final Flow flow, final long lag, final long evictions) {
        hashed.clear();
        hashed.putLong(flow.originatorHigh).putLong(flow.originatorLow);
        hashed.putLong(flow.responderHigh).putLong(flow.responderLow);
        hashed.putInt(flow.originatorPort).putInt(flow.responderPort).putInt(flow.protocol);
        hashed.putInt(flow.generation).putLong(flow.startMicros);
        hashed.putLong(lag).putLong(evictions);
        final ByteBuffer hash = ByteBuffer.wrap(sha1.digest(hashed.array()));
        for (int i = 0; i < WORDS; i++) {
            words[i] = Integer.toUnsignedLong(hash.getInt());
        }
        for (int i = LENGTH; i > 0; i--) {
            text[i] = DIGITS.charAt(divideWords(DIGITS.length()));
        }
        return new String(text);
    }

    /** Divides the 96 bits in place and returns the remainder. */
    private int divideWords(final int divisor) {
        long remainder = 0;
        for (int i = 0; i < WORDS; i++) {
            final long dividend = remainder << 32 | words[i];
            words[i] = dividend / divisor;
            remainder = dividend % divisor;
        }
        return (int) remainder;
    }
}
