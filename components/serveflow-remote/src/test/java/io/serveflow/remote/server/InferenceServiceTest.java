/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.remote.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.serveflow.model.TierScorer;
import io.serveflow.remote.RemoteModel;
import io.serveflow.remote.protocol.GRPCInferenceServiceGrpc;
import io.serveflow.remote.protocol.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import io.serveflow.remote.protocol.ServerReadyRequest;
import java.net.InetSocketAddress;
import java.nio.FloatBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a service says of itself. */
class InferenceServiceTest {

    @Test
    void shouldBeReadyAsLongAsEveryModelIsScored() throws Exception {
        final ServedModel model =
                new ServedModel(new RemoteModel("none", 1, 1, ""), "1", new NeverAsked());
        final Batcher batcher = new Batcher("none", model.scorer(), Batching.defaults());
        final Server server =
                NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                        .addService(
                                new InferenceService(
                                        Map.of("none", new InferenceService.Served(model, batcher)),
                                        "test"))
                        .build()
                        .start();
        final ManagedChannel channel =
                NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                        .usePlaintext()
                        .build();
        try {
            final GRPCInferenceServiceBlockingStub client =
                    GRPCInferenceServiceGrpc.newBlockingStub(channel);
            assertThat(client.serverReady(ServerReadyRequest.getDefaultInstance()).getReady())
                    .isTrue();

            batcher.close();

            assertThat(client.serverReady(ServerReadyRequest.getDefaultInstance()).getReady())
                    .isFalse();
        } finally {
            channel.shutdownNow();
            server.shutdownNow();
        }
    }

    private static final class NeverAsked implements TierScorer {

        @Override
        public int columns() {
            return 1;
        }

        @Override
        public int classes() {
            return 1;
        }

        @Override
        public int rows() {
            return 1;
        }

        @Override
        public void score(
                final int n,
                final FloatBuffer features,
                final FloatBuffer probabilities,
                final End end) {
            throw new AssertionError("nobody asks");
        }

        @Override
        public void close() {}
    }
}
