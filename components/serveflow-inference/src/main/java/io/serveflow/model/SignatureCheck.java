/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import java.util.Optional;

/** Says whether the signature of a bundle will do, before any other file of it is read. */
@FunctionalInterface
interface SignatureCheck {

    /**
     * Checks a signature.
     *
     * @param json the content of {@code bundle.json}
     * @param signature the content of {@code bundle.sig}; empty if there is none
     * @return who has signed the bundle; empty if nobody has
     * @throws BundleException if it is not to be used
     */
    Optional<VerifyingKey> check(byte[] json, Optional<byte[]> signature);
}
