/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.remote;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.testing.tls.Certificate;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsFilesTest {

    @TempDir private static Path folder;
    @TempDir private static Path folderOfOther;

    private static Certificate certificate;
    private static Certificate other;

    @BeforeAll
    static void make() throws Exception {
        certificate = Certificate.valid(folder);
        other = Certificate.valid(folderOfOther);
    }

    @Test
    void shouldTakeACertificateWithItsKey() {
        assertThatCode(
                        () -> {
                            require(certificate.chain(), certificate.key());
                            TlsFiles.requireCertificates("trusted", certificate.authority());
                        })
                .doesNotThrowAnyException();
    }

    @Test
    void shouldRefuseTheKeyOfAnotherCertificate() {
        assertThatThrownBy(() -> require(certificate.chain(), other.key()))
                .hasMessage(
                        "privateKey: the key in %s is not that of the certificate in %s (certificate)"
                                .formatted(other.key(), certificate.chain()));
    }

    @Test
    void shouldSayThatCertificateAndKeyAreExchanged() {
        assertThatThrownBy(() -> require(certificate.key(), certificate.chain()))
                .hasMessage(
                        "certificate: there is no certificate in %s; it must be PEM, with a line"
                                        .formatted(certificate.key())
                                + " -----BEGIN CERTIFICATE-----, and has -----BEGIN PRIVATE"
                                + " KEY-----");
    }

    @Test
    void shouldSayHowToMakeAKeyOfAnotherForm() throws Exception {
        final Path key =
                Files.writeString(
                        folder.resolve("pkcs1.key"),
                        "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n");

        assertThatThrownBy(() -> require(certificate.chain(), key))
                .hasMessageStartingWith("privateKey: there is no private key in PKCS 8")
                .hasMessageContaining("-----BEGIN RSA PRIVATE KEY-----; openssl pkcs8 -topk8");
    }

    @Test
    void shouldNameAFileThatIsNotThere() {
        final Path none = folder.resolve("none.pem");

        assertThatThrownBy(() -> TlsFiles.requireCertificates("trustedCertificates", none))
                .hasMessage("trustedCertificates: there is no file " + none);
    }

    @Test
    void shouldNameAFileWhoseCertificateIsDamaged() throws Exception {
        final Path damaged =
                Files.writeString(
                        folder.resolve("damaged.pem"),
                        Files.readString(certificate.chain()).replaceFirst("MII.", "AAAA"));

        assertThatThrownBy(() -> TlsFiles.requireCertificates("trustedCertificates", damaged))
                .isInstanceOf(TlsFileException.class)
                .hasMessageContaining(damaged.toString());
    }

    @Test
    void shouldTakeTheOlderNameOfACertificate() throws Exception {
        final Path older = Certificate.labelled(certificate.chain(), "X509 CERTIFICATE");

        assertThatCode(
                        () -> {
                            require(older, certificate.key());
                            TlsFiles.requireCertificates("trusted", older);
                        })
                .doesNotThrowAnyException();
    }

    @Test
    void shouldSayHowToMakeACertificateOfWhatOpenSslAloneReads() throws Exception {
        final Path trusted = Certificate.labelled(certificate.chain(), "TRUSTED CERTIFICATE");

        assertThatThrownBy(() -> TlsFiles.requireCertificates("trustedCertificates", trusted))
                .hasMessage(
                        "trustedCertificates: %s has -----BEGIN TRUSTED CERTIFICATE-----, a form of"
                                        .formatted(trusted)
                                + " OpenSSL alone; openssl x509 -in OLD -out NEW makes a"
                                + " certificate of it that all take");
    }

    private static void require(final Path chain, final Path key) throws TlsFileException {
        TlsFiles.requirePair("certificate", chain, "privateKey", key);
    }
}
