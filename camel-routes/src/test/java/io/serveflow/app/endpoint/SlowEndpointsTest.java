/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import inference.GrpcPredictV2.ModelInferResponse;
import io.serveflow.app.fixture.SpoiltBundle;
import io.serveflow.app.fixture.WorkerProcess;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.Bundle;
import io.serveflow.model.BundleException;
import io.serveflow.model.BundleFiles;
import io.serveflow.model.TierModel;
import io.serveflow.model.TierScorer;
import io.serveflow.model.TierSpec;
import io.serveflow.remote.RemoteModel;
import io.serveflow.remote.client.RemoteException;
import io.serveflow.remote.client.RemoteException.Kind;
import io.serveflow.remote.client.RemoteOptions;
import io.serveflow.remote.client.RemoteOptions.Tls;
import io.serveflow.remote.client.RemoteScorer;
import io.serveflow.remote.client.Standing;
import io.serveflow.sensor.FlowRecordSource;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorInput;
import io.serveflow.testing.samples.ProjectFiles;
import io.serveflow.testing.tls.Certificate;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The slow tier of the shipped bundle, scored in this process, by a server that is not ours and by
 * a worker process: that all give the same, and what becomes of rows when a server is in trouble.
 */
class SlowEndpointsTest {

    private static final String MODEL = "service-slow";
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int BATCHES = 1_000;
    private static final int MOST_ROWS = 32;

    /** Where the tier is scored. */
    private enum Endpoint {
        IN_PROCESS,
        FOREIGN_SERVER,
        WORKER
    }

    private static TierSpec spec;
    private static byte[] onnx;
    private static String digest;
    private static int classes;

    /** Features of flows, and what the tier says of them in this process. */
    private static FloatBuffer features;

    private static float[] expected;
    private static List<FlowRecord> records;
    private static int flows;

    /** One for all tests, as a process takes its time to start. */
    private static Optional<WorkerProcess> worker = Optional.empty();

    @TempDir private static Path workOfWorker;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    @TempDir private Path work;

    /** Probabilities, and how the scoring ended. */
    private record Answer(TierScorer.Outcome outcome, float[] probabilities) {}

    @BeforeAll
    static void scoreHere() throws Exception {
        final Path folder = ProjectFiles.bundle("service");
        try (Bundle bundle = Bundle.load(folder)) {
            final TierModel tier = bundle.tier("slow");
            spec = tier.spec();
            classes = tier.classes();
            digest = bundle.manifest().files().get(spec.file());
        }
        onnx = Files.readAllBytes(folder.resolve(spec.file()));
        records = contexts();
        flows = records.size();
        features = direct(flows * spec.encoder().width());
        records.forEach(record -> spec.encoder().encode(record, features));
        features.flip();
        try (TierScorer scorer = TierScorer.Provider.INSTALLED.open(spec, classes, onnx)) {
            expected = score(scorer, 0, flows).get().probabilities();
        }
    }

    private static List<FlowRecord> contexts() throws Exception {
        final List<FlowRecord> answered = new ArrayList<>();
        try (FlowRecordSource source =
                SensorInput.open(
                        ProjectFiles.records("mixed"),
                        SensorFormats.installed().only("zeek"),
                        FlowAssembler.Options.defaults("test"),
                        new Ledger(),
                        letter -> {
                            throw new IllegalStateException(letter.detail());
                        })) {
            for (Optional<FlowRecord> next = source.next();
                    next.isPresent();
                    next = source.next()) {
                if (spec.answers(next.get())) {
                    answered.add(next.get());
                }
            }
        }
        return answered;
    }

    @AfterEach
    void closeAll() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
        if (worker.isPresent()) {
            worker.get().thaw();
        }
    }

    @AfterAll
    static void endWorker() {
        worker.ifPresent(WorkerProcess::close);
        worker = Optional.empty();
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveTheSameBitByBit(final Endpoint endpoint) throws Exception {
        final TierScorer scorer = scorer(endpoint);

        for (int first = 0; first < flows; first += MOST_ROWS) {
            final int n = Math.min(MOST_ROWS, flows - first);
            final Answer answer = score(scorer, first, n).get();

            assertThat(answer.outcome().failure()).isEmpty();
            assertThat(answer.probabilities()).containsExactly(expected(first, n));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldScoreAThousandBatchesAtOnceAndMixNone(final Endpoint endpoint) throws Exception {
        final TierScorer scorer = scorer(endpoint);
        final List<CompletableFuture<Answer>> answers =
                IntStream.range(0, BATCHES)
                        .parallel()
                        .mapToObj(i -> score(scorer, first(i), rows(i)))
                        .toList();

        for (int i = 0; i < BATCHES; i++) {
            final Answer answer = answers.get(i).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(answer.outcome().failure()).as("batch %d", i).isEmpty();
            assertThat(answer.probabilities()).containsExactly(expected(first(i), rows(i)));
        }
    }

    private static int rows(final int batch) {
        return 1 + batch % MOST_ROWS;
    }

    private static int first(final int batch) {
        return batch * 7 % (flows - MOST_ROWS);
    }

    @ParameterizedTest
    @EnumSource(names = {"FOREIGN_SERVER", "WORKER"})
    void shouldFailRowsAtTheDeadlineAndNotWaitLonger(final Endpoint endpoint) throws Exception {
        final SlowServer server = server(endpoint);
        final RemoteScorer scorer = scorer(server, options(server, Duration.ofMillis(300)));
        awaitAnswer(scorer);
        server.freeze();

        final RemoteException why = failure(score(scorer, 0, 4));

        assertThat(why.kind()).isEqualTo(Kind.DEADLINE);
        assertThat(why).hasMessageContaining("gave no answer in 300 ms (deadline)");
        server.thaw();
    }

    @ParameterizedTest
    @EnumSource(names = {"FOREIGN_SERVER", "WORKER"})
    void shouldLeaveAServerAloneThatDoesNotAnswerTryItOnceAndComeBack(final Endpoint endpoint)
            throws Exception {
        final SlowServer server = server(endpoint);
        final RemoteScorer scorer = scorer(server, options(server, Duration.ofMillis(100)));
        awaitAnswer(scorer);
        server.freeze();

        await().atMost(PATIENCE).until(() -> failure(score(scorer, 0, 1)).kind() == Kind.OPEN);

        assertThat(scorer.servers().get(0).standing())
                .isIn(Standing.LEFT_ALONE, Standing.TO_BE_TRIED);
        await().atMost(PATIENCE).until(() -> failure(score(scorer, 0, 1)).kind() != Kind.OPEN);
        await().atMost(PATIENCE).until(() -> failure(score(scorer, 0, 1)).kind() == Kind.OPEN);
        server.thaw();
        awaitAnswer(scorer);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(scorer.servers().get(0).standing())
                                        .isEqualTo(Standing.WELL));
    }

    @ParameterizedTest
    @EnumSource(names = {"FOREIGN_SERVER", "WORKER"})
    void shouldEndEveryRequestOfAServerThatEndsInMidBatchAndAskItWhenItIsBack(
            final Endpoint endpoint) throws Exception {
        final SlowServer server = server(endpoint);
        final RemoteScorer scorer = scorer(server, options(server, Duration.ofSeconds(2)));
        awaitAnswer(scorer);
        server.freeze();
        final List<CompletableFuture<Answer>> answers =
                IntStream.range(0, 50).mapToObj(i -> score(scorer, i, 8)).toList();

        server.kill();

        for (final CompletableFuture<Answer> answer : answers) {
            assertThat(failure(answer).kind()).isIn(Kind.UNAVAILABLE, Kind.DEADLINE, Kind.OPEN);
        }
        assertThat(scorer.inFlight()).isZero();
        server.startAgain();
        awaitAnswer(scorer);
    }

    @Test
    void shouldNotStartBesideAWorkerWithAnotherModel() throws Exception {
        final SlowServer server = server(Endpoint.WORKER);

        assertThatThrownBy(
                        () ->
                                RemoteScorer.open(
                                        new RemoteModel(
                                                MODEL, spec.encoder().width(), classes, "ab12"),
                                        options(server, PATIENCE)))
                .isInstanceOf(BundleException.class)
                .hasMessageContaining("it is made of another file, of the digest " + digest);
    }

    @Test
    void shouldTakeNoAnswerOfAnotherVersion() throws Exception {
        final KserveServer server = (KserveServer) server(Endpoint.FOREIGN_SERVER);
        final RemoteScorer scorer = scorer(server, options(server, Duration.ofSeconds(5)));
        awaitAnswer(scorer);

        server.version("2");

        assertThat(failure(score(scorer, 0, 1)))
                .hasMessageContaining("it is of version 2, was of version 1");
    }

    @Test
    void shouldTakeNoAnswerOfAnotherShape() throws Exception {
        final KserveServer server = (KserveServer) server(Endpoint.FOREIGN_SERVER);
        final RemoteScorer scorer = scorer(server, options(server, Duration.ofSeconds(5)));

        server.answer(
                answer ->
                        answer.toBuilder()
                                .setOutputs(
                                        0,
                                        answer.getOutputs(0).toBuilder().setShape(1, classes - 1))
                                .build());

        assertThat(failure(score(scorer, 0, 2)).kind()).isEqualTo(Kind.ANSWER);
    }

    @Test
    void shouldTakeNoAnswerForHalfABatch() throws Exception {
        final KserveServer server = (KserveServer) server(Endpoint.FOREIGN_SERVER);
        final RemoteScorer scorer = scorer(server, options(server, Duration.ofSeconds(5)));

        server.answer(
                answer ->
                        answer.toBuilder()
                                .setRawOutputContents(
                                        0,
                                        answer.getRawOutputContents(0)
                                                .substring(
                                                        0,
                                                        answer.getRawOutputContents(0).size() / 2))
                                .build());

        assertThat(failure(score(scorer, 0, 8)).kind()).isEqualTo(Kind.ANSWER);
    }

    @Test
    void shouldFailTheRowsThatAreNoNumbersAndTakeTheOthers() throws Exception {
        final KserveServer server = (KserveServer) server(Endpoint.FOREIGN_SERVER);
        final RemoteScorer scorer = scorer(server, options(server, Duration.ofSeconds(5)));

        server.answer(answer -> withoutNumbersIn(answer, 1));

        final Answer answer = score(scorer, 0, 3).get();
        assertThat(answer.outcome().failed().stream()).containsExactly(1);
        assertThat(Arrays.copyOf(answer.probabilities(), classes)).containsExactly(expected(0, 1));
    }

    @Test
    void shouldFailTheRowsThatAModelInThisProcessGivesNoNumbersForAndTakeTheOthers()
            throws Exception {
        final int column = columnBelowZeroInSomeRows();
        final CompletableFuture<TierScorer.Outcome> outcome = new CompletableFuture<>();
        try (Bundle spoilt = Bundle.load(withoutNumbers(column))) {
            spoilt.tier("slow")
                    .score(flows, records::get, new float[flows * classes], outcome::complete);
        }

        assertThat(outcome.get().failed()).isEqualTo(rowsBelowZero(column));
        assertThat(outcome.get().failure().orElseThrow())
                .hasMessageContaining("tier slow gives no probabilities");
    }

    @Test
    void shouldFailTheRowsThatTheModelOfAWorkerGivesNoNumbersForAndTakeTheOthers()
            throws Exception {
        final int column = columnBelowZeroInSomeRows();
        final Path spoilt = withoutNumbers(column);
        final Properties settings = settings();
        settings.setProperty("serveflow.bundle", spoilt.toString());
        final SlowServer server = worker(settings);
        final RemoteScorer scorer =
                opened(
                        RemoteScorer.open(
                                new RemoteModel(
                                        MODEL,
                                        spec.encoder().width(),
                                        classes,
                                        BundleFiles.in(spoilt).manifest().files().get(spec.file())),
                                options(server, PATIENCE)));

        final Answer answer = score(scorer, 0, flows).get();

        assertThat(answer.outcome().failed()).isEqualTo(rowsBelowZero(column));
        for (int row = 0; row < flows; row++) {
            if (!answer.outcome().failed().get(row)) {
                assertThat(
                                Arrays.copyOfRange(
                                        answer.probabilities(), row * classes, (row + 1) * classes))
                        .containsExactly(expected(row, 1));
            }
        }
    }

    /** Nor does a worker serve one, as it loads bundles in the same way. */
    @Test
    void shouldLoadNoBundleWhoseModelAnswersForFewerRowsThanItIsGiven() throws Exception {
        final Path spoilt = work.resolve("spoilt");
        SpoiltBundle.withoutTheLastRow(ProjectFiles.bundle("service"), spoilt, spec);

        assertThatThrownBy(() -> Bundle.load(spoilt))
                .hasMessageContaining("tier slow cannot compute");
    }

    private Path withoutNumbers(final int column) throws IOException {
        final Path spoilt = work.resolve("spoilt");
        SpoiltBundle.withoutNumbers(
                ProjectFiles.bundle("service"),
                spoilt,
                spec,
                column,
                record -> {
                    final FloatBuffer row = direct(spec.encoder().width());
                    spec.encoder().encode(record, row);
                    return row.get(column) >= 0;
                });
        return spoilt;
    }

    /** Of a packet that not all flows have, say. */
    private static int columnBelowZeroInSomeRows() {
        return IntStream.range(0, spec.encoder().width())
                .filter(column -> rowsBelowZero(column).cardinality() > flows / 10)
                .filter(column -> rowsBelowZero(column).cardinality() < flows / 2)
                .findFirst()
                .orElseThrow();
    }

    private static BitSet rowsBelowZero(final int column) {
        final BitSet rows = new BitSet();
        for (int row = 0; row < flows; row++) {
            rows.set(row, features.get(row * spec.encoder().width() + column) < 0);
        }
        return rows;
    }

    private static ModelInferResponse withoutNumbersIn(
            final ModelInferResponse answer, final int row) {
        final ByteBuffer raw =
                ByteBuffer.wrap(answer.getRawOutputContents(0).toByteArray())
                        .order(ByteOrder.LITTLE_ENDIAN);
        raw.putFloat(row * classes * Float.BYTES, Float.NaN);
        return answer.toBuilder().setRawOutputContents(0, ByteString.copyFrom(raw)).build();
    }

    @ParameterizedTest
    @EnumSource(names = {"FOREIGN_SERVER", "WORKER"})
    void shouldTalkToNoServerWhoseCertificateHasExpired(final Endpoint endpoint) throws Exception {
        final Certificate expired = Certificate.expired(work);
        final SlowServer server = server(endpoint, Optional.of(expired));

        final RemoteScorer scorer =
                scorer(
                        server,
                        options(server, Duration.ofSeconds(5))
                                .withTls(
                                        new Tls(
                                                Optional.of(expired.authority()),
                                                Optional.empty())));

        assertThat(failure(score(scorer, 0, 1))).hasMessageContaining("CertificateExpired");
    }

    @Test
    void shouldServeNoClientWithoutACertificateWhereOneIsAskedFor() throws Exception {
        final Certificate certificate = Certificate.valid(work);
        final Properties settings = settings(certificate);
        settings.setProperty(
                "serveflow.worker.clientCertificates", certificate.authority().toString());
        final SlowServer server = worker(settings);
        final Optional<Path> trusted = Optional.of(certificate.authority());
        final RemoteOptions options = options(server, Duration.ofSeconds(5));

        final RemoteScorer unknown =
                scorer(server, options.withTls(new Tls(trusted, Optional.empty())));
        final RemoteScorer known =
                scorer(
                        server,
                        options.withTls(
                                new Tls(
                                        trusted,
                                        Optional.of(
                                                new Tls.Own(
                                                        certificate.chain(), certificate.key())))));

        awaitAnswer(known);
        assertThat(failure(score(unknown, 0, 1)).kind()).isEqualTo(Kind.UNAVAILABLE);
    }

    /** The eight rows that have no room beside them show that the first four wait for others. */
    @Test
    void shouldAnswerWhatItHasWhenItIsAskedToEnd() throws Exception {
        final Properties settings = settings();
        settings.setProperty("serveflow.worker.maxRows", "8");
        settings.setProperty("serveflow.worker.maxWaiting", "8");
        settings.setProperty("serveflow.worker.maxDelay", "1000");
        final SlowServer.OurWorker server = worker(settings);
        final RemoteScorer scorer = scorer(server, options(server, PATIENCE));
        final AtomicReference<CompletableFuture<Answer>> waiting = new AtomicReference<>();
        await().atMost(PATIENCE)
                .until(
                        () -> {
                            waiting.set(score(scorer, 0, 4));
                            return !score(scorer, 0, 8).get().outcome().isComplete()
                                    && !waiting.get().isDone();
                        });

        final int exit = server.process().stop();

        assertThat(waiting.get().get().outcome().failure()).isEmpty();
        assertThat(waiting.get().get().probabilities()).containsExactly(expected(0, 4));
        assertThat(exit).isEqualTo(143);
    }

    private static void awaitAnswer(final TierScorer scorer) {
        await().atMost(PATIENCE).until(() -> score(scorer, 0, 1).get().outcome().isComplete());
    }

    private static RemoteException failure(final CompletableFuture<Answer> answer)
            throws Exception {
        return (RemoteException)
                answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                        .outcome()
                        .failure()
                        .orElseThrow();
    }

    private static float[] expected(final int first, final int n) {
        return Arrays.copyOfRange(expected, first * classes, (first + n) * classes);
    }

    /** What cannot even begin has failed, too. */
    private static CompletableFuture<Answer> score(
            final TierScorer scorer, final int first, final int n) {
        final int width = scorer.columns();
        final FloatBuffer rows =
                features.duplicate().limit((first + n) * width).position(first * width);
        final FloatBuffer room = direct(n * scorer.classes());
        final CompletableFuture<Answer> answer = new CompletableFuture<>();
        final TierScorer.End end =
                outcome -> {
                    final float[] probabilities = new float[n * scorer.classes()];
                    room.clear().get(probabilities);
                    answer.complete(new Answer(outcome, probabilities));
                };
        try {
            scorer.score(n, rows, room, end);
        } catch (final RemoteException e) {
            end.scored(TierScorer.Outcome.failure(0, n, e));
        }
        return answer;
    }

    private static FloatBuffer direct(final int floats) {
        return ByteBuffer.allocateDirect(floats * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    private TierScorer scorer(final Endpoint endpoint) throws Exception {
        if (endpoint == Endpoint.IN_PROCESS) {
            return opened(TierScorer.Provider.INSTALLED.open(spec, classes, onnx));
        }
        final SlowServer server = server(endpoint);
        return scorer(server, options(server, PATIENCE).withMaxInFlight(BATCHES));
    }

    private RemoteScorer scorer(final SlowServer server, final RemoteOptions options)
            throws Exception {
        assertThat(options.addresses().get(0)).hasToString(server.address());
        return opened(
                RemoteScorer.open(
                        new RemoteModel(MODEL, spec.encoder().width(), classes, digest), options));
    }

    private static RemoteOptions options(final SlowServer server, final Duration deadline) {
        return RemoteOptions.of(List.of(RemoteOptions.Address.parse(server.address())))
                .withDeadline(deadline);
    }

    private SlowServer server(final Endpoint endpoint) throws Exception {
        return server(endpoint, Optional.empty());
    }

    private SlowServer server(final Endpoint endpoint, final Optional<Certificate> certificate)
            throws Exception {
        if (endpoint == Endpoint.FOREIGN_SERVER) {
            return opened(
                    KserveServer.started(
                            MODEL,
                            opened(TierScorer.Provider.INSTALLED.open(spec, classes, onnx)),
                            certificate,
                            WorkerProcess.freePort()));
        }
        if (certificate.isPresent()) {
            return worker(settings(certificate.get()));
        }
        if (worker.isEmpty()) {
            worker = Optional.of(WorkerProcess.start(workOfWorker, settings()));
        }
        return new SlowServer.OurWorker(worker.get());
    }

    /** One for a test alone. */
    private SlowServer.OurWorker worker(final Properties settings) throws IOException {
        return opened(
                new SlowServer.OurWorker(WorkerProcess.start(work.resolve("worker"), settings)));
    }

    private static Properties settings(final Certificate certificate) {
        final Properties settings = settings();
        settings.setProperty("serveflow.worker.certificate", certificate.chain().toString());
        settings.setProperty("serveflow.worker.privateKey", certificate.key().toString());
        return settings;
    }

    private static Properties settings() {
        final Properties settings = new Properties();
        settings.setProperty("serveflow.bundle", ProjectFiles.bundle("service").toString());
        return settings;
    }

    private <T extends AutoCloseable> T opened(final T what) {
        opened.push(what);
        return what;
    }
}
