/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;

/** A private Ed25519 key, which signs bundles. */
public final class SigningKey {

    /** Signed once to find out whether two keys are a pair. */
    private static final byte[] PROBE = "serveflow".getBytes(StandardCharsets.US_ASCII);

    private final PrivateKey key;
    private final VerifyingKey verifying;

    private SigningKey(final PrivateKey key, final VerifyingKey verifying) {
        this.key = key;
        this.verifying = verifying;
    }

    /** A new key. */
    public static SigningKey generate() {
        try {
            return of(KeyPairGenerator.getInstance(VerifyingKey.ALGORITHM).generateKeyPair());
        } catch (final GeneralSecurityException e) {
            throw without(e);
        }
    }

    /**
     * The key of a text in PEM: a block {@code PRIVATE KEY} in the form of PKCS #8, not encrypted.
     *
     * @throws IllegalArgumentException if it holds none, or one of another algorithm
     */
    public static SigningKey read(final String pem) {
        final byte[] encoded = Pem.blocks(Pem.PRIVATE_KEY, pem).get(0);
        final PrivateKey key;
        try {
            key =
                    KeyFactory.getInstance(VerifyingKey.ALGORITHM)
                            .generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (final GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "it holds no private key of the algorithm " + VerifyingKey.ALGORITHM, e);
        }
        return new SigningKey(key, counterpart((EdECPrivateKey) key));
    }

    /**
     * The public key of a private one. The Java platform computes it only where it makes a pair,
     * which it does of 32 random bytes that are the private key; so it is given those as random.
     */
    private static VerifyingKey counterpart(final EdECPrivateKey key) {
        final byte[] bytes =
                key.getBytes()
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "its key cannot be taken out of the device that"
                                                        + " holds it"));
        final KeyPair pair;
        try {
            final KeyPairGenerator pairs = KeyPairGenerator.getInstance(VerifyingKey.ALGORITHM);
            pairs.initialize(NamedParameterSpec.ED25519, new Stated(bytes));
            pair = pairs.generateKeyPair();
        } catch (final GeneralSecurityException e) {
            throw without(e);
        }
        final SigningKey made = of(pair);
        if (!made.verifying.verifies(PROBE, signature(key, PROBE))) {
            throw new IllegalStateException(
                    "the Java platform makes another public key of this private one; use the Java"
                            + " platform's own provider of "
                            + VerifyingKey.ALGORITHM);
        }
        return made.verifying;
    }

    private static SigningKey of(final KeyPair pair) {
        return new SigningKey(pair.getPrivate(), new VerifyingKey(pair.getPublic()));
    }

    /** The key that checks what this one signs. */
    public VerifyingKey verifying() {
        return verifying;
    }

    /** The signature of a content, 64 bytes. */
    byte[] sign(final byte[] content) {
        return signature(key, content);
    }

    private static byte[] signature(final PrivateKey key, final byte[] content) {
        try {
            final Signature signing = Signature.getInstance(VerifyingKey.ALGORITHM);
            signing.initSign(key);
            signing.update(content);
            return signing.sign();
        } catch (final GeneralSecurityException e) {
            throw without(e);
        }
    }

    /** The key in PEM, not encrypted. */
    public String pem() {
        return Pem.text(Pem.PRIVATE_KEY, key.getEncoded());
    }

    private static IllegalStateException without(final GeneralSecurityException cause) {
        return new IllegalStateException(
                "every Java platform has " + VerifyingKey.ALGORITHM, cause);
    }

    /** Gives out bytes that are known. */
    private static final class Stated extends SecureRandom {

        private static final long serialVersionUID = 1L;

        private final byte[] stated;

        private Stated(final byte[] stated) {
            this.stated = stated.clone();
        }

        @Override
        public void nextBytes(final byte[] bytes) {
            System.arraycopy(stated, 0, bytes, 0, bytes.length);
        }
    }
}
