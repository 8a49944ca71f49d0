/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.testing.elasticsearch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * An Elasticsearch that a class of tests has to itself: it is empty when the class asks for a
 * {@link LocalElasticsearch} before all of its tests.
 *
 * <p>One server is behind it for all classes of this JVM, as a start costs more than most tests. A
 * class that changes how the server runs starts one of its own. Of a version for which the server
 * cannot be emptied each class gets a new one.
 */
public final class OwnElasticsearch implements ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(OwnElasticsearch.class);
    private static final Duration ANSWER = Duration.ofSeconds(60);

    @Override
    public boolean supportsParameter(
            final ParameterContext parameter, final ExtensionContext context) {
        return parameter.getParameter().getType() == LocalElasticsearch.class;
    }

    @Override
    public Object resolveParameter(
            final ParameterContext parameter, final ExtensionContext context) {
        final ExtensionContext.Store own = context.getStore(NAMESPACE);
        if (!EmptyingPlugin.fits(LocalElasticsearch.unpacked())) {
            return own.getOrComputeIfAbsent(
                    LocalElasticsearch.class, key -> anew(), LocalElasticsearch.class);
        }
        return own.getOrComputeIfAbsent(
                        Emptied.class, key -> new Emptied(running(context)), Emptied.class)
                .server();
    }

    private static LocalElasticsearch anew() {
        try {
            return LocalElasticsearch.started();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static LocalElasticsearch running(final ExtensionContext context) {
        final LocalElasticsearch server =
                context.getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE)
                        .getOrComputeIfAbsent(
                                Running.class, key -> Running.started(), Running.class)
                        .server();
        try {
            server.start();
            empty(server);
            return server;
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while Elasticsearch was emptied", e);
        }
    }

    /** Deletes what classes before have left, users before what they use. */
    private static void empty(final LocalElasticsearch server)
            throws IOException, InterruptedException {
        final HttpClient client = HttpClient.newHttpClient();
        for (final String all :
                new String[] {
                    EmptyingPlugin.PATH,
                    "/*,-.*,.ds-*?expand_wildcards=all",
                    "/_template/*",
                    "/_index_template/*",
                    "/_component_template/*",
                    "/_ingest/pipeline/*"
                }) {
            final HttpResponse<String> answer =
                    client.send(
                            HttpRequest.newBuilder(server.uri().resolve(all))
                                    .timeout(ANSWER)
                                    .DELETE()
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            // 404: there are none.
            if (answer.statusCode() != 200 && answer.statusCode() != 404) {
                throw new IOException(
                        "DELETE " + all + ": " + answer.statusCode() + " " + answer.body());
            }
        }
    }

    /** The server of this JVM, which ends with the session of its tests. */
    private record Running(ExtendedDistribution distribution, LocalElasticsearch server)
            implements AutoCloseable {

        static Running started() {
            try {
                final ExtendedDistribution distribution =
                        ExtendedDistribution.with(EmptyingPlugin.PLUGIN);
                try {
                    return new Running(
                            distribution,
                            LocalElasticsearch.started(
                                    distribution.home(),
                                    LocalElasticsearch.Options.defaults()
                                            .withJvmOptions("-XX:TieredStopAtLevel=1")
                                            // So that all indices can be deleted at once.
                                            .withSettings(
                                                    Map.of(
                                                            "action.destructive_requires_name",
                                                            "false"))));
                } catch (final IOException | RuntimeException e) {
                    distribution.close();
                    throw e;
                }
            } catch (final IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
            distribution.close();
        }
    }

    /** The server as a class of tests has got it. */
    private record Emptied(LocalElasticsearch server) {}
}
