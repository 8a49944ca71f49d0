/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.testing.hello;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Writes a client's Initials of QUIC, encrypted as on the wire (RFC 9001, RFC 9369).
 *
 * <p>Source ids are empty, and packet numbers have four bytes.
 */
public final class QuicWriter {

    public static final int V1 = 1;
    public static final int V2 = 0x6b3343cf;
    public static final int DRAFT_29 = 0xff00001d;

    private static final int NUMBER_BYTES = 4;
    private static final int TAG_BYTES = 16;

    private final int version;
    private final byte[] id;
    private final byte[] key;
    private final byte[] iv;
    private final byte[] headerKey;
    private byte[] token = new byte[0];

    /**
     * @param version one of those that are constants here
     * @param keyId the id that the keys are made of
     * @param id the one in the packets
     */
    public QuicWriter(final int version, final byte[] keyId, final byte[] id) {
        this.version = version;
        this.id = id.clone();
        final String prefix = version == V2 ? "quicv2 " : "quic ";
        final byte[] client = expand(mac(salt(version), keyId), "client in", 32);
        this.key = expand(client, prefix + "key", 16);
        this.iv = expand(client, prefix + "iv", 12);
        this.headerKey = expand(client, prefix + "hp", 16);
    }

    /** One of whose packets the first one names the id that the keys are made of. */
    public QuicWriter(final int version, final byte[] id) {
        this(version, id, id);
    }

    private static byte[] salt(final int version) {
        return HexFormat.of()
                .parseHex(
                        switch (version) {
                            case V1 -> "38762cf7f55934b34d179ae6a4c80cadccbb7f0a";
                            case V2 -> "0dede3def700a6db819381be6e269dcbf9bd2ed9";
                            case DRAFT_29 -> "afbfec289993d24c9e9786f19c6111e04390a899";
                            default ->
                                    throw new IllegalArgumentException(
                                            "no salt of version " + version);
                        });
    }

    /** Writes into packets from now on the token that a server gave with a Retry. */
    public QuicWriter token(final byte[] bytes) {
        token = bytes.clone();
        return this;
    }

    /** An Initial with these frames. */
    public byte[] initial(final int number, final byte[]... frames) {
        final byte[] clear = concat(frames);
        final byte[] header =
                concat(
                        new byte[] {(byte) (version == V2 ? 0xd3 : 0xc3)},
                        ByteBuffer.allocate(4).putInt(version).array(),
                        new byte[] {(byte) id.length},
                        id,
                        new byte[1],
                        varInt(token.length),
                        token,
                        varInt(NUMBER_BYTES + clear.length + TAG_BYTES),
                        ByteBuffer.allocate(NUMBER_BYTES).putInt(number).array());
        try {
            final Cipher packets = Cipher.getInstance("AES/GCM/NoPadding");
            packets.init(
                    Cipher.ENCRYPT_MODE,
                    new SecretKeySpec(key, "AES"),
                    new GCMParameterSpec(8 * TAG_BYTES, nonce(number)));
            packets.updateAAD(header);
            final byte[] packet = concat(header, packets.doFinal(clear));
            final Cipher headers = Cipher.getInstance("AES/ECB/NoPadding");
            headers.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(headerKey, "AES"));
            // The sample begins four bytes behind where the packet number does.
            final byte[] mask = headers.doFinal(packet, header.length, 16);
            packet[0] ^= (byte) (mask[0] & 0x0f);
            for (int i = 0; i < NUMBER_BYTES; i++) {
                packet[header.length - NUMBER_BYTES + i] ^= mask[1 + i];
            }
            return packet;
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] nonce(final int number) {
        final byte[] nonce = iv.clone();
        for (int i = 0; i < NUMBER_BYTES; i++) {
            nonce[nonce.length - 1 - i] ^= (byte) (number >>> 8 * i);
        }
        return nonce;
    }

    /** A frame with a piece of the handshake. */
    public static byte[] crypto(final byte[] handshake, final int from, final int to) {
        return concat(
                new byte[] {0x06},
                varInt(from),
                varInt(to - from),
                Arrays.copyOfRange(handshake, from, to));
    }

    /** Frames that say nothing, a byte each. */
    public static byte[] padding(final int bytes) {
        return new byte[bytes];
    }

    /** A frame that asks to be acknowledged. */
    public static byte[] ping() {
        return new byte[] {0x01};
    }

    /** A frame that acknowledges packets 0 to 2 and 5 to 7. */
    public static byte[] acknowledgement() {
        return new byte[] {0x02, 7, 0, 1, 2, 1, 2};
    }

    /** A number as QUIC writes it, in as few bytes as it takes. */
    public static byte[] varInt(final long value) {
        if (value < 1 << 6) {
            return new byte[] {(byte) value};
        }
        if (value < 1 << 14) {
            return ByteBuffer.allocate(2).putShort((short) (value | 1 << 14)).array();
        }
        if (value < 1 << 30) {
            return ByteBuffer.allocate(4).putInt((int) (value | 2L << 30)).array();
        }
        return ByteBuffer.allocate(8).putLong(value | 3L << 62).array();
    }

    private static byte[] expand(final byte[] secret, final String label, final int bytes) {
        final byte[] text = ("tls13 " + label).getBytes(US_ASCII);
        final byte[] info =
                ByteBuffer.allocate(text.length + 5)
                        .putShort((short) bytes)
                        .put((byte) text.length)
                        .put(text)
                        .put((byte) 0)
                        .put((byte) 1)
                        .array();
        return Arrays.copyOf(mac(secret, info), bytes);
    }

    private static byte[] mac(final byte[] key, final byte[] message) {
        try {
            final Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(message);
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] concat(final byte[]... parts) {
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (final byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
