/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import io.serveflow.model.BundleTrust;
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
        final List<String> files =
                configuration.getTrustedKeys() == null
                        ? List.of()
                        : Arrays.stream(configuration.getTrustedKeys().split(","))
                                .map(String::strip)
                                .filter(file -> !file.isEmpty())
                                .toList();
        if (configuration.isRequireSignature() && files.isEmpty()) {
            throw new IllegalArgumentException(
                    "requireSignature is true, but no key is trusted; set trustedKeys to a file"
                            + " with the public keys of those who sign");
        }
        return BundleTrust.reading("trustedKeys", files, configuration.isRequireSignature());
    }
}
