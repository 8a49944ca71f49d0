/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.handshake;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import javax.crypto.spec.SecretKeySpec;

/**
 * How the first packets of versions of QUIC are protected.
 *
 * <p>Sources: RFC 9001, 5.2 (version 1 and the drafts from 33 on), RFC 9369, 3 (version 2), section
 * 5.2 of draft-ietf-quic-tls-22 to -32, draft-ietf-quic-v2-01; and for those of Google and of
 * Facebook (mvfst), which no standard has, the tables of Wireshark ({@code packet-quic.c}) and of
 * nDPI ({@code quic.c}).
 */
enum QuicVersion {
    /** Draft 22. */
    DRAFT_22("7fbcdb0e7c66bbe9193a96cd21519ebd7a02644a", "quic ", HelloForm.QUIC_SHORT_PARAMETERS),
    /** Drafts 23 to 26. */
    DRAFT_23("c3eef712c72ebb5a11a7d2432bb46365bef9f502", "quic ", HelloForm.QUIC_SHORT_PARAMETERS),
    /** Drafts 27 and 28. */
    DRAFT_27("c3eef712c72ebb5a11a7d2432bb46365bef9f502", "quic ", HelloForm.QUIC),
    /** Drafts 29 to 32. */
    DRAFT_29("afbfec289993d24c9e9786f19c6111e04390a899", "quic ", HelloForm.QUIC),
    /** Version 1, and the drafts 33 and 34. */
    V1("38762cf7f55934b34d179ae6a4c80cadccbb7f0a", "quic ", HelloForm.QUIC),
    /** Version 2. */
    V2("0dede3def700a6db819381be6e269dcbf9bd2ed9", "quicv2 ", HelloForm.QUIC),
    /** The drafts of version 2. */
    V2_DRAFT("a707c203a59b47184a1d62ca570406ea7ae3e5d3", "quicv2 ", HelloForm.QUIC),
    /** Google's, with a handshake of its own. */
    Q050("504574efd066fe2f9d945cfcdbd3a7f0d3b56b45", "quic ", HelloForm.QUIC),
    /** Google's, with the handshake of TLS. */
    T050("7ff579e5acd072915580304c43a2367c60488310", "quic ", HelloForm.QUIC_SHORT_PARAMETERS),
    /** Google's, with the handshake of TLS and parameters as in the later drafts. */
    T051("7a4edef4e7ccee5fa4506c19124fc8ccda6e033d", "quic ", HelloForm.QUIC);

    private static final int DRAFTS = 0xff0000;

    private final SecretKeySpec salt;
    private final HelloForm form;
    private final byte[] keyLabel;
    private final byte[] ivLabel;
    private final byte[] headerLabel;

    QuicVersion(final String salt, final String prefix, final HelloForm form) {
        this.salt = new SecretKeySpec(HexFormat.of().parseHex(salt), InitialKeys.HMAC);
        this.form = form;
        this.keyLabel = label(prefix + "key", InitialKeys.KEY_BYTES);
        this.ivLabel = label(prefix + "iv", InitialKeys.IV_BYTES);
        this.headerLabel = label(prefix + "hp", InitialKeys.KEY_BYTES);
    }

    /** What belongs to the number of a version in a packet, or null if it is not known. */
    static QuicVersion of(final int number) {
        if (number >>> 8 == DRAFTS) {
            return ofDraft(number & 0xff);
        }
        return switch (number) {
            case 0x00000001 -> V1;
            case 0x6b3343cf -> V2;
            case 0x709a50c4 -> V2_DRAFT;
            case 0x51303530 -> Q050;
            case 0x54303530 -> T050;
            case 0x54303531 -> T051;
            case 0xfaceb001 -> DRAFT_22;
            case 0xfaceb002, 0xfaceb00e -> DRAFT_27;
            default -> null;
        };
    }

    private static QuicVersion ofDraft(final int draft) {
        if (draft < 22 || draft > 34) {
            return null;
        }
        if (draft == 22) {
            return DRAFT_22;
        }
        if (draft <= 26) {
            return DRAFT_23;
        }
        if (draft <= 28) {
            return DRAFT_27;
        }
        return draft <= 32 ? DRAFT_29 : V1;
    }

    /** Whether a packet with a long header is an Initial. */
    boolean isInitial(final int firstByte) {
        return type(firstByte) == (isOfVersion2() ? 1 : 0);
    }

    /** Whether a packet with a long header is a Retry, which has no length. */
    boolean isRetry(final int firstByte) {
        return type(firstByte) == (isOfVersion2() ? 0 : 3);
    }

    private static int type(final int firstByte) {
        return firstByte >>> 4 & 3;
    }

    private boolean isOfVersion2() {
        return this == V2 || this == V2_DRAFT;
    }

    /** The type of frames that carry the handshake. */
    int cryptoFrame() {
        return isOfGoogle() ? 0x08 : 0x06;
    }

    /** Whether the handshake is that of TLS. */
    boolean hasTls() {
        return this != Q050;
    }

    private boolean isOfGoogle() {
        return this == Q050 || this == T050 || this == T051;
    }

    /** The form of a hello. */
    HelloForm form() {
        return form;
    }

    /** The key with which the client's first id of the connection becomes the initial secret. */
    SecretKeySpec salt() {
        return salt;
    }

    /** What the key of packets is made of. */
    byte[] keyLabel() {
        return keyLabel;
    }

    /** What the vector is made of that packet numbers are mixed with. */
    byte[] ivLabel() {
        return ivLabel;
    }

    /** What the key of headers is made of. */
    byte[] headerLabel() {
        return headerLabel;
    }

    /**
     * What a secret is expanded with, and the number 1 of the one block that is needed.
     *
     * @see <a href="https://www.rfc-editor.org/rfc/rfc8446#section-7.1">RFC 8446, 7.1</a>
     */
    static byte[] label(final String text, final int bytes) {
        final byte[] label = ("tls13 " + text).getBytes(US_ASCII);
        return ByteBuffer.allocate(label.length + 5)
                .putShort((short) bytes)
                .put((byte) label.length)
                .put(label)
                .put((byte) 0)
                .put((byte) 1)
                .array();
    }
}
