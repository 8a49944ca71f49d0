/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.packing;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.serveflow.training.notice.DiskFailure;
import io.serveflow.training.notice.TrainingException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An ONNX file that is to be the model of a tier.
 *
 * <p>A tier's model has one float input {@code x} of shape [n, columns of the encoder] and a float
 * output {@code probabilities} of shape [n, classes], n being free; other outputs are ignored. What
 * a file states otherwise is refused here in one sentence that says what to change; what it leaves
 * open is left to ONNX Runtime.
 *
 * <p>Source: {@code onnx.proto3} of ONNX 1.16.
 */
record ModelFile(PackedTier tier, byte[] onnx) {

    private static final String INPUT = "x";
    private static final String OUTPUT = "probabilities";

    /** What a dimension may be that is not fixed. */
    private static final long FREE = -1;

    /**
     * Reads a tier's model.
     *
     * @throws TrainingException if the file cannot be read, or is none that fits the tier
     */
    static ModelFile read(final PackedTier tier, final int classes) {
        final byte[] onnx;
        try {
            onnx = Files.readAllBytes(tier.model());
        } catch (final IOException e) {
            throw new TrainingException(
                    "The model of tier "
                            + tier.name()
                            + ", "
                            + tier.model()
                            + ", cannot be read ("
                            + DiskFailure.reason(e)
                            + ").",
                    e);
        }
        final ModelFile file = new ModelFile(tier, onnx);
        file.check(classes);
        return file;
    }

    private void check(final int classes) {
        final GraphProto graph = graph();
        if (graph.getInitializerList().stream()
                .anyMatch(
                        weights ->
                                weights.getDataLocation() == TensorProto.DataLocation.EXTERNAL)) {
            throw wrong("keeps its weights in another file; save it with them inside");
        }
        final Set<String> weights =
                graph.getInitializerList().stream()
                        .map(TensorProto::getName)
                        .collect(Collectors.toSet());
        final List<ValueInfoProto> inputs =
                graph.getInputList().stream()
                        .filter(input -> !weights.contains(input.getName()))
                        .toList();
        if (inputs.size() != 1 || !INPUT.equals(inputs.get(0).getName())) {
            throw wrong(
                    "has the inputs "
                            + names(inputs)
                            + "; it must have one, named x, so rename it");
        }
        requireTensor(
                inputs.get(0),
                tier.encoder().width(),
                tier.features().encoder()
                        + " of "
                        + tier.features().packets()
                        + (tier.features().packets() == 1 ? " packet" : " packets")
                        + " writes");
        final ValueInfoProto output =
                graph.getOutputList().stream()
                        .filter(value -> OUTPUT.equals(value.getName()))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        wrong(
                                                "has the outputs "
                                                        + names(graph.getOutputList())
                                                        + "; one must be named probabilities, so"
                                                        + " rename it"));
        requireTensor(output, classes, "there are classes");
    }

    private GraphProto graph() {
        try {
            final ModelProto model = ModelProto.parseFrom(onnx);
            if (model.hasGraph() && model.getGraph().getNodeCount() > 0) {
                return model.getGraph();
            }
        } catch (final InvalidProtocolBufferException e) {
            throw new TrainingException(message("is no ONNX model; export it as one"), e);
        }
        throw wrong("is no ONNX model; export it as one");
    }

    /** Refuses what is stated and does not fit; shapes need not be stated. */
    private void requireTensor(
            final ValueInfoProto value, final int columns, final String whoWantsThem) {
        final String name = value.getName();
        final TypeProto type = value.getType();
        if (type.hasSequenceType() || type.hasMapType()) {
            throw wrong(
                    name
                            + " is no tensor but a sequence or map; export it as a tensor"
                            + " (skl2onnx: options zipmap=False)");
        }
        if (!type.hasTensorType()) {
            return;
        }
        final int element = type.getTensorType().getElemType();
        if (element != TensorProto.DataType.UNDEFINED_VALUE
                && element != TensorProto.DataType.FLOAT_VALUE) {
            final TensorProto.DataType stated = TensorProto.DataType.forNumber(element);
            throw wrong(
                    name
                            + " holds "
                            + (stated == null
                                    ? "type " + element
                                    : stated.name().toLowerCase(Locale.ROOT))
                            + " values, must hold float; convert them in the model");
        }
        if (!type.getTensorType().hasShape()) {
            return;
        }
        final List<TensorShapeProto.Dimension> shape = type.getTensorType().getShape().getDimList();
        if (shape.size() != 2 || size(shape.get(0)) != FREE) {
            throw wrong(
                    name
                            + " has the shape "
                            + text(shape)
                            + ", must have [n, "
                            + columns
                            + "] with n free; export it with a free first dimension");
        }
        if (size(shape.get(1)) != FREE && size(shape.get(1)) != columns) {
            throw wrong(
                    name
                            + " has "
                            + size(shape.get(1))
                            + " columns, "
                            + whoWantsThem
                            + " "
                            + columns
                            + "; name the encoder, packets and classes that it was trained for");
        }
    }

    private static long size(final TensorShapeProto.Dimension dimension) {
        return dimension.hasDimValue() && dimension.getDimValue() >= 0
                ? dimension.getDimValue()
                : FREE;
    }

    private static String text(final List<TensorShapeProto.Dimension> shape) {
        return shape.stream()
                .map(dimension -> size(dimension) == FREE ? "n" : Long.toString(size(dimension)))
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private static String names(final List<ValueInfoProto> values) {
        return values.isEmpty()
                ? "none"
                : values.stream().map(ValueInfoProto::getName).collect(Collectors.joining(", "));
    }

    private TrainingException wrong(final String what) {
        return new TrainingException(message(what));
    }

    private String message(final String what) {
        return tier.model() + ", the model of tier " + tier.name() + ": " + what + ".";
    }
}
