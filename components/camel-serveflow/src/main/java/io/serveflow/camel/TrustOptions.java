/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import io.serveflow.model.BundleTrust;
import io.serveflow.model.VerifyingKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads whose bundles an endpoint uses, as its options say. */
final class TrustOptions {

    private TrustOptions() {}

    /**
     * Reads the keys.
     *
     * @throws IllegalArgumentException if a file holds none, or a signature is required and none is
     *     named
     */
    static BundleTrust of(final ServeflowConfiguration configuration) {
        final List<VerifyingKey> keys = new ArrayList<>();
        if (configuration.getTrustedKeys() != null) {
            Arrays.stream(configuration.getTrustedKeys().split(","))
                    .map(String::strip)
                    .filter(file -> !file.isEmpty())
                    .forEach(file -> keys.addAll(keys(file)));
        }
        if (configuration.isRequireSignature() && keys.isEmpty()) {
            throw new IllegalArgumentException(
                    "requireSignature is true, but no key is trusted; set trustedKeys to a file"
                            + " with the public keys of those who sign");
        }
        return new BundleTrust(configuration.isRequireSignature(), keys);
    }

    private static List<VerifyingKey> keys(final String file) {
        try {
            return VerifyingKey.readAll(Files.readString(Path.of(file)));
        } catch (final IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "trustedKeys names "
                            + file
                            + ", which is no file of public Ed25519 keys in PEM: "
                            + (e instanceof IOException ? e.toString() : e.getMessage()),
                    e);
        }
    }
}
