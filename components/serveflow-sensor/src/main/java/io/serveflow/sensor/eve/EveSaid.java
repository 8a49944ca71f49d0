/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.eve;

import io.serveflow.flow.ClientHello;
import io.serveflow.flow.Handshake;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What events about a protocol say of a flow: for its context record, and for its summary.
 *
 * @param tls for the summary
 * @param handshake for the context record
 */
record EveSaid(Tls tls, Optional<Handshake> handshake) {

    EveSaid {
        Objects.requireNonNull(tls, "tls");
        Objects.requireNonNull(handshake, "handshake");
    }

    /**
     * What TLS reported of a flow.
     *
     * @param version the version agreed on, empty if unknown
     * @param ja3 JA3 hash of the client, empty if unknown
     * @param ja4 JA4 of the client, empty if unknown
     */
    record Tls(String version, String ja3, String ja4) {

        /** What TLS reports of a flow without it. */
        static final Tls NONE = new Tls("", "", "");

        /** The same with what a later event of the flow says; what that leaves out stays. */
        Tls with(final Tls later) {
            return new Tls(
                    later.version.isEmpty() ? version : later.version,
                    later.ja3.isEmpty() ? ja3 : later.ja3,
                    later.ja4.isEmpty() ? ja4 : later.ja4);
        }
    }

    /** The same with what a later event of the flow says; what that leaves out stays. */
    EveSaid with(final EveSaid later) {
        return new EveSaid(tls.with(later.tls), joined(handshake, later.handshake));
    }

    /** The same without what is for the context record. */
    EveSaid withoutHandshake() {
        return handshake.isEmpty() ? this : new EveSaid(tls, Optional.empty());
    }

    private static Optional<Handshake> joined(
            final Optional<Handshake> first, final Optional<Handshake> later) {
        if (first.isEmpty() || later.isEmpty()) {
            return first.isEmpty() ? later : first;
        }
        final Handshake one = first.get();
        final Handshake two = later.get();
        if (one.protocol() != two.protocol()) {
            // Behind a proxy, or clear text, TLS says more.
            return two.protocol() == Handshake.Protocol.TLS ? later : first;
        }
        return Optional.of(
                new Handshake(
                        one.protocol(),
                        either(one.name(), two.name()),
                        one.encryptedHello() || two.encryptedHello(),
                        either(one.chosen(), two.chosen()),
                        joinedHellos(one.hello(), two.hello())));
    }

    private static Optional<ClientHello> joinedHellos(
            final Optional<ClientHello> first, final Optional<ClientHello> later) {
        if (first.isEmpty() || later.isEmpty()) {
            return first.isEmpty() ? later : first;
        }
        final ClientHello one = first.get();
        final ClientHello two = later.get();
        return Optional.of(
                new ClientHello(
                        one.length() == 0 ? two.length() : one.length(),
                        one.complete() || two.complete(),
                        one.quicVersion() == 0 ? two.quicVersion() : one.quicVersion(),
                        either(one.versions(), two.versions()),
                        either(one.ciphers(), two.ciphers()),
                        either(one.extensions(), two.extensions()),
                        either(one.groups(), two.groups()),
                        either(one.protocols(), two.protocols()),
                        either(one.transportParameters(), two.transportParameters()),
                        one.grease() || two.grease()));
    }

    private static String either(final String first, final String later) {
        return first.isEmpty() ? later : first;
    }

    private static <T> List<T> either(final List<T> first, final List<T> later) {
        return first.isEmpty() ? later : first;
    }
}
