/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** A public Ed25519 key, with which signatures of bundles are checked. */
public final class VerifyingKey {

    /** The algorithm, as the Java platform and {@code bundle.sig} call it. */
    static final String ALGORITHM = "Ed25519";

    private final PublicKey key;

    VerifyingKey(final PublicKey key) {
        this.key = key;
    }

    /**
     * All keys of a text in PEM, each a block {@code PUBLIC KEY} in the form of X.509.
     *
     * @throws IllegalArgumentException if it holds none, or one of another algorithm
     */
    public static List<VerifyingKey> readAll(final String pem) {
        return Pem.blocks(Pem.PUBLIC_KEY, pem).stream().map(VerifyingKey::of).toList();
    }

    /**
     * The key in the form of X.509.
     *
     * @throws IllegalArgumentException if it is none of this algorithm
     */
    static VerifyingKey of(final byte[] encoded) {
        try {
            return new VerifyingKey(
                    KeyFactory.getInstance(ALGORITHM)
                            .generatePublic(new X509EncodedKeySpec(encoded)));
        } catch (final GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "it holds no public key of the algorithm " + ALGORITHM, e);
        }
    }

    /** The key in the form of X.509. */
    byte[] encoded() {
        return key.getEncoded();
    }

    /** Whether this key's private counterpart has signed the content. */
    boolean verifies(final byte[] content, final byte[] signature) {
        try {
            final Signature check = Signature.getInstance(ALGORITHM);
            check.initVerify(key);
            check.update(content);
            return check.verify(signature);
        } catch (final GeneralSecurityException e) {
            /* A signature of another length or form is no signature of this content. */
            return false;
        }
    }

    /** What people compare keys by: {@code SHA256:} and a hash of the key in Base64. */
    public String fingerprint() {
        try {
            return "SHA256:"
                    + Base64.getEncoder()
                            .withoutPadding()
                            .encodeToString(MessageDigest.getInstance("SHA-256").digest(encoded()));
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The key in PEM. */
    public String pem() {
        return Pem.text(Pem.PUBLIC_KEY, encoded());
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof VerifyingKey that && Arrays.equals(encoded(), that.encoded());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded());
    }

    @Override
    public String toString() {
        return fingerprint();
    }
}
