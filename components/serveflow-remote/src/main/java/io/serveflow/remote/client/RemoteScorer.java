/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.remote.client;

import com.google.protobuf.ByteString;
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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Scores on servers of the Open Inference Protocol v2, such as Triton, KServe, OpenVINO or our own
 * worker, and never waits for them: an answer comes in time, or the rows fail.
 *
 * <p>Rows go as raw little-endian tensors. A request that a server broke off goes to another one,
 * or to the same one when it is back, while there is time; scoring twice does no harm. A server
 * that fails half of its last requests is left alone for a while, and then asked by a single one.
 * Before a server's first answer counts, and again when it was away or states another version, what
 * it says of its model is compared with the bundle.
 */
public final class RemoteScorer implements TierScorer {

    /** Rounding may take a probability this far out of 0 to 1. */
    private static final float TOLERANCE = 1e-3f;

    private final RemoteModel model;
    private final RemoteOptions options;
    private final List<RemoteServer> servers;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final LongAdder retries = new LongAdder();

    private RemoteScorer(
            final RemoteModel model,
            final RemoteOptions options,
            final List<RemoteServer> servers) {
        this.model = model;
        this.options = options;
        this.servers = servers;
    }

    /**
     * Connects, and compares the model of each server that answers with the bundle. One that does
     * not answer is compared when it does.
     *
     * @throws BundleException if a server that answers has another model
     * @throws IOException if certificates or keys cannot be read
     */
    public static RemoteScorer open(final RemoteModel model, final RemoteOptions options)
            throws IOException {
        final List<RemoteServer> servers = new ArrayList<>();
        final RemoteScorer scorer = new RemoteScorer(model, options, servers);
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

    private void compareAtStart(final RemoteServer server) {
        final CompletableFuture<Optional<RemoteException>> compared = new CompletableFuture<>();
        compare(
                server,
                Deadline.after(options.deadline().toMillis(), TimeUnit.MILLISECONDS),
                () -> compared.complete(Optional.empty()),
                failure -> compared.complete(Optional.of(failure)));
        try {
            final Optional<RemoteException> failure =
                    compared.get(options.deadline().toMillis() * 2, TimeUnit.MILLISECONDS);
            if (failure.isPresent() && failure.get().kind() == Kind.MODEL) {
                throw new BundleException(failure.get().getMessage(), failure.get());
            }
        } catch (final TimeoutException e) {
            // As where no server is: it is compared when it answers.
            return;
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (final ExecutionException e) {
            throw new IllegalStateException(e);
        }
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
        return options.batch();
    }

    /** Requests that are under way. */
    public int inFlight() {
        return inFlight.get();
    }

    /** Requests that were sent again, each time counted. */
    public long retries() {
        return retries.sum();
    }

    @Override
    public void score(
            final int n,
            final FloatBuffer features,
            final FloatBuffer probabilities,
            final End end) {
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
        return servers.size() == 1 ? stub.withWaitForReady() : stub;
    }

    /** Asks a server whether it has the model, and what that reads and gives. */
    private void compare(
            final RemoteServer server,
            final Deadline deadline,
            final Runnable fits,
            final Consumer<RemoteException> fails) {
        stub(server, deadline)
                .modelReady(
                        ModelReadyRequest.newBuilder().setName(model.name()).build(),
                        new Once<ModelReadyResponse>(
                                answer ->
                                        compareMetadata(
                                                server, answer.getReady(), deadline, fits, fails),
                                error -> fails.accept(failure(server, error))));
    }

    private void compareMetadata(
            final RemoteServer server,
            final boolean ready,
            final Deadline deadline,
            final Runnable fits,
            final Consumer<RemoteException> fails) {
        server.stub()
                .withDeadline(deadline)
                .modelMetadata(
                        ModelMetadataRequest.newBuilder().setName(model.name()).build(),
                        new Once<ModelMetadataResponse>(
                                answer -> {
                                    final Optional<RemoteException> fault =
                                            fault(server, ready, answer);
                                    if (fault.isPresent()) {
                                        fails.accept(fault.get());
                                    } else {
                                        server.know(version(answer));
                                        fits.run();
                                    }
                                },
                                error -> fails.accept(failure(server, error))));
    }

    private Optional<RemoteException> fault(
            final RemoteServer server, final boolean ready, final ModelMetadataResponse served) {
        final Optional<String> other = model.fault(served).or(() -> otherVersion(server, served));
        if (other.isPresent()) {
            return Optional.of(
                    new RemoteException(
                            Kind.MODEL, of(server) + " is not the tier's: " + other.get()));
        }
        return ready
                ? Optional.empty()
                : Optional.of(new RemoteException(Kind.UNAVAILABLE, of(server) + " is not ready"));
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
        final Kind kind =
                switch (status.getCode()) {
                    case DEADLINE_EXCEEDED -> Kind.DEADLINE;
                    case RESOURCE_EXHAUSTED -> Kind.OVERLOADED;
                    case NOT_FOUND, INVALID_ARGUMENT, UNIMPLEMENTED -> Kind.MODEL;
                    case UNAVAILABLE -> Kind.UNAVAILABLE;
                    default -> Kind.FAILED;
                };
        return new RemoteException(
                kind,
                of(server)
                        + (kind == Kind.DEADLINE
                                ? " gave no answer in " + options.deadline().toMillis() + " ms"
                                : " gave no answer: " + said(status)),
                error);
    }

    private static String said(final Status status) {
        final String cause =
                status.getCause() == null || status.getCause().getMessage() == null
                        ? ""
                        : ": " + status.getCause().getMessage();
        return (status.getDescription() == null ? status.getCode().name() : status.getDescription())
                + cause;
    }

    @Override
    public void close() {
        servers.forEach(RemoteServer::close);
    }

    /** One request until it has its end. */
    private final class Scoring {

        private final int n;
        private final ModelInferRequest request;
        private final FloatBuffer probabilities;
        private final End end;
        private final long started = System.nanoTime();
        private final Deadline deadline =
                Deadline.after(options.deadline().toMillis(), TimeUnit.MILLISECONDS);

        /** How often it may be sent again: to each other server, and once to one that came back. */
        private int left = servers.size();

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

        /** Asks the least loaded server that may be asked. */
        private void begin(final Optional<RemoteException> before) {
            final Optional<RemoteServer> free =
                    servers.stream()
                            .sorted(Comparator.comparingLong(RemoteServer::load))
                            .filter(RemoteServer::begin)
                            .findFirst();
            if (free.isEmpty()) {
                end(
                        Outcome.failure(
                                0,
                                n,
                                before.orElseGet(
                                        () ->
                                                new RemoteException(
                                                        Kind.OPEN,
                                                        "no server of "
                                                                + options.addresses()
                                                                + " is asked for now, as each"
                                                                + " failed too often of late"))));
                return;
            }
            final RemoteServer server = free.get();
            if (server.isKnown()) {
                infer(server);
            } else {
                compare(server, deadline, () -> infer(server), failure -> failed(server, failure));
            }
        }

        private void infer(final RemoteServer server) {
            stub(server, deadline)
                    .modelInfer(
                            request,
                            new Once<>(
                                    answer -> answered(server, answer),
                                    error -> failed(server, failure(server, error))));
        }

        private void failed(final RemoteServer server, final RemoteException failure) {
            server.ended(System.nanoTime() - started, failure);
            if (failure.kind() == Kind.UNAVAILABLE) {
                server.forget();
                if (again(failure)) {
                    return;
                }
            }
            end(Outcome.failure(System.nanoTime() - started, n, failure));
        }

        private boolean again(final RemoteException failure) {
            if (left == 0 || deadline.isExpired()) {
                return false;
            }
            left--;
            retries.increment();
            begin(Optional.of(failure));
            return true;
        }

        private void answered(final RemoteServer server, final ModelInferResponse answer) {
            final String compared = server.version().orElse("");
            if (!compared.isEmpty() && !compared.equals(answer.getModelVersion())) {
                final RemoteException failure =
                        wrong(
                                server,
                                "is of version "
                                        + answer.getModelVersion()
                                        + ", compared was version "
                                        + compared);
                server.forget();
                server.ended(System.nanoTime() - started, failure);
                if (!again(failure)) {
                    end(Outcome.failure(System.nanoTime() - started, n, failure));
                }
                return;
            }
            final Optional<FloatBuffer> raw = raw(answer);
            if (raw.isEmpty()) {
                failed(server, wrong(server, "has no tensor of [" + n + ", " + classes() + "]"));
                return;
            }
            final BitSet bad = copy(raw.get());
            final long nanos = System.nanoTime() - started;
            if (bad.isEmpty()) {
                server.ended(nanos);
                end(Outcome.complete(nanos));
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
            server.ended(nanos, failure);
            end(Outcome.partial(nanos, bad, failure));
        }

        private RemoteException wrong(final RemoteServer server, final String what) {
            return new RemoteException(Kind.ANSWER, "the answer of " + of(server) + " " + what);
        }

        private Optional<FloatBuffer> raw(final ModelInferResponse answer) {
            for (int i = 0; i < answer.getOutputsCount(); i++) {
                final ModelInferResponse.InferOutputTensor tensor = answer.getOutputs(i);
                if (tensor.getName().equals(RemoteModel.OUTPUT)) {
                    return tensor.getDatatype().equals(RemoteModel.TYPE)
                                    && tensor.getShapeList()
                                            .equals(List.of((long) n, (long) classes()))
                            ? values(answer, i)
                            : Optional.empty();
                }
            }
            return Optional.empty();
        }

        /** A server gives them raw, or as numbers of the message. */
        private Optional<FloatBuffer> values(final ModelInferResponse answer, final int i) {
            if (answer.getRawOutputContentsCount() > i) {
                final ByteString raw = answer.getRawOutputContents(i);
                return raw.size() == n * classes() * Float.BYTES
                        ? Optional.of(
                                raw.asReadOnlyByteBuffer()
                                        .order(ByteOrder.LITTLE_ENDIAN)
                                        .asFloatBuffer())
                        : Optional.empty();
            }
            final List<Float> numbers = answer.getOutputs(i).getContents().getFp32ContentsList();
            if (numbers.size() != n * classes()) {
                return Optional.empty();
            }
            final FloatBuffer values = FloatBuffer.allocate(numbers.size());
            numbers.forEach(values::put);
            return Optional.of(values.flip());
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
