/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import org.elasticsearch.client.RestClient;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One Elasticsearch with the templates installed, for all tests in a JVM that ask for a {@link
 * LocalElasticsearch}. Before each of them it runs with its usual settings.
 *
 * <p>It takes requests of at most {@value #MAX_REQUEST_MEGABYTES} MB, so that one can be too large.
 */
final class SharedElasticsearch implements ParameterResolver, BeforeEachCallback {

    static final int MAX_REQUEST_MEGABYTES = 1;

    /** A server that starts in half the time, as one that lives for seconds should. */
    static final LocalElasticsearch.Options OPTIONS =
            LocalElasticsearch.Options.defaults().withJvmOptions("-XX:TieredStopAtLevel=1");

    private static final Namespace NAMESPACE = Namespace.create(SharedElasticsearch.class);

    /** The unpacked distribution. */
    static Path home() {
        return Path.of(System.getProperty("serveflow.elasticsearch.home"));
    }

    @Override
    public void beforeEach(final ExtensionContext context) throws IOException {
        server(context).start();
    }

    @Override
    public boolean supportsParameter(
            final ParameterContext parameter, final ExtensionContext context) {
        return parameter.getParameter().getType() == LocalElasticsearch.class;
    }

    @Override
    public Object resolveParameter(
            final ParameterContext parameter, final ExtensionContext context) {
        return server(context);
    }

    private static LocalElasticsearch server(final ExtensionContext context) {
        return context.getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE)
                .getOrComputeIfAbsent(
                        LocalElasticsearch.class, key -> start(), LocalElasticsearch.class);
    }

    static void installTemplates(final LocalElasticsearch server) throws IOException {
        try (RestClient client = ElasticConnection.to(server.uri()).open()) {
            new TemplateInstaller(client).install(false);
        }
    }

    private static LocalElasticsearch start() {
        try {
            final LocalElasticsearch server =
                    LocalElasticsearch.started(
                            home(),
                            OPTIONS.withSettings(
                                    Map.of(
                                            "http.max_content_length",
                                            MAX_REQUEST_MEGABYTES + "mb")));
            installTemplates(server);
            return server;
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
