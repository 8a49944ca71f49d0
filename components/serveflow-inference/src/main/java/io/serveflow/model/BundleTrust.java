/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import io.serveflow.ledger.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whose bundles are used.
 *
 * <p>A signature that does not fit the bundle is refused always, and one of a key that is not
 * trusted wherever keys are named; a bundle without a signature only where one is required.
 *
 * @param signatureRequired whether a bundle without a signature is refused
 * @param keys those that are trusted; where there are none, any key's signature is as good
 */
public record BundleTrust(boolean signatureRequired, List<VerifyingKey> keys)
        implements SignatureCheck {

    /** Takes bundles without a signature, and those that anybody has signed. */
    public static final BundleTrust ANYBODY = new BundleTrust(false, List.of());

    public BundleTrust {
        keys = List.copyOf(keys);
        if (signatureRequired && keys.isEmpty()) {
            throw new IllegalArgumentException(
                    "a signature is required, but no key is trusted; name a file with public keys");
        }
    }

    /**
     * Reads the keys that are trusted.
     *
     * @param option what names their files, for messages
     * @throws IllegalArgumentException if a file holds no keys, or a signature is required and no
     *     file is named
     */
    public static BundleTrust reading(
            final String option, final List<String> files, final boolean signatureRequired) {
        final List<VerifyingKey> keys = new ArrayList<>();
        for (final String file : files) {
            try {
                keys.addAll(VerifyingKey.readAll(Files.readString(Path.of(file))));
            } catch (final IOException | IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        option
                                + " names "
                                + file
                                + ", which is no file of public Ed25519 keys in PEM: "
                                + (e instanceof IOException ? e.toString() : e.getMessage()),
                        e);
            }
        }
        return new BundleTrust(signatureRequired, keys);
    }

    /**
     * Checks the signature of a bundle.
     *
     * @throws BundleException if it does not fit the bundle, or is not trusted
     */
    @Override
    public Optional<VerifyingKey> check(final byte[] json, final Optional<byte[]> signature) {
        final Optional<BundleSignature> read = signature.map(BundleSignature::read);
        if (read.isPresent() && !read.get().isOf(json)) {
            throw new BundleException(
                    Reason.BUNDLE_SIGNATURE,
                    BundleJson.FILE
                            + " or "
                            + BundleSignature.FILE
                            + " was changed after the bundle was signed; copy the bundle again from"
                            + " where it was made, or sign it again");
        }
        final Optional<VerifyingKey> signer = read.map(BundleSignature::key);
        require(signer);
        return signer;
    }

    /**
     * Makes sure that a bundle with such a signature is to be used.
     *
     * @throws BundleException if it is not
     */
    public void require(final Optional<VerifyingKey> signer) {
        if (signer.isEmpty() && signatureRequired) {
            throw new BundleException(
                    Reason.BUNDLE_UNSIGNED,
                    "it has no signature, "
                            + BundleSignature.FILE
                            + ", and one is required; sign it with ./serveflow bundle sign");
        }
        if (signer.isPresent() && !keys.isEmpty() && !keys.contains(signer.get())) {
            throw new BundleException(
                    Reason.BUNDLE_SIGNATURE,
                    "it is signed with the key "
                            + signer.get().fingerprint()
                            + ", which is none of those that are trusted; have it signed with one"
                            + " of them, or trust this one too");
        }
    }
}
