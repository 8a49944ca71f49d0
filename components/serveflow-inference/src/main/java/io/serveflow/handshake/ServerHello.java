/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.handshake;

import static io.serveflow.handshake.NetworkOrder.u16;
import static io.serveflow.handshake.NetworkOrder.u8;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * The server's answer to a hello.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5246#section-7.4.1.3">RFC 5246, 7.4.1.3</a>
 */
final class ServerHello {

    private static final int ALPN = 16;
    private static final int BEFORE_SESSION_ID = 2 + 32;
    private static final int CIPHER_AND_COMPRESSION = 3;

    private ServerHello() {}

    /**
     * The application protocol that the server chose; empty if it does not say, as from TLS 1.3 on,
     * or the bytes that would say are not there.
     *
     * @param from where the message begins, behind its header
     * @param to behind its last byte that is there
     */
    static String protocol(final byte[] bytes, final int from, final int to) {
        int at = from + BEFORE_SESSION_ID;
        if (at >= to) {
            return "";
        }
        at += 1 + u8(bytes, at) + CIPHER_AND_COMPRESSION;
        if (to - at < 2) {
            return "";
        }
        final int end = Math.min(to, at + 2 + u16(bytes, at));
        at += 2;
        while (end - at >= 4) {
            final int body = at + 4;
            final int next = body + u16(bytes, at + 2);
            if (u16(bytes, at) == ALPN) {
                return only(bytes, body + 2, Math.min(next, end));
            }
            at = next;
        }
        return "";
    }

    /** The one name of a list. */
    private static String only(final byte[] bytes, final int at, final int to) {
        return at < to && at + 1 + u8(bytes, at) <= to
                ? new String(bytes, at + 1, u8(bytes, at), ISO_8859_1)
                : "";
    }
}
