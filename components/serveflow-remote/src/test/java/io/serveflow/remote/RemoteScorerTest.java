/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.serveflow.model.BundleException;
import io.serveflow.model.TierScorer;
import io.serveflow.remote.client.RemoteException;
import io.serveflow.remote.client.RemoteException.Kind;
import io.serveflow.remote.client.RemoteOptions;
import io.serveflow.remote.client.RemoteOptions.Address;
import io.serveflow.remote.client.RemoteScorer;
import io.serveflow.remote.server.Batching;
import io.serveflow.remote.server.InferenceServer;
import io.serveflow.remote.server.ServedModel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a scorer on another machine does, well and in trouble, over real connections. */
class RemoteScorerTest {

    private static final RemoteModel MODEL =
            new RemoteModel("echo", EchoScorer.COLUMNS, EchoScorer.CLASSES, "ab12");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LONG = Duration.ofSeconds(20);

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final EchoScorer echo = new EchoScorer();

    @AfterEach
    void closeAll() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    @Test
    void shouldGiveTheProbabilitiesOfTheServer() throws Exception {
        final RemoteScorer scorer = scorer(serve(0, echo, "1"));

        final Answer answer = score(scorer, 0.25f, 0.5f, 1).get(30, TimeUnit.SECONDS);

        assertThat(answer.outcome().isComplete()).isTrue();
        assertThat(answer.probabilities()).containsExactly(0.25f, 0.75f, 0.5f, 0.5f, 1, 0);
    }

    @Test
    void shouldScoreManyRequestsTogetherAndMixNone() throws Exception {
        final RemoteScorer scorer =
                scorer(
                        RemoteOptions.of(List.of(address(serve(0, echo, "1"))))
                                .withDeadline(LONG)
                                .withMaxInFlight(1_000));

        final List<CompletableFuture<Answer>> answers =
                IntStream.range(0, 1_000).mapToObj(i -> score(scorer, i / 1_000f)).toList();

        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).get(1, TimeUnit.MINUTES).probabilities()[0])
                    .isEqualTo(i / 1_000f);
        }
        assertThat(echo.largest.get()).isGreaterThan(1);
        assertThat(echo.calls.get()).isLessThan(1_000);
        assertThat(scorer.inFlight()).isZero();
    }

    @Test
    void shouldGiveUpAtTheDeadline() throws Exception {
        final CountDownLatch hold = new CountDownLatch(1);
        opened.add(hold::countDown);
        final InferenceServer server = serve(0, new EchoScorer(row -> held(hold, row)), "1");
        final RemoteScorer scorer =
                scorer(
                        RemoteOptions.of(List.of(address(server)))
                                .withDeadline(Duration.ofMillis(300)));

        final RemoteException why = failure(score(scorer, 0.5f));

        assertThat(why.kind()).isEqualTo(Kind.DEADLINE);
        assertThat(why).hasMessageContaining("gave no answer in 300 ms");
        hold.countDown();
    }

    @Test
    void shouldRefuseMoreThanMayBeUnderWay() throws Exception {
        final CountDownLatch hold = new CountDownLatch(1);
        opened.add(hold::countDown);
        final InferenceServer server = serve(0, new EchoScorer(row -> held(hold, row)), "1");
        final RemoteScorer scorer =
                scorer(
                        RemoteOptions.of(List.of(address(server)))
                                .withDeadline(LONG)
                                .withMaxInFlight(1));
        final CompletableFuture<Answer> first = score(scorer, 0.5f);

        assertThatThrownBy(() -> score(scorer, 0.5f))
                .isInstanceOfSatisfying(
                        RemoteException.class, e -> assertThat(e.kind()).isEqualTo(Kind.OVERLOADED))
                .hasMessageContaining("maxInFlight");
        hold.countDown();
        assertThat(first.get(30, TimeUnit.SECONDS).outcome().isComplete()).isTrue();
    }

    @Test
    void shouldFailRowsWithoutProbabilitiesAndTakeTheOthers() throws Exception {
        final EchoScorer spoiling =
                new EchoScorer(row -> row[0] == 0.5f ? new float[] {Float.NaN, 0} : row);
        final RemoteScorer scorer = scorer(serve(0, spoiling, "1"));

        final Answer answer = score(scorer, 0.25f, 0.5f, 1).get(30, TimeUnit.SECONDS);

        assertThat(answer.outcome().failed().stream()).containsExactly(1);
        assertThat(answer.outcome().failure().orElseThrow())
                .hasMessageContaining("no probabilities in 1 of 3 rows, first in row 1");
        assertThat(answer.probabilities()[0]).isEqualTo(0.25f);
        assertThat(answer.probabilities()[4]).isEqualTo(1);
    }

    @Test
    void shouldNotStartBesideAnotherModel() throws Exception {
        final InferenceServer server = serve(0, echo, "1");

        for (final RemoteModel other :
                List.of(
                        new RemoteModel("echo", 4, 2, "ab12"),
                        new RemoteModel("echo", 3, 5, "ab12"),
                        new RemoteModel("echo", 3, 2, "cd34"),
                        new RemoteModel("other", 3, 2, "ab12"))) {
            assertThatThrownBy(
                            () ->
                                    RemoteScorer.open(
                                            other,
                                            RemoteOptions.of(List.of(address(server)))
                                                    .withDeadline(LONG)))
                    .as(other.toString())
                    .isInstanceOf(BundleException.class)
                    .hasMessageContaining("model " + other.name());
        }
    }

    @Test
    void shouldStartWhereNoServerIsAndAnswerOnceThereIsOne() throws Exception {
        final int port = freePort();
        final RemoteScorer scorer =
                scorer(
                        RemoteOptions.of(List.of(new Address("127.0.0.1", port)))
                                .withDeadline(Duration.ofMillis(500)));
        assertThat(failure(score(scorer, 0.5f)).kind()).isEqualTo(Kind.DEADLINE);

        serve(port, echo, "1");

        await().atMost(PATIENCE)
                .until(() -> score(scorer, 0.5f).get(30, TimeUnit.SECONDS).outcome().isComplete());
    }

    @Test
    void shouldLeaveAServerAloneThatFailsAndComeBackToIt() throws Exception {
        final InferenceServer server = serve(0, echo, "1");
        final int port = server.port();
        final RemoteScorer scorer =
                scorer(
                        RemoteOptions.of(List.of(address(server)))
                                .withDeadline(Duration.ofMillis(200)));
        assertThat(score(scorer, 0.5f).get(30, TimeUnit.SECONDS).outcome().isComplete()).isTrue();
        server.close();

        await().atMost(PATIENCE).until(() -> failure(score(scorer, 0.5f)).kind() == Kind.OPEN);
        serve(port, echo, "1");

        await().atMost(PATIENCE)
                .until(() -> score(scorer, 0.5f).get(30, TimeUnit.SECONDS).outcome().isComplete());
    }

    @Test
    void shouldAskAnotherServerWhereOneEnds() throws Exception {
        final InferenceServer first = serve(0, echo, "1");
        final InferenceServer second = serve(0, new EchoScorer(), "1");
        final RemoteScorer scorer =
                scorer(
                        RemoteOptions.of(List.of(address(first), address(second)))
                                .withDeadline(LONG));

        first.close();

        for (int i = 0; i < 20; i++) {
            assertThat(score(scorer, 0.5f).get(30, TimeUnit.SECONDS).outcome().isComplete())
                    .isTrue();
        }
    }

    @Test
    void shouldCompareTheModelAgainWhenAnotherVersionAnswers() throws Exception {
        final InferenceServer server = serve(0, echo, "1");
        final int port = server.port();
        final RemoteScorer scorer =
                scorer(RemoteOptions.of(List.of(address(server))).withDeadline(LONG));
        assertThat(score(scorer, 0.5f).get(30, TimeUnit.SECONDS).outcome().isComplete()).isTrue();
        server.close();
        serve(port, echo, "2");

        final List<Boolean> complete = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            complete.add(score(scorer, 0.5f).get(30, TimeUnit.SECONDS).outcome().isComplete());
        }

        assertThat(complete.get(2)).isTrue();
    }

    @Test
    void shouldRefuseOptionsThatCannotBe() {
        final Address address = new Address("127.0.0.1", 1);
        assertThatThrownBy(() -> RemoteOptions.of(List.of()))
                .hasMessage("at least one address must be given");
        assertThatThrownBy(() -> RemoteOptions.of(List.of(address, address)))
                .hasMessageContaining("name one twice");
        assertThatThrownBy(
                        () ->
                                RemoteOptions.of(List.of(address))
                                        .withDeadline(Duration.ofMinutes(2)))
                .hasMessage("deadline must be 1 to 60000 ms, was 120000");
        assertThatThrownBy(() -> Address.parse("host"))
                .hasMessage("an address must be HOST:PORT, was host");
        assertThat(Address.parse("[::1]:8001")).isEqualTo(new Address("[::1]", 8001));
    }

    private static float[] held(final CountDownLatch hold, final float[] row) {
        try {
            hold.await();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return row;
    }

    private InferenceServer serve(final int port, final TierScorer scorer, final String version)
            throws IOException {
        final InferenceServer server =
                InferenceServer.start(
                        new InetSocketAddress("127.0.0.1", port),
                        List.of(new ServedModel(MODEL, version, scorer)),
                        Batching.defaults(),
                        "test");
        opened.add(server);
        return server;
    }

    private RemoteScorer scorer(final InferenceServer server) throws IOException {
        return scorer(RemoteOptions.of(List.of(address(server))).withDeadline(LONG));
    }

    private RemoteScorer scorer(final RemoteOptions options) throws IOException {
        final RemoteScorer scorer = RemoteScorer.open(MODEL, options);
        opened.add(scorer);
        return scorer;
    }

    private static Address address(final InferenceServer server) {
        return new Address("127.0.0.1", server.port());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static CompletableFuture<Answer> score(
            final RemoteScorer scorer, final float... first) {
        final FloatBuffer features = direct(first.length * EchoScorer.COLUMNS);
        for (final float value : first) {
            features.put(value).put(0).put(0);
        }
        final FloatBuffer probabilities = direct(first.length * EchoScorer.CLASSES);
        final CompletableFuture<Answer> answer = new CompletableFuture<>();
        scorer.score(
                first.length,
                features.flip(),
                probabilities,
                outcome -> {
                    final float[] values = new float[probabilities.capacity()];
                    probabilities.get(0, values);
                    answer.complete(new Answer(outcome, values));
                });
        return answer;
    }

    private static RemoteException failure(final CompletableFuture<Answer> answer)
            throws Exception {
        return (RemoteException) answer.get(30, TimeUnit.SECONDS).outcome().failure().orElseThrow();
    }

    private static FloatBuffer direct(final int floats) {
        return ByteBuffer.allocateDirect(floats * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    private record Answer(TierScorer.Outcome outcome, float[] probabilities) {}
}
