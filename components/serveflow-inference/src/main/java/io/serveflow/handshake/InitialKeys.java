/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.handshake;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of the client's Initials, which everybody can make who saw the first one.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9001.html#section-5">RFC 9001, 5</a>
 */
final class InitialKeys {

    static final String HMAC = "HmacSHA256";
    static final int KEY_BYTES = 16;
    static final int IV_BYTES = 12;
    static final int TAG_BYTES = 16;

    /** Bytes of a packet that its header is protected with. */
    static final int SAMPLE_BYTES = 16;

    /** Bytes of the longest id of a connection. */
    static final int LONGEST_ID = 20;

    /** The tag is that of other bytes or another key. */
    static final int WRONG = -1;

    private static final String AES = "AES";
    private static final int SECRET_BYTES = 32;
    private static final byte[] CLIENT_LABEL = QuicVersion.label("client in", SECRET_BYTES);

    private final Mac mac;
    private final Cipher headerCipher;
    private final Cipher packetCipher;
    private final Cipher streamCipher;
    private final byte[] block = new byte[SECRET_BYTES];
    private final byte[] iv = new byte[SECRET_BYTES];
    private final byte[] counter = new byte[KEY_BYTES];
    private final byte[] mask = new byte[SAMPLE_BYTES];
    private final byte[] id = new byte[LONGEST_ID];
    private int idBytes;
    private QuicVersion version;
    private SecretKeySpec packetKey;

    InitialKeys() {
        try {
            mac = Mac.getInstance(HMAC);
            headerCipher = Cipher.getInstance("AES/ECB/NoPadding");
            packetCipher = Cipher.getInstance("AES/GCM/NoPadding");
            streamCipher = Cipher.getInstance("AES/CTR/NoPadding");
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("this JDK lacks AES or HMAC with SHA-256", e);
        }
    }

    /**
     * Makes the keys of a version and an id of a connection.
     *
     * @return whether they were not those that were made last
     */
    boolean derive(final QuicVersion of, final byte[] bytes, final int from, final int length) {
        if (of == version && Arrays.equals(bytes, from, from + length, id, 0, idBytes)) {
            return false;
        }
        version = null;
        try {
            mac.init(of.salt());
            mac.update(bytes, from, length);
            mac.doFinal(block, 0);
            mac.init(new SecretKeySpec(block, HMAC));
            mac.update(CLIENT_LABEL);
            mac.doFinal(block, 0);
            mac.init(new SecretKeySpec(block, HMAC));
            mac.update(of.keyLabel());
            mac.doFinal(block, 0);
            packetKey = new SecretKeySpec(block, 0, KEY_BYTES, AES);
            mac.update(of.ivLabel());
            mac.doFinal(iv, 0);
            mac.update(of.headerLabel());
            mac.doFinal(block, 0);
            headerCipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(block, 0, KEY_BYTES, AES));
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        System.arraycopy(bytes, from, id, 0, length);
        idBytes = length;
        version = of;
        return true;
    }

    /**
     * What the header of a packet is covered with, in the first five bytes of an array that the
     * next call writes to again.
     *
     * @param sample where the {@value #SAMPLE_BYTES} bytes of the packet begin that say so
     */
    byte[] mask(final byte[] bytes, final int sample) {
        try {
            headerCipher.doFinal(bytes, sample, SAMPLE_BYTES, mask, 0);
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        return mask;
    }

    /**
     * Decrypts a packet and checks its tag.
     *
     * @param header the packet's header without its cover, of {@code headerBytes} bytes
     * @param from where what is encrypted begins, with the tag at its end
     * @param clear takes what is decrypted, and has room for all that is encrypted
     * @return how many bytes were decrypted, or {@link #WRONG}
     */
    int open(
            final long packetNumber,
            final byte[] header,
            final int headerBytes,
            final byte[] bytes,
            final int from,
            final int length,
            final byte[] clear) {
        if (length < TAG_BYTES) {
            return WRONG;
        }
        mix(packetNumber);
        try {
            packetCipher.init(
                    Cipher.DECRYPT_MODE,
                    packetKey,
                    new GCMParameterSpec(8 * TAG_BYTES, counter, 0, IV_BYTES));
            packetCipher.updateAAD(header, 0, headerBytes);
            return packetCipher.doFinal(bytes, from, length, clear, 0);
        } catch (final AEADBadTagException e) {
            return WRONG;
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Decrypts the beginning of a packet of which the end and so the tag are not there.
     *
     * <p>GCM encrypts like the counter mode, from the second block on.
     *
     * @return how many bytes were decrypted
     * @see <a href="https://nvlpubs.nist.gov/nistpubs/Legacy/SP/nistspecialpublication800-38d.pdf">
     *     NIST SP 800-38D, 7.1</a>
     */
    int openBeginning(
            final long packetNumber,
            final byte[] bytes,
            final int from,
            final int length,
            final byte[] clear) {
        mix(packetNumber);
        counter[IV_BYTES] = 0;
        counter[IV_BYTES + 1] = 0;
        counter[IV_BYTES + 2] = 0;
        counter[IV_BYTES + 3] = 2;
        try {
            streamCipher.init(Cipher.DECRYPT_MODE, packetKey, new IvParameterSpec(counter));
            return streamCipher.doFinal(bytes, from, length, clear, 0);
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes the number that is used once: the vector and the number of the packet. */
    private void mix(final long packetNumber) {
        System.arraycopy(iv, 0, counter, 0, IV_BYTES);
        for (int i = 0; i < Long.BYTES; i++) {
            counter[IV_BYTES - 1 - i] ^= (byte) (packetNumber >>> 8 * i);
        }
    }
}
