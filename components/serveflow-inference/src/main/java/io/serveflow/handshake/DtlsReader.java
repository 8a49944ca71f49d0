/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.handshake;

import static io.serveflow.handshake.NetworkOrder.u16;
import static io.serveflow.handshake.NetworkOrder.u24;

import io.serveflow.flow.Handshake;

/**
 * Reads the hellos of DTLS, out of several datagrams, records and fragments.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6347#section-4">RFC 6347, 4</a>
 */
final class DtlsReader {

    private static final int CLIENT_HELLO = 1;
    private static final int SERVER_HELLO = 2;
    private static final int HANDSHAKE = 22;
    private static final int RECORD_HEADER = 13;
    private static final int MESSAGE_HEADER = 12;
    private static final int ANY = -1;
    private static final int MOST_BYTES = 0xffff;

    private final Pieces body;
    private final ClientHelloParser hello;

    /** Of the message that is put together; {@link #ANY} until its first fragment came. */
    private int number;

    /** Of another message of the same type; {@link #ANY} until one came. */
    private int otherNumber;

    private int length;

    /**
     * @param body the room in which messages are put together
     */
    DtlsReader(final Pieces body, final ClientHelloParser hello) {
        this.body = body;
        this.hello = hello;
    }

    /**
     * Reads the hello of the client that a side is, and the server's answer from the other one.
     *
     * @return null if there is none
     */
    Handshake read(final Payloads payloads, final boolean client) {
        collect(payloads, client, CLIENT_HELLO, ANY);
        boolean found = parse();
        if (otherNumber != ANY && (!found || !hello.isComplete())) {
            // The second one, with the server's cookie, says the same.
            final int first = number;
            collect(payloads, client, CLIENT_HELLO, otherNumber);
            if (!parse() || !hello.isComplete()) {
                collect(payloads, client, CLIENT_HELLO, first);
                found = parse();
            } else {
                found = true;
            }
        }
        if (!found) {
            return null;
        }
        hello.searchName(body);
        return hello.handshake(Handshake.Protocol.DTLS, 0, chosen(payloads, !client));
    }

    private boolean parse() {
        return number != ANY
                && hello.parse(HelloForm.DTLS, body.bytes(), 0, body.contiguous(), length);
    }

    private String chosen(final Payloads payloads, final boolean server) {
        collect(payloads, server, SERVER_HELLO, ANY);
        return number == ANY
                ? ""
                : ServerHello.protocol(body.bytes(), 0, Math.min(length, body.contiguous()));
    }

    /** Puts a message of a type together: the one of a number, or the first one. */
    private void collect(
            final Payloads payloads, final boolean side, final int type, final int wanted) {
        body.clear();
        number = wanted;
        otherNumber = ANY;
        length = ANY;
        for (int i = 0; i < payloads.count(); i++) {
            if (payloads.fromOriginator(i) == side) {
                collect(payloads.bytes(), payloads.start(i), payloads.end(i), type);
            }
        }
        if (length == ANY) {
            number = ANY;
        }
    }

    /** Takes the records of a datagram. */
    private void collect(final byte[] bytes, final int from, final int to, final int type) {
        int at = from;
        while (to - at > RECORD_HEADER && isRecord(bytes, at)) {
            final int next = at + RECORD_HEADER + u16(bytes, at + 11);
            final boolean clear = u16(bytes, at + 3) == 0;
            if (bytes[at] == HANDSHAKE && clear) {
                collectFragments(bytes, at + RECORD_HEADER, Math.min(next, to), type);
            }
            at = next;
        }
    }

    private static boolean isRecord(final byte[] bytes, final int at) {
        final int version = u16(bytes, at + 1);
        return bytes[at] >= 20 && bytes[at] <= 26 && HelloForm.DTLS.mayState(version);
    }

    private void collectFragments(
            final byte[] bytes, final int from, final int to, final int type) {
        int at = from;
        while (to - at >= MESSAGE_HEADER) {
            final int content = at + MESSAGE_HEADER;
            final int size = u24(bytes, at + 9);
            if (bytes[at] == type) {
                add(
                        u16(bytes, at + 4),
                        u24(bytes, at + 1),
                        u24(bytes, at + 6),
                        bytes,
                        content,
                        Math.min(size, to - content));
            }
            at = content + size;
        }
    }

    private void add(
            final int ofMessage,
            final int ofLength,
            final int offset,
            final byte[] bytes,
            final int from,
            final int size) {
        if (ofLength > MOST_BYTES) {
            return;
        }
        if (number == ANY) {
            number = ofMessage;
        }
        if (ofMessage != number) {
            otherNumber = ofMessage;
            return;
        }
        if (length == ANY) {
            length = ofLength;
        }
        if (ofLength == length) {
            body.put(offset, bytes, from, size);
        }
    }
}
