/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.http.Header;
import org.apache.http.HttpHeaders;
import org.apache.http.HttpHost;
import org.apache.http.conn.util.PublicSuffixMatcher;
import org.apache.http.impl.nio.client.HttpAsyncClientBuilder;
import org.apache.http.message.BasicHeader;
import org.elasticsearch.client.ResponseException;
import org.elasticsearch.client.RestClient;
import org.elasticsearch.client.RestClientBuilder;

/**
 * How Elasticsearch is reached: everything that one client needs and nothing else, so that equal
 * connections can share a client.
 *
 * @param urls the nodes, at least one; all with the same path or none
 * @param connectTimeoutMillis how long to wait for a connection, milliseconds
 * @param requestTimeoutMillis how long to wait for the next bytes of an answer, milliseconds
 * @param compression whether requests are gzip-compressed
 */
public record ElasticConnection(
        List<URI> urls,
        Credentials credentials,
        Trust trust,
        int connectTimeoutMillis,
        int requestTimeoutMillis,
        boolean compression) {

    /** Bulk requests of many endpoints may share a client, each bounded by its own endpoint. */
    private static final int MAX_CONNECTIONS = 256;

    private static final int DEFAULT_CONNECT_TIMEOUT_MILLIS = 5_000;
    private static final int DEFAULT_REQUEST_TIMEOUT_MILLIS = 60_000;

    /** Who asks. */
    public sealed interface Credentials {
        /** Nobody in particular. */
        record Anonymous() implements Credentials {}

        /** A user with a password. */
        record User(String name, String password) implements Credentials {
            @Override
            public String toString() {
                return "User[" + name + "]";
            }
        }

        /** An API key in the encoded form, {@code base64(id:key)}. */
        record ApiKey(String encoded) implements Credentials {
            @Override
            public String toString() {
                return "ApiKey[...]";
            }
        }

        /** The value of the {@code Authorization} header, or empty. */
        private Optional<String> authorization() {
            if (this instanceof User user) {
                final String pair = user.name() + ":" + user.password();
                return Optional.of(
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
            }
            return this instanceof ApiKey key
                    ? Optional.of("ApiKey " + key.encoded())
                    : Optional.empty();
        }
    }

    /** Which server certificates are believed. */
    public sealed interface Trust {
        /** Those that the JDK trusts. */
        record System() implements Trust {}

        /** Those signed by one of the certificate authorities in a PEM file. */
        record CaCertificate(Path file) implements Trust {}

        /**
         * Those signed by the certificate authority with this SHA-256 fingerprint.
         *
         * @param sha256 64 hexadecimal digits, with or without colons
         */
        record Fingerprint(String sha256) implements Trust {}
    }

    public ElasticConnection {
        urls = List.copyOf(urls);
        Objects.requireNonNull(credentials, "credentials");
        Objects.requireNonNull(trust, "trust");
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("a connection needs at least one URL");
        }
    }

    /** A connection without credentials, compression or a certificate of its own. */
    public static ElasticConnection to(final URI... urls) {
        return new ElasticConnection(
                List.of(urls),
                new Credentials.Anonymous(),
                new Trust.System(),
                DEFAULT_CONNECT_TIMEOUT_MILLIS,
                DEFAULT_REQUEST_TIMEOUT_MILLIS,
                false);
    }

    /**
     * The connection to each node alone, for whoever has to choose which one is asked: a client of
     * several sends what one of them did not answer to the next.
     */
    public List<ElasticConnection> nodes() {
        return urls.stream()
                .map(
                        url ->
                                new ElasticConnection(
                                        List.of(url),
                                        credentials,
                                        trust,
                                        connectTimeoutMillis,
                                        requestTimeoutMillis,
                                        compression))
                .toList();
    }

    /**
     * A new client, which the caller closes. Nothing is sent yet.
     *
     * @throws IOException if the certificate cannot be read
     */
    public RestClient open() throws IOException {
        final Optional<SSLContext> tls = sslContext();
        final RestClientBuilder builder =
                RestClient.builder(
                                urls.stream().map(ElasticConnection::host).toArray(HttpHost[]::new))
                        .setCompressionEnabled(compression)
                        .setRequestConfigCallback(
                                config ->
                                        config.setConnectTimeout(connectTimeoutMillis)
                                                .setSocketTimeout(requestTimeoutMillis))
                        .setHttpClientConfigCallback(
                                http -> {
                                    http.setMaxConnTotal(MAX_CONNECTIONS)
                                            .setMaxConnPerRoute(MAX_CONNECTIONS);
                                    tls.ifPresent(http::setSSLContext);
                                    http.disableCookieManagement();
                                    return isEncrypted() ? http : withoutPublicSuffixes(http);
                                });
        credentials
                .authorization()
                .ifPresent(
                        value ->
                                builder.setDefaultHeaders(
                                        new Header[] {
                                            new BasicHeader(HttpHeaders.AUTHORIZATION, value)
                                        }));
        final String path = urls.get(0).getPath();
        if (path.length() > 1) {
            builder.setPathPrefix(path);
        }
        return builder.build();
    }

    private boolean isEncrypted() {
        return urls.stream().anyMatch(url -> "https".equalsIgnoreCase(url.getScheme()));
    }

    /**
     * Without the list of public suffixes, which takes long to read and is only for cookies and for
     * the names in certificates: one for {@code *.com} is no proof.
     */
    private static HttpAsyncClientBuilder withoutPublicSuffixes(final HttpAsyncClientBuilder http) {
        return http.setPublicSuffixMatcher(new PublicSuffixMatcher(List.of(), List.of()));
    }

    /**
     * Why the server gave no answer, and what cures that, as the part of a sentence that follows
     * its name.
     *
     * @param failure what the client threw
     */
    public static String explain(final IOException failure) {
        return ElasticFailure.of(failure, Destination.dataStream("")).message();
    }

    /**
     * Whether the server gave no answer because it is not who it should be, or has no TLS: that
     * lasts until somebody puts it right. All else may be over by itself, such as a name server
     * that starts later than this machine.
     *
     * @param failure what the client threw
     */
    public static boolean isMistrust(final IOException failure) {
        return ElasticFailure.isOfPeer(failure);
    }

    /**
     * What the server said in an answer that refuses something, on one line.
     *
     * @param answer what the client threw
     */
    public static String said(final ResponseException answer) {
        return RequestFailure.oneLine(ElasticFailure.reason(answer));
    }

    private Optional<SSLContext> sslContext() throws IOException {
        if (trust instanceof Trust.CaCertificate ca) {
            return Optional.of(ServerTrust.authorities(ca.file()));
        }
        return trust instanceof Trust.Fingerprint fingerprint
                ? Optional.of(ServerTrust.fingerprint(fingerprint.sha256()))
                : Optional.empty();
    }

    private static HttpHost host(final URI url) {
        final int port = url.getPort() == -1 ? defaultPort(url) : url.getPort();
        return new HttpHost(url.getHost(), port, url.getScheme());
    }

    private static int defaultPort(final URI url) {
        return "https".equals(url.getScheme()) ? 443 : 80;
    }
}
