/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.remote.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.serveflow.remote.EchoScorer;
import io.serveflow.remote.RemoteModel;
import io.serveflow.remote.protocol.GRPCInferenceServiceGrpc;
import io.serveflow.remote.protocol.GRPCInferenceServiceGrpc.GRPCInferenceServiceFutureStub;
import io.serveflow.remote.protocol.ModelInferRequest;
import io.serveflow.remote.protocol.ModelInferRequest.InferInputTensor;
import io.serveflow.remote.protocol.ModelInferResponse;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server with room for one large request, which waits a second for others to come beside it. */
class ReceivingRoomTest {

    private static final int ROW_BYTES = EchoScorer.COLUMNS * Float.BYTES;
    private static final int LARGE = 600_000 / ROW_BYTES;

    private final ReceivingRoom room = new ReceivingRoom(1_000_000);
    private InferenceServer server;
    private ManagedChannel channel;

    @BeforeEach
    void serve() throws Exception {
        final ServedModel model =
                new ServedModel(
                        new RemoteModel("echo", EchoScorer.COLUMNS, EchoScorer.CLASSES, "ab12"),
                        "1",
                        new EchoScorer());
        final Batcher batcher =
                new Batcher(
                        "echo",
                        model.scorer(),
                        new Batching(Batching.MOST_ROWS, Duration.ofSeconds(1), 200_000));
        server =
                InferenceServer.start(
                        new InetSocketAddress("127.0.0.1", 0),
                        InsecureServerCredentials.create(),
                        Models.of(Map.of("echo", new InferenceService.Served(model, batcher))),
                        room,
                        "test");
        channel =
                Grpc.newChannelBuilderForAddress(
                                "127.0.0.1", server.port(), InsecureChannelCredentials.create())
                        .build();
    }

    @AfterEach
    void close() {
        channel.shutdownNow();
        server.close();
    }

    @Test
    void shouldRefuseARequestThatDoesNotFitBesideAnotherAndServeThat() throws Exception {
        final ListenableFuture<ModelInferResponse> first = ask(LARGE);
        await().until(() -> room.bytes() >= LARGE * ROW_BYTES);

        assertThatThrownBy(() -> ask(LARGE).get())
                .hasMessageContaining("RESOURCE_EXHAUSTED: requests under way may take 1000000");

        assertThat(first.get().getOutputs(0).getShape(0)).isEqualTo(LARGE);
        assertThat(server.refusedUnread()).isOne();
    }

    @Test
    void shouldTakeRequestsAgainWhenThoseBeforeHaveEnded() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(ask(LARGE).get().getOutputs(0).getShape(0)).isEqualTo(LARGE);
            await().until(() -> room.bytes() == 0);
        }

        assertThat(server.refusedUnread()).isZero();
    }

    @Test
    void shouldGiveTheRoomOfARefusedRequestBack() {
        assertThatThrownBy(() -> ask(4 * LARGE).get()).hasMessageContaining("RESOURCE_EXHAUSTED");

        await().until(() -> room.bytes() == 0);
    }

    /** It could be a thousand times as large in memory as on the way. */
    @Test
    void shouldRefuseWhatIsCompressed() {
        assertThatThrownBy(
                        () ->
                                ask(
                                                GRPCInferenceServiceGrpc.newFutureStub(channel)
                                                        .withCompression("gzip"),
                                                10)
                                        .get())
                .hasMessageContaining("UNIMPLEMENTED");
    }

    private ListenableFuture<ModelInferResponse> ask(final int rows) {
        return ask(GRPCInferenceServiceGrpc.newFutureStub(channel), rows);
    }

    private static ListenableFuture<ModelInferResponse> ask(
            final GRPCInferenceServiceFutureStub client, final int rows) {
        return client.modelInfer(
                ModelInferRequest.newBuilder()
                        .setModelName("echo")
                        .addInputs(
                                InferInputTensor.newBuilder()
                                        .setName("x")
                                        .setDatatype("FP32")
                                        .addShape(rows)
                                        .addShape(EchoScorer.COLUMNS))
                        .addRawInputContents(ByteString.copyFrom(new byte[rows * ROW_BYTES]))
                        .build());
    }
}
