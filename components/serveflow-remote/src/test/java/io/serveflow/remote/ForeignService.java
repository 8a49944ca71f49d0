/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.remote;

import io.grpc.stub.StreamObserver;
import io.serveflow.remote.protocol.GRPCInferenceServiceGrpc;
import io.serveflow.remote.protocol.ModelInferRequest;
import io.serveflow.remote.protocol.ModelInferResponse;
import io.serveflow.remote.protocol.ModelMetadataRequest;
import io.serveflow.remote.protocol.ModelMetadataResponse;
import io.serveflow.remote.protocol.ModelReadyRequest;
import io.serveflow.remote.protocol.ModelReadyResponse;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A server of somebody else, which has the model and answers as a test says. */
final class ForeignService extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase {

    final AtomicInteger asked = new AtomicInteger();
    final AtomicInteger askedWhetherReady = new AtomicInteger();

    /** How often it says that its model is not ready. */
    final AtomicInteger notReady = new AtomicInteger();

    /** How often it says nothing when it is asked whether its model is ready. */
    final AtomicInteger silent = new AtomicInteger();

    private final RemoteModel model;
    private final Function<ModelInferRequest, ModelInferResponse> answers;

    /**
     * @param answers throws what the call is to end with
     */
    ForeignService(
            final RemoteModel model,
            final Function<ModelInferRequest, ModelInferResponse> answers) {
        this.model = model;
        this.answers = answers;
    }

    @Override
    public void modelReady(
            final ModelReadyRequest request, final StreamObserver<ModelReadyResponse> to) {
        askedWhetherReady.incrementAndGet();
        if (silent.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            return;
        }
        final boolean ready = notReady.getAndUpdate(left -> Math.max(0, left - 1)) == 0;
        to.onNext(ModelReadyResponse.newBuilder().setReady(ready).build());
        to.onCompleted();
    }

    @Override
    public void modelMetadata(
            final ModelMetadataRequest request, final StreamObserver<ModelMetadataResponse> to) {
        to.onNext(model.metadata("7"));
        to.onCompleted();
    }

    @Override
    public void modelInfer(
            final ModelInferRequest request, final StreamObserver<ModelInferResponse> to) {
        asked.incrementAndGet();
        try {
            to.onNext(answers.apply(request));
            to.onCompleted();
        } catch (final RuntimeException e) {
            to.onError(e);
        }
    }
}
