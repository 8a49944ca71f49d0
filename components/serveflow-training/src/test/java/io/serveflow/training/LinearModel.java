/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.Random;

/**
 * A linear model as an ONNX file: the softmax of the input's product with a matrix.
 *
 * @param input the name of the input
 * @param output the name of the output
 * @param rows the first dimension of both, free if 0
 * @param softmax whether the output is probabilities, or else what they are made from
 * @param weights by column and class
 */
public record LinearModel(
        String input, String output, int rows, boolean softmax, float[][] weights) {

    private static final int OPSET = 13;
    private static final int IR_VERSION = 8;

    /** A model as a tier needs it. */
    public static LinearModel of(final float[][] weights) {
        return new LinearModel("x", "probabilities", 0, true, weights);
    }

    /** A model as a tier needs it, of weights that a seed gives. */
    public static LinearModel of(final int width, final int classes, final long seed) {
        final Random random = new Random(seed);
        final float[][] weights = new float[width][classes];
        for (final float[] row : weights) {
            for (int c = 0; c < classes; c++) {
                row[c] = (float) (0.01 * random.nextGaussian());
            }
        }
        return of(weights);
    }

    public LinearModel withInput(final String name) {
        return new LinearModel(name, output, rows, softmax, weights);
    }

    public LinearModel withOutput(final String name) {
        return new LinearModel(input, name, rows, softmax, weights);
    }

    public LinearModel withRows(final int number) {
        return new LinearModel(input, output, number, softmax, weights);
    }

    public LinearModel withoutSoftmax() {
        return new LinearModel(input, output, rows, false, weights);
    }

    public byte[] onnx() {
        final int classes = weights[0].length;
        final TensorProto.Builder matrix =
                TensorProto.newBuilder()
                        .setName("weights")
                        .setDataType(TensorProto.DataType.FLOAT_VALUE)
                        .addDims(weights.length)
                        .addDims(classes);
        for (final float[] row : weights) {
            for (final float weight : row) {
                matrix.addFloatData(weight);
            }
        }
        final GraphProto.Builder graph =
                GraphProto.newBuilder()
                        .setName("linear")
                        .addInitializer(matrix)
                        .addInput(tensor(input, weights.length))
                        .addOutput(tensor(output, classes))
                        .addNode(
                                NodeProto.newBuilder()
                                        .setOpType("MatMul")
                                        .addInput(input)
                                        .addInput("weights")
                                        .addOutput(softmax ? "sums" : output));
        if (softmax) {
            graph.addNode(
                    NodeProto.newBuilder()
                            .setOpType("Softmax")
                            .addInput("sums")
                            .addOutput(output)
                            .addAttribute(
                                    AttributeProto.newBuilder()
                                            .setName("axis")
                                            .setType(AttributeProto.AttributeType.INT)
                                            .setI(1)));
        }
        return ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
                .setGraph(graph)
                .build()
                .toByteArray();
    }

    private ValueInfoProto tensor(final String name, final int columns) {
        final TensorShapeProto.Dimension.Builder first = TensorShapeProto.Dimension.newBuilder();
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(
                        TypeProto.newBuilder()
                                .setTensorType(
                                        TypeProto.Tensor.newBuilder()
                                                .setElemType(TensorProto.DataType.FLOAT_VALUE)
                                                .setShape(
                                                        TensorShapeProto.newBuilder()
                                                                .addDim(
                                                                        rows == 0
                                                                                ? first.setDimParam(
                                                                                        "n")
                                                                                : first.setDimValue(
                                                                                        rows))
                                                                .addDim(
                                                                        TensorShapeProto.Dimension
                                                                                .newBuilder()
                                                                                .setDimValue(
                                                                                        columns)))))
                .build();
    }
}
