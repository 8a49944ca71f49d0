/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServeflowIndexConfigurationTest {

    private final ServeflowIndexConfiguration configuration = new ServeflowIndexConfiguration();

    ServeflowIndexConfigurationTest() {
        configuration.setDataStream("logs-serveflow-so");
    }

    @Test
    void shouldTakeItsDefaults() {
        assertThatCode(configuration::validate).doesNotThrowAnyException();
    }

    @Test
    void shouldNameEveryWrongOptionAtOnce() {
        configuration.setMaxInFlight(0);
        configuration.setMaxBulkBytes(1);
        configuration.setConnectTimeout(600_001);
        configuration.setRetryFor(-1);
        configuration.setBackoffMin(500);
        configuration.setBackoffMax(100);

        assertThatThrownBy(configuration::validate)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "serveflow-index:logs-serveflow-so: "
                                + "connectTimeout must be 1 to 600000, was 600001; "
                                + "maxInFlight must be 1 to 64, was 0; "
                                + "maxBulkBytes must be 65536 to 104857600, was 1; "
                                + "retryFor must be 0 or more, was -1; "
                                + "backoffMax must be 500 to 600000, was 100");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Logs", "-logs", "_logs", "logs so", "logs/so", "logs*", ".ds-x"})
    void shouldRefuseNamesThatNoDataStreamCanHave(final String name) {
        configuration.setDataStream(name);

        assertThatThrownBy(configuration::validate)
                .hasMessageContaining("dataStream must be a lower-case name")
                .hasMessageContaining("was '" + name + "'");
    }

    @Test
    void shouldRefuseNamesThatTheTemplateOfMalcolmIsNotFor() {
        configuration.setProfile("malcolm");
        assertThatCode(configuration::validate).doesNotThrowAnyException();
        configuration.setInstallTemplates(true);

        assertThatThrownBy(configuration::validate)
                .hasMessageContaining(
                        "dataStream must begin with malcolm_beats_serveflow where profile is"
                                + " malcolm, as the template is for such names, was"
                                + " 'logs-serveflow-so'; set installTemplates=false");

        configuration.setDataStream("malcolm_beats_serveflow_alerts");
        assertThatCode(configuration::validate).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:9200", "ftp://host", "http://", "http://a b", "x"})
    void shouldRefuseUrlsThatAreNone(final String url) {
        configuration.setUrls("http://127.0.0.1:9200," + url);

        assertThatThrownBy(configuration::validate)
                .hasMessageContaining("urls must be http://HOST:PORT")
                .hasMessageContaining("'" + url + "'");
    }

    @Test
    void shouldKeepCredentialsInAUrlOutOfTheMessage() {
        configuration.setUrls("http://user:secret@host:9200");

        assertThatThrownBy(configuration::validate)
                .hasMessageContaining("without credentials")
                .hasMessageNotContaining("secret");
    }

    @Test
    void shouldRefuseHalfACredential() {
        configuration.setUsername("writer");

        assertThatThrownBy(configuration::validate)
                .hasMessageContaining("username and password must be set together, only username");
    }

    @Test
    void shouldRefuseTwoCredentials() {
        configuration.setUsername("writer");
        configuration.setPassword("secret");
        configuration.setApiKey("c2VjcmV0");

        assertThatThrownBy(configuration::validate)
                .hasMessageContaining("either username and password or apiKey may be set, both are")
                .hasMessageNotContaining("secret")
                .hasMessageNotContaining("c2VjcmV0");
    }

    @Test
    void shouldSuggestTheSchemeThatIsMissing() {
        configuration.setUrls("localhost:9200");

        assertThatThrownBy(configuration::validate)
                .hasMessageContaining("did you mean http://localhost:9200?");
    }

    @Test
    void shouldSayWhatACertificateFileHoldsInstead(@TempDir final Path folder) throws IOException {
        final Path key =
                Files.writeString(
                        folder.resolve("ca.key"),
                        "-----BEGIN PRIVATE KEY-----\nMC4=\n-----END PRIVATE KEY-----\n");
        configuration.setCaCertificate(key.toString());
        assertThatThrownBy(configuration::validate)
                .hasMessageContaining(key + " holds a private key and no certificate");

        configuration.setCaCertificate(Files.createFile(folder.resolve("empty")).toString());
        assertThatThrownBy(configuration::validate).hasMessageContaining("holds no certificate");

        configuration.setCaCertificate(folder.toString());
        assertThatThrownBy(configuration::validate).hasMessageContaining("is a folder");

        configuration.setCaCertificate(folder.resolve("none").toString());
        assertThatThrownBy(configuration::validate).hasMessageContaining("there is no such file");
    }

    @Test
    void shouldRefuseAFingerprintThatIsNoSha256() {
        configuration.setCertificateFingerprint("ab:cd");

        assertThatThrownBy(configuration::validate)
                .hasMessageContaining("certificateFingerprint must be a SHA-256")
                .hasMessageContaining("'ab:cd'");
    }

    @Test
    void shouldTakeFingerprintsWithAndWithoutColons() {
        configuration.setCertificateFingerprint("AB".repeat(32));
        assertThatCode(configuration::validate).doesNotThrowAnyException();

        configuration.setCertificateFingerprint("ab:".repeat(31) + "ab");
        assertThatCode(configuration::validate).doesNotThrowAnyException();
    }

    @Test
    void shouldSplitUrls() {
        configuration.setUrls("http://a:9200, https://b");

        assertThat(configuration.connection().urls())
                .containsExactly(URI.create("http://a:9200"), URI.create("https://b"));
    }

    @Test
    void shouldKeepSecretsOutOfText() {
        configuration.setUsername("writer");
        configuration.setPassword("secret");
        assertThat(configuration.connection().toString())
                .contains("writer")
                .doesNotContain("secret");

        configuration.setUsername("");
        configuration.setPassword("");
        configuration.setApiKey("c2VjcmV0");
        assertThat(configuration.connection().toString()).doesNotContain("c2VjcmV0");
    }

    @Test
    void shouldGiveEqualConnectionsForEqualOptions() {
        assertThat(configuration.connection()).isEqualTo(configuration.copy().connection());
    }
}
