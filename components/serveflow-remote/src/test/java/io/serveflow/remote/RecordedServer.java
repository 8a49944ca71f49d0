/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.remote;

import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.serveflow.remote.client.RemoteOptions.Address;
import io.serveflow.remote.protocol.GRPCInferenceServiceGrpc;
import io.serveflow.remote.protocol.ModelInferRequest;
import io.serveflow.remote.protocol.ModelInferResponse;
import io.serveflow.remote.protocol.ModelMetadataRequest;
import io.serveflow.remote.protocol.ModelMetadataResponse;
import io.serveflow.remote.protocol.ModelReadyRequest;
import io.serveflow.remote.protocol.ModelReadyResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that answers as one of another make does, by its exchanges in a file. */
final class RecordedServer implements AutoCloseable {

    private static final String HOST = "127.0.0.1";
    private static final String USUAL = "";

    final AtomicInteger askedWhetherReady = new AtomicInteger();
    final List<ModelInferRequest> requests = new CopyOnWriteArrayList<>();

    private final Map<String, String> exchanges;
    private final Server server;
    private volatile String now = USUAL;

    private RecordedServer(final Map<String, String> exchanges) throws IOException {
        this.exchanges = exchanges;
        server =
                NettyServerBuilder.forAddress(new InetSocketAddress(HOST, 0))
                        .addService(new Service())
                        .build()
                        .start();
    }

    /**
     * Starts one.
     *
     * @param name of the file with its exchanges
     */
    static RecordedServer of(final String name) throws IOException {
        try (InputStream in =
                RecordedServer.class.getResourceAsStream("exchanges/" + name + ".txt")) {
            return new RecordedServer(
                    exchanges(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        }
    }

    private static Map<String, String> exchanges(final String text) {
        final Map<String, String> exchanges = new HashMap<>();
        for (final String exchange : text.split("(?m)^== ")) {
            final String[] parts = exchange.split("\n", 2);
            exchanges.put(parts[0], parts[1].strip());
        }
        return exchanges;
    }

    Address address() {
        return new Address(HOST, server.getPort());
    }

    /** Answers as in a case from now on, where there is an answer of its own for it. */
    void inCase(final String what) {
        if (exchanges.keySet().stream().noneMatch(exchange -> exchange.endsWith(": " + what))) {
            throw new IllegalArgumentException("there is no case " + what);
        }
        now = what;
    }

    void asUsual() {
        now = USUAL;
    }

    private <T extends Message> void answer(
            final String call, final Class<T> type, final StreamObserver<T> to) {
        final String usual = exchanges.get(call);
        final String exchange = exchanges.getOrDefault(call + ": " + now, usual);
        if (exchange.startsWith("! ")) {
            // Comments may follow, which are those of the next exchange.
            final String[] words = exchange.lines().findFirst().orElseThrow().split(" ", 3);
            to.onError(
                    Status.fromCode(Status.Code.valueOf(words[1]))
                            .withDescription(words[2])
                            .asRuntimeException());
            return;
        }
        try {
            to.onNext(TextFormat.parse(exchange, type));
            to.onCompleted();
        } catch (final TextFormat.ParseException e) {
            throw new IllegalStateException(call, e);
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private final class Service extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase {

        @Override
        public void modelReady(
                final ModelReadyRequest request, final StreamObserver<ModelReadyResponse> to) {
            askedWhetherReady.incrementAndGet();
            answer("ModelReady", ModelReadyResponse.class, to);
        }

        @Override
        public void modelMetadata(
                final ModelMetadataRequest request,
                final StreamObserver<ModelMetadataResponse> to) {
            answer("ModelMetadata", ModelMetadataResponse.class, to);
        }

        @Override
        public void modelInfer(
                final ModelInferRequest request, final StreamObserver<ModelInferResponse> to) {
            requests.add(request);
            answer("ModelInfer", ModelInferResponse.class, to);
        }
    }
}
