/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.handshake;

import static io.serveflow.handshake.NetworkOrder.u16;
import static io.serveflow.handshake.NetworkOrder.u24;
import static io.serveflow.handshake.NetworkOrder.u8;

import io.serveflow.flow.Handshake;

/**
 * Reads the hellos of TLS over TCP, out of several segments and several records.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8446#section-5.1">RFC 8446, 5.1</a>
 */
final class TlsReader {

    /** No hello. */
    private static final int ABSENT = -1;

    /** How many payloads that look like the beginning of a hello are tried at most. */
    private static final int MOST_ATTEMPTS = 8;

    private static final int CLIENT_HELLO = 1;
    private static final int SERVER_HELLO = 2;
    private static final int HANDSHAKE = 22;
    private static final int RECORD_HEADER = 5;
    private static final int MESSAGE_HEADER = 4;

    /** Where the message is in a stream of which the headers of records are taken out. */
    private static final int MESSAGE = RECORD_HEADER;

    private static final int BODY = MESSAGE + MESSAGE_HEADER;

    private final Pieces stream;
    private final ClientHelloParser hello;

    /**
     * @param stream the room in which streams are put together
     */
    TlsReader(final Pieces stream, final ClientHelloParser hello) {
        this.stream = stream;
        this.hello = hello;
    }

    /**
     * Reads the hello with which the stream of a side begins, and the answer of the other one.
     *
     * @return null if it does not begin with one
     */
    Handshake readAtBeginning(final Payloads payloads, final boolean client) {
        final int beginning = payloads.beginning(client);
        final int i = payloads.at(client, beginning);
        return i < 0 ? null : read(payloads, i, beginning);
    }

    /**
     * Reads the hello that begins with a payload, and the answer of the other side.
     *
     * @return null if none begins with any
     */
    Handshake readAnywhere(final Payloads payloads) {
        int attempts = 0;
        for (int i = 0; i < payloads.count() && attempts < MOST_ATTEMPTS; i++) {
            if (mayBegin(payloads, i, payloads.sequence(i), CLIENT_HELLO)) {
                final Handshake found = read(payloads, i, payloads.sequence(i));
                if (found != null) {
                    return found;
                }
                attempts++;
            }
        }
        return null;
    }

    private Handshake read(final Payloads payloads, final int i, final int sequence) {
        final int end = message(payloads, i, sequence, CLIENT_HELLO);
        if (end == ABSENT) {
            return null;
        }
        if (end < BODY) {
            hello.clear();
        } else if (!hello.parse(
                HelloForm.TLS, stream.bytes(), BODY, end, u24(stream.bytes(), MESSAGE + 1))) {
            return null;
        }
        hello.searchName(stream);
        // The answer is read into the same room, which the hello no longer needs.
        return hello.handshake(
                Handshake.Protocol.TLS, 0, chosen(payloads, !payloads.fromOriginator(i)));
    }

    private String chosen(final Payloads payloads, final boolean server) {
        final int beginning = payloads.beginning(server);
        final int first = payloads.at(server, beginning);
        int end = first < 0 ? ABSENT : message(payloads, first, beginning, SERVER_HELLO);
        int attempts = 0;
        for (int i = 0; i < payloads.count() && end == ABSENT && attempts < MOST_ATTEMPTS; i++) {
            if (payloads.fromOriginator(i) == server
                    && mayBegin(payloads, i, payloads.sequence(i), SERVER_HELLO)) {
                end = message(payloads, i, payloads.sequence(i), SERVER_HELLO);
                attempts++;
            }
        }
        if (end < BODY) {
            return "";
        }
        final int stated = BODY + u24(stream.bytes(), MESSAGE + 1);
        return ServerHello.protocol(stream.bytes(), BODY, Math.min(end, stated));
    }

    /**
     * Puts a handshake message together in the room, from index {@value #MESSAGE} on.
     *
     * @param i the payload that it begins in
     * @param sequence where it begins
     * @return behind its last byte that is there, or {@link #ABSENT} if there is no such message
     */
    private int message(final Payloads payloads, final int i, final int sequence, final int type) {
        if (!mayBegin(payloads, i, sequence, type)) {
            return ABSENT;
        }
        payloads.assemble(payloads.fromOriginator(i), sequence, stream);
        return unpack(stream.bytes(), stream.contiguous(), type);
    }

    private static boolean mayBegin(
            final Payloads payloads, final int i, final int sequence, final int type) {
        final int from = payloads.start(i) + sequence - payloads.sequence(i);
        return isBeginning(payloads.bytes(), from, payloads.end(i), type);
    }

    /** Whether a handshake message of a type may begin so, of which there may be one byte only. */
    private static boolean isBeginning(
            final byte[] bytes, final int from, final int to, final int type) {
        final int there = to - from;
        return bytes[from] == HANDSHAKE
                && (there < 2 || bytes[from + 1] == 3)
                && (there < 3 || u8(bytes, from + 2) <= 4)
                && (there < 6 || bytes[from + 5] == type)
                && (there < 7 || bytes[from + 6] == 0);
    }

    /** Takes the headers of records out, up to the end of the first message or of what there is. */
    private static int unpack(final byte[] bytes, final int there, final int type) {
        if (there <= RECORD_HEADER || u16(bytes, 3) == 0 || !isBeginning(bytes, 0, there, type)) {
            return ABSENT;
        }
        int end = MESSAGE;
        int record = 0;
        while (there - record > RECORD_HEADER
                && bytes[record] == HANDSHAKE
                && bytes[record + 1] == 3) {
            final int body = record + RECORD_HEADER;
            final int stated = u16(bytes, record + 3);
            final int size = Math.min(stated, there - body);
            if (body != end) {
                System.arraycopy(bytes, body, bytes, end, size);
            }
            end += size;
            record = body + stated;
            if (end >= BODY && end - BODY >= u24(bytes, MESSAGE + 1)) {
                break;
            }
        }
        return end;
    }
}
