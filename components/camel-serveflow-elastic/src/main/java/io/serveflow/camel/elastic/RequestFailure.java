/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.http.conn.ConnectTimeoutException;
import org.apache.http.util.EntityUtils;
import org.elasticsearch.client.ResponseException;

/**
 * Why a request failed as a whole, and what is to be done about it.
 *
 * @param reason a short fixed word that is counted, such as {@code index_429}
 * @param message what happened, as the part of a sentence that follows the name of the server
 */
record RequestFailure(Remedy remedy, String reason, String message) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MESSAGE_CHARACTERS = 300;

    /** What is to be done about a failed request. */
    enum Remedy {
        /** Send it again later. */
        RETRY,
        /**
         * Send it again later, and in halves if that breaks off too: a server that finds a request
         * too large may close the connection before its answer can be read.
         */
        RETRY_SMALLER,
        /** Send it in two halves. */
        SPLIT,
        /** Give up: it would fail in the same way again. */
        GIVE_UP
    }

    /** The failure behind what the client threw. */
    static RequestFailure of(final Throwable thrown) {
        final Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null
                        ? thrown.getCause()
                        : thrown;
        if (cause instanceof ResponseException e) {
            return answered(e.getResponse().getStatusLine().getStatusCode(), reason(e));
        }
        if (isDistrust(cause)) {
            return new RequestFailure(
                    Remedy.GIVE_UP,
                    "index_tls",
                    "has a certificate that is not trusted ("
                            + oneLine(cause.getMessage())
                            + "); set caCertificate or certificateFingerprint");
        }
        if (cause instanceof SocketTimeoutException) {
            return new RequestFailure(
                    Remedy.RETRY, "index_timeout", "did not answer in time (" + about(cause) + ")");
        }
        if (cause instanceof ConnectException
                || cause instanceof ConnectTimeoutException
                || cause instanceof NoRouteToHostException
                || cause instanceof UnknownHostException) {
            return new RequestFailure(
                    Remedy.RETRY, "index_connection", "cannot be reached (" + about(cause) + ")");
        }
        if (cause instanceof IOException) {
            return new RequestFailure(
                    Remedy.RETRY_SMALLER,
                    "index_broken_off",
                    "ended the connection in the middle of a request (" + about(cause) + ")");
        }
        return new RequestFailure(
                Remedy.GIVE_UP,
                "index_client",
                "gave no answer to understand (" + about(cause) + ")");
    }

    /** Whether a status, of a request or of an item in it, says to come back later. */
    static boolean isTemporary(final int status) {
        return switch (status) {
            case 429, 502, 503, 504 -> true;
            default -> false;
        };
    }

    /** What the server said in the body of its answer. */
    static String reason(final ResponseException e) {
        try {
            final byte[] body = EntityUtils.toByteArray(e.getResponse().getEntity());
            final JsonNode error = JSON.readTree(body).path("error");
            if (error.isTextual()) {
                return error.asText();
            }
            if (error.has("reason")) {
                return error.path("type").asText("error") + ": " + error.path("reason").asText();
            }
        } catch (final IOException | IllegalArgumentException noJson) {
            // Something between here and the server may answer in its own words.
        }
        return e.getResponse().getStatusLine().getReasonPhrase();
    }

    private static RequestFailure answered(final int status, final String error) {
        final String answer = "answered " + status + " (" + oneLine(error) + ")";
        if (isTemporary(status)) {
            return new RequestFailure(Remedy.RETRY, "index_" + status, answer);
        }
        return switch (status) {
            case 413 -> new RequestFailure(Remedy.SPLIT, "index_413", answer);
            case 401 ->
                    new RequestFailure(
                            Remedy.GIVE_UP,
                            "index_401",
                            answer + "; check username and password, or apiKey");
            case 403 ->
                    new RequestFailure(
                            Remedy.GIVE_UP,
                            "index_403",
                            answer + "; the user or key needs create_doc on the data stream");
            default -> new RequestFailure(Remedy.GIVE_UP, "index_" + status, answer);
        };
    }

    /** A peer that is not who it should be; unlike other broken handshakes it will not pass. */
    private static boolean isDistrust(final Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException
                    || cause instanceof SSLPeerUnverifiedException) {
                return true;
            }
        }
        return false;
    }

    private static String about(final Throwable cause) {
        final String message = cause.getMessage();
        return cause.getClass().getSimpleName()
                + (message == null || message.isBlank() ? "" : ": " + oneLine(message));
    }

    private static String oneLine(final String text) {
        final String line = String.valueOf(text).replaceAll("\\s+", " ").strip();
        return line.length() <= MESSAGE_CHARACTERS
                ? line
                : line.substring(0, MESSAGE_CHARACTERS) + "...";
    }
}
