/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.tail;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Tells a log file by its first bytes, wherever it was moved, copied or packed to: the first line
 * of a sensor's log has a time and an id in it.
 *
 * @param length how many bytes are hashed; 0 if the file was empty
 * @param hash half of their SHA-256
 */
record Fingerprint(int length, String hash) {

    /** Most bytes of a file that are hashed. */
    static final int MAX_BYTES = 1_024;

    /**
     * Fewest bytes that tell a file without its key; less may be the same in all files of a log.
     */
    private static final int LEAST_BYTES = 32;

    private static final int HASH_BYTES = 16;

    static Fingerprint of(final byte[] beginning) {
        return new Fingerprint(beginning.length, hash(beginning, beginning.length));
    }

    /** Whether a file that begins so may be the one, if it has its key too. */
    boolean fits(final byte[] beginning) {
        return beginning.length >= length && hash(beginning, length).equals(hash);
    }

    /** Whether a file that begins so is the one, wherever it is. */
    boolean tells(final byte[] beginning) {
        return length >= LEAST_BYTES && fits(beginning);
    }

    private static String hash(final byte[] bytes, final int length) {
        try {
            final MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(bytes, 0, length);
            return HexFormat.of().formatHex(Arrays.copyOf(sha256.digest(), HASH_BYTES));
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
