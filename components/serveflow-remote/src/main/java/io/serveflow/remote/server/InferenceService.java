/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.remote.server;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.serveflow.remote.RemoteModel;
import io.serveflow.remote.protocol.GRPCInferenceServiceGrpc;
import io.serveflow.remote.protocol.InferStatistics;
import io.serveflow.remote.protocol.ModelInferRequest;
import io.serveflow.remote.protocol.ModelInferResponse;
import io.serveflow.remote.protocol.ModelMetadataRequest;
import io.serveflow.remote.protocol.ModelMetadataResponse;
import io.serveflow.remote.protocol.ModelReadyRequest;
import io.serveflow.remote.protocol.ModelReadyResponse;
import io.serveflow.remote.protocol.ModelStatistics;
import io.serveflow.remote.protocol.ModelStatisticsRequest;
import io.serveflow.remote.protocol.ModelStatisticsResponse;
import io.serveflow.remote.protocol.ServerLiveRequest;
import io.serveflow.remote.protocol.ServerLiveResponse;
import io.serveflow.remote.protocol.ServerMetadataRequest;
import io.serveflow.remote.protocol.ServerMetadataResponse;
import io.serveflow.remote.protocol.ServerReadyRequest;
import io.serveflow.remote.protocol.ServerReadyResponse;
import io.serveflow.remote.protocol.StatisticDuration;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers the calls of the Open Inference Protocol v2. */
final class InferenceService extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase {

    /** Of a fault, or of what a client wrote: longer ones do not fit into what ends a call. */
    private static final int MOST_SAID = 1_000;

    /** A model and what scores its requests together. */
    record Served(ServedModel served, Batcher batcher) {}

    private final Models models;
    private final String version;

    InferenceService(final Map<String, Served> models, final String version) {
        this(Models.of(models), version);
    }

    InferenceService(final Models models, final String version) {
        this.models = models;
        this.version = version;
    }

    @Override
    public void serverLive(
            final ServerLiveRequest request, final StreamObserver<ServerLiveResponse> to) {
        give(to, ServerLiveResponse.newBuilder().setLive(true).build());
    }

    @Override
    public void serverReady(
            final ServerReadyRequest request, final StreamObserver<ServerReadyResponse> to) {
        give(to, ServerReadyResponse.newBuilder().setReady(models.isReady()).build());
    }

    @Override
    public void serverMetadata(
            final ServerMetadataRequest request, final StreamObserver<ServerMetadataResponse> to) {
        give(
                to,
                ServerMetadataResponse.newBuilder()
                        .setName("serveflow")
                        .setVersion(version)
                        .addExtensions("statistics")
                        .build());
    }

    @Override
    public void modelReady(
            final ModelReadyRequest request, final StreamObserver<ModelReadyResponse> to) {
        give(
                to,
                ModelReadyResponse.newBuilder()
                        .setReady(
                                find(request.getName(), request.getVersion())
                                        .filter(found -> found.batcher().isReady())
                                        .isPresent())
                        .build());
    }

    @Override
    public void modelMetadata(
            final ModelMetadataRequest request, final StreamObserver<ModelMetadataResponse> to) {
        find(request.getName(), request.getVersion())
                .ifPresentOrElse(
                        found ->
                                give(to, found.served().model().metadata(found.served().version())),
                        () -> to.onError(missing(request.getName(), request.getVersion())));
    }

    @Override
    public void modelInfer(
            final ModelInferRequest request, final StreamObserver<ModelInferResponse> to) {
        final Optional<Models.Loan> lent = models.lend(request.getModelName());
        if (lent.isEmpty()) {
            to.onError(missing(request.getModelName(), ""));
            return;
        }
        final Models.Loan loan = lent.get();
        final ServedModel served = loan.served().served();
        final Batcher batcher = loan.served().batcher();
        final int rows;
        final FloatBuffer features;
        try {
            if (!isOf(served, request.getModelVersion())) {
                loan.close();
                to.onError(missing(request.getModelName(), request.getModelVersion()));
                return;
            }
            requireOutputs(request);
            rows = rows(request, served.model(), batcher.mostWaiting());
            features = features(request, (long) rows * served.model().columns());
        } catch (final IllegalArgumentException e) {
            loan.close();
            to.onError(
                    Status.INVALID_ARGUMENT
                            .withDescription(abridged(e.getMessage()))
                            .asRuntimeException());
            return;
        }
        final Call call = new Call(rows, features, request.getId(), loan, to);
        // Without a handler, the library throws at who answers a call that was given up.
        call.to.setOnCancelHandler(() -> batcher.withdraw(call));
        if (!batcher.offer(call)) {
            loan.close();
            to.onError(
                    Status.RESOURCE_EXHAUSTED
                            .withDescription(
                                    "no room for "
                                            + rows
                                            + " rows: at most "
                                            + batcher.mostWaiting()
                                            + " wait")
                            .asRuntimeException());
        }
    }

    @Override
    public void modelStatistics(
            final ModelStatisticsRequest request,
            final StreamObserver<ModelStatisticsResponse> to) {
        final ModelStatisticsResponse.Builder answer = ModelStatisticsResponse.newBuilder();
        if (request.getName().isEmpty()) {
            models.names().stream()
                    .flatMap(name -> models.newest(name).stream())
                    .forEach(served -> answer.addModelStats(statistics(served)));
        } else {
            final Optional<Served> found = find(request.getName(), request.getVersion());
            if (found.isEmpty()) {
                to.onError(missing(request.getName(), request.getVersion()));
                return;
            }
            answer.addModelStats(statistics(found.get()));
        }
        give(to, answer.build());
    }

    private static ModelStatistics statistics(final Served served) {
        final ServedCounts counts = served.batcher().counts();
        return ModelStatistics.newBuilder()
                .setName(served.served().model().name())
                .setVersion(served.served().version())
                .setLastInference(counts.lastMillis())
                .setInferenceCount(counts.rows())
                .setExecutionCount(counts.batches())
                .setInferenceStats(
                        InferStatistics.newBuilder()
                                .setSuccess(
                                        duration(
                                                counts.requests(),
                                                counts.queueNanos() + counts.computeNanos()))
                                .setFail(duration(counts.failed(), 0))
                                .setQueue(duration(counts.requests(), counts.queueNanos()))
                                .setComputeInfer(
                                        duration(counts.requests(), counts.computeNanos())))
                .build();
    }

    private static StatisticDuration duration(final long count, final long nanos) {
        return StatisticDuration.newBuilder().setCount(count).setNs(nanos).build();
    }

    private Optional<Served> find(final String name, final String asked) {
        return models.newest(name).filter(found -> isOf(found.served(), asked));
    }

    private static boolean isOf(final ServedModel served, final String asked) {
        return asked.isEmpty() || asked.equals(served.version());
    }

    private RuntimeException missing(final String name, final String asked) {
        return Status.NOT_FOUND
                .withDescription(
                        "there is no model "
                                + abridged(name)
                                + (asked.isEmpty() ? "" : " of version " + abridged(asked))
                                + "; there are "
                                + String.join(", ", models.names()))
                .asRuntimeException();
    }

    /** What is not stated is everything; there is one tensor. */
    private static void requireOutputs(final ModelInferRequest request) {
        request.getOutputsList().stream()
                .map(ModelInferRequest.InferRequestedOutputTensor::getName)
                .filter(name -> !name.equals(RemoteModel.OUTPUT))
                .findFirst()
                .ifPresent(
                        name -> {
                            throw new IllegalArgumentException(
                                    "there is no output "
                                            + name
                                            + "; there is "
                                            + RemoteModel.OUTPUT);
                        });
    }

    private static int rows(
            final ModelInferRequest request, final RemoteModel model, final int most) {
        if (request.getInputsCount() != 1) {
            throw new IllegalArgumentException(
                    "there must be one input, x; there were " + request.getInputsCount());
        }
        final ModelInferRequest.InferInputTensor input = request.getInputs(0);
        if (!input.getName().equals(RemoteModel.INPUT)) {
            throw new IllegalArgumentException(
                    "the input must be called x, is called " + input.getName());
        }
        if (!input.getDatatype().equals(RemoteModel.TYPE)) {
            throw new IllegalArgumentException(
                    "x must be " + RemoteModel.TYPE + ", is " + input.getDatatype());
        }
        final List<Long> shape = input.getShapeList();
        if (shape.size() != 2
                || shape.get(0) < 1
                || shape.get(0) > most
                || shape.get(1) != model.columns()) {
            throw new IllegalArgumentException(
                    "x must have the shape [1 to "
                            + most
                            + ", "
                            + model.columns()
                            + "], has "
                            + shape);
        }
        return Math.toIntExact(shape.get(0));
    }

    private static FloatBuffer features(final ModelInferRequest request, final long floats) {
        if (request.getRawInputContentsCount() > 1) {
            throw new IllegalArgumentException(
                    "raw_input_contents must be of one input, are of "
                            + request.getRawInputContentsCount());
        }
        if (request.getRawInputContentsCount() == 1) {
            if (request.getInputs(0).getContents().getSerializedSize() > 0) {
                throw new IllegalArgumentException(
                        "x has numbers in contents and in raw_input_contents, must have one of"
                                + " them");
            }
            final ByteString raw = request.getRawInputContents(0);
            if (raw.size() != floats * Float.BYTES) {
                throw new IllegalArgumentException(
                        "x must have "
                                + floats * Float.BYTES
                                + " bytes by its shape, has "
                                + raw.size());
            }
            return raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        }
        final List<Float> numbers = request.getInputs(0).getContents().getFp32ContentsList();
        if (numbers.size() != floats) {
            throw new IllegalArgumentException(
                    "x must have " + floats + " numbers by its shape, has " + numbers.size());
        }
        final FloatBuffer features = FloatBuffer.allocate(numbers.size());
        numbers.forEach(features::put);
        return features.flip();
    }

    private static String abridged(final String said) {
        return said.substring(0, Math.min(said.length(), MOST_SAID));
    }

    private static <T> void give(final StreamObserver<T> to, final T answer) {
        to.onNext(answer);
        to.onCompleted();
    }

    /** One request for the rows of which somebody waits at the other end. */
    private static final class Call extends Batcher.Request {

        private final String id;
        private final ServedModel served;
        private final Models.Loan loan;
        private final ServerCallStreamObserver<ModelInferResponse> to;

        private Call(
                final int rows,
                final FloatBuffer features,
                final String id,
                final Models.Loan loan,
                final StreamObserver<ModelInferResponse> to) {
            super(rows, features);
            this.id = id;
            this.served = loan.served().served();
            this.loan = loan;
            this.to = (ServerCallStreamObserver<ModelInferResponse>) to;
        }

        @Override
        boolean isWanted() {
            return !to.isCancelled();
        }

        @Override
        void answer(final FloatBuffer probabilities, final BitSet failed) {
            final int classes = served.model().classes();
            final ByteBuffer raw =
                    ByteBuffer.allocate(rows() * classes * Float.BYTES)
                            .order(ByteOrder.LITTLE_ENDIAN);
            raw.asFloatBuffer().put(probabilities);
            failed.stream()
                    .forEach(
                            row -> {
                                for (int i = 0; i < classes; i++) {
                                    raw.putFloat((row * classes + i) * Float.BYTES, Float.NaN);
                                }
                            });
            give(
                    to,
                    ModelInferResponse.newBuilder()
                            .setModelName(served.model().name())
                            .setModelVersion(served.version())
                            .setId(id)
                            .addOutputs(
                                    ModelInferResponse.InferOutputTensor.newBuilder()
                                            .setName(RemoteModel.OUTPUT)
                                            .setDatatype(RemoteModel.TYPE)
                                            .addShape(rows())
                                            .addShape(classes))
                            .addRawOutputContents(ByteString.copyFrom(raw))
                            .build());
        }

        @Override
        void ended() {
            loan.close();
        }

        @Override
        void fail(final Throwable why) {
            to.onError(
                    Status.INTERNAL.withDescription(abridged(why.toString())).asRuntimeException());
        }
    }
}
