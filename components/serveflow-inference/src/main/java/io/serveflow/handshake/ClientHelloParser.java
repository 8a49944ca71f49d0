/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.handshake;

import static io.serveflow.handshake.NetworkOrder.u16;
import static io.serveflow.handshake.NetworkOrder.u8;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.serveflow.flow.ClientHello;
import io.serveflow.flow.Handshake;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the client's hello of TLS, DTLS and QUIC, all of it or what there is from its beginning on.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8446#section-4.1.2">RFC 8446, 4.1.2</a>
 */
final class ClientHelloParser {

    /** Bytes of a hello that are read at most; those of browsers have about 2,000. */
    static final int MOST_BYTES = 16 * 1024;

    private static final int SERVER_NAME = 0;
    private static final int SUPPORTED_GROUPS = 10;
    private static final int ALPN = 16;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int TRANSPORT_PARAMETERS = 57;

    /** Of QUIC until draft 32. */
    private static final int TRANSPORT_PARAMETERS_OF_DRAFTS = 0xffa5;

    private static final int ENCRYPTED_CLIENT_HELLO = 0xfe0d;

    /** What came before ECH, with the name alone encrypted (ESNI). */
    private static final int ENCRYPTED_SERVER_NAME = 0xffce;

    private static final int RANDOM_BYTES = 32;
    private static final int MOST_SESSION_ID_BYTES = 32;
    private static final int HOST_NAME = 0;

    /** Bytes of the extension with a name of one letter. */
    private static final int SHORTEST_SERVER_NAME = 10;

    private final Numbers versions = new Numbers();
    private final Numbers ciphers = new Numbers();
    private final Numbers extensions = new Numbers();
    private final Numbers groups = new Numbers();
    private final Numbers parameters = new Numbers();
    private final List<String> protocols = new ArrayList<>();
    private HelloForm form = HelloForm.TLS;
    private byte[] bytes = new byte[0];

    /** Behind the last byte that there is, and behind the one that is stated to be the last. */
    private int end;

    private int statedEnd;
    private int length;
    private boolean complete;
    private boolean grease;
    private boolean encrypted;
    private String name = HostNames.NONE;

    /**
     * Reads a hello.
     *
     * @param at where it begins, behind the header of the handshake message
     * @param there behind the last byte there is
     * @param stated bytes that it has, as that header states, at most 65,535
     * @return whether it is one, as far as what there is shows it
     */
    boolean parse(
            final HelloForm as,
            final byte[] source,
            final int at,
            final int there,
            final int stated) {
        clear();
        form = as;
        bytes = source;
        length = stated;
        statedEnd = at + stated;
        end = Math.min(at + Math.min(stated, MOST_BYTES), there);
        if (end - at < 2) {
            return stated >= 2 + RANDOM_BYTES;
        }
        final int version = u16(bytes, at);
        if (!form.mayState(version)) {
            return false;
        }
        final boolean isOne = parseFields(at + 2 + RANDOM_BYTES);
        if (versions.isEmpty()) {
            versions.add(version);
        }
        return isOne;
    }

    /** Forgets what was read: nothing is known of the hello. */
    void clear() {
        length = 0;
        versions.clear();
        ciphers.clear();
        extensions.clear();
        groups.clear();
        parameters.clear();
        protocols.clear();
        complete = false;
        grease = false;
        encrypted = false;
        name = HostNames.NONE;
    }

    /** Reads what is behind the random bytes; returns whether it has the form of a hello. */
    private boolean parseFields(final int sessionId) {
        int at = sessionId;
        if (at >= end) {
            return at < statedEnd;
        }
        if (u8(bytes, at) > MOST_SESSION_ID_BYTES) {
            return false;
        }
        at += 1 + u8(bytes, at);
        if (form == HelloForm.DTLS) {
            if (at >= end) {
                return at < statedEnd;
            }
            at += 1 + u8(bytes, at);
        }
        if (end - at < 2) {
            return statedEnd - at >= 2;
        }
        final int suites = u16(bytes, at);
        at += 2;
        if (suites > statedEnd - at) {
            return false;
        }
        addAll(ciphers, at, at + suites);
        at += suites;
        if (at >= end) {
            return at < statedEnd;
        }
        at += 1 + u8(bytes, at);
        if (at > statedEnd) {
            return false;
        }
        if (at == statedEnd) {
            // Until TLS 1.0 there were no extensions.
            complete = end == statedEnd;
        } else if (end - at >= 2) {
            complete =
                    parseExtensions(at + 2, Math.min(statedEnd, at + 2 + u16(bytes, at)))
                            && end == statedEnd;
        }
        return true;
    }

    /** Reads extensions; returns whether they are there as a whole and well-formed. */
    private boolean parseExtensions(final int from, final int to) {
        int at = from;
        while (to - at >= 4) {
            if (end - at < 2) {
                return false;
            }
            add(extensions, u16(bytes, at));
            if (end - at < 4) {
                return false;
            }
            final int body = at + 4;
            final int next = body + u16(bytes, at + 2);
            if (next > to) {
                return false;
            }
            parseExtension(u16(bytes, at), body, Math.min(next, end));
            at = next;
        }
        return at == to;
    }

    /** Reads an extension, of which there are the bytes before {@code to}. */
    private void parseExtension(final int type, final int body, final int to) {
        switch (type) {
            case SERVER_NAME -> parseServerName(body + 2, to);
            case SUPPORTED_GROUPS -> addAll(groups, body + 2, to);
            case ALPN -> parseProtocols(body + 2, to);
            case SUPPORTED_VERSIONS -> addAll(versions, body + 1, to);
            case TRANSPORT_PARAMETERS, TRANSPORT_PARAMETERS_OF_DRAFTS -> {
                if (form == HelloForm.QUIC) {
                    parseParameters(body, to);
                } else if (form.isQuic()) {
                    parseShortParameters(body + 2, to);
                }
            }
            case ENCRYPTED_CLIENT_HELLO, ENCRYPTED_SERVER_NAME -> encrypted = true;
            default -> {
                // That it is there says enough.
            }
        }
    }

    private void parseServerName(final int from, final int to) {
        int at = from;
        while (to - at >= 3) {
            final int next = at + 3 + u16(bytes, at + 1);
            if (next > to) {
                return;
            }
            if (bytes[at] == HOST_NAME) {
                name = HostNames.of(bytes, at + 3, next);
                return;
            }
            at = next;
        }
    }

    /**
     * Looks for the server's name behind the gaps of a hello, if none was read before them.
     *
     * <p>The three lengths of the extension have to agree, so that hardly any other bytes are taken
     * for it.
     */
    void searchName(final Pieces pieces) {
        if (complete || !name.isEmpty()) {
            return;
        }
        final int contiguous = pieces.contiguous();
        for (int run = contiguous == 0 ? 0 : 1; run < pieces.runs() && name.isEmpty(); run++) {
            searchName(pieces.bytes(), pieces.start(run), pieces.end(run));
        }
    }

    private void searchName(final byte[] source, final int from, final int to) {
        for (int at = from; at < to - SHORTEST_SERVER_NAME && name.isEmpty(); at++) {
            final int entry = at + 6;
            final int size = u16(source, entry + 1);
            if (u16(source, at) == SERVER_NAME
                    && source[entry] == HOST_NAME
                    && u16(source, at + 2) == size + 5
                    && u16(source, at + 4) == size + 3
                    && size <= to - entry - 3) {
                name = HostNames.of(source, entry + 3, entry + 3 + size);
            }
        }
    }

    private void parseProtocols(final int from, final int to) {
        int at = from;
        while (at < to) {
            final int size = u8(bytes, at);
            final int next = at + 1 + size;
            if (size == 0 || next > to) {
                return;
            }
            if (size == 2 && Grease.is(u16(bytes, at + 1))) {
                grease = true;
            } else {
                protocols.add(new String(bytes, at + 1, size, ISO_8859_1));
            }
            at = next;
        }
    }

    private void parseParameters(final int from, final int to) {
        int at = from;
        while (VarInt.isWithin(bytes, at, to)) {
            addParameter(VarInt.value(bytes, at));
            at += VarInt.size(bytes[at]);
            if (!VarInt.isWithin(bytes, at, to)) {
                return;
            }
            final long size = VarInt.value(bytes, at);
            at += VarInt.size(bytes[at]);
            if (size > to - at) {
                return;
            }
            at += (int) size;
        }
    }

    private void parseShortParameters(final int from, final int to) {
        int at = from;
        while (to - at >= 4) {
            addParameter(u16(bytes, at));
            at += 4 + u16(bytes, at + 2);
        }
    }

    private void addParameter(final long id) {
        if (Grease.isTransportParameter(id)) {
            grease = true;
        } else {
            parameters.add(id);
        }
    }

    private void addAll(final Numbers list, final int from, final int to) {
        for (int at = from; at + 2 <= Math.min(to, end); at += 2) {
            add(list, u16(bytes, at));
        }
    }

    private void add(final Numbers list, final int value) {
        if (Grease.is(value)) {
            grease = true;
        } else {
            list.add(value);
        }
    }

    /** What the client says by the hello that was read last. */
    Handshake handshake(
            final Handshake.Protocol protocol, final long quicVersion, final String chosen) {
        return new Handshake(
                protocol,
                name,
                encrypted,
                chosen,
                Optional.of(
                        new ClientHello(
                                length,
                                complete,
                                quicVersion,
                                versions.integers(),
                                ciphers.integers(),
                                extensions.integers(),
                                groups.integers(),
                                protocols,
                                parameters.longs(),
                                grease)));
    }

    /** Whether the hello that was read last was there as a whole. */
    boolean isComplete() {
        return complete;
    }
}
