/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.serveflow.remote.protocol.GRPCInferenceServiceGrpc;
import io.serveflow.remote.protocol.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import io.serveflow.remote.protocol.InferTensorContents;
import io.serveflow.remote.protocol.ModelInferRequest;
import io.serveflow.remote.protocol.ModelInferRequest.InferInputTensor;
import io.serveflow.remote.protocol.ModelInferRequest.InferRequestedOutputTensor;
import io.serveflow.remote.protocol.ModelInferResponse;
import io.serveflow.remote.server.Batching;
import io.serveflow.remote.server.InferenceServer;
import io.serveflow.remote.server.ServedModel;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a server says to requests that our own client does not send. */
class RequestsOfOthersTest {

    private static final RemoteModel MODEL =
            new RemoteModel("echo", EchoScorer.COLUMNS, EchoScorer.CLASSES, "ab12");
    private static final int MOST_ROWS = 8;
    private static final int MOST_WAITING = 20;

    private static InferenceServer server;
    private static ManagedChannel channel;
    private static GRPCInferenceServiceBlockingStub client;

    @BeforeAll
    static void serve() throws Exception {
        server =
                InferenceServer.start(
                        new InetSocketAddress("127.0.0.1", 0),
                        List.of(new ServedModel(MODEL, "1", new EchoScorer())),
                        new Batching(MOST_ROWS, Duration.ZERO, MOST_WAITING),
                        "test");
        channel =
                Grpc.newChannelBuilderForAddress(
                                "127.0.0.1", server.port(), InsecureChannelCredentials.create())
                        .build();
        client = GRPCInferenceServiceGrpc.newBlockingStub(channel);
    }

    @AfterAll
    static void close() {
        channel.shutdownNow();
        server.close();
    }

    @ParameterizedTest
    @MethodSource("refused")
    void shouldRefuseARequestAndSayWhatIsWrong(
            final String why, final Consumer<ModelInferRequest.Builder> change) {
        final ModelInferRequest.Builder request = request(1);
        change.accept(request);

        assertThatThrownBy(() -> client.modelInfer(request.build())).hasMessage(why);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                refused(
                        "INVALID_ARGUMENT: x must have the shape [1 to 20, 3], has [0, 3]",
                        request -> request.setInputs(0, input(0, 3))),
                refused(
                        "INVALID_ARGUMENT: x must have the shape [1 to 20, 3], has [21, 3]",
                        request -> request.setInputs(0, input(21, 3))),
                refused(
                        "INVALID_ARGUMENT: x must have the shape [1 to 20, 3], has [-1, 3]",
                        request -> request.setInputs(0, input(-1, 3))),
                refused(
                        "INVALID_ARGUMENT: x must have the shape [1 to 20, 3], has [4294967297, 3]",
                        request -> request.setInputs(0, input((1L << 32) + 1, 3))),
                refused(
                        "INVALID_ARGUMENT: x must have the shape [1 to 20, 3], has [1, 4]",
                        request -> request.setInputs(0, input(1, 4))),
                refused(
                        "INVALID_ARGUMENT: x must have the shape [1 to 20, 3], has [3]",
                        request -> request.setInputs(0, input(3))),
                refused(
                        "INVALID_ARGUMENT: x must be FP32, is INT64",
                        request -> request.setInputs(0, input(1, 3).setDatatype("INT64"))),
                refused(
                        "INVALID_ARGUMENT: the input must be called x, is called y",
                        request -> request.setInputs(0, input(1, 3).setName("y"))),
                refused(
                        "INVALID_ARGUMENT: there must be one input, x; there were 0",
                        ModelInferRequest.Builder::clearInputs),
                refused(
                        "INVALID_ARGUMENT: there must be one input, x; there were 2",
                        request -> request.addInputs(input(1, 3))),
                refused(
                        "INVALID_ARGUMENT: x must have 12 bytes by its shape, has 11",
                        request -> request.setRawInputContents(0, bytes(11))),
                refused(
                        "INVALID_ARGUMENT: raw_input_contents must be of one input, are of 2",
                        request -> request.addRawInputContents(bytes(12))),
                refused(
                        "INVALID_ARGUMENT: x has numbers in contents and in raw_input_contents,"
                                + " must have one of them",
                        request -> request.setInputs(0, input(1, 3).setContents(numbers(1, 2, 3)))),
                refused(
                        "INVALID_ARGUMENT: x must have 3 numbers by its shape, has 2",
                        request ->
                                request.clearRawInputContents()
                                        .setInputs(0, input(1, 3).setContents(numbers(1, 2)))),
                refused(
                        "INVALID_ARGUMENT: there is no output label; there is probabilities",
                        request ->
                                request.addOutputs(output("probabilities"))
                                        .addOutputs(output("label"))),
                refused(
                        "NOT_FOUND: there is no model other; there are echo",
                        request -> request.setModelName("other")),
                refused(
                        "NOT_FOUND: there is no model echo of version 2; there are echo",
                        request -> request.setModelVersion("2")),
                refused(
                        "NOT_FOUND: there is no model " + "n".repeat(1_000) + "; there are echo",
                        request -> request.setModelName("n".repeat(100_000))));
    }

    private static Arguments refused(
            final String why, final Consumer<ModelInferRequest.Builder> change) {
        return Arguments.of(why, change);
    }

    @Test
    void shouldScoreNumbersOfTheMessage() {
        final ModelInferResponse answer =
                client.modelInfer(
                        request(1)
                                .clearRawInputContents()
                                .setInputs(0, input(1, 3).setContents(numbers(0.25f, 0, 0)))
                                .build());

        assertThat(answer.getRawOutputContents(0)).isEqualTo(bytes(0.25f, 0.75f));
    }

    @Test
    void shouldGiveWhatWasAskedForWithTheIdOfTheRequest() {
        final ModelInferResponse answer =
                client.modelInfer(
                        request(2)
                                .setId("seven")
                                .setModelVersion("1")
                                .addOutputs(output("probabilities"))
                                .build());

        assertThat(answer.getId()).isEqualTo("seven");
        assertThat(answer.getModelVersion()).isEqualTo("1");
        assertThat(answer.getOutputsList())
                .singleElement()
                .satisfies(tensor -> assertThat(tensor.getShapeList()).containsExactly(2L, 2L));
    }

    @Test
    void shouldScoreARequestOfMoreRowsThanABatchHas() {
        final ModelInferResponse answer = client.modelInfer(request(MOST_ROWS + 1).build());

        assertThat(answer.getOutputs(0).getShape(0)).isEqualTo(MOST_ROWS + 1);
    }

    private static ModelInferRequest.Builder request(final int rows) {
        return ModelInferRequest.newBuilder()
                .setModelName("echo")
                .addInputs(input(rows, EchoScorer.COLUMNS))
                .addRawInputContents(bytes(rows * EchoScorer.COLUMNS * Float.BYTES));
    }

    private static InferInputTensor.Builder input(final long... shape) {
        final InferInputTensor.Builder input =
                InferInputTensor.newBuilder().setName("x").setDatatype("FP32");
        for (final long length : shape) {
            input.addShape(length);
        }
        return input;
    }

    private static InferRequestedOutputTensor.Builder output(final String name) {
        return InferRequestedOutputTensor.newBuilder().setName(name);
    }

    private static InferTensorContents.Builder numbers(final float... numbers) {
        final InferTensorContents.Builder contents = InferTensorContents.newBuilder();
        for (final float number : numbers) {
            contents.addFp32Contents(number);
        }
        return contents;
    }

    private static ByteString bytes(final int length) {
        return ByteString.copyFrom(new byte[length]);
    }

    private static ByteString bytes(final float... numbers) {
        final ByteBuffer bytes =
                ByteBuffer.allocate(numbers.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(numbers);
        return ByteString.copyFrom(bytes);
    }
}
