/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * Gradient-boosted trees in ONNX form for tests: random splits, so that they answer differently for
 * different rows, and the same for the same seed.
 */
public final class TinyModels {

    private static final int ONNX_OPSET = 17;
    private static final int ML_OPSET = 3;
    private static final int IR_VERSION = 8;

    private TinyModels() {}

    /** A small model of 2 rounds of trees of depth 3. */
    public static byte[] trees(final int width, final int classes, final long seed) {
        return trees(width, classes, 2, 3, seed);
    }

    /** A model of one complete tree a class and round, with softmax over the sums of the leaves. */
    public static byte[] trees(
            final int width,
            final int classes,
            final int rounds,
            final int depth,
            final long seed) {
        return model("x", "probabilities", width, classes, rounds, depth, seed);
    }

    /** A small model whose input and output have other names. */
    public static byte[] treesNamed(
            final String input, final String output, final int width, final int classes) {
        return model(input, output, width, classes, 2, 3, 1);
    }

    private static byte[] model(
            final String input,
            final String output,
            final int width,
            final int classes,
            final int rounds,
            final int depth,
            final long seed) {
        final Ensemble ensemble = new Ensemble(new Random(seed), width);
        for (int tree = 0; tree < rounds * classes; tree++) {
            ensemble.addCompleteTree(tree, tree % classes, depth);
        }
        final NodeProto classifier =
                NodeProto.newBuilder()
                        .setOpType("TreeEnsembleClassifier")
                        .setDomain("ai.onnx.ml")
                        .addInput(input)
                        .addOutput("label")
                        .addOutput(output)
                        .addAllAttribute(ensemble.attributes())
                        .addAttribute(
                                integers(
                                        "classlabels_int64s",
                                        LongStream.range(0, classes).boxed().toList()))
                        .addAttribute(
                                AttributeProto.newBuilder()
                                        .setName("post_transform")
                                        .setType(AttributeType.STRING)
                                        .setS(ByteString.copyFromUtf8("SOFTMAX")))
                        .build();
        return ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(ONNX_OPSET))
                .addOpsetImport(
                        OperatorSetIdProto.newBuilder()
                                .setDomain("ai.onnx.ml")
                                .setVersion(ML_OPSET))
                .setGraph(
                        GraphProto.newBuilder()
                                .setName("trees")
                                .addNode(classifier)
                                .addInput(tensor(input, DataType.FLOAT, width))
                                .addOutput(tensor("label", DataType.INT64, 0))
                                .addOutput(tensor(output, DataType.FLOAT, classes)))
                .build()
                .toByteArray();
    }

    /** A tensor of a free number of rows; {@code columns} 0 means one dimension. */
    private static ValueInfoProto tensor(
            final String name, final DataType type, final int columns) {
        final TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("n"));
        if (columns > 0) {
            shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(columns));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(
                        TypeProto.newBuilder()
                                .setTensorType(
                                        TypeProto.Tensor.newBuilder()
                                                .setElemType(type.getNumber())
                                                .setShape(shape)))
                .build();
    }

    private static AttributeProto integers(final String name, final List<Long> values) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeType.INTS)
                .addAllInts(values)
                .build();
    }

    private static AttributeProto floats(final String name, final List<Float> values) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeType.FLOATS)
                .addAllFloats(values)
                .build();
    }

    /** The nodes and leaves of all trees as the parallel lists that the operator wants. */
    private static final class Ensemble {

        private final Random random;
        private final int width;
        private final List<Long> treeIds = new ArrayList<>();
        private final List<Long> nodeIds = new ArrayList<>();
        private final List<Long> featureIds = new ArrayList<>();
        private final List<Float> thresholds = new ArrayList<>();
        private final List<ByteString> modes = new ArrayList<>();
        private final List<Long> trueIds = new ArrayList<>();
        private final List<Long> falseIds = new ArrayList<>();
        private final List<Long> leafTreeIds = new ArrayList<>();
        private final List<Long> leafNodeIds = new ArrayList<>();
        private final List<Long> leafClasses = new ArrayList<>();
        private final List<Float> leafWeights = new ArrayList<>();

        Ensemble(final Random random, final int width) {
            this.random = random;
            this.width = width;
        }

        void addCompleteTree(final long tree, final long label, final int depth) {
            final int inner = (1 << depth) - 1;
            for (int node = 0; node < 2 * inner + 1; node++) {
                final boolean leaf = node >= inner;
                treeIds.add(tree);
                nodeIds.add((long) node);
                featureIds.add(leaf ? 0L : random.nextInt(width));
                thresholds.add(leaf ? 0f : random.nextBoolean() ? 0f : 0.5f);
                modes.add(ByteString.copyFromUtf8(leaf ? "LEAF" : "BRANCH_LT"));
                trueIds.add(leaf ? 0L : 2L * node + 1);
                falseIds.add(leaf ? 0L : 2L * node + 2);
                if (leaf) {
                    leafTreeIds.add(tree);
                    leafNodeIds.add((long) node);
                    leafClasses.add(label);
                    leafWeights.add((float) random.nextGaussian());
                }
            }
        }

        List<AttributeProto> attributes() {
            return List.of(
                    integers("nodes_treeids", treeIds),
                    integers("nodes_nodeids", nodeIds),
                    integers("nodes_featureids", featureIds),
                    floats("nodes_values", thresholds),
                    AttributeProto.newBuilder()
                            .setName("nodes_modes")
                            .setType(AttributeType.STRINGS)
                            .addAllStrings(modes)
                            .build(),
                    integers("nodes_truenodeids", trueIds),
                    integers("nodes_falsenodeids", falseIds),
                    integers(
                            "nodes_missing_value_tracks_true",
                            Collections.nCopies(treeIds.size(), 0L)),
                    integers("class_treeids", leafTreeIds),
                    integers("class_nodeids", leafNodeIds),
                    integers("class_ids", leafClasses),
                    floats("class_weights", leafWeights));
        }
    }
}
