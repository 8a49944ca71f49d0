/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.remote.client;

import com.google.protobuf.ByteString;
import io.serveflow.remote.RemoteModel;
import io.serveflow.remote.protocol.InferTensorContents;
import io.serveflow.remote.protocol.ModelInferResponse;
import io.serveflow.remote.protocol.ModelInferResponse.InferOutputTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;

/**
 * The probabilities in an answer: FP32 or FP64, raw or as numbers of the message, beside whatever
 * else the model gives.
 */
final class OutputTensor {

    private OutputTensor() {}

    /**
     * The probabilities of n rows.
     *
     * @return empty if the answer has no such tensor of that shape
     */
    static Optional<FloatBuffer> probabilities(
            final ModelInferResponse answer, final int n, final int classes) {
        int raw = 0;
        for (final InferOutputTensor tensor : answer.getOutputsList()) {
            // A tensor with numbers of its own has no place among the raw ones.
            final boolean typed = tensor.getContents().getSerializedSize() > 0;
            if (tensor.getName().equals(RemoteModel.OUTPUT)) {
                if (!tensor.getShapeList().equals(List.of((long) n, (long) classes))) {
                    return Optional.empty();
                }
                final Optional<FloatBuffer> values =
                        typed
                                ? typed(tensor.getDatatype(), tensor.getContents())
                                : raw(tensor.getDatatype(), answer, raw);
                return values.filter(found -> found.remaining() == n * classes);
            }
            raw += typed ? 0 : 1;
        }
        return Optional.empty();
    }

    private static Optional<FloatBuffer> typed(
            final String type, final InferTensorContents contents) {
        if (type.equals(RemoteModel.TYPE)) {
            final FloatBuffer values = FloatBuffer.allocate(contents.getFp32ContentsCount());
            contents.getFp32ContentsList().forEach(values::put);
            return Optional.of(values.flip());
        }
        if (type.equals(RemoteModel.WIDER_TYPE)) {
            final FloatBuffer values = FloatBuffer.allocate(contents.getFp64ContentsCount());
            contents.getFp64ContentsList().forEach(value -> values.put(value.floatValue()));
            return Optional.of(values.flip());
        }
        return Optional.empty();
    }

    private static Optional<FloatBuffer> raw(
            final String type, final ModelInferResponse answer, final int index) {
        if (index >= answer.getRawOutputContentsCount()) {
            return Optional.empty();
        }
        final ByteString bytes = answer.getRawOutputContents(index);
        final ByteBuffer raw = bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        if (type.equals(RemoteModel.TYPE) && bytes.size() % Float.BYTES == 0) {
            return Optional.of(raw.asFloatBuffer());
        }
        if (type.equals(RemoteModel.WIDER_TYPE) && bytes.size() % Double.BYTES == 0) {
            final FloatBuffer values = FloatBuffer.allocate(bytes.size() / Double.BYTES);
            while (raw.hasRemaining()) {
                values.put((float) raw.getDouble());
            }
            return Optional.of(values.flip());
        }
        return Optional.empty();
    }
}
