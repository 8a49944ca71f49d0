/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** TLS contexts that believe the certificate authority of a private cluster and no other. */
final class ServerTrust {

    private ServerTrust() {}

    /**
     * What is wrong with a file that is to hold certificate authorities, for a person; empty if
     * nothing is.
     */
    static Optional<String> fault(final String pem) {
        try {
            final Path file = Path.of(pem);
            if (Files.notExists(file)) {
                return Optional.of("caCertificate is " + pem + ", and there is no such file");
            }
            if (Files.isDirectory(file)) {
                return Optional.of(
                        "caCertificate is "
                                + pem
                                + ", which is a folder; name a file of PEM"
                                + " certificates");
            }
            certificates(file);
            return Optional.empty();
        } catch (final IOException e) {
            return Optional.of(e.getMessage());
        } catch (final InvalidPathException e) {
            return Optional.of("caCertificate is " + pem + ", which is no path: " + e.getReason());
        }
    }

    /**
     * Believes what the authorities in a PEM file signed.
     *
     * @throws IOException if the file cannot be read or holds no certificate
     */
    static SSLContext authorities(final Path pem) throws IOException {
        try {
            return context(anchoredAt(certificates(pem)));
        } catch (final GeneralSecurityException e) {
            throw new IOException("caCertificate " + pem + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static Collection<? extends Certificate> certificates(final Path pem)
            throws IOException {
        final byte[] bytes;
        try {
            bytes = Files.readAllBytes(pem);
        } catch (final AccessDeniedException e) {
            throw new IOException("caCertificate is " + pem + ", which this user may not read", e);
        } catch (final IOException e) {
            throw new IOException("caCertificate " + pem + " cannot be read: " + e.getMessage(), e);
        }
        try (InputStream in = new ByteArrayInputStream(bytes)) {
            final Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (!certificates.isEmpty()) {
                return certificates;
            }
        } catch (final CertificateException e) {
            // Said below; what the JDK says of it helps nobody.
        }
        throw new IOException("caCertificate " + pem + " " + instead(bytes));
    }

    /** What a file holds that holds no certificate that can be read, with the cure. */
    private static String instead(final byte[] file) {
        final String text = new String(file, StandardCharsets.ISO_8859_1);
        if (text.contains("BEGIN TRUSTED CERTIFICATE-----")) {
            return "has -----BEGIN TRUSTED CERTIFICATE-----, a form of OpenSSL alone; openssl x509"
                    + " -in OLD -out NEW makes a certificate of it that all take";
        }
        return text.contains("PRIVATE KEY-----")
                ? "holds a private key and no certificate; name the file of the authority's"
                        + " certificate"
                : "holds no certificate; name a file of PEM certificates, which begin with"
                        + " -----BEGIN CERTIFICATE-----";
    }

    /**
     * Believes what was signed by the certificate with a SHA-256 fingerprint, which the server has
     * to send along.
     *
     * <p>The chain is validated up to that certificate. To find it in the chain is not enough,
     * which is all that {@code TransportUtils.sslContextFromCaFingerprint} does: it is public, so
     * anyone can send it.
     */
    static SSLContext fingerprint(final String sha256) {
        try {
            return context(new PinnedAuthority(HexFormat.of().parseHex(sha256.replace(":", ""))));
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has TLS and X.509", e);
        }
    }

    private static SSLContext context(final TrustManager trust) throws GeneralSecurityException {
        final SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {trust}, null);
        return context;
    }

    private static X509TrustManager anchoredAt(final Collection<? extends Certificate> anchors)
            throws GeneralSecurityException, IOException {
        final KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int n = 0;
        for (final Certificate anchor : anchors) {
            store.setCertificateEntry("authority-" + n++, anchor);
        }
        final TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return Arrays.stream(factory.getTrustManagers())
                .filter(X509TrustManager.class::isInstance)
                .map(X509TrustManager.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private record PinnedAuthority(byte[] sha256) implements X509TrustManager {

        @Override
        public void checkServerTrusted(final X509Certificate[] chain, final String authType)
                throws CertificateException {
            try {
                final MessageDigest digest = MessageDigest.getInstance("SHA-256");
                for (final X509Certificate certificate : chain) {
                    if (MessageDigest.isEqual(sha256, digest.digest(certificate.getEncoded()))) {
                        anchoredAt(List.of(certificate)).checkServerTrusted(chain, authType);
                        return;
                    }
                }
            } catch (final CertificateException e) {
                throw e;
            } catch (final GeneralSecurityException | IOException e) {
                throw new CertificateException(e);
            }
            throw new CertificateException(
                    "no certificate of "
                            + chain[0].getSubjectX500Principal()
                            + " has the SHA-256 fingerprint "
                            + HexFormat.of().formatHex(sha256));
        }

        @Override
        public void checkClientTrusted(final X509Certificate[] chain, final String authType)
                throws CertificateException {
            throw new CertificateException("only servers are trusted here");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
