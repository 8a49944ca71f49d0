/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.handshake;

import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.Handshake;
import io.serveflow.flow.Handshake.Protocol;
import io.serveflow.flow.Packets;
import java.util.Optional;

/**
 * Reads from a flow's first packets what its originator says of itself: the hellos of TLS, DTLS and
 * QUIC, the host of HTTP/1, the question of DNS, that it is SSH.
 *
 * <p>Hellos are put together from several segments, records, datagrams and frames, in any order;
 * those of QUIC are decrypted, for which the keys are public. Of a hello that was not kept as a
 * whole, what is there without a gap from its beginning on is read, and the name also behind gaps.
 * A hello of TLS may be behind clear text, as after STARTTLS or a proxy's CONNECT. Where the side
 * that is taken for the originator says nothing, the other one is listened to, for a capture that
 * begins in the middle of a flow may have them the wrong way round.
 *
 * <p>No input leads to an exception. A reader holds at most {@value #MOST_BYTES} bytes of a stream,
 * and {@value ClientHelloParser#MOST_BYTES} of a hello, and uses that room for one flow after the
 * other: it is for one thread.
 */
public final class HandshakeReader {

    private static final int MOST_BYTES = 32 * 1024;

    private final Payloads payloads = new Payloads();
    private final Pieces stream = new Pieces(MOST_BYTES);
    private final DnsQuestion question = new DnsQuestion();
    private final TlsReader tls;
    private final DtlsReader dtls;
    private final QuicReader quic;

    public HandshakeReader() {
        final ClientHelloParser hello = new ClientHelloParser();
        this.tls = new TlsReader(stream, hello);
        this.dtls = new DtlsReader(stream, hello);
        this.quic = new QuicReader(stream, hello);
    }

    /** What the packets of a record say; empty if they say nothing that is known here. */
    public Optional<Handshake> read(final FlowRecord flow) {
        return read(flow.packets());
    }

    /** What a flow's packets say; empty if they say nothing that is known here. */
    public Optional<Handshake> read(final Packets packets) {
        payloads.read(packets);
        if (payloads.count() == 0) {
            return Optional.empty();
        }
        return Optional.ofNullable(payloads.isTcp() ? ofTcp() : ofUdp());
    }

    private Handshake ofTcp() {
        Handshake found = tls.readAtBeginning(payloads, true);
        found = found != null ? found : tls.readAtBeginning(payloads, false);
        found = found != null ? found : tls.readAnywhere(payloads);
        return found != null ? found : clearText();
    }

    private Handshake clearText() {
        final Handshake found = clearText(true);
        return found != null ? found : clearText(false);
    }

    private Handshake clearText(final boolean side) {
        final int beginning = payloads.beginning(side);
        final int i = payloads.at(side, beginning);
        if (i < 0) {
            return null;
        }
        final byte[] bytes = payloads.bytes();
        final int from = payloads.start(i) + beginning - payloads.sequence(i);
        if (SshVersion.isOne(bytes, from, payloads.end(i))) {
            return of(Protocol.SSH, HostNames.NONE);
        }
        final boolean dns = DnsQuestion.isOnPort(payloads);
        if (!dns && !HttpRequest.mayBegin(bytes, from, payloads.end(i))) {
            return null;
        }
        payloads.assemble(side, beginning, stream);
        if (dns) {
            return of(Protocol.DNS, question.nameInStream(stream.bytes(), stream.contiguous()));
        }
        return of(Protocol.HTTP, HttpRequest.host(stream.bytes(), stream.contiguous()));
    }

    private Handshake ofUdp() {
        Handshake found = DnsQuestion.isOnPort(payloads) ? ofDnsOverUdp() : null;
        found = found != null ? found : quic.read(payloads, true);
        found = found != null ? found : quic.read(payloads, false);
        found = found != null ? found : dtls.read(payloads, true);
        return found != null ? found : dtls.read(payloads, false);
    }

    /** Who only answers, as multicast DNS does unasked, may ask later. */
    private Handshake ofDnsOverUdp() {
        final boolean side = payloads.first(true) >= 0;
        String found = null;
        for (int i = 0; i < payloads.count() && (found == null || found.isEmpty()); i++) {
            if (payloads.fromOriginator(i) == side) {
                final String name =
                        question.name(payloads.bytes(), payloads.start(i), payloads.end(i));
                found = name != null ? name : found;
            }
        }
        return of(Protocol.DNS, found);
    }

    /** A handshake without a hello, or null if there is no name, not even an empty one. */
    private static Handshake of(final Protocol protocol, final String name) {
        return name == null ? null : new Handshake(protocol, name, false, "", Optional.empty());
    }
}
