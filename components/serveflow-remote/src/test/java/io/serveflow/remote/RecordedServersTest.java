/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.serveflow.model.BundleException;
import io.serveflow.model.TierScorer;
import io.serveflow.remote.client.RemoteException;
import io.serveflow.remote.client.RemoteException.Kind;
import io.serveflow.remote.client.RemoteOptions;
import io.serveflow.remote.client.RemoteScorer;
import io.serveflow.remote.protocol.ModelInferRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Our client with the answers of Triton, OpenVINO, MLServer and KServe, as their sources say. */
class RecordedServersTest {

    private static final RemoteModel MODEL = new RemoteModel("service-slow", 3, 2, "ab12");
    private static final float[] FEATURES = {1, 2, 3, 4, 5, 6};
    private static final int ROWS = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    @AfterEach
    void closeAll() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    /** Probabilities, and how the scoring ended. */
    private record Answer(TierScorer.Outcome outcome, float[] probabilities) {}

    @ParameterizedTest
    @ValueSource(strings = {"triton", "openvino", "mlserver", "kserve"})
    void shouldTakeTheProbabilitiesOf(final String name) throws Exception {
        assertScores(scorer(server(name)));
    }

    @ParameterizedTest
    @CsvSource({
        "triton, several versions",
        "kserve, raw beside typed",
        "kserve, width alone",
    })
    void shouldTakeTheProbabilitiesOfItsOtherForm(final String name, final String form)
            throws Exception {
        final RecordedServer server = server(name);
        server.inCase(form);

        assertScores(scorer(server));
    }

    @Test
    void shouldSendRowsAsAllOfThemReadThem() throws Exception {
        final RecordedServer server = server("triton");
        assertScores(scorer(server));

        final ByteBuffer raw =
                ByteBuffer.allocate(FEATURES.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(FEATURES);
        assertThat(server.requests)
                .containsExactly(
                        ModelInferRequest.newBuilder()
                                .setModelName("service-slow")
                                .addInputs(
                                        ModelInferRequest.InferInputTensor.newBuilder()
                                                .setName("x")
                                                .setDatatype("FP32")
                                                .addShape(ROWS)
                                                .addShape(3))
                                .addOutputs(
                                        ModelInferRequest.InferRequestedOutputTensor.newBuilder()
                                                .setName("probabilities"))
                                .addRawInputContents(ByteString.copyFrom(raw))
                                .build());
    }

    @ParameterizedTest
    @CsvSource({
        "triton, loading",
        "openvino, loading",
        "openvino, loading again",
        "mlserver, loading",
        "kserve, loading",
    })
    void shouldWaitForTheModelThatIsLoaded(final String name, final String loading)
            throws Exception {
        final RecordedServer server = server(name);
        server.inCase(loading);
        final RemoteScorer scorer = scorer(server);
        final int before = server.askedWhetherReady.get();

        final CompletableFuture<Answer> answer = score(scorer);
        await().atMost(PATIENCE).until(() -> server.askedWhetherReady.get() > before + 1);
        server.asUsual();

        assertThat(answer.get(1, TimeUnit.MINUTES).outcome().failure()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"triton, loading", "openvino, loading", "mlserver, loading"})
    void shouldWaitForTheModelThatIsLoadedAnew(final String name, final String loading)
            throws Exception {
        final RecordedServer server = server(name);
        final RemoteScorer scorer = scorer(server);
        assertScores(scorer);
        server.inCase(loading);
        final int before = server.askedWhetherReady.get();

        final CompletableFuture<Answer> answer = score(scorer);
        await().atMost(PATIENCE).until(() -> server.askedWhetherReady.get() > before + 1);
        server.asUsual();

        assertThat(answer.get(1, TimeUnit.MINUTES).outcome().failure()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "triton | unknown model | Request for unknown model: 'service-slow' is not found",
                "triton | another width | x has the shape [-1, 4], must have [-1, 3]",
                "openvino | unknown model | Model with requested name is not found",
                "openvino | another width | x has the shape [-1, 4], must have [-1, 3]",
                "openvino | one row at a time | x has the shape [1, 3], must have [-1, 3]",
                "mlserver | unknown model | Model service-slow with version  not found",
                "mlserver | labels alone | it has no tensor probabilities",
                "kserve | unknown model | Model with name service-slow does not exist.",
            })
    void shouldNotStartBeside(final String name, final String what, final String said)
            throws Exception {
        final RecordedServer server = server(name);
        server.inCase(what);

        assertThatThrownBy(() -> scorer(server))
                .isInstanceOf(BundleException.class)
                .hasMessageContaining("model service-slow of " + server.address())
                .hasMessageContaining(said);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "triton | more rows than max_batch_size | MODEL | batch-size must be <= 1",
                "triton | full queue | OVERLOADED | Exceeds maximum queue size",
                "triton | too long in the queue | OVERLOADED | Request timeout expired",
                "triton | cannot score | FAILED | onnx runtime error 1: Non-zero status code",
                "openvino | cannot score | FAILED | Internal inference error",
                "mlserver | cannot score | FAILED | builtins.ValueError: could not convert",
                "kserve | cannot score | FAILED | Internal server error",
                "kserve | another name | ANSWER | has no tensor of [2, 2]",
            })
    void shouldSayWhyThereIsNoAnswer(
            final String name, final String what, final Kind kind, final String said)
            throws Exception {
        final RecordedServer server = server(name);
        final RemoteScorer scorer = scorer(server);
        server.inCase(what);

        final RemoteException why = failure(score(scorer));

        assertThat(why.kind()).isEqualTo(kind);
        assertThat(why).hasMessageContaining(said);
        assertThat(server.requests).as("asked once").hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "triton, several versions, a third version, is of version 3",
        "mlserver, '', another version, is of version v0.2.0",
    })
    void shouldTakeNoAnswerOfAnotherVersionWhereTheMetadataDoNotTell(
            final String name, final String before, final String after, final String said)
            throws Exception {
        final RecordedServer server = server(name);
        if (!before.isEmpty()) {
            server.inCase(before);
        }
        final RemoteScorer scorer = scorer(server);
        assertScores(scorer);
        server.inCase(after);

        for (int i = 0; i < 2; i++) {
            assertThat(failure(score(scorer))).hasMessageContaining(said);
        }
    }

    private static void assertScores(final RemoteScorer scorer) throws Exception {
        final Answer answer = score(scorer).get(1, TimeUnit.MINUTES);

        assertThat(answer.outcome().failure()).isEmpty();
        assertThat(answer.probabilities()).containsExactly(0.25f, 0.75f, 0.5f, 0.5f);
    }

    private static RemoteException failure(final CompletableFuture<Answer> answer)
            throws Exception {
        return (RemoteException) answer.get(1, TimeUnit.MINUTES).outcome().failure().orElseThrow();
    }

    private RecordedServer server(final String name) throws Exception {
        final RecordedServer server = RecordedServer.of(name);
        opened.push(server);
        return server;
    }

    private RemoteScorer scorer(final RecordedServer server) throws Exception {
        final RemoteScorer scorer =
                RemoteScorer.open(
                        MODEL, RemoteOptions.of(List.of(server.address())).withDeadline(PATIENCE));
        opened.push(scorer);
        return scorer;
    }

    private static CompletableFuture<Answer> score(final RemoteScorer scorer) {
        final FloatBuffer probabilities = FloatBuffer.allocate(ROWS * MODEL.classes());
        final CompletableFuture<Answer> answer = new CompletableFuture<>();
        scorer.score(
                ROWS,
                FloatBuffer.wrap(FEATURES),
                probabilities,
                outcome -> answer.complete(new Answer(outcome, probabilities.array())));
        return answer;
    }
}
