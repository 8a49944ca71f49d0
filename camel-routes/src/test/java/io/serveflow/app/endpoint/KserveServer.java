/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.endpoint;

import com.google.protobuf.ByteString;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase;
import inference.GrpcPredictV2.ModelInferRequest;
import inference.GrpcPredictV2.ModelInferResponse;
import inference.GrpcPredictV2.ModelMetadataRequest;
import inference.GrpcPredictV2.ModelMetadataResponse;
import inference.GrpcPredictV2.ModelMetadataResponse.TensorMetadata;
import inference.GrpcPredictV2.ModelReadyRequest;
import inference.GrpcPredictV2.ModelReadyResponse;
import io.grpc.Server;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.serveflow.model.TierScorer;
import io.serveflow.testing.tls.Certificate;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;

/**
 * A server that knows of ours only the protocol: made of the classes that camel-kserve generates
 * from the public definition, it scores with ONNX Runtime, states no digest, and can be had to
 * answer wrongly.
 */
final class KserveServer extends GRPCInferenceServiceImplBase implements SlowServer {

    private static final String HOST = "127.0.0.1";
    private static final int MOST_BYTES = 64 << 20;

    private final String model;
    private final TierScorer scorer;
    private final Optional<Certificate> certificate;
    private final int port;
    private volatile UnaryOperator<ModelInferResponse> answering = UnaryOperator.identity();
    private volatile CountDownLatch frozen = new CountDownLatch(0);
    private volatile String version = "1";
    private Server server;

    private KserveServer(
            final String model,
            final TierScorer scorer,
            final Optional<Certificate> certificate,
            final int port) {
        this.model = model;
        this.scorer = scorer;
        this.certificate = certificate;
        this.port = port;
    }

    static KserveServer started(
            final String model,
            final TierScorer scorer,
            final Optional<Certificate> certificate,
            final int port)
            throws IOException {
        final KserveServer server = new KserveServer(model, scorer, certificate, port);
        server.startAgain();
        return server;
    }

    /** Changes each answer before it is given. */
    void answer(final UnaryOperator<ModelInferResponse> changed) {
        answering = changed;
    }

    /** States another version from now on, in metadata and answers. */
    void version(final String stated) {
        version = stated;
    }

    @Override
    public String address() {
        return HOST + ":" + port;
    }

    @Override
    public void freeze() {
        frozen = new CountDownLatch(1);
    }

    @Override
    public void thaw() {
        frozen.countDown();
    }

    /** What stands still goes on when no connection is left that it could answer by. */
    @Override
    public void kill() throws InterruptedException {
        server.shutdownNow();
        server.awaitTermination();
        frozen.countDown();
    }

    @Override
    public void startAgain() throws IOException {
        final InetSocketAddress at = new InetSocketAddress(HOST, port);
        final NettyServerBuilder builder =
                certificate.isPresent()
                        ? NettyServerBuilder.forAddress(
                                at,
                                TlsServerCredentials.create(
                                        certificate.get().chain().toFile(),
                                        certificate.get().key().toFile()))
                        : NettyServerBuilder.forAddress(at);
        server = builder.addService(this).maxInboundMessageSize(MOST_BYTES).build().start();
    }

    @Override
    public void close() {
        server.shutdownNow();
        frozen.countDown();
    }

    private void awaitThaw() {
        try {
            frozen.await();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void modelReady(
            final ModelReadyRequest request, final StreamObserver<ModelReadyResponse> to) {
        awaitThaw();
        give(to, ModelReadyResponse.newBuilder().setReady(true).build());
    }

    @Override
    public void modelMetadata(
            final ModelMetadataRequest request, final StreamObserver<ModelMetadataResponse> to) {
        awaitThaw();
        give(
                to,
                ModelMetadataResponse.newBuilder()
                        .setName(model)
                        .addVersions(version)
                        .setPlatform("onnxruntime_onnx")
                        .addInputs(tensor("x", scorer.columns()))
                        .addOutputs(tensor("probabilities", scorer.classes()))
                        .build());
    }

    private static TensorMetadata tensor(final String name, final int width) {
        return TensorMetadata.newBuilder()
                .setName(name)
                .setDatatype("FP32")
                .addShape(-1)
                .addShape(width)
                .build();
    }

    @Override
    public void modelInfer(
            final ModelInferRequest request, final StreamObserver<ModelInferResponse> to) {
        awaitThaw();
        final int rows = (int) request.getInputs(0).getShape(0);
        final ByteBuffer features =
                ByteBuffer.allocateDirect(rows * scorer.columns() * Float.BYTES)
                        .order(ByteOrder.nativeOrder());
        request.getRawInputContents(0).copyTo(features);
        final FloatBuffer probabilities =
                ByteBuffer.allocateDirect(rows * scorer.classes() * Float.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .asFloatBuffer();
        scorer.score(
                rows,
                features.flip().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer(),
                probabilities,
                outcome -> {});
        final ByteBuffer raw =
                ByteBuffer.allocate(rows * scorer.classes() * Float.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(probabilities.clear());
        give(
                to,
                answering.apply(
                        ModelInferResponse.newBuilder()
                                .setModelName(model)
                                .setModelVersion(version)
                                .addOutputs(
                                        ModelInferResponse.InferOutputTensor.newBuilder()
                                                .setName("probabilities")
                                                .setDatatype("FP32")
                                                .addShape(rows)
                                                .addShape(scorer.classes()))
                                .addRawOutputContents(ByteString.copyFrom(raw))
                                .build()));
    }

    private static <T> void give(final StreamObserver<T> to, final T answer) {
        to.onNext(answer);
        to.onCompleted();
    }
}
