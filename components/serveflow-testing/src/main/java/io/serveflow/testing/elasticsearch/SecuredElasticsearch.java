/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.testing.elasticsearch;

import io.serveflow.testing.tls.Certificate;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A {@link LocalElasticsearch} with TLS, users, and roles and API keys of its own, until it is
 * closed.
 *
 * <p>Its users, all with {@link #PASSWORD}: {@code admin}, who may do everything; {@code keeper},
 * who may keep templates and nobody's rights; and {@code guest}, who may look at the cluster. Its
 * certificate is for 127.0.0.1 and no name.
 */
public final class SecuredElasticsearch implements AutoCloseable {

    /** The password of each user. */
    public static final String PASSWORD = "correct horse";

    private static final String HASH =
            "$2a$10$NGI4HoyKmaojX1dLBnLd6u2ZN/RLdUL3CGv2ypUt8Ed.mNNqxJ5aq";

    private final ExtendedDistribution distribution;
    private final Certificate certificate;
    private final LocalElasticsearch server;

    private SecuredElasticsearch(
            final ExtendedDistribution distribution,
            final Certificate certificate,
            final LocalElasticsearch server) {
        this.distribution = distribution;
        this.certificate = certificate;
        this.server = server;
    }

    /** One of the distribution that the build has unpacked. */
    public static SecuredElasticsearch started() throws Exception {
        final ExtendedDistribution distribution =
                ExtendedDistribution.with(SecurityIndexPlugin.PLUGIN);
        try {
            final Path home = distribution.home();
            final Path config = home.resolve("config");
            final Certificate certificate =
                    Certificate.valid(Files.createDirectory(distribution.folder().resolve("tls")));
            Files.copy(certificate.chain(), config.resolve("http.crt"));
            Files.copy(certificate.key(), config.resolve("http.key"));
            writeUsers(config);
            final LocalElasticsearch server =
                    LocalElasticsearch.started(
                            home,
                            LocalElasticsearch.Options.defaults()
                                    .withJvmOptions("-XX:TieredStopAtLevel=1")
                                    .withSettings(
                                            Map.of(
                                                    "resource.reload.interval.high", "200ms",
                                                    "xpack.security.enabled", "true",
                                                    "xpack.security.autoconfiguration.enabled",
                                                            "false",
                                                    "xpack.security.http.ssl.enabled", "true",
                                                    "xpack.security.http.ssl.key", "http.key",
                                                    "xpack.security.http.ssl.certificate",
                                                            "http.crt")));
            return new SecuredElasticsearch(distribution, certificate, server);
        } catch (final Exception e) {
            distribution.close();
            throw e;
        }
    }

    private static void writeUsers(final Path config) throws IOException {
        Files.writeString(
                config.resolve("users"), "admin:%1$s%nkeeper:%1$s%nguest:%1$s%n".formatted(HASH));
        Files.writeString(
                config.resolve("users_roles"), "superuser:admin\nkeeper:keeper\nguest:guest\n");
        Files.writeString(
                config.resolve("roles.yml"),
                """
                keeper:
                  cluster: [monitor, manage_index_templates, manage_ilm, manage_ingest_pipelines]
                guest:
                  cluster: [monitor]
                """);
    }

    /** Its address, which begins with https. */
    public URI uri() {
        return server.uri();
    }

    /** The certificate of the authority that signed the one that it has. */
    public Path authority() {
        return certificate.authority();
    }

    /** The private key of its certificate. */
    public Path privateKey() {
        return certificate.key();
    }

    /** Has it serve another certificate, which it does within a second. */
    public void serve(final Certificate other) throws IOException {
        replace(other.key(), "http.key");
        replace(other.chain(), "http.crt");
    }

    /** Has it serve the certificate that it was started with. */
    public void serveOwnCertificate() throws IOException {
        serve(certificate);
    }

    private void replace(final Path from, final String name) throws IOException {
        // In place, so that whoever may read the file before still may.
        Files.write(server.configuration().resolve(name), Files.readAllBytes(from));
    }

    @Override
    public void close() throws IOException {
        server.close();
        distribution.close();
    }
}
