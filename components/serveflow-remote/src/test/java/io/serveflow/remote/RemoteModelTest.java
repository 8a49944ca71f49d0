/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.remote.protocol.ModelMetadataResponse;
import io.serveflow.remote.protocol.ModelMetadataResponse.TensorMetadata;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RemoteModelTest {

    private static final RemoteModel MODEL = new RemoteModel("service-slow", 3, 2, "ab12");

    @ParameterizedTest
    @MethodSource("others")
    void shouldSayWhyWhatAServerStatesIsAnotherModel(
            final String why, final Consumer<ModelMetadataResponse.Builder> change) {
        final ModelMetadataResponse.Builder served = MODEL.metadata("1").toBuilder();
        change.accept(served);

        assertThat(MODEL.fault(served.build())).contains(why);
    }

    static Stream<Arguments> others() {
        return Stream.of(
                other(
                        "it has no tensor x",
                        served -> served.setInputs(0, tensor("input", "FP32", -1, 3))),
                other("it has no tensor x", ModelMetadataResponse.Builder::clearInputs),
                other(
                        "it has no tensor probabilities",
                        served -> served.setOutputs(0, tensor("output-0", "FP32", -1, 2))),
                other(
                        "it has no tensor probabilities",
                        ModelMetadataResponse.Builder::clearOutputs),
                other(
                        "x is FP64, must be FP32",
                        served -> served.setInputs(0, tensor("x", "FP64", -1, 3))),
                other(
                        "x is INT64, must be FP32",
                        served -> served.setInputs(0, tensor("x", "INT64", -1, 3))),
                other(
                        "probabilities is INT64, must be FP32 or FP64",
                        served -> served.setOutputs(0, tensor("probabilities", "INT64", -1, 2))),
                other(
                        "probabilities is BYTES, must be FP32 or FP64",
                        served -> served.setOutputs(0, tensor("probabilities", "BYTES", -1, 2))),
                other(
                        "it reads 2 tensors, the tier has only x",
                        served -> served.addInputs(tensor("mask", "FP32", -1, 3))),
                other(
                        "x has the shape [-1, 4], must have [-1, 3]",
                        served -> served.setInputs(0, tensor("x", "FP32", -1, 4))),
                other(
                        "x has the shape [3, -1], must have [-1, 3]",
                        served -> served.setInputs(0, tensor("x", "FP32", 3, -1))),
                other(
                        "x has the shape [8, 3], must have [-1, 3]",
                        served -> served.setInputs(0, tensor("x", "FP32", 8, 3))),
                other(
                        "x has the shape [-1], must have [-1, 3]",
                        served -> served.setInputs(0, tensor("x", "FP32", -1))),
                other(
                        "x has the shape [-1, 1, 3], must have [-1, 3]",
                        served -> served.setInputs(0, tensor("x", "FP32", -1, 1, 3))),
                other(
                        "x has the shape [], must have [-1, 3]",
                        served -> served.setInputs(0, tensor("x", "FP32"))),
                other(
                        "probabilities has the shape [-1, 5], must have [-1, 2]",
                        served -> served.setOutputs(0, tensor("probabilities", "FP32", -1, 5))),
                other(
                        "it is made of another file, of the digest cd34; that of the bundle is"
                                + " ab12",
                        served -> served.putProperties("sha256", "cd34")),
                other(
                        "it is made of another file, of the digest cd34; that of the bundle is"
                                + " ab12",
                        served ->
                                served.clearInputs()
                                        .clearOutputs()
                                        .putProperties("sha256", "cd34")));
    }

    @ParameterizedTest
    @MethodSource("same")
    void shouldTakeWhatServersStateOfTheSameModel(
            final Consumer<ModelMetadataResponse.Builder> change) {
        final ModelMetadataResponse.Builder served = MODEL.metadata("1").toBuilder();
        change.accept(served);

        assertThat(MODEL.fault(served.build())).isEmpty();
    }

    static Stream<Consumer<ModelMetadataResponse.Builder>> same() {
        return Stream.of(
                served -> {},
                ModelMetadataResponse.Builder::clearProperties,
                ModelMetadataResponse.Builder::clearVersions,
                served -> served.setPlatform("onnxruntime_onnx"),
                served -> served.addOutputs(0, tensor("label", "INT64", -1)),
                served -> served.addOutputs(tensor("label", "BYTES", -1, 1)),
                served -> served.setOutputs(0, tensor("probabilities", "FP64", -1, 2)),
                served -> served.setOutputs(0, tensor("probabilities", "FP32", -1, -1)),
                served -> served.setInputs(0, tensor("x", "FP32", 3)),
                served -> served.clearInputs().clearOutputs());
    }

    @Test
    void shouldRefuseAModelThatCannotBe() {
        assertThatThrownBy(() -> new RemoteModel(" ", 3, 2, ""))
                .hasMessage("the name of a model must not be empty");
        assertThatThrownBy(() -> new RemoteModel("m", 0, 2, ""))
                .hasMessage("model m must have columns and classes, has 0 and 2");
    }

    private static Arguments other(
            final String why, final Consumer<ModelMetadataResponse.Builder> change) {
        return Arguments.of(why, change);
    }

    private static TensorMetadata tensor(
            final String name, final String type, final long... shape) {
        final TensorMetadata.Builder tensor =
                TensorMetadata.newBuilder().setName(name).setDatatype(type);
        LongStream.of(shape).forEach(tensor::addShape);
        return tensor.build();
    }
}
