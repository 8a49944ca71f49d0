/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.remote.server;

import io.grpc.DecompressorRegistry;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.serveflow.remote.RemoteModel;
import io.serveflow.remote.TlsFileException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Serves tiers to others by the Open Inference Protocol v2 over gRPC. */
public final class InferenceServer implements AutoCloseable {

    private static final long STOP_SECONDS = 5;

    /** What requests may take of the memory that the JVM may have. */
    private static final int ROOM_SHARE = 2;

    private final Server server;
    private final int port;
    private final Models models;
    private final ReceivingRoom room;

    private InferenceServer(final Server server, final Models models, final ReceivingRoom room) {
        this.server = server;
        this.port = server.getPort();
        this.models = models;
        this.room = room;
    }

    /**
     * Starts to serve, without protection: bind it to where only the right ones come.
     *
     * @param address where it listens; port 0 takes a free one
     * @param version what it states of itself
     * @throws IOException if it cannot listen there
     */
    public static InferenceServer start(
            final InetSocketAddress address,
            final List<ServedModel> models,
            final Batching batching,
            final String version)
            throws IOException {
        return start(address, InsecureServerCredentials.create(), models, batching, version);
    }

    /**
     * The same with certificates.
     *
     * @throws IOException if it cannot listen there, or a certificate or key cannot be used
     */
    public static InferenceServer start(
            final InetSocketAddress address,
            final ServerTls tls,
            final List<ServedModel> models,
            final Batching batching,
            final String version)
            throws IOException {
        try {
            return start(address, tls.credentials(), models, batching, version);
        } catch (final IllegalArgumentException e) {
            throw unusable(tls, e);
        }
    }

    /**
     * Starts to serve the tiers of bundles that may be replaced.
     *
     * @param address where it listens; port 0 takes a free one
     * @param tls empty for no protection
     * @param bundles closed with the server
     * @param version what it states of itself
     * @throws IOException if it cannot listen there, or a certificate or key cannot be used
     */
    public static InferenceServer start(
            final InetSocketAddress address,
            final Optional<ServerTls> tls,
            final List<ServedBundle> bundles,
            final String version)
            throws IOException {
        final Models models = Models.of(bundles);
        final Set<String> names = new HashSet<>();
        for (final String name : models.names()) {
            requireNew(names, name);
        }
        if (tls.isEmpty()) {
            return start(address, InsecureServerCredentials.create(), models, version);
        }
        try {
            return start(address, tls.get().credentials(), models, version);
        } catch (final IllegalArgumentException e) {
            throw unusable(tls.get(), e);
        }
    }

    private static IOException unusable(final ServerTls tls, final IllegalArgumentException e) {
        return new TlsFileException(
                "certificate "
                        + tls.chain()
                        + " with key "
                        + tls.key()
                        + tls.clients().map(clients -> " and clients " + clients).orElse("")
                        + " cannot be used: "
                        + (e.getCause() == null ? e : e.getCause()).getMessage(),
                e);
    }

    private static void requireNew(final Set<String> names, final String name) {
        if (!names.add(name)) {
            throw new IllegalArgumentException("two models have the name " + name);
        }
    }

    private static InferenceServer start(
            final InetSocketAddress address,
            final ServerCredentials credentials,
            final List<ServedModel> models,
            final Batching batching,
            final String version)
            throws IOException {
        final Map<String, InferenceService.Served> served = new LinkedHashMap<>();
        final Set<String> names = new HashSet<>();
        try {
            for (final ServedModel model : models) {
                final String name = model.model().name();
                requireNew(names, name);
                served.put(
                        name,
                        new InferenceService.Served(
                                model, new Batcher(name, model.scorer(), batching)));
            }
            return start(address, credentials, Models.of(served), version);
        } catch (final IOException | RuntimeException e) {
            served.values().forEach(each -> each.batcher().close());
            throw e;
        }
    }

    private static InferenceServer start(
            final InetSocketAddress address,
            final ServerCredentials credentials,
            final Models models,
            final String version)
            throws IOException {
        return start(
                address,
                credentials,
                models,
                new ReceivingRoom(Runtime.getRuntime().maxMemory() / ROOM_SHARE),
                version);
    }

    static InferenceServer start(
            final InetSocketAddress address,
            final ServerCredentials credentials,
            final Models models,
            final ReceivingRoom room,
            final String version)
            throws IOException {
        final Server server =
                NettyServerBuilder.forAddress(address, credentials)
                        .addService(new InferenceService(models, version))
                        .maxInboundMessageSize(RemoteModel.MOST_BYTES)
                        // What is compressed takes more memory than the bytes that come in.
                        .decompressorRegistry(DecompressorRegistry.emptyInstance())
                        .addStreamTracerFactory(room)
                        .intercept(room)
                        .build()
                        .start();
        return new InferenceServer(server, models, room);
    }

    /** How many requests were refused while they came in, as there was no memory for them. */
    public long refusedUnread() {
        return room.refused();
    }

    /** Whether it takes requests, and each model is scored. */
    public boolean isReady() {
        return !server.isShutdown() && models.isReady();
    }

    /** The port that it listens at, or did. */
    public int port() {
        return port;
    }

    /**
     * What has been done with a model so far.
     *
     * @throws IllegalArgumentException if it is not served
     */
    public ServedCounts counts(final String name) {
        return models.counts(name)
                .orElseThrow(() -> new IllegalArgumentException("there is no model " + name));
    }

    /**
     * Takes no request any more, answers those that it has, and ends. After five seconds it gives
     * requests up; then no scorer is used any more, unless the log says that one has not ended.
     */
    @Override
    public void close() {
        server.shutdown();
        try {
            if (!server.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                server.shutdownNow();
            }
        } catch (final InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        } finally {
            models.close();
        }
    }
}
