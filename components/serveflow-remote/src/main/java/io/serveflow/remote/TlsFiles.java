/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.remote;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Certificates and keys in files of PEM (RFC 7468), looked at before TLS is made of them: what the
 * library says of a wrong one names neither the file nor what is wrong, and a key of another
 * certificate it does not notice at all.
 */
public final class TlsFiles {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

    /** The second is an older name of the first, which some tools still write. */
    private static final Set<String> CERTIFICATES = Set.of("CERTIFICATE", "X509 CERTIFICATE");

    /** A certificate with what OpenSSL says of its use behind it, which Java does not read. */
    private static final String WITH_USES = "TRUSTED CERTIFICATE";

    private static final String KEY = "PRIVATE KEY";
    private static final byte[] SIGNED = "serveflow".getBytes(StandardCharsets.UTF_8);

    private TlsFiles() {}

    /** What is between two lines of a file. */
    private record Block(String kind, byte[] content) {}

    /**
     * Refuses a file without a certificate.
     *
     * @param option what names the file
     * @throws TlsFileException why
     */
    public static void requireCertificates(final String option, final Path file)
            throws TlsFileException {
        certificates(option, file);
    }

    /**
     * Refuses a certificate chain and a key that do not belong together.
     *
     * @param chainOption what names the chain, whose first certificate is that of the key
     * @param keyOption what names the key, which is in PKCS 8 and not encrypted
     * @throws TlsFileException why
     */
    public static void requirePair(
            final String chainOption, final Path chain, final String keyOption, final Path key)
            throws TlsFileException {
        final PublicKey open = certificates(chainOption, chain).get(0).getPublicKey();
        final byte[] closed = key(keyOption, key);
        final String algorithm = open.getAlgorithm();
        final String signature =
                switch (algorithm) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    case "EdDSA" -> "EdDSA";
                    default -> "";
                };
        if (!signature.isEmpty() && !belong(open, closed, algorithm, signature)) {
            throw new TlsFileException(
                    keyOption
                            + ": the key in "
                            + key
                            + " is not that of the certificate in "
                            + chain
                            + " ("
                            + chainOption
                            + ")");
        }
    }

    private static boolean belong(
            final PublicKey open,
            final byte[] closed,
            final String algorithm,
            final String signature) {
        try {
            final PrivateKey key =
                    KeyFactory.getInstance(algorithm)
                            .generatePrivate(new PKCS8EncodedKeySpec(closed));
            final Signature signing = Signature.getInstance(signature);
            signing.initSign(key);
            signing.update(SIGNED);
            final byte[] signed = signing.sign();
            signing.initVerify(open);
            signing.update(SIGNED);
            return signing.verify(signed);
        } catch (final GeneralSecurityException e) {
            // A key of another kind, or of another length than the certificate's.
            return false;
        }
    }

    private static List<Certificate> certificates(final String option, final Path file)
            throws TlsFileException {
        final List<Certificate> certificates = new ArrayList<>();
        for (final Block block : blocks(option, file)) {
            if (block.kind.equals(WITH_USES)) {
                throw new TlsFileException(
                        option
                                + ": "
                                + file
                                + " has -----BEGIN "
                                + WITH_USES
                                + "-----, a form of OpenSSL alone; openssl x509 -in OLD -out NEW"
                                + " makes a certificate of it that all take");
            }
            if (CERTIFICATES.contains(block.kind)) {
                try {
                    certificates.add(
                            CertificateFactory.getInstance("X.509")
                                    .generateCertificate(new ByteArrayInputStream(block.content)));
                } catch (final CertificateException e) {
                    throw new TlsFileException(
                            option + ": a certificate in " + file + " is damaged", e);
                }
            }
        }
        if (certificates.isEmpty()) {
            throw new TlsFileException(
                    option
                            + ": there is no certificate in "
                            + file
                            + "; it must be PEM, with a line -----BEGIN CERTIFICATE-----"
                            + holds(option, file));
        }
        return certificates;
    }

    private static String holds(final String option, final Path file) throws TlsFileException {
        return blocks(option, file).stream()
                .findFirst()
                .map(block -> ", and has -----BEGIN " + block.kind + "-----")
                .orElse("");
    }

    private static byte[] key(final String option, final Path file) throws TlsFileException {
        for (final Block block : blocks(option, file)) {
            if (block.kind.equals(KEY)) {
                return block.content;
            }
        }
        throw new TlsFileException(
                option
                        + ": there is no private key in PKCS 8 without a password in "
                        + file
                        + holds(option, file)
                        + "; openssl pkcs8 -topk8 -nocrypt -in KEY -out NEW makes one of a key of"
                        + " another form");
    }

    private static List<Block> blocks(final String option, final Path file)
            throws TlsFileException {
        final String text;
        try {
            text = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (final NoSuchFileException e) {
            throw new TlsFileException(option + ": there is no file " + file, e);
        } catch (final AccessDeniedException e) {
            throw new TlsFileException(option + ": this user may not read " + file, e);
        } catch (final IOException e) {
            throw new TlsFileException(
                    option + ": " + file + " cannot be read: " + e.getMessage(), e);
        }
        final List<Block> blocks = new ArrayList<>();
        final Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            final String kind = block.group(1);
            // Of other kinds the name alone counts, and some have lines that are no Base64.
            final byte[] content =
                    CERTIFICATES.contains(kind) || kind.equals(KEY)
                            ? decoded(option, file, block.group(2))
                            : new byte[0];
            blocks.add(new Block(kind, content));
        }
        return blocks;
    }

    private static byte[] decoded(final String option, final Path file, final String text)
            throws TlsFileException {
        try {
            return Base64.getMimeDecoder().decode(text);
        } catch (final IllegalArgumentException e) {
            throw new TlsFileException(option + ": " + file + " is damaged", e);
        }
    }
}
