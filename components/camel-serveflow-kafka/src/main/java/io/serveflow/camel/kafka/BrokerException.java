/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import java.time.Duration;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SslAuthenticationException;

/** Kafka does not answer, or not to whoever has these options. */
public final class BrokerException extends Exception {

    private static final long serialVersionUID = 1;

    private static final String OPTION = "camel.component.serveflow-kafka.";

    private final String cure;

    private BrokerException(final String what, final String cure, final Throwable cause) {
        super(what, cause);
        this.cure = cure;
    }

    /**
     * What a client threw, as the part of a sentence that follows the name of the brokers.
     *
     * @param patience how long it had waited
     */
    static BrokerException of(
            final KafkaException failure,
            final ServeflowKafkaConfiguration settings,
            final Duration patience) {
        final ClientFailure of = ClientFailure.of(failure);
        final String said = " (" + of.what() + ")";
        if (failure instanceof SslAuthenticationException) {
            return new BrokerException(
                    "makes no TLS connection with this machine" + said,
                    of.cure()
                            .map(cure -> "with the options " + OPTION + "*: " + cure)
                            .orElse(
                                    "let "
                                            + OPTION
                                            + "securityProtocol, which is "
                                            + settings.getSecurityProtocol()
                                            + ", be that of the listener"),
                    failure);
        }
        if (failure instanceof AuthenticationException) {
            return new BrokerException(
                    "does not let this user in" + said,
                    "check user and password in "
                            + OPTION
                            + "saslJaasConfig, and saslMechanism, which is "
                            + settings.getSaslMechanism(),
                    failure);
        }
        if (failure instanceof RetriableException) {
            return new BrokerException(
                    "takes connections, and gives no answer within "
                            + patience.toSeconds()
                            + " s"
                            + said,
                    OPTION
                            + "securityProtocol is "
                            + settings.getSecurityProtocol()
                            + "; it must be that of the listener: SSL or SASL_SSL if it has TLS,"
                            + " PLAINTEXT or SASL_PLAINTEXT if not, those with SASL if it asks for"
                            + " a password. Or what brokers name in advertised.listeners cannot be"
                            + " reached from here",
                    failure);
        }
        return new BrokerException(
                "cannot be asked with these options" + said,
                "correct the settings " + OPTION + "*",
                failure);
    }

    /** What cures it. */
    public String cure() {
        return cure;
    }
}
