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
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.serveflow.model.BundleException;
import io.serveflow.model.TierScorer;
import io.serveflow.remote.client.RemoteException;
import io.serveflow.remote.client.RemoteException.Kind;
import io.serveflow.remote.client.RemoteOptions;
import io.serveflow.remote.client.RemoteOptions.Address;
import io.serveflow.remote.client.RemoteOptions.Tls;
import io.serveflow.remote.client.RemoteScorer;
import io.serveflow.remote.protocol.GRPCInferenceServiceGrpc;
import io.serveflow.remote.protocol.InferTensorContents;
import io.serveflow.remote.protocol.ModelInferRequest;
import io.serveflow.remote.protocol.ModelInferResponse;
import io.serveflow.remote.protocol.ModelInferResponse.InferOutputTensor;
import io.serveflow.remote.protocol.ModelStatistics;
import io.serveflow.remote.protocol.ModelStatisticsRequest;
import io.serveflow.remote.server.Batching;
import io.serveflow.remote.server.InferenceServer;
import io.serveflow.remote.server.ServedCounts;
import io.serveflow.remote.server.ServedModel;
import io.serveflow.remote.server.ServerTls;
import io.serveflow.testing.tls.Certificate;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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
        assertThat(why).hasMessageContaining("gave no answer in 300 ms (deadline)");
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
        assertThat(failure(score(scorer, 0.5f)))
                .hasMessageContaining("there was no connection in 500 ms (deadline)")
                .extracting(RemoteException::kind)
                .isEqualTo(Kind.UNAVAILABLE);

        serve(port, echo, "1");

        await().atMost(PATIENCE).until(() -> isAnswered(scorer));
    }

    @Test
    void shouldLeaveAServerAloneThatFailsAndComeBackToIt() throws Exception {
        final InferenceServer server = serve(0, echo, "1");
        final int port = server.port();
        final RemoteScorer scorer =
                scorer(
                        RemoteOptions.of(List.of(address(server)))
                                .withDeadline(Duration.ofMillis(200)));
        assertThat(isAnswered(scorer)).isTrue();
        server.close();

        await().atMost(PATIENCE).until(() -> failure(score(scorer, 0.5f)).kind() == Kind.OPEN);
        serve(port, echo, "1");

        await().atMost(PATIENCE).until(() -> isAnswered(scorer));
    }

    /** As behind a firewall that has forgotten it. */
    @Test
    void shouldConnectAnewWhereTheConnectionIsDeadWithoutAWord() throws Exception {
        final InferenceServer server = serve(0, echo, "1");
        final SilentProxy proxy = SilentProxy.before(server.port());
        opened.add(proxy);
        final RemoteScorer scorer =
                scorer(
                        RemoteOptions.of(List.of(new Address("127.0.0.1", proxy.port())))
                                .withDeadline(Duration.ofMillis(300)));
        await().atMost(PATIENCE).until(() -> isAnswered(scorer));
        final int before = proxy.connections();

        proxy.silence();

        assertThat(failure(score(scorer, 0.5f)).kind()).isEqualTo(Kind.DEADLINE);
        await().atMost(PATIENCE).until(() -> isAnswered(scorer));
        assertThat(proxy.connections()).isGreaterThan(before);
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
            assertThat(isAnswered(scorer)).isTrue();
        }
    }

    @Test
    void shouldAskTheServerThatIsFreeWhileAnotherIsSlow() throws Exception {
        final CountDownLatch hold = new CountDownLatch(1);
        opened.add(hold::countDown);
        final InferenceServer slow = serve(0, new EchoScorer(row -> held(hold, row)), "1");
        final InferenceServer free = serve(0, echo, "1");
        final RemoteScorer scorer =
                scorer(RemoteOptions.of(List.of(address(slow), address(free))).withDeadline(LONG));

        final List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.add(score(scorer, 0.5f));
            await().atMost(PATIENCE).until(() -> scorer.servers().get(1).outstanding() == 0);
        }

        assertThat(scorer.servers().get(0).outstanding()).isEqualTo(1);
        assertThat(echo.calls).hasValue(19);
        hold.countDown();
        for (final CompletableFuture<Answer> answer : answers) {
            assertThat(answer.get(30, TimeUnit.SECONDS).outcome().isComplete()).isTrue();
        }
    }

    @Test
    void shouldAskServersInTurnThatHaveAsManyRequests() throws Exception {
        final EchoScorer other = new EchoScorer();
        final RemoteScorer scorer =
                scorer(
                        RemoteOptions.of(
                                        List.of(
                                                address(serve(0, echo, "1")),
                                                address(serve(0, other, "1"))))
                                .withDeadline(LONG));

        for (int i = 0; i < 10; i++) {
            assertThat(isAnswered(scorer)).isTrue();
        }

        assertThat(echo.calls).hasValue(5);
        assertThat(other.calls).hasValue(5);
    }

    @Test
    void shouldGoOnWithAnotherVersionThatIsMadeOfTheSameFile() throws Exception {
        final InferenceServer server = serve(0, echo, "1");
        final RemoteScorer scorer = scorer(server);
        assertThat(isAnswered(scorer)).isTrue();
        server.close();
        serve(server.port(), echo, "2");

        for (int i = 0; i < 3; i++) {
            assertThat(isAnswered(scorer)).isTrue();
        }
    }

    @Test
    void shouldTakeNoAnswerOfAnotherVersionThatSaysNothingOfItsFile() throws Exception {
        final RemoteModel silent = new RemoteModel("echo", 3, 2, "");
        final InferenceServer server = serve(0, silent, echo, "1");
        final RemoteScorer scorer = scorer(server);
        assertThat(isAnswered(scorer)).isTrue();
        server.close();
        serve(server.port(), silent, echo, "2");

        for (int i = 0; i < 3; i++) {
            assertThat(failure(score(scorer, 0.5f)))
                    .hasMessageContaining("is of version 2, was of version 1")
                    .hasMessageContaining("no digest")
                    .extracting(RemoteException::kind)
                    .isEqualTo(Kind.MODEL);
        }
    }

    /** Of a server whose metadata name another version, as those of MLServer do. */
    @Test
    void shouldNoteNoVersionOfAnAnswerWithoutProbabilities() throws Exception {
        final AtomicReference<ModelInferResponse> given =
                new AtomicReference<>(answer(1, 2).setModelVersion("2").build());
        final RemoteModel silent = new RemoteModel("echo", 3, 2, "");
        final RemoteScorer scorer = scorer(start(new ForeignService(silent, ask -> given.get())));
        assertThat(failure(score(scorer, 0.5f))).hasMessageContaining("has no tensor of [1, 2]");

        given.set(
                answer(1, 2)
                        .setModelVersion("3")
                        .addRawOutputContents(ByteString.copyFrom(new byte[8]))
                        .build());

        assertThat(isAnswered(scorer)).isTrue();
    }

    @Test
    void shouldTakeProbabilitiesAsNumbersOfTheMessage() throws Exception {
        final RemoteScorer scorer =
                scorer(
                        foreign(
                                request ->
                                        answer(1, 2)
                                                .setOutputs(
                                                        0,
                                                        tensor(1, 2)
                                                                .setContents(
                                                                        InferTensorContents
                                                                                .newBuilder()
                                                                                .addFp32Contents(
                                                                                        0.25f)
                                                                                .addFp32Contents(
                                                                                        0.75f)))
                                                .build()));

        assertThat(score(scorer, 0.5f).get(30, TimeUnit.SECONDS).probabilities())
                .containsExactly(0.25f, 0.75f);
    }

    @ParameterizedTest
    @MethodSource("wrongAnswers")
    void shouldTakeNoAnswerOfAnotherShape(final ModelInferResponse wrong) throws Exception {
        final RemoteException why = failure(score(scorer(foreign(request -> wrong)), 0.5f));

        assertThat(why.kind()).isEqualTo(Kind.ANSWER);
        assertThat(why).hasMessageContaining("has no tensor of [1, 2]");
    }

    static Stream<ModelInferResponse> wrongAnswers() {
        final ByteString eight = ByteString.copyFrom(new byte[8]);
        return Stream.of(
                answer(1, 2).build(),
                answer(1, 2).addRawOutputContents(ByteString.copyFrom(new byte[4])).build(),
                answer(2, 1).addRawOutputContents(eight).build(),
                answer(1, 2)
                        .setOutputs(0, tensor(1, 2).setDatatype("FP64"))
                        .addRawOutputContents(eight)
                        .build(),
                answer(1, 2)
                        .setOutputs(0, tensor(1, 2).setName("other"))
                        .addRawOutputContents(eight)
                        .build());
    }

    @Test
    void shouldAskOnceWhereTheServerCannotScore() throws Exception {
        final ForeignService failing =
                new ForeignService(
                        MODEL,
                        request -> {
                            throw Status.INTERNAL
                                    .withDescription("out of memory on the device")
                                    .asRuntimeException();
                        });
        final RemoteScorer scorer = scorer(start(failing));

        final RemoteException why = failure(score(scorer, 0.5f));

        assertThat(why.kind()).isEqualTo(Kind.FAILED);
        assertThat(why).hasMessageContaining("out of memory on the device");
        assertThat(failing.asked).hasValue(1);
        assertThat(scorer.retries()).isZero();
    }

    @Test
    void shouldAskAgainOnceWhereTheConnectionEnds() throws Exception {
        final AtomicInteger calls = new AtomicInteger();
        final ForeignService stumbling =
                new ForeignService(
                        MODEL,
                        request -> {
                            if (calls.incrementAndGet() == 1) {
                                throw Status.UNAVAILABLE.asRuntimeException();
                            }
                            return answer(1, 2)
                                    .addRawOutputContents(ByteString.copyFrom(new byte[8]))
                                    .build();
                        });
        final RemoteScorer scorer = scorer(start(stumbling));

        assertThat(isAnswered(scorer)).isTrue();
        assertThat(stumbling.asked).hasValue(2);
        assertThat(scorer.retries()).isEqualTo(1);
    }

    @Test
    void shouldGiveUpWhereEveryAttemptIsBrokenOff() throws Exception {
        final ForeignService gone =
                new ForeignService(
                        MODEL,
                        request -> {
                            throw Status.UNAVAILABLE.asRuntimeException();
                        });
        final RemoteScorer scorer = scorer(start(gone));

        assertThat(failure(score(scorer, 0.5f)).kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(gone.asked).hasValue(2);
        assertThat(scorer.inFlight()).isZero();
    }

    @Test
    void shouldTalkToServersThatShowACertificate(@TempDir final Path folder) throws Exception {
        final Certificate certificates = Certificate.valid(folder);
        final InferenceServer server =
                InferenceServer.start(
                        new InetSocketAddress("127.0.0.1", 0),
                        new ServerTls(certificates.chain(), certificates.key(), Optional.empty()),
                        List.of(new ServedModel(MODEL, "1", echo)),
                        Batching.defaults(),
                        "test");
        opened.add(server);
        final RemoteOptions options =
                RemoteOptions.of(List.of(address(server))).withDeadline(Duration.ofSeconds(3));

        assertThat(
                        isAnswered(
                                scorer(
                                        options.withTls(
                                                new Tls(
                                                        Optional.of(certificates.authority()),
                                                        Optional.empty())))))
                .isTrue();
        assertThat(isAnswered(scorer(options.withTls(new Tls(Optional.empty(), Optional.empty())))))
                .isFalse();
        assertThat(isAnswered(scorer(options))).isFalse();
    }

    @Test
    void shouldServeOnlyClientsThatShowACertificateThatIsTrusted(@TempDir final Path folder)
            throws Exception {
        final Certificate certificates = Certificate.valid(folder);
        final InferenceServer server =
                InferenceServer.start(
                        new InetSocketAddress("127.0.0.1", 0),
                        new ServerTls(
                                certificates.chain(),
                                certificates.key(),
                                Optional.of(certificates.authority())),
                        List.of(new ServedModel(MODEL, "1", echo)),
                        Batching.defaults(),
                        "test");
        opened.add(server);
        final RemoteOptions options =
                RemoteOptions.of(List.of(address(server))).withDeadline(Duration.ofSeconds(3));
        final Optional<Path> trusted = Optional.of(certificates.authority());

        assertThat(
                        isAnswered(
                                scorer(
                                        options.withTls(
                                                new Tls(
                                                        trusted,
                                                        Optional.of(
                                                                new Tls.Own(
                                                                        certificates.chain(),
                                                                        certificates.key())))))))
                .isTrue();
        assertThat(isAnswered(scorer(options.withTls(new Tls(trusted, Optional.empty())))))
                .isFalse();
    }

    /** Whatever {@link TlsFiles} accepts, the library has to take. */
    @Test
    void shouldTalkWithCertificatesOfTheOlderName(@TempDir final Path folder) throws Exception {
        final Certificate certificates = Certificate.valid(folder);
        final Path chain = Certificate.labelled(certificates.chain(), "X509 CERTIFICATE");
        final Path authority = Certificate.labelled(certificates.authority(), "X509 CERTIFICATE");
        final InferenceServer server =
                InferenceServer.start(
                        new InetSocketAddress("127.0.0.1", 0),
                        new ServerTls(chain, certificates.key(), Optional.of(authority)),
                        List.of(new ServedModel(MODEL, "1", echo)),
                        Batching.defaults(),
                        "test");
        opened.add(server);

        assertThat(
                        isAnswered(
                                scorer(
                                        RemoteOptions.of(List.of(address(server)))
                                                .withDeadline(Duration.ofSeconds(3))
                                                .withTls(
                                                        new Tls(
                                                                Optional.of(authority),
                                                                Optional.of(
                                                                        new Tls.Own(
                                                                                chain,
                                                                                certificates
                                                                                        .key())))))))
                .isTrue();
    }

    @Test
    void shouldNameTheCertificateThatCannotBeServedWith(@TempDir final Path folder)
            throws Exception {
        final Certificate certificates = Certificate.valid(folder);
        final Path broken = Files.writeString(folder.resolve("broken.pem"), "no key");

        assertThatThrownBy(
                        () ->
                                InferenceServer.start(
                                        new InetSocketAddress("127.0.0.1", 0),
                                        new ServerTls(
                                                certificates.chain(), broken, Optional.empty()),
                                        List.of(new ServedModel(MODEL, "1", echo)),
                                        Batching.defaults(),
                                        "test"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(broken.toString());
    }

    @Test
    void shouldTalkToNoServerWhoseCertificateHasExpired(@TempDir final Path folder)
            throws Exception {
        final Certificate expired = Certificate.expired(folder);
        final InferenceServer server =
                InferenceServer.start(
                        new InetSocketAddress("127.0.0.1", 0),
                        new ServerTls(expired.chain(), expired.key(), Optional.empty()),
                        List.of(new ServedModel(MODEL, "1", echo)),
                        Batching.defaults(),
                        "test");
        opened.add(server);

        final RemoteScorer scorer =
                scorer(
                        RemoteOptions.of(List.of(address(server)))
                                .withDeadline(Duration.ofSeconds(3))
                                .withTls(
                                        new Tls(
                                                Optional.of(expired.authority()),
                                                Optional.empty())));

        assertThat(failure(score(scorer, 0.5f))).hasStackTraceContaining("CertificateExpired");
    }

    @Test
    void shouldTalkToNoServerThatShowsTheCertificateOfAnotherName(@TempDir final Path folder)
            throws Exception {
        final Certificate certificates = Certificate.valid(folder);
        final InferenceServer server =
                InferenceServer.start(
                        new InetSocketAddress("127.0.0.1", 0),
                        new ServerTls(certificates.chain(), certificates.key(), Optional.empty()),
                        List.of(new ServedModel(MODEL, "1", echo)),
                        Batching.defaults(),
                        "test");
        opened.add(server);

        final RemoteScorer scorer =
                scorer(
                        RemoteOptions.of(List.of(new Address("localhost", server.port())))
                                .withDeadline(Duration.ofSeconds(3))
                                .withTls(
                                        new Tls(
                                                Optional.of(certificates.authority()),
                                                Optional.empty())));

        assertThat(failure(score(scorer, 0.5f)))
                .hasMessageContaining("localhost")
                .extracting(RemoteException::kind)
                .isEqualTo(Kind.UNAVAILABLE);
    }

    @Test
    void shouldCountWhatAServerDoesAndRefuses() throws Exception {
        final CountDownLatch hold = new CountDownLatch(1);
        final CountDownLatch begun = new CountDownLatch(1);
        opened.add(hold::countDown);
        final InferenceServer server =
                InferenceServer.start(
                        new InetSocketAddress("127.0.0.1", 0),
                        List.of(
                                new ServedModel(
                                        MODEL,
                                        "1",
                                        new EchoScorer(
                                                row -> {
                                                    begun.countDown();
                                                    return held(hold, row);
                                                }))),
                        new Batching(1, Duration.ZERO, 1),
                        "test");
        opened.add(server);
        final RemoteScorer scorer = scorer(server);
        final CompletableFuture<Answer> first = score(scorer, 0.5f);
        begun.await();
        final CompletableFuture<Answer> second = score(scorer, 0.5f);
        await().atMost(PATIENCE)
                .until(() -> failure(score(scorer, 0.5f)).kind() == Kind.OVERLOADED);
        hold.countDown();

        assertThat(first.get(30, TimeUnit.SECONDS).outcome().isComplete()).isTrue();
        assertThat(second.get(30, TimeUnit.SECONDS).outcome().isComplete()).isTrue();
        final ServedCounts counts = server.counts("echo");
        assertThat(counts.requests()).isEqualTo(2);
        assertThat(counts.rows()).isEqualTo(2);
        assertThat(counts.batches()).isEqualTo(2);
        assertThat(counts.refused()).isPositive();
        assertThat(counts.failed()).isZero();
        assertThat(counts.computeNanos()).isPositive();
    }

    @Test
    void shouldGiveTheStatisticsOfItsModels() throws Exception {
        final InferenceServer server = serve(0, echo, "1");
        assertThat(isAnswered(scorer(server))).isTrue();
        final ManagedChannel channel =
                Grpc.newChannelBuilderForAddress(
                                "127.0.0.1", server.port(), InsecureChannelCredentials.create())
                        .build();
        opened.add(channel::shutdownNow);
        final GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub client =
                GRPCInferenceServiceGrpc.newBlockingStub(channel);

        final List<ModelStatistics> all =
                client.modelStatistics(ModelStatisticsRequest.getDefaultInstance())
                        .getModelStatsList();

        assertThat(all).hasSize(1);
        final ModelStatistics echoed = all.get(0);
        assertThat(echoed.getName()).isEqualTo("echo");
        assertThat(echoed.getInferenceCount()).isEqualTo(1);
        assertThat(echoed.getExecutionCount()).isEqualTo(1);
        assertThat(echoed.getLastInference()).isPositive();
        assertThat(echoed.getInferenceStats().getSuccess().getCount()).isEqualTo(1);
        assertThat(echoed.getInferenceStats().getSuccess().getNs())
                .isEqualTo(
                        echoed.getInferenceStats().getQueue().getNs()
                                + echoed.getInferenceStats().getComputeInfer().getNs());
        assertThatThrownBy(
                        () ->
                                client.modelStatistics(
                                        ModelStatisticsRequest.newBuilder()
                                                .setName("other")
                                                .build()))
                .hasMessageContaining("there is no model other");
    }

    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, NoClassDefFoundError.class})
    void shouldScoreOnWhereOneBatchFails(final Class<? extends Throwable> what) throws Exception {
        final AtomicInteger rows = new AtomicInteger();
        final Throwable thrown = what.getConstructor(String.class).newInstance("only once");
        final RemoteScorer scorer =
                scorer(
                        serve(
                                0,
                                new EchoScorer(
                                        row -> {
                                            if (rows.getAndIncrement() == 0) {
                                                if (thrown instanceof Error error) {
                                                    throw error;
                                                }
                                                throw (RuntimeException) thrown;
                                            }
                                            return row;
                                        }),
                                "1"));

        assertThat(failure(score(scorer, 0.5f))).hasMessageContaining("only once");
        assertThat(isAnswered(scorer)).isTrue();
    }

    @Test
    void shouldScoreOnWhereAScorerLeavesItsThreadInterrupted() throws Exception {
        final RemoteScorer scorer =
                scorer(
                        serve(
                                0,
                                new EchoScorer(
                                        row -> {
                                            Thread.currentThread().interrupt();
                                            return row;
                                        }),
                                "1"));

        for (int i = 0; i < 3; i++) {
            score(scorer, 0.5f).get(30, TimeUnit.SECONDS);
        }
        assertThat(scorer.inFlight()).isZero();
    }

    @Test
    void shouldEndTheServerWhereAScorerDoesNot() throws Exception {
        final CountDownLatch never = new CountDownLatch(1);
        final CountDownLatch begun = new CountDownLatch(1);
        final InferenceServer server =
                serve(
                        0,
                        new EchoScorer(
                                row -> {
                                    begun.countDown();
                                    return held(never, row);
                                }),
                        "1");
        final CompletableFuture<Answer> answer =
                score(
                        scorer(
                                RemoteOptions.of(List.of(address(server)))
                                        .withDeadline(Duration.ofSeconds(8))),
                        0.5f);
        begun.await();

        server.close();

        assertThat(failure(answer)).isNotNull();
    }

    @Test
    void shouldAskAServerAgainThatWasLeftAloneWhileAnotherIsWell() throws Exception {
        final InferenceServer well = serve(0, new EchoScorer(), "1");
        final AtomicBoolean sick = new AtomicBoolean(true);
        final ForeignService recovering =
                new ForeignService(
                        MODEL,
                        request -> {
                            if (sick.get()) {
                                throw Status.UNAVAILABLE.asRuntimeException();
                            }
                            return answer(1, 2)
                                    .addRawOutputContents(ByteString.copyFrom(new byte[8]))
                                    .build();
                        });
        final RemoteScorer scorer =
                scorer(
                        RemoteOptions.of(List.of(start(recovering), address(well)))
                                .withDeadline(LONG));
        await().atMost(PATIENCE)
                .until(
                        () -> {
                            final int before = recovering.asked.get();
                            assertThat(isAnswered(scorer)).isTrue();
                            return before >= 5 && recovering.asked.get() == before;
                        });

        sick.set(false);
        final int before = recovering.asked.get();

        await().atMost(PATIENCE)
                .until(
                        () -> {
                            assertThat(isAnswered(scorer)).isTrue();
                            return recovering.asked.get() > before + 3;
                        });
    }

    @Test
    void shouldAskTheOtherServerWhereOneHasAnotherModel() throws Exception {
        final InferenceServer right = serve(0, echo, "1");
        final InferenceServer first = serve(0, new EchoScorer(), "1");
        final RemoteScorer scorer =
                scorer(
                        RemoteOptions.of(List.of(address(first), address(right)))
                                .withDeadline(LONG));
        first.close();
        serve(first.port(), new RemoteModel("echo", 3, 2, "cd34"), new EchoScorer(), "1");

        for (int i = 0; i < 20; i++) {
            assertThat(isAnswered(scorer)).isTrue();
        }
    }

    @Test
    void shouldWaitForTheOnlyServerUntilItsModelIsReady() throws Exception {
        final ForeignService loading =
                new ForeignService(
                        MODEL,
                        request ->
                                answer(1, 2)
                                        .addRawOutputContents(ByteString.copyFrom(new byte[8]))
                                        .build());
        loading.notReady.set(4);
        final RemoteScorer scorer = scorer(start(loading));

        assertThat(isAnswered(scorer)).isTrue();
        assertThat(loading.askedWhetherReady).hasValue(5);
        assertThat(scorer.retries()).isZero();
    }

    @Test
    void shouldCompareTheModelOnceForAllThatWaitForIt() throws Exception {
        final ForeignService late =
                new ForeignService(
                        MODEL,
                        request ->
                                answer(1, 2)
                                        .addRawOutputContents(ByteString.copyFrom(new byte[8]))
                                        .build());
        final int port = freePort();
        final RemoteScorer scorer = scorer(new Address("127.0.0.1", port));

        final List<CompletableFuture<Answer>> answers =
                IntStream.range(0, 50).mapToObj(i -> score(scorer, 0.5f)).toList();
        start(port, late);

        for (final CompletableFuture<Answer> answer : answers) {
            assertThat(answer.get(30, TimeUnit.SECONDS).outcome().isComplete()).isTrue();
        }
        assertThat(late.askedWhetherReady).hasValue(1);
    }

    @Test
    void shouldCompareAgainForARequestThatHasTimeWhereTheOneThatBeganHasNone() throws Exception {
        final ForeignService slow =
                new ForeignService(
                        MODEL,
                        request ->
                                answer(1, 2)
                                        .addRawOutputContents(ByteString.copyFrom(new byte[8]))
                                        .build());
        final int port = freePort();
        final Duration deadline = Duration.ofSeconds(3);
        final RemoteScorer scorer =
                scorer(
                        RemoteOptions.of(List.of(new Address("127.0.0.1", port)))
                                .withDeadline(deadline));
        slow.silent.set(1);
        start(port, slow);
        final long begun = System.nanoTime();
        final CompletableFuture<Answer> first = score(scorer, 0.5f);
        await().atMost(PATIENCE).until(() -> slow.askedWhetherReady.get() == 1);
        await().atMost(PATIENCE).until(() -> System.nanoTime() - begun > deadline.toNanos() / 2);

        final CompletableFuture<Answer> second = score(scorer, 0.5f);

        assertThat(failure(first).kind()).isEqualTo(Kind.DEADLINE);
        assertThat(second.get(30, TimeUnit.SECONDS).outcome().isComplete()).isTrue();
    }

    /**
     * A process that was started again may have another model, although its version is the same.
     */
    @Test
    void shouldCompareTheModelAgainAfterAConnectionThatEndedBetweenRequests() throws Exception {
        final InferenceServer before = serve(0, echo, "1");
        final RemoteScorer scorer = scorer(before);
        assertThat(isAnswered(scorer)).isTrue();
        before.close();
        await().atMost(PATIENCE).until(() -> !scorer.servers().get(0).connected());
        final RemoteModel other =
                new RemoteModel("echo", EchoScorer.COLUMNS, EchoScorer.CLASSES, "cd34");
        opened.add(
                InferenceServer.start(
                        new InetSocketAddress("127.0.0.1", before.port()),
                        List.of(new ServedModel(other, "1", echo)),
                        Batching.defaults(),
                        "test"));

        assertThat(failure(score(scorer, 0.5f)))
                .hasMessageContaining("it is made of another file, of the digest cd34");
    }

    @Test
    void shouldTakeAnAnswerThatStatesNoVersion() throws Exception {
        assertThat(
                        isAnswered(
                                scorer(
                                        foreign(
                                                request ->
                                                        answer(1, 2)
                                                                .clearModelVersion()
                                                                .addRawOutputContents(
                                                                        ByteString.copyFrom(
                                                                                new byte[8]))
                                                                .build()))))
                .isTrue();
    }

    @Test
    void shouldTakeNoAnswerOfAModelOfAnotherName() throws Exception {
        assertThat(
                        failure(
                                score(
                                        scorer(
                                                foreign(
                                                        request ->
                                                                answer(1, 2)
                                                                        .setModelName("other")
                                                                        .build())),
                                        0.5f)))
                .hasMessageContaining("is of model other");
    }

    @Test
    void shouldMakeRoomAsSoonAsARequestIsGivenUp() throws Exception {
        final CountDownLatch hold = new CountDownLatch(1);
        final CountDownLatch begun = new CountDownLatch(1);
        opened.add(hold::countDown);
        final InferenceServer server =
                InferenceServer.start(
                        new InetSocketAddress("127.0.0.1", 0),
                        List.of(
                                new ServedModel(
                                        MODEL,
                                        "1",
                                        new EchoScorer(
                                                row -> {
                                                    begun.countDown();
                                                    return held(hold, row);
                                                }))),
                        new Batching(1, Duration.ZERO, 1),
                        "test");
        opened.add(server);
        final CompletableFuture<Answer> scored = score(scorer(server), 0.5f);
        begun.await();
        final RemoteScorer impatient =
                scorer(
                        RemoteOptions.of(List.of(address(server)))
                                .withDeadline(Duration.ofMillis(300)));

        assertThat(failure(score(impatient, 0.5f)).kind()).isEqualTo(Kind.DEADLINE);

        await().atMost(PATIENCE).until(() -> server.counts("echo").givenUp() == 1);
        final CompletableFuture<Answer> next = score(scorer(server), 0.5f);
        hold.countDown();
        assertThat(scored.get(30, TimeUnit.SECONDS).outcome().isComplete()).isTrue();
        assertThat(next.get(30, TimeUnit.SECONDS).outcome().isComplete()).isTrue();
    }

    @Test
    void shouldRefuseRowsThatDoNotFitTheirBuffers() throws Exception {
        final RemoteScorer scorer = scorer(serve(0, echo, "1"));

        assertThatThrownBy(() -> scorer.score(0, direct(0), direct(0), outcome -> {}))
                .hasMessageContaining("rows must be 1 to 512 (maxRows)");
        assertThatThrownBy(() -> scorer.score(1, direct(2), direct(2), outcome -> {}))
                .hasMessageContaining("of 3 features");
        assertThatThrownBy(() -> scorer.score(1, direct(3), direct(1), outcome -> {}))
                .hasMessageContaining("room for 1 probabilities");
        assertThat(scorer.inFlight()).isZero();
    }

    @Test
    void shouldTakeNoRequestWhenItIsClosed() throws Exception {
        final RemoteScorer scorer = scorer(serve(0, echo, "1"));
        scorer.close();

        assertThatThrownBy(() -> score(scorer, 0.5f))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the scorer of model echo is closed");
    }

    @Test
    void shouldRefuseABatchThatIsTooLargeAMessage() {
        final RemoteOptions options =
                new RemoteOptions(
                        List.of(new Address("127.0.0.1", 1)),
                        Duration.ofMillis(200),
                        64,
                        65_536,
                        Duration.ofSeconds(1),
                        Optional.empty());

        assertThatThrownBy(() -> RemoteScorer.open(new RemoteModel("m", 300, 2, ""), options))
                .hasMessageContaining("maxRows must be 1 to ")
                .hasMessageEndingWith("was 65536");
    }

    @Test
    void shouldServeNoModelWithTheScorerOfAnother() {
        assertThatThrownBy(() -> new ServedModel(new RemoteModel("echo", 4, 5, ""), "1", echo))
                .hasMessage("model echo has 4 columns and 5 classes, its scorer 3 and 2");
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
        return serve(port, MODEL, scorer, version);
    }

    private InferenceServer serve(
            final int port, final RemoteModel model, final TierScorer scorer, final String version)
            throws IOException {
        final InferenceServer server =
                InferenceServer.start(
                        new InetSocketAddress("127.0.0.1", port),
                        List.of(new ServedModel(model, version, scorer)),
                        Batching.defaults(),
                        "test");
        opened.add(server);
        return server;
    }

    private Address foreign(final Function<ModelInferRequest, ModelInferResponse> answers)
            throws IOException {
        return start(new ForeignService(MODEL, answers));
    }

    private Address start(final ForeignService service) throws IOException {
        return start(0, service);
    }

    private Address start(final int port, final ForeignService service) throws IOException {
        final Server server =
                NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port))
                        .addService(service)
                        .build()
                        .start();
        opened.add(server::shutdownNow);
        return new Address("127.0.0.1", server.getPort());
    }

    private static ModelInferResponse.Builder answer(final long... shape) {
        return ModelInferResponse.newBuilder().setModelVersion("7").addOutputs(tensor(shape));
    }

    private static InferOutputTensor.Builder tensor(final long... shape) {
        final InferOutputTensor.Builder tensor =
                InferOutputTensor.newBuilder().setName("probabilities").setDatatype("FP32");
        LongStream.of(shape).forEach(tensor::addShape);
        return tensor;
    }

    private RemoteScorer scorer(final Address address) throws IOException {
        return scorer(RemoteOptions.of(List.of(address)).withDeadline(LONG));
    }

    private static boolean isAnswered(final RemoteScorer scorer) throws Exception {
        return score(scorer, 0.5f).get(30, TimeUnit.SECONDS).outcome().isComplete();
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
