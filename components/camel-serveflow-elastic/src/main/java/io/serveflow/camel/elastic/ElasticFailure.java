/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.serveflow.camel.elastic.RequestFailure.Remedy;
import io.serveflow.ledger.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.http.conn.ConnectTimeoutException;
import org.apache.http.util.EntityUtils;
import org.elasticsearch.client.ResponseException;

/** Why a request to Elasticsearch failed, of what its client threw. */
final class ElasticFailure {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ElasticFailure() {}

    /**
     * The failure behind what the client threw.
     *
     * @param to where the documents were to go
     */
    static RequestFailure of(final Throwable thrown, final Destination to) {
        final Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null
                        ? thrown.getCause()
                        : thrown;
        if (cause instanceof ResponseException e) {
            return answered(e.getResponse().getStatusLine().getStatusCode(), error(e), to);
        }
        final Optional<String> distrust = distrust(cause);
        if (distrust.isPresent()) {
            return failure(Remedy.RETRY, Reason.INDEX_TLS.code(), distrust.get());
        }
        if (isPlain(cause)) {
            return failure(
                    Remedy.RETRY,
                    Reason.INDEX_TLS.code(),
                    "answers without TLS ("
                            + about(cause)
                            + "); let urls begin with http://, or switch TLS on at the server");
        }
        if (isUnresolved(cause)) {
            return failure(
                    Remedy.RETRY,
                    Reason.INDEX_CONNECTION.code(),
                    "cannot be reached, because the name of its host does not resolve ("
                            + RequestFailure.oneLine(cause.getMessage())
                            + "); check urls and the name servers of this machine");
        }
        if (cause instanceof SocketTimeoutException) {
            return unsure(
                    Remedy.RETRY,
                    Reason.INDEX_TIMEOUT.code(),
                    "did not answer in time (" + about(cause) + ")");
        }
        if (cause instanceof ConnectException
                || cause instanceof ConnectTimeoutException
                || cause instanceof NoRouteToHostException) {
            return failure(
                    Remedy.RETRY,
                    Reason.INDEX_CONNECTION.code(),
                    "cannot be reached (" + about(cause) + ")");
        }
        if (cause instanceof IOException) {
            return unsure(
                    Remedy.RETRY_SMALLER,
                    Reason.INDEX_BROKEN_OFF.code(),
                    "ended the connection in the middle of a request ("
                            + about(cause)
                            + "); where it has TLS, urls begin with https://");
        }
        return unsure(
                Remedy.RETRY,
                Reason.INDEX_CLIENT.code(),
                "gave no answer to understand; check that urls lead to Elasticsearch and not to"
                        + " something before it ("
                        + about(cause)
                        + ")");
    }

    /**
     * Whether the server is not who it should be, or has no TLS: that lasts until somebody puts it
     * right, while a certificate that is not valid yet becomes so with the clock.
     */
    static boolean isOfPeer(final Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateNotYetValidException) {
                return false;
            }
        }
        return distrust(thrown).isPresent() || isPlain(thrown);
    }

    /** What the server said in the body of its answer. */
    static String reason(final ResponseException e) {
        return error(e).text();
    }

    private static ServerError error(final ResponseException e) {
        try {
            final byte[] body = EntityUtils.toByteArray(e.getResponse().getEntity());
            final JsonNode error = JSON.readTree(body).path("error");
            if (error.isTextual() || error.has("reason")) {
                return ServerError.of(error);
            }
        } catch (final IOException | IllegalArgumentException noJson) {
            // Something between here and the server may answer in its own words.
        }
        final String phrase = e.getResponse().getStatusLine().getReasonPhrase();
        return new ServerError("", "", "", phrase == null ? "" : phrase);
    }

    private static RequestFailure answered(
            final int status, final ServerError error, final Destination to) {
        final String reason = Reason.ofIndex(status);
        if (status == 413) {
            return failure(
                    Remedy.SPLIT,
                    reason,
                    "finds the request too large (413, "
                            + RequestFailure.oneLine(error.text())
                            + ")");
        }
        final Refusal refusal = Refusal.of(status, error, to);
        return switch (refusal.cure()) {
            case DOCUMENT -> failure(Remedy.SPLIT, reason, refusal.message());
            case UNKNOWN ->
                    new RequestFailure(
                            Remedy.ISOLATE, reason, refusal.message(), status >= 500, false);
            case TEMPLATE ->
                    new RequestFailure(Remedy.RETRY, reason, refusal.message(), false, true);
            // A gateway gives up waiting, the server behind it may go on.
            case SERVER ->
                    new RequestFailure(
                            Remedy.RETRY, reason, refusal.message(), status >= 500, false);
        };
    }

    private static RequestFailure failure(
            final Remedy remedy, final String reason, final String message) {
        return new RequestFailure(remedy, reason, message, false, false);
    }

    private static RequestFailure unsure(
            final Remedy remedy, final String reason, final String message) {
        return new RequestFailure(remedy, reason, message, true, false);
    }

    /**
     * What is wrong with the certificate of a peer that is not who it should be; unlike other
     * broken handshakes that does not pass by itself.
     */
    private static Optional<String> distrust(final Throwable thrown) {
        boolean untrusted = false;
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            final String said = " (" + RequestFailure.oneLine(cause.getMessage()) + ")";
            if (cause instanceof CertificateExpiredException) {
                return Optional.of(
                        "has a certificate that has expired"
                                + said
                                + "; renew it at the server, no option makes it valid");
            }
            if (cause instanceof CertificateNotYetValidException) {
                return Optional.of(
                        "has a certificate that is not valid yet"
                                + said
                                + "; set the clocks of both machines by NTP");
            }
            if (cause instanceof SSLPeerUnverifiedException || isOtherName(cause)) {
                return Optional.of(
                        "has a certificate for another host name"
                                + said
                                + "; name it in urls as its certificate does, or give the server a"
                                + " certificate for the name in urls");
            }
            untrusted |= cause instanceof CertificateException;
        }
        return untrusted
                ? Optional.of(
                        "has a certificate that is not trusted ("
                                + RequestFailure.oneLine(thrown.getMessage())
                                + "); set caCertificate or certificateFingerprint, or give the"
                                + " server a certificate of the authority that is set")
                : Optional.empty();
    }

    /** What the JDK says of it where it compares the names itself. */
    private static boolean isOtherName(final Throwable cause) {
        return cause instanceof CertificateException
                && String.valueOf(cause.getMessage()).startsWith("No subject alternative");
    }

    /**
     * What the JDK says of an answer to its greeting that is none of TLS; the client makes an
     * {@link IOException} of some of that.
     */
    private static boolean isPlain(final Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (String.valueOf(cause.getMessage())
                            .contains("Unsupported or unrecognized SSL message")
                    || String.valueOf(cause.getMessage()).contains("Unrecognized SSL message")) {
                return true;
            }
        }
        return false;
    }

    /** A host without an address; the client makes an {@link IOException} of it. */
    private static boolean isUnresolved(final Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException
                    || cause instanceof UnresolvedAddressException) {
                return true;
            }
        }
        return false;
    }

    private static String about(final Throwable cause) {
        final String message = cause.getMessage();
        return cause.getClass().getSimpleName()
                + (message == null || message.isBlank()
                        ? ""
                        : ": " + RequestFailure.oneLine(message));
    }
}
