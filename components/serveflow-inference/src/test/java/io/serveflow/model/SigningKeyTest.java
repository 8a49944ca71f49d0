/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class SigningKeyTest {

    /** Made by OpenSSL 3.0: {@code openssl genpkey -algorithm ed25519}. */
    private static final String PRIVATE =
            "-----BEGIN PRIVATE KEY-----\n"
                    + "MC4CAQAwBQYDK2VwBCIEIDJCCmyra8dbxd7PbUu9jmBnXj8KixLMJT8Xz0LW7vak\n"
                    + "-----END PRIVATE KEY-----\n";

    /** Of it, by {@code openssl pkey -pubout}. */
    private static final String PUBLIC =
            "-----BEGIN PUBLIC KEY-----\n"
                    + "MCowBQYDK2VwAyEA8LOCcKumw9x5tHl6lGpzUhPDavVI1hvQ/vGixeGq3rw=\n"
                    + "-----END PUBLIC KEY-----\n";

    /** Of the word serveflow, by {@code openssl pkeyutl -sign -rawin}. */
    private static final String SIGNATURE =
            "XXvt3G9gt0hX1KG6jSitGHG9Whow+jOkAamQqP9XPn5PYyh1JRcMMA/jA7xe64sgIi3MwmCE9I5fC3TBWiX+CA==";

    private static final byte[] CONTENT = "serveflow".getBytes(StandardCharsets.US_ASCII);

    @Test
    void shouldReadTheKeysOfOpenSsl() {
        final SigningKey key = SigningKey.read(PRIVATE);

        assertThat(key.verifying()).isEqualTo(VerifyingKey.readAll(PUBLIC).get(0));
        assertThat(key.sign(CONTENT)).isEqualTo(Base64.getDecoder().decode(SIGNATURE));
    }

    @Test
    void shouldWriteAndReadItsOwnKeys() {
        final SigningKey key = SigningKey.generate();

        final byte[] signature = SigningKey.read(key.pem()).sign(CONTENT);

        final VerifyingKey read = VerifyingKey.readAll(key.verifying().pem()).get(0);
        assertThat(read.verifies(CONTENT, signature)).isTrue();
        assertThat(read.fingerprint()).startsWith("SHA256:").hasSize(50);
        assertThat(SigningKey.generate().verifying().verifies(CONTENT, signature)).isFalse();
    }

    @Test
    void shouldReadSeveralPublicKeysOfOneFile() {
        final SigningKey key = SigningKey.generate();

        assertThat(VerifyingKey.readAll("# ours\n" + PUBLIC + key.verifying().pem()))
                .containsExactly(SigningKey.read(PRIVATE).verifying(), key.verifying());
    }

    @Test
    void shouldSayWhatIsThereInsteadOfAKey() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SigningKey.read(PUBLIC))
                .withMessageStartingWith("it holds a PUBLIC KEY block, not a PRIVATE KEY block");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VerifyingKey.readAll("hello"))
                .withMessageStartingWith("it holds no key in PEM, not a PUBLIC KEY block");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> VerifyingKey.readAll(PUBLIC.replace("MCowBQYDK2Vw", "MCowBQYDK2Vu")))
                .withMessageStartingWith("it holds no public key of the algorithm Ed25519");
    }

    @Test
    void shouldTakeNothingElseForASignature() {
        final VerifyingKey key = VerifyingKey.readAll(PUBLIC).get(0);

        assertThat(key.verifies(CONTENT, new byte[0])).isFalse();
        assertThat(key.verifies(CONTENT, new byte[64])).isFalse();
        assertThat(key.verifies(CONTENT, new byte[65])).isFalse();
        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(() -> BundleSignature.read(new byte[5000]))
                .withMessageContaining("more than 4096 bytes");
    }
}
