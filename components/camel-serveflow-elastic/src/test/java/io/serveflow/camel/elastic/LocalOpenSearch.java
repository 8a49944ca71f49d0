/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.http.HttpServerTransport;
import org.opensearch.node.Node;
import org.opensearch.node.NodeValidationException;
import org.opensearch.transport.Netty4Plugin;

/** A real OpenSearch of one node, inside this JVM, without security. */
final class LocalOpenSearch implements AutoCloseable {

    private final HttpClient http = HttpClient.newHttpClient();
    private final OneNode node;
    private final URI uri;

    /** What runs it has the plugins of its class path alone. */
    private static final class OneNode extends Node {

        private OneNode(final Settings settings, final Path config) {
            super(new Environment(settings, config), List.of(Netty4Plugin.class), false);
        }

        private int port() {
            return injector()
                    .getInstance(HttpServerTransport.class)
                    .boundAddress()
                    .publishAddress()
                    .getPort();
        }
    }

    private LocalOpenSearch(final OneNode node) throws NodeValidationException {
        this.node = node;
        node.start();
        uri = URI.create("http://127.0.0.1:" + node.port());
    }

    /**
     * Starts one.
     *
     * @param home an empty folder of its own
     */
    static LocalOpenSearch started(final Path home) throws IOException, NodeValidationException {
        final Settings settings =
                Settings.builder()
                        .put("path.home", home)
                        .put("node.name", "one")
                        .put("network.host", "127.0.0.1")
                        .put("http.port", "0")
                        .put("transport.port", "0")
                        .put("transport.type", "netty4")
                        .put("http.type", "netty4")
                        .put("discovery.type", "single-node")
                        .put("cluster.routing.allocation.disk.threshold_enabled", false)
                        .build();
        return new LocalOpenSearch(
                new OneNode(settings, Files.createDirectories(home.resolve("config"))));
    }

    URI uri() {
        return uri;
    }

    /** What it answers. */
    JsonNode ask(final String method, final String path, final String json)
            throws IOException, InterruptedException {
        return new JsonMapper()
                .readTree(
                        http.send(
                                        HttpRequest.newBuilder(uri.resolve(path))
                                                .header("Content-Type", "application/json")
                                                .method(
                                                        method,
                                                        json.isEmpty()
                                                                ? HttpRequest.BodyPublishers
                                                                        .noBody()
                                                                : HttpRequest.BodyPublishers
                                                                        .ofString(json))
                                                .build(),
                                        HttpResponse.BodyHandlers.ofString())
                                .body());
    }

    /** The documents that a query finds, with their indices and ids. */
    JsonNode hits(final String indices, final String query)
            throws IOException, InterruptedException {
        ask("POST", "/" + indices + "/_refresh", "");
        return ask("GET", "/" + indices + "/_search?size=1000&q=" + query, "").at("/hits/hits");
    }

    @Override
    public void close() throws IOException {
        node.close();
    }
}
