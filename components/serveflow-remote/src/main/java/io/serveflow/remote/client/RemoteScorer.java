/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.remote.client;

import com.google.protobuf.UnsafeByteOperations;
import io.grpc.Deadline;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.serveflow.model.BundleException;
import io.serveflow.model.TierScorer;
import io.serveflow.remote.RemoteModel;
import io.serveflow.remote.client.RemoteException.Kind;
import io.serveflow.remote.protocol.GRPCInferenceServiceGrpc.GRPCInferenceServiceStub;
import io.serveflow.remote.protocol.ModelInferRequest;
import io.serveflow.remote.protocol.ModelInferResponse;
import io.serveflow.remote.protocol.ModelMetadataRequest;
import io.serveflow.remote.protocol.ModelMetadataResponse;
import io.serveflow.remote.protocol.ModelReadyRequest;
import io.serveflow.remote.protocol.ModelReadyResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scores on servers of the Open Inference Protocol v2, such as Triton, KServe, OpenVINO or our own
 * worker, and never waits for them: an answer comes in time, or the rows fail.
 *
 * <p>Rows go as raw little-endian tensors. A request that a server broke off goes to another one,
 * or to the same one when it is back, while there is time; scoring twice does no harm. Of several
 * servers the one with the fewest requests is asked; those with as few take turns. One that fails
 * half of its last requests is left alone for a while, and then asked by a single one. Before a
 * server's first answer counts, and again when it was away or states another version, what it says
 * of its model is compared with the bundle.
 */
public final class RemoteScorer implements TierScorer {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteScorer.class);

    /** Of a message, what is not rows. */
    private static final int HEADER_BYTES = 1 << 16;

    /** How soon the only server is asked again whether its model is ready. */
    private static final long READY_MILLIS = 100;

    /** A cause as the library prints it into its description, up to the end of its line. */
    private static final Pattern CAUSE =
            Pattern.compile("(?:Caused by: |cause=(?!null))(?:[\\w$]+\\.)*([^\\n\\\\]+)");

    /** What the library says of a server that ends a connection without a word. */
    private static final String CLOSED = "Network closed for unknown reason";

    private static final String WITHOUT_TLS =
            "; if the server has certificates, set the option tls"
                    + " (camel.component.serveflow.configuration.tls) to true";

    /** Rounding may take a probability this far out of 0 to 1. */
    private static final float TOLERANCE = 1e-3f;

    private final RemoteModel model;
    private final RemoteOptions options;
    private final List<RemoteServer> servers;
    private final AtomicInteger inFlight = new AtomicInteger();

    /** Where the search begins, so that servers of which none stands better take turns. */
    private final AtomicInteger turn = new AtomicInteger();

    private final LongAdder retries = new LongAdder();
    private final Runnable retried;
    private volatile boolean closed;

    private RemoteScorer(
            final RemoteModel model,
            final RemoteOptions options,
            final List<RemoteServer> servers,
            final Runnable retried) {
        this.model = model;
        this.options = options;
        this.servers = servers;
        this.retried = retried;
    }

    /**
     * Connects, and compares the model of each server that answers with the bundle. One that does
     * not answer is compared when it does.
     *
     * @throws BundleException if a server that answers has another model
     * @throws IllegalArgumentException if a request of {@code maxRows} rows is too large a message
     * @throws IOException if certificates or keys cannot be read
     */
    public static RemoteScorer open(final RemoteModel model, final RemoteOptions options)
            throws IOException {
        return open(model, options, () -> {});
    }

    /**
     * The same, which reports what it sends again.
     *
     * @param retried called each time, by any thread; quick, must not throw
     */
    public static RemoteScorer open(
            final RemoteModel model, final RemoteOptions options, final Runnable retried)
            throws IOException {
        requireSize(model, options.maxRows());
        final List<RemoteServer> servers = new ArrayList<>();
        final RemoteScorer scorer = new RemoteScorer(model, options, servers, retried);
        try {
            for (final RemoteOptions.Address address : options.addresses()) {
                servers.add(new RemoteServer(address, options));
            }
            for (final RemoteServer server : servers) {
                scorer.compareAtStart(server);
            }
            return scorer;
        } catch (final IOException | RuntimeException e) {
            scorer.close();
            throw e;
        }
    }

    private static void requireSize(final RemoteModel model, final int batch) {
        final long width = Math.max(model.columns(), model.classes());
        final long most = (RemoteModel.MOST_BYTES - HEADER_BYTES) / (Float.BYTES * width);
        if (batch > most) {
            throw new IllegalArgumentException(
                    "maxRows must be 1 to "
                            + most
                            + " where rows of model "
                            + model.name()
                            + " have "
                            + width
                            + " numbers, was "
                            + batch);
        }
    }

    /** Without a wait for a connection, so that the log says why there is none. */
    private void compareAtStart(final RemoteServer server) {
        final CompletableFuture<Optional<RemoteException>> compared = new CompletableFuture<>();
        final Deadline deadline = deadline();
        compare(server, server.stub().withDeadline(deadline), deadline, false, compared);
        try {
            final Optional<RemoteException> failure =
                    compared.get(options.deadline().toMillis() * 2, TimeUnit.MILLISECONDS);
            if (failure.isPresent() && failure.get().kind() == Kind.MODEL) {
                throw new BundleException(failure.get().getMessage(), failure.get());
            }
            failure.ifPresent(
                    why -> LOG.warn("{}; it is compared when it answers", why.getMessage()));
        } catch (final TimeoutException e) {
            LOG.warn("{} was not asked in time; it is compared when it answers", of(server));
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (final ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private Deadline deadline() {
        return Deadline.after(options.deadline().toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public int columns() {
        return model.columns();
    }

    @Override
    public int classes() {
        return model.classes();
    }

    @Override
    public int rows() {
        return options.maxRows();
    }

    /** Requests that are under way. */
    public int inFlight() {
        return inFlight.get();
    }

    /** Requests that were sent again, each time counted. */
    public long retries() {
        return retries.sum();
    }

    private void countRetry() {
        retries.increment();
        retried.run();
    }

    /** The servers as they stand now, in the order of the options. */
    public List<ServerState> servers() {
        return servers.stream()
                .map(
                        server ->
                                new ServerState(
                                        server.address(),
                                        server.standing(),
                                        server.isConnected(),
                                        server.outstanding(),
                                        server.version().orElse("")))
                .toList();
    }

    /**
     * How a server stands.
     *
     * @param connected whether there is a connection now; one that is not used may end
     * @param outstanding requests that it has
     * @param version of its model, as it stated it last; empty where it stated none
     */
    public record ServerState(
            RemoteOptions.Address address,
            Standing standing,
            boolean connected,
            int outstanding,
            String version) {}

    @Override
    public void score(
            final int n,
            final FloatBuffer features,
            final FloatBuffer probabilities,
            final End end) {
        if (closed) {
            throw new IllegalStateException("the scorer of model " + model.name() + " is closed");
        }
        requireRoom(n, features, probabilities);
        if (inFlight.incrementAndGet() > options.maxInFlight()) {
            inFlight.decrementAndGet();
            throw new RemoteException(
                    Kind.OVERLOADED,
                    options.maxInFlight()
                            + " requests are under way, as many as maxInFlight permits");
        }
        final Scoring scoring;
        try {
            scoring = new Scoring(n, request(n, features), probabilities, end);
        } catch (final RuntimeException e) {
            inFlight.decrementAndGet();
            throw e;
        }
        scoring.begin(Optional.empty());
    }

    private void requireRoom(
            final int n, final FloatBuffer features, final FloatBuffer probabilities) {
        if (n < 1
                || n > options.maxRows()
                || features.remaining() != n * columns()
                || probabilities.remaining() < n * classes()) {
            throw new IllegalArgumentException(
                    "rows must be 1 to "
                            + options.maxRows()
                            + " (maxRows) of "
                            + columns()
                            + " features and "
                            + classes()
                            + " probabilities, were "
                            + n
                            + " with "
                            + features.remaining()
                            + " features and room for "
                            + probabilities.remaining()
                            + " probabilities");
        }
    }

    private ModelInferRequest request(final int n, final FloatBuffer features) {
        final byte[] raw = new byte[Math.multiplyExact(n * columns(), Float.BYTES)];
        ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(features);
        return ModelInferRequest.newBuilder()
                .setModelName(model.name())
                .addInputs(
                        ModelInferRequest.InferInputTensor.newBuilder()
                                .setName(RemoteModel.INPUT)
                                .setDatatype(RemoteModel.TYPE)
                                .addShape(n)
                                .addShape(columns()))
                .addOutputs(
                        ModelInferRequest.InferRequestedOutputTensor.newBuilder()
                                .setName(RemoteModel.OUTPUT))
                .addRawInputContents(UnsafeByteOperations.unsafeWrap(raw))
                .build();
    }

    /** The only server is waited for; where there are others, one of them is asked instead. */
    private GRPCInferenceServiceStub stub(final RemoteServer server, final Deadline deadline) {
        final GRPCInferenceServiceStub stub = server.stub().withDeadline(deadline);
        return isOnly() ? stub.withWaitForReady() : stub;
    }

    private boolean isOnly() {
        return servers.size() == 1;
    }

    /**
     * Asks a server whether it has the model, and what that reads and gives.
     *
     * @param patient whether one whose model is not ready is asked until the deadline
     * @param compared completed with the fault, if there is one
     */
    private void compare(
            final RemoteServer server,
            final GRPCInferenceServiceStub stub,
            final Deadline deadline,
            final boolean patient,
            final CompletableFuture<Optional<RemoteException>> compared) {
        new Comparison(server, stub, deadline, patient, compared).begin();
    }

    /** One comparison of the model of a server with the tier's. */
    private final class Comparison {

        private final RemoteServer server;
        private final GRPCInferenceServiceStub stub;
        private final Deadline deadline;
        private final boolean patient;
        private final CompletableFuture<Optional<RemoteException>> compared;

        private Comparison(
                final RemoteServer server,
                final GRPCInferenceServiceStub stub,
                final Deadline deadline,
                final boolean patient,
                final CompletableFuture<Optional<RemoteException>> compared) {
            this.server = server;
            this.stub = stub;
            this.deadline = deadline;
            this.patient = patient;
            this.compared = compared;
        }

        private void begin() {
            stub.modelReady(
                    ModelReadyRequest.newBuilder().setName(model.name()).build(),
                    new Once<ModelReadyResponse>(
                            ready -> describe(ready.getReady()),
                            error -> {
                                // MLServer says why only when it is asked for the metadata.
                                if (Status.fromThrowable(error).getCode() == Status.Code.UNKNOWN) {
                                    describe(true);
                                } else {
                                    failed(true, error);
                                }
                            }));
        }

        private void describe(final boolean ready) {
            stub.modelMetadata(
                    ModelMetadataRequest.newBuilder().setName(model.name()).build(),
                    new Once<ModelMetadataResponse>(
                            served -> described(ready, served), error -> failed(ready, error)));
        }

        private void described(final boolean ready, final ModelMetadataResponse served) {
            final Optional<RemoteException> fault = fault(server, ready, served);
            if (fault.isPresent() && fault.get().kind() == Kind.UNAVAILABLE) {
                waitUntilReady(fault.get());
                return;
            }
            if (fault.isEmpty()) {
                if (server.version().isEmpty() && !RemoteModel.isDescribed(served)) {
                    LOG.warn(
                            "{} does not state what it reads and gives; whether it is the tier's"
                                    + " is seen by the shape of its answers alone",
                            of(server));
                }
                server.know(version(served), model.isStated(served));
            }
            compared.complete(fault);
        }

        private void failed(final boolean ready, final Throwable error) {
            final Status status = Status.fromThrowable(error);
            final boolean silent = !ready && status.getCode() == Status.Code.UNAVAILABLE;
            if (silent || StatusMeaning.isLoading(status)) {
                waitUntilReady(notReady(server));
            } else {
                compared.complete(Optional.of(failure(server, error)));
            }
        }

        private void waitUntilReady(final RemoteException notReady) {
            if (patient && deadline.timeRemaining(TimeUnit.MILLISECONDS) > READY_MILLIS) {
                CompletableFuture.delayedExecutor(READY_MILLIS, TimeUnit.MILLISECONDS)
                        .execute(this::begin);
            } else {
                compared.complete(Optional.of(notReady));
            }
        }
    }

    private RemoteException notReady(final RemoteServer server) {
        return new RemoteException(Kind.UNAVAILABLE, of(server) + " is not ready");
    }

    private Optional<RemoteException> fault(
            final RemoteServer server, final boolean ready, final ModelMetadataResponse served) {
        final Optional<String> other = model.fault(served).or(() -> otherVersion(server, served));
        if (other.isPresent()) {
            return Optional.of(
                    new RemoteException(
                            Kind.MODEL, of(server) + " is not the tier's: " + other.get()));
        }
        return ready ? Optional.empty() : Optional.of(notReady(server));
    }

    /**
     * Another version than was compared before may be another model of the same shape; only its
     * digest says that it is not.
     */
    private Optional<String> otherVersion(
            final RemoteServer server, final ModelMetadataResponse served) {
        return model.isStated(served)
                ? Optional.empty()
                : server.version()
                        .filter(before -> !before.equals(version(served)))
                        .map(
                                before ->
                                        "it is of version "
                                                + version(served)
                                                + ", was of version "
                                                + before
                                                + ", and states no digest of its file; start anew"
                                                + " if it is the bundle's");
    }

    /** Empty where a server has several at a time, or states none. */
    private static String version(final ModelMetadataResponse served) {
        return served.getVersionsCount() == 1 ? served.getVersions(0) : "";
    }

    private String of(final RemoteServer server) {
        return "model " + model.name() + " of " + server.address();
    }

    private RemoteException failure(final RemoteServer server, final Throwable error) {
        final Status status = Status.fromThrowable(error);
        final boolean late = status.getCode() == Status.Code.DEADLINE_EXCEEDED;
        if (late && !server.isConnected()) {
            return new RemoteException(
                    Kind.UNAVAILABLE,
                    of(server)
                            + " gave no answer: there was no connection in "
                            + options.deadline().toMillis()
                            + " ms (deadline)"
                            + whyNot(status));
        }
        return new RemoteException(
                StatusMeaning.kind(status),
                of(server)
                        + (late
                                ? " gave no answer in "
                                        + options.deadline().toMillis()
                                        + " ms (deadline)"
                                : " gave no answer: " + said(status)),
                error);
    }

    /** What kept the connection from being made, out of all that the library says of it. */
    private String whyNot(final Status status) {
        final Matcher cause = CAUSE.matcher(String.valueOf(status.getDescription()));
        String last = options.tls().isPresent() ? "" : WITHOUT_TLS;
        while (cause.find()) {
            last = ": " + cause.group(1);
        }
        return last;
    }

    /** What the library says first, and what was at the bottom of it. */
    private String said(final Status status) {
        final String first =
                status.getDescription() == null
                        ? status.getCode().name()
                        : status.getDescription().lines().findFirst().orElse("");
        Throwable cause = status.getCause();
        while (cause != null && cause.getCause() != null) {
            cause = cause.getCause();
        }
        final boolean closedUnasked =
                status.getCode() == Status.Code.UNAVAILABLE && first.startsWith(CLOSED);
        return first
                + (cause == null ? "" : ": " + cause)
                + (closedUnasked && options.tls().isEmpty() ? WITHOUT_TLS : "");
    }

    @Override
    public void close() {
        closed = true;
        servers.forEach(RemoteServer::close);
    }

    /** One request until it has its end. */
    private final class Scoring {

        private final int n;
        private final ModelInferRequest request;
        private final FloatBuffer probabilities;
        private final End end;
        private final long started = System.nanoTime();
        private final Deadline deadline = deadline();
        private final Set<RemoteServer> asked = new HashSet<>();
        private final AtomicBoolean ended = new AtomicBoolean();

        /** The only server is asked once more where it broke the request off. */
        private boolean askedAgain;

        /** Its model was compared again, as an answer was of another version. */
        private boolean comparedAgain;

        private Scoring(
                final int n,
                final ModelInferRequest request,
                final FloatBuffer probabilities,
                final End end) {
            this.n = n;
            this.request = request;
            this.probabilities = probabilities;
            this.end = end;
        }

        /** Asks the server that stands best of those that may be asked, first one that was not. */
        private void begin(final Optional<RemoteException> before) {
            try {
                final Optional<RemoteServer> free = next();
                if (free.isPresent()) {
                    ask(free.get());
                } else {
                    end(Outcome.failure(elapsed(), n, before.orElseGet(this::noneMayBeAsked)));
                }
            } catch (final RuntimeException e) {
                endUnlessEnded(e);
            }
        }

        /** What servers stand for changes meanwhile, so it is looked at once. */
        private record Candidate(RemoteServer server, Standing standing, int load) {}

        private Optional<RemoteServer> next() {
            final int count = servers.size();
            final int first = Math.floorMod(turn.getAndIncrement(), count);
            return IntStream.range(0, count)
                    .mapToObj(i -> servers.get((first + i) % count))
                    .filter(server -> !asked.contains(server))
                    .map(server -> new Candidate(server, server.standing(), server.outstanding()))
                    .sorted(
                            Comparator.comparing(Candidate::standing)
                                    .thenComparingInt(Candidate::load))
                    .map(Candidate::server)
                    .filter(RemoteServer::begin)
                    .findFirst();
        }

        private RemoteException noneMayBeAsked() {
            return new RemoteException(
                    Kind.OPEN,
                    "no server of "
                            + options.addresses()
                            + " is asked for "
                            + options.openFor().toMillis()
                            + " ms (openFor), as each failed too often of late");
        }

        private void ask(final RemoteServer server) {
            asked.add(server);
            if (server.isKnown()) {
                infer(server);
                return;
            }
            server.compare(
                    compared ->
                            compare(server, stub(server, deadline), deadline, isOnly(), compared),
                    fault ->
                            guarded(
                                    server,
                                    () ->
                                            fault.ifPresentOrElse(
                                                    failure -> failed(server, failure),
                                                    () -> infer(server))));
        }

        private void infer(final RemoteServer server) {
            stub(server, deadline)
                    .modelInfer(
                            request,
                            new Once<>(
                                    answer -> guarded(server, () -> answered(server, answer)),
                                    error ->
                                            guarded(
                                                    server,
                                                    () -> failed(server, failure(server, error)))));
        }

        /** Whatever goes wrong on a thread of the protocol's library, the request has its end. */
        private void guarded(final RemoteServer server, final Runnable step) {
            try {
                step.run();
            } catch (final RuntimeException e) {
                if (ended.get()) {
                    // It is the caller's, who has the outcome.
                    throw e;
                }
                server.ended(elapsed(), e);
                endUnlessEnded(e);
            }
        }

        private void endUnlessEnded(final RuntimeException e) {
            if (ended.get()) {
                throw e;
            }
            end(Outcome.failure(elapsed(), n, e));
        }

        private void failed(final RemoteServer server, final RemoteException failure) {
            if (failure.kind() == Kind.UNAVAILABLE) {
                server.forget();
            }
            server.ended(elapsed(), failure);
            if (!again(server, failure)) {
                end(Outcome.failure(elapsed(), n, failure));
            }
        }

        /**
         * Another server may have what this one has not; only one that went away may be back. Where
         * this request still has time and the answer was a deadline, it is that of the request
         * which began the comparison that this one waited for.
         */
        private boolean again(final RemoteServer server, final RemoteException failure) {
            if (deadline.isExpired() || failure.kind() == Kind.FAILED) {
                return false;
            }
            if (isOnly()) {
                if (askedAgain
                        || failure.kind() != Kind.UNAVAILABLE && failure.kind() != Kind.DEADLINE) {
                    return false;
                }
                askedAgain = true;
                asked.remove(server);
            } else if (asked.size() == servers.size()) {
                return false;
            }
            countRetry();
            begin(Optional.of(failure));
            return true;
        }

        private long elapsed() {
            return System.nanoTime() - started;
        }

        private void answered(final RemoteServer server, final ModelInferResponse answer) {
            final Optional<String> other =
                    otherModel(answer).or(() -> otherVersion(server, answer.getModelVersion()));
            if (other.isPresent()) {
                server.forget();
                final RemoteException failure = wrong(server, other.get());
                server.ended(elapsed(), failure);
                if (!compareAndAskAgain(server)) {
                    end(Outcome.failure(elapsed(), n, failure));
                }
                return;
            }
            final Optional<FloatBuffer> found = OutputTensor.probabilities(answer, n, classes());
            if (found.isEmpty()) {
                failed(server, wrong(server, "has no tensor of [" + n + ", " + classes() + "]"));
                return;
            }
            server.answered(answer.getModelVersion());
            final BitSet bad = copy(found.get());
            if (bad.isEmpty()) {
                server.ended(elapsed());
                end(Outcome.complete(elapsed()));
                return;
            }
            final RemoteException failure =
                    wrong(
                            server,
                            "has no probabilities in "
                                    + bad.cardinality()
                                    + " of "
                                    + n
                                    + " rows, first in row "
                                    + bad.nextSetBit(0));
            server.ended(elapsed(), failure);
            end(Outcome.partial(elapsed(), bad, failure));
        }

        /** Once: another version may be of the same file, which its metadata says. */
        private boolean compareAndAskAgain(final RemoteServer server) {
            if (askedAgain || deadline.isExpired() || !server.begin()) {
                return false;
            }
            askedAgain = true;
            comparedAgain = true;
            countRetry();
            ask(server);
            return true;
        }

        private Optional<String> otherModel(final ModelInferResponse answer) {
            return answer.getModelName().isEmpty() || answer.getModelName().equals(model.name())
                    ? Optional.empty()
                    : Optional.of("is of model " + answer.getModelName());
        }

        /**
         * What was answered before counts, else what the metadata say. Where these say the same as
         * before although the first answer is of another version, twice, they are about something
         * else, as those of MLServer are, which name libraries.
         */
        private Optional<String> otherVersion(final RemoteServer server, final String stated) {
            final Optional<String> before =
                    server.answered().or(server::version).filter(version -> !version.isEmpty());
            if (stated.isEmpty()
                    || before.isEmpty()
                    || before.get().equals(stated)
                    || comparedAgain && !server.isStating() && server.answered().isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(
                    "is of version "
                            + stated
                            + ", was of version "
                            + before.get()
                            + "; start anew if it is the bundle's");
        }

        private RemoteException wrong(final RemoteServer server, final String what) {
            return new RemoteException(Kind.ANSWER, "the answer of " + of(server) + " " + what);
        }

        /** Takes the rows over; returns those that hold no probabilities. */
        private BitSet copy(final FloatBuffer values) {
            final BitSet bad = new BitSet(n);
            for (int row = 0; row < n; row++) {
                for (int i = 0; i < classes(); i++) {
                    final float value = values.get();
                    // NaN is neither.
                    if (!(value >= -TOLERANCE && value <= 1 + TOLERANCE)) {
                        bad.set(row);
                    }
                    probabilities.put(value);
                }
            }
            return bad;
        }

        private void end(final Outcome outcome) {
            ended.set(true);
            inFlight.decrementAndGet();
            end.scored(outcome);
        }
    }

    /**
     * Takes the one answer of a call, or its failure.
     *
     * <p>The protocol library reports the answer and then the end of the call; what an answer leads
     * to may throw, and must not be reported as a failure of the call as well.
     */
    private static final class Once<T> implements StreamObserver<T> {

        private final Consumer<T> answered;
        private final Consumer<Throwable> failed;
        private Optional<T> answer = Optional.empty();

        private Once(final Consumer<T> answered, final Consumer<Throwable> failed) {
            this.answered = answered;
            this.failed = failed;
        }

        @Override
        public void onNext(final T value) {
            answer = Optional.of(value);
        }

        @Override
        public void onError(final Throwable error) {
            failed.accept(error);
        }

        @Override
        public void onCompleted() {
            answer.ifPresentOrElse(
                    answered,
                    () ->
                            failed.accept(
                                    Status.INTERNAL.withDescription("no answer").asException()));
        }
    }
}
