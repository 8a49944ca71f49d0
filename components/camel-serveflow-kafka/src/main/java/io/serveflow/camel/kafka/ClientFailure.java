/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.apache.kafka.common.errors.AuthenticationException;

/**
 * What a failure of Kafka's client says to a person.
 *
 * @param what what it says, without a full stop
 * @param cure what to do about it, by the names of options, where that is known
 */
record ClientFailure(String what, Optional<String> cure) {

    /**
     * What Kafka's client says of one that cannot be made, or of a handshake that failed, is in a
     * cause alone.
     */
    static ClientFailure of(final Throwable e) {
        return ofTls(e).orElseGet(() -> new ClientFailure(innermost(e), Optional.empty()));
    }

    /** What it says with its cure, without a full stop. */
    static String sentence(final Throwable e) {
        final ClientFailure failure = of(e);
        return failure.what + failure.cure.map(cure -> "; " + cure).orElse("");
    }

    /** The sentence of brokers that refuse a connection. */
    static String refusal(
            final ServeflowKafkaConfiguration settings, final AuthenticationException e) {
        return "Kafka at "
                + settings.getBrokers()
                + " does not let this process in: "
                + sentence(e);
    }

    private static Optional<ClientFailure> ofTls(final Throwable e) {
        Optional<ClientFailure> found = Optional.empty();
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertPathBuilderException
                    || cause instanceof CertPathValidatorException) {
                return found(
                        "the certificate of a broker is not trusted",
                        cause,
                        "name a file with the certificate of who signed it in"
                                + " sslTruststoreLocation");
            }
            if (cause instanceof CertificateException) {
                found =
                        found(
                                "the certificate of a broker is not accepted",
                                cause,
                                "write in brokers the name that it has, or name who signed it in"
                                        + " sslTruststoreLocation");
            } else if (cause instanceof SSLException
                    && found.isEmpty()
                    && String.valueOf(cause.getMessage()).contains("certificate")) {
                // An alert is all that a client hears of what the other side thinks.
                found =
                        found(
                                "the brokers do not accept the certificate of this client, or it"
                                        + " has none",
                                cause,
                                "name a key store with one in sslKeystoreLocation");
            }
        }
        return found;
    }

    private static Optional<ClientFailure> found(
            final String what, final Throwable cause, final String cure) {
        return Optional.of(
                new ClientFailure(what + " (" + cause.getMessage() + ")", Optional.of(cure)));
    }

    private static String innermost(final Throwable e) {
        Throwable first = e;
        while (first.getCause() != null) {
            first = first.getCause();
        }
        return first.getMessage() == null ? first.toString() : first.getMessage();
    }
}
