/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.serveflow.camel.elastic.ElasticConnection.Credentials;
import io.serveflow.camel.elastic.ElasticConnection.Trust;
import io.serveflow.ledger.Ledger.Entry;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.http.util.EntityUtils;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.RestClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real server with TLS, users and least privilege, from a distribution in a directory that only
 * its owner may enter.
 */
@Timeout(120)
class SecuredElasticsearchTest {

    private static final String STREAM = "logs-serveflow-so";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PASSWORD = "correct horse";
    private static final Credentials WRITER = new Credentials.User("writer", PASSWORD);
    private static final Credentials READER = new Credentials.User("reader", PASSWORD);
    private static final Credentials ADMIN = new Credentials.User("admin", PASSWORD);

    @TempDir private static Path directory;

    private static LocalElasticsearch server;
    private static Path caCertificate;
    private static String fingerprint;

    @BeforeAll
    static void startServer() throws Exception {
        final Path home = directory.resolve("elasticsearch");
        copy(SharedElasticsearch.home(), home);
        final Path config = home.resolve("config");
        makeCertificate(config);
        Files.writeString(
                config.resolve("roles.yml"),
                """
                serveflow_writer:
                  cluster: [monitor]
                  indices:
                    - names: ['logs-serveflow-*']
                      privileges: [create_doc, auto_configure]
                serveflow_reader:
                  cluster: [monitor]
                  indices:
                    - names: ['logs-serveflow-*']
                      privileges: [create_doc, auto_configure, read]
                """);
        addUser(home, "writer", "serveflow_writer");
        addUser(home, "reader", "serveflow_reader");
        addUser(home, "admin", "superuser");
        server =
                LocalElasticsearch.started(
                        home,
                        SharedElasticsearch.OPTIONS.withSettings(
                                Map.of(
                                        "resource.reload.interval.high", "200ms",
                                        "xpack.security.enabled", "true",
                                        "xpack.security.autoconfiguration.enabled", "false",
                                        "xpack.security.http.ssl.enabled", "true",
                                        "xpack.security.http.ssl.key", "http.key",
                                        "xpack.security.http.ssl.certificate", "http.crt")));
        try (RestClient client = connection(ADMIN, trustCa()).open()) {
            new TemplateInstaller(client).install(false);
        }
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void shouldIndexAsAUserWhoMayOnlyCreate() throws IOException {
        try (IndexFixture fixture = new IndexFixture(connection(WRITER, trustCa()), STREAM)) {
            fixture.index.index(SampleDocuments.documents(0, 10)).join();
            fixture.index.index(SampleDocuments.documents(0, 10)).join();

            assertThat(fixture.ledger.total(Entry.DUPLICATES)).isEqualTo(10);
            assertThat(count(STREAM)).isEqualTo(10);
        }
    }

    @Test
    void shouldNotDuplicateAcrossARolloverAsAUserWhoMayAlsoRead() throws IOException {
        final String stream = "logs-serveflow-roll";
        try (IndexFixture fixture = new IndexFixture(connection(READER, trustCa()), stream)) {
            fixture.index.index(SampleDocuments.documents(0, 10)).join();
        }
        try (RestClient client = connection(ADMIN, trustCa()).open()) {
            client.performRequest(new Request("POST", "/" + stream + "/_rollover"));
        }
        try (IndexFixture fixture = new IndexFixture(connection(READER, trustCa()), stream)) {
            fixture.index.index(SampleDocuments.documents(0, 15)).join();

            assertThat(fixture.ledger.total(Entry.DUPLICATES)).isEqualTo(10);
            assertThat(count(stream)).isEqualTo(15);
        }
    }

    @Test
    void shouldTrustACertificateByItsFingerprint() throws IOException {
        try (IndexFixture fixture =
                new IndexFixture(connection(WRITER, new Trust.Fingerprint(fingerprint)), STREAM)) {
            fixture.index.index(SampleDocuments.documents(0, 1)).join();

            assertThat(fixture.ledger.total(Entry.INDEXED)).isEqualTo(1);
        }
    }

    @Test
    void shouldHoldOnACertificateWithAnotherFingerprint() throws IOException {
        try (IndexFixture fixture =
                new IndexFixture(
                        connection(WRITER, new Trust.Fingerprint("00".repeat(32))), STREAM)) {
            fixture.index.index(SampleDocuments.documents(0, 1));

            awaitTrouble(
                    fixture,
                    "has a certificate that is not trusted",
                    "set caCertificate or certificateFingerprint");
        }
    }

    @Test
    void shouldHoldOnACertificateThatTheJdkDoesNotTrust() throws IOException {
        try (IndexFixture fixture =
                new IndexFixture(connection(WRITER, new Trust.System()), STREAM)) {
            fixture.index.index(SampleDocuments.documents(0, 1));

            awaitTrouble(fixture, "has a certificate that is not trusted");
        }
    }

    @Test
    void shouldSayThatTheServerHasTls() throws IOException {
        final URI plain = URI.create(server.uri().toString().replace("https:", "http:"));
        try (IndexFixture fixture = new IndexFixture(ElasticConnection.to(plain), STREAM)) {
            fixture.index.index(SampleDocuments.documents(0, 1));

            awaitTrouble(fixture, "where it has TLS, urls begin with https://");
            assertThat(fixture.deadLetters).isEmpty();
        }
    }

    @Test
    void shouldHoldOnAWrongPassword() throws IOException {
        try (IndexFixture fixture =
                new IndexFixture(
                        connection(new Credentials.User("writer", "wrong"), trustCa()), STREAM)) {
            fixture.index.index(SampleDocuments.documents(0, 1));

            awaitTrouble(fixture, "check username and password", "401");
            assertThat(fixture.deadLetters).isEmpty();
        }
    }

    @Test
    void shouldHoldWhatTheUserMayNotCreate() throws IOException {
        try (IndexFixture fixture =
                new IndexFixture(connection(WRITER, trustCa()), "logs-other-so")) {
            fixture.index.index(SampleDocuments.documents(0, 1));

            awaitTrouble(
                    fixture,
                    "does not let the user or API key create documents in logs-other-so",
                    "grant create_doc");
            assertThat(fixture.deadLetters).isEmpty();
        }
    }

    @Test
    void shouldHoldWhileRightsAreTakenAway() throws IOException {
        final String stream = "logs-serveflow-rights";
        final Path roles = server.configuration().resolve("roles.yml");
        final String granted = Files.readString(roles);
        try (IndexFixture fixture = new IndexFixture(connection(WRITER, trustCa()), stream)) {
            fixture.index.index(SampleDocuments.documents(0, 20)).join();
            final CompletableFuture<Void> end;
            try {
                Files.writeString(roles, granted.replace("[create_doc, auto_configure]", "[read]"));
                await().atMost(PATIENCE)
                        .until(() -> !mayCreate(fixture, SampleDocuments.documents(0, 1)));

                end = fixture.index.index(SampleDocuments.documents(20, 50));

                awaitTrouble(fixture, "grant create_doc and auto_configure", "403");
                assertThat(end).isNotDone();
                assertThat(fixture.deadLetters).isEmpty();
            } finally {
                Files.writeString(roles, granted);
            }
            end.join();
            assertThat(count(stream)).isEqualTo(50);
            assertThat(fixture.index.trouble()).isEmpty();
        }
    }

    @Test
    void shouldHoldWhileTheUserIsGone() throws IOException {
        final String stream = "logs-serveflow-gone";
        final Path users = server.configuration().resolve("users");
        final String known = Files.readString(users);
        try (IndexFixture fixture = new IndexFixture(connection(WRITER, trustCa()), stream)) {
            fixture.index.index(SampleDocuments.documents(0, 20)).join();
            final CompletableFuture<Void> end;
            try {
                Files.writeString(users, known.replace("writer:", "someone:"));
                await().atMost(PATIENCE)
                        .until(() -> !mayCreate(fixture, SampleDocuments.documents(0, 1)));

                end = fixture.index.index(SampleDocuments.documents(20, 50));

                awaitTrouble(fixture, "check username and password", "401");
                assertThat(end).isNotDone();
                assertThat(fixture.deadLetters).isEmpty();
            } finally {
                Files.writeString(users, known);
            }
            end.join();
            assertThat(count(stream)).isEqualTo(50);
            assertThat(fixture.index.trouble()).isEmpty();
        }
    }

    /** Whether documents that are there already are taken at the first try. */
    private static boolean mayCreate(
            final IndexFixture fixture, final List<IndexDocument> documents) {
        final long retried = fixture.ledger.total(Entry.RETRIED);
        final CompletableFuture<Void> end = fixture.index.index(documents);
        await().atMost(PATIENCE)
                .until(() -> end.isDone() || fixture.ledger.total(Entry.RETRIED) > retried);
        return fixture.ledger.total(Entry.RETRIED) == retried;
    }

    private static void awaitTrouble(final IndexFixture fixture, final String... sentence) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(fixture.index.trouble().orElse("")).contains(sentence));
    }

    @Test
    void shouldSayWhichPrivilegesTheInstallerNeeds() throws IOException {
        try (RestClient client = connection(WRITER, trustCa()).open()) {
            // A template that is not there, so that it is to be put there.
            assertThatThrownBy(
                            () ->
                                    new TemplateInstaller(client, IndexProfile.MALCOLM)
                                            .install(false))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("answered 403")
                    .hasMessageContaining("manage_index_templates");
        }
    }

    @Test
    void shouldNameACertificateFileThatIsNone() throws IOException {
        final Path file = Files.writeString(directory.resolve("no.crt"), "nothing");
        final ElasticConnection connection = connection(WRITER, new Trust.CaCertificate(file));

        assertThatThrownBy(connection::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("caCertificate " + file + " holds no certificate");
    }

    @Test
    void shouldTakeTheOlderNameOfACertificate() throws IOException {
        final Path older =
                Files.writeString(
                        directory.resolve("older.crt"),
                        Files.readString(caCertificate)
                                .replace("BEGIN CERTIFICATE", "BEGIN X509 CERTIFICATE")
                                .replace("END CERTIFICATE", "END X509 CERTIFICATE"));
        try (RestClient client = connection(WRITER, new Trust.CaCertificate(older)).open()) {
            assertThat(
                            client.performRequest(new Request("GET", "/_cluster/health"))
                                    .getStatusLine()
                                    .getStatusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void shouldSayHowToMakeACertificateOfWhatOpenSslAloneReads() throws IOException {
        // With an empty list of uses behind the certificate.
        final byte[] certificate =
                Base64.getMimeDecoder()
                        .decode(
                                Files.readString(caCertificate)
                                        .replaceAll("-----[A-Z ]+-----", ""));
        final byte[] withUses = Arrays.copyOf(certificate, certificate.length + 2);
        withUses[certificate.length] = 0x30;
        final Path file =
                Files.writeString(
                        directory.resolve("trusted.crt"),
                        "-----BEGIN TRUSTED CERTIFICATE-----\n"
                                + Base64.getMimeEncoder().encodeToString(withUses)
                                + "\n-----END TRUSTED CERTIFICATE-----\n");

        assertThatThrownBy(connection(WRITER, new Trust.CaCertificate(file))::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has -----BEGIN TRUSTED CERTIFICATE-----")
                .hasMessageContaining("openssl x509 -in OLD -out NEW");
    }

    private static Trust trustCa() {
        return new Trust.CaCertificate(caCertificate);
    }

    private static ElasticConnection connection(final Credentials credentials, final Trust trust) {
        return new ElasticConnection(
                List.of(server.uri()), credentials, trust, 5_000, 60_000, false);
    }

    private static long count(final String stream) throws IOException {
        try (RestClient client = connection(ADMIN, trustCa()).open()) {
            client.performRequest(new Request("POST", "/" + stream + "/_refresh"));
            final Request request = new Request("GET", "/" + stream + "/_count");
            return new ObjectMapper()
                    .readTree(EntityUtils.toByteArray(client.performRequest(request).getEntity()))
                    .path("count")
                    .asLong();
        }
    }

    private static void copy(final Path from, final Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (final Path file : files.toList()) {
                Files.copy(
                        file,
                        to.resolve(from.relativize(file).toString()),
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static void addUser(final Path home, final String name, final String role)
            throws Exception {
        final ProcessBuilder builder =
                new ProcessBuilder(
                        home.resolve("bin/elasticsearch-users").toString(),
                        "useradd",
                        name,
                        "-p",
                        PASSWORD,
                        "-r",
                        role);
        builder.environment().put("ES_JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("CLI_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
        run(builder);
    }

    /** A self-signed certificate for 127.0.0.1 as the server wants it, and as clients do. */
    private static void makeCertificate(final Path config) throws Exception {
        final Path store = directory.resolve("http.p12");
        run(
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                        "-genkeypair",
                        "-keystore",
                        store.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "secret",
                        "-alias",
                        "http",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=serveflow-test",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-ext",
                        "bc:c"));
        final KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "secret".toCharArray());
        }
        final Certificate certificate = keys.getCertificate("http");
        final byte[] encoded = certificate.getEncoded();
        caCertificate = config.resolve("http.crt");
        Files.writeString(caCertificate, pem("CERTIFICATE", encoded));
        Files.writeString(
                config.resolve("http.key"),
                pem("PRIVATE KEY", keys.getKey("http", "secret".toCharArray()).getEncoded()));
        fingerprint =
                HexFormat.ofDelimiter(":")
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(encoded));
    }

    private static String pem(final String kind, final byte[] der) {
        return "-----BEGIN "
                + kind
                + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END "
                + kind
                + "-----\n";
    }

    private static void run(final ProcessBuilder builder) throws Exception {
        final Process process = builder.redirectErrorStream(true).start();
        final String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(output).isZero();
    }
}
