/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.handshake;

import static io.serveflow.handshake.NetworkOrder.i32;
import static io.serveflow.handshake.NetworkOrder.u24;
import static io.serveflow.handshake.NetworkOrder.u8;

import io.serveflow.flow.Handshake;
import java.util.Arrays;

/**
 * Reads the hello of QUIC, out of several datagrams, packets and frames.
 *
 * <p>The keys are those of the first id that the client calls the server by, or after a Retry those
 * of the id that the server named there: whatever opens a packet. Of a packet that is there as a
 * whole nothing is taken unless its tag is right.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9000.html#section-17.2">RFC 9000, 17.2</a>
 */
final class QuicReader {

    private static final int LONG_HEADER = 0xc0;

    /** Bytes until behind the length of the first id. */
    private static final int SHORTEST_HEADER = 7;

    private static final int RESERVED_BITS = 0x0c;
    private static final int CLIENT_HELLO = 1;
    private static final int MESSAGE_HEADER = 4;

    private static final int PING = 0x01;
    private static final int ACK = 0x02;
    private static final int ACK_WITH_ECN = 0x03;
    private static final int CONNECTION_CLOSE = 0x1c;

    /** How often keys are made for a flow at most. */
    private static final int MOST_DERIVATIONS = 8;

    private final InitialKeys keys = new InitialKeys();
    private final Pieces crypto;
    private final ClientHelloParser hello;
    private byte[] header = new byte[64];
    private byte[] clear = new byte[1536];

    /** Where the id in the client's first packet is; its length is negative until that came. */
    private int firstId;

    private int firstIdBytes;
    private int derivations;

    /** The version of the packet that was opened last. */
    private int version;

    private boolean opened;

    /**
     * @param crypto the room in which the handshake is put together
     */
    QuicReader(final Pieces crypto, final ClientHelloParser hello) {
        this.crypto = crypto;
        this.hello = hello;
    }

    /**
     * Reads the hello of the client that a side is.
     *
     * @return null if its first datagram is none of QUIC, or nothing of it can be opened
     */
    Handshake read(final Payloads payloads, final boolean client) {
        final int first = payloads.first(client);
        if (first < 0) {
            return null;
        }
        final byte[] bytes = payloads.bytes();
        if (!isKnown(bytes, payloads.start(first), payloads.end(first))) {
            return Chlo.read(bytes, payloads.start(first), payloads.end(first));
        }
        crypto.clear();
        firstIdBytes = -1;
        derivations = 0;
        opened = false;
        for (int i = first; i < payloads.count() && !isThere(); i++) {
            if (payloads.fromOriginator(i) == client) {
                readDatagram(bytes, payloads.start(i), payloads.end(i), payloads.wireEnd(i));
            }
        }
        return opened ? handshake() : null;
    }

    /** Whether a packet with a long header of a version begins there that is known. */
    private static boolean isKnown(final byte[] bytes, final int from, final int to) {
        return to - from >= SHORTEST_HEADER
                && (bytes[from] & LONG_HEADER) == LONG_HEADER
                && QuicVersion.of(i32(bytes, from + 1)) != null;
    }

    /**
     * Takes the Initials of a datagram, which may have several packets one after the other.
     *
     * @param to behind its last byte that was kept
     * @param wireEnd behind its last byte
     */
    private void readDatagram(final byte[] bytes, final int from, final int to, final int wireEnd) {
        int at = from;
        while (isKnown(bytes, at, to)) {
            final QuicVersion of = QuicVersion.of(i32(bytes, at + 1));
            final int id = at + 6;
            final int idBytes = u8(bytes, at + 5);
            final int sourceId = id + idBytes;
            if (of.isRetry(bytes[at]) || sourceId >= to) {
                return;
            }
            final int sourceIdBytes = u8(bytes, sourceId);
            int field = sourceId + 1 + sourceIdBytes;
            if (idBytes > InitialKeys.LONGEST_ID || sourceIdBytes > InitialKeys.LONGEST_ID) {
                return;
            }
            final boolean initial = of.isInitial(bytes[at]);
            long token = 0;
            if (initial) {
                if (!VarInt.isWithin(bytes, field, to)) {
                    return;
                }
                token = VarInt.value(bytes, field);
                field += VarInt.size(bytes[field]);
                if (token > to - field) {
                    return;
                }
                field += (int) token;
            }
            if (!VarInt.isWithin(bytes, field, to)) {
                return;
            }
            final long length = VarInt.value(bytes, field);
            final int number = field + VarInt.size(bytes[field]);
            if (length > wireEnd - number) {
                return;
            }
            final int end = number + (int) length;
            if (initial) {
                if (firstIdBytes < 0) {
                    firstId = id;
                    firstIdBytes = idBytes;
                }
                readInitial(bytes, at, id, idBytes, token > 0, number, Math.min(end, to), end);
            }
            at = behindZeros(bytes, end, to);
        }
    }

    /** Where the zeros end with which clients fill packets up, and datagrams behind packets. */
    private static int behindZeros(final byte[] bytes, final int from, final int to) {
        int at = from;
        while (at < to && bytes[at] == 0) {
            at++;
        }
        return at;
    }

    /**
     * Opens a packet by the keys of the first id or of its own, and takes what it has.
     *
     * @param hasToken as an answer to a Retry has, so that its own id is the likelier one
     * @param number where the packet number is
     * @param to behind its last byte that was kept
     * @param end behind its last byte
     */
    private void readInitial(
            final byte[] bytes,
            final int at,
            final int id,
            final int idBytes,
            final boolean hasToken,
            final int number,
            final int to,
            final int end) {
        if (to - number < 4 + InitialKeys.SAMPLE_BYTES) {
            return;
        }
        final boolean isFirst =
                Arrays.equals(bytes, id, id + idBytes, bytes, firstId, firstId + firstIdBytes);
        final boolean ownBefore = isFirst || hasToken;
        for (int attempt = 0; attempt < (isFirst ? 1 : 2); attempt++) {
            final boolean own = ownBefore == (attempt == 0);
            if (derivations == MOST_DERIVATIONS) {
                return;
            }
            final boolean anew =
                    keys.derive(
                            QuicVersion.of(i32(bytes, at + 1)),
                            bytes,
                            own ? id : firstId,
                            own ? idBytes : firstIdBytes);
            derivations += anew ? 1 : 0;
            if (open(bytes, at, number, to, end)) {
                return;
            }
        }
    }

    /** Opens a packet and takes its frames; returns whether the keys are the right ones. */
    private boolean open(
            final byte[] bytes, final int at, final int number, final int to, final int end) {
        final byte[] mask = keys.mask(bytes, number + 4);
        final int first = u8(bytes, at) ^ mask[0] & 0x0f;
        final int numberBytes = (first & 3) + 1;
        final int headerBytes = number + numberBytes - at;
        if ((first & RESERVED_BITS) != 0) {
            return false;
        }
        if (header.length < headerBytes) {
            header = new byte[headerBytes];
        }
        System.arraycopy(bytes, at, header, 0, headerBytes);
        header[0] = (byte) first;
        long packetNumber = 0;
        for (int i = 0; i < numberBytes; i++) {
            final int uncovered = u8(bytes, number + i) ^ mask[1 + i] & 0xff;
            header[number - at + i] = (byte) uncovered;
            packetNumber = packetNumber << 8 | uncovered;
        }
        final int from = number + numberBytes;
        if (clear.length < to - from) {
            clear = new byte[to - from];
        }
        final boolean whole = to == end;
        final int there =
                whole
                        ? keys.open(
                                packetNumber, header, headerBytes, bytes, from, to - from, clear)
                        : keys.openBeginning(
                                packetNumber,
                                bytes,
                                from,
                                Math.min(to, end - InitialKeys.TAG_BYTES) - from,
                                clear);
        final QuicVersion of = QuicVersion.of(i32(bytes, at + 1));
        // Without a tag, what the bytes are says whether the keys are the right ones.
        if (there < 0 || !whole && !readFrames(there, of, false)) {
            return false;
        }
        readFrames(there, of, true);
        if (!opened) {
            version = i32(bytes, at + 1);
            opened = true;
        }
        return true;
    }

    /**
     * Goes over the frames of a packet, of which the last one may not be whole.
     *
     * @param take whether to take the pieces of the handshake that they have
     * @return whether they are all of a type that an Initial may have
     */
    private boolean readFrames(final int end, final QuicVersion of, final boolean take) {
        final int cryptoFrame = of.cryptoFrame();
        int at = behindZeros(clear, 0, end);
        while (at < end) {
            final int type = clear[at++];
            if (type == cryptoFrame) {
                at = readCrypto(at, end, take);
                if (take && isThere()) {
                    return true;
                }
            } else if (type == ACK || type == ACK_WITH_ECN) {
                at = behindAck(at, end, type == ACK_WITH_ECN);
            } else if (type == CONNECTION_CLOSE) {
                return true;
            } else if (type != PING) {
                return false;
            }
            // Frames of padding, of one byte each.
            at = behindZeros(clear, at, end);
        }
        return true;
    }

    /** Takes a piece; returns where the next frame begins, which is at the end if it is cut. */
    private int readCrypto(final int from, final int end, final boolean take) {
        if (!VarInt.isWithin(clear, from, end)) {
            return end;
        }
        final long offset = VarInt.value(clear, from);
        int at = from + VarInt.size(clear[from]);
        if (!VarInt.isWithin(clear, at, end)) {
            return end;
        }
        final long length = VarInt.value(clear, at);
        at += VarInt.size(clear[at]);
        final int there = (int) Math.min(length, end - at);
        if (take) {
            crypto.put(offset, clear, at, there);
        }
        return at + there;
    }

    /** Where the next frame begins, which is at the end if the acknowledgement is not whole. */
    private int behindAck(final int from, final int end, final boolean ecn) {
        // The largest number, the delay, how many ranges, and the first of them.
        long left = 4;
        int at = from;
        for (int field = 0; left > 0; field++, left--) {
            if (!VarInt.isWithin(clear, at, end)) {
                return end;
            }
            if (field == 2) {
                left += 2 * VarInt.value(clear, at) + (ecn ? 3 : 0);
            }
            at += VarInt.size(clear[at]);
        }
        return at;
    }

    /** Whether the hello is there as a whole. */
    private boolean isThere() {
        final int end = crypto.contiguous();
        return end >= MESSAGE_HEADER && end - MESSAGE_HEADER >= u24(crypto.bytes(), 1);
    }

    private Handshake handshake() {
        final int end = crypto.contiguous();
        if (!QuicVersion.of(version).hasTls()) {
            return Chlo.parse(crypto.bytes(), 0, end, version);
        }
        if (end < MESSAGE_HEADER) {
            hello.clear();
        } else if (crypto.bytes()[0] != CLIENT_HELLO
                || crypto.bytes()[1] != 0
                || !hello.parse(
                        QuicVersion.of(version).form(),
                        crypto.bytes(),
                        MESSAGE_HEADER,
                        end,
                        u24(crypto.bytes(), 1))) {
            return null;
        }
        hello.searchName(crypto);
        return hello.handshake(Handshake.Protocol.QUIC, version & 0xffff_ffffL, "");
    }
}
