/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.trees;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import io.serveflow.training.notice.TrainingException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Writes a boosted tree ensemble of XGBoost as an ONNX model of one {@code TreeEnsembleClassifier}.
 *
 * <p>The model has the input {@code x}, float {@code [n, width]}, and the outputs {@code label},
 * int64 {@code [n]}, and {@code probabilities}, float {@code [n, classes]}; no ZipMap. It gives the
 * booster's own probabilities but for the order in which floats are added:
 *
 * <ul>
 *   <li>XGBoost goes left where {@code value < threshold}, both floats; {@code BRANCH_LT} with
 *       float values is that comparison, so a value exactly at a threshold goes right in both.
 *   <li>A missing value, which is NaN in both, goes XGBoost's default way. The encoders of the core
 *       never write NaN (absent is -1 or 0), so this is not used; it is exported all the same, for
 *       the model to mean the same on any input.
 *   <li>{@code base_values} holds the base score once a class, and {@code SOFTMAX} is applied to
 *       the sums. Two classes go without: with two base values ONNX Runtime takes the second sum
 *       for the negative of the first, and a score that both classes share drops out of the softmax
 *       anyway.
 * </ul>
 *
 * <p>Nodes are numbered from the root down, left before right, and pruned nodes are left out. The
 * same booster gives the same bytes.
 *
 * <p>Source: operator {@code ai.onnx.ml.TreeEnsembleClassifier}, version 3.
 */
final class TreeEnsembleExport {

    private static final String ML_DOMAIN = "ai.onnx.ml";
    private static final long ML_OPSET = 3;
    private static final long ONNX_OPSET = 17;
    private static final long IR_VERSION = 8;

    private static final ByteString BRANCH = ByteString.copyFromUtf8("BRANCH_LT");
    private static final ByteString LEAF = ByteString.copyFromUtf8("LEAF");

    private final AttributeProto.Builder treeIds = longs("nodes_treeids");
    private final AttributeProto.Builder nodeIds = longs("nodes_nodeids");
    private final AttributeProto.Builder featureIds = longs("nodes_featureids");
    private final AttributeProto.Builder modes =
            attribute("nodes_modes", AttributeProto.AttributeType.STRINGS);
    private final AttributeProto.Builder values = floats("nodes_values");
    private final AttributeProto.Builder trueNodes = longs("nodes_truenodeids");
    private final AttributeProto.Builder falseNodes = longs("nodes_falsenodeids");
    private final AttributeProto.Builder missingTrue = longs("nodes_missing_value_tracks_true");
    private final AttributeProto.Builder classTreeIds = longs("class_treeids");
    private final AttributeProto.Builder classNodeIds = longs("class_nodeids");
    private final AttributeProto.Builder classIds = longs("class_ids");
    private final AttributeProto.Builder classWeights = floats("class_weights");

    private TreeEnsembleExport() {}

    /**
     * The ONNX file of a booster.
     *
     * @param xgboostJson what {@code Booster.toByteArray("json")} gives
     * @param name the graph's name, such as the tier's
     * @throws TrainingException if the booster is not a {@code multi:softprob} ensemble of trees
     */
    static byte[] onnx(final byte[] xgboostJson, final String name) {
        return new TreeEnsembleExport().write(XgboostModel.read(xgboostJson), name).toByteArray();
    }

    private ModelProto write(final XgboostModel model, final String name) {
        for (int tree = 0; tree < model.trees().size(); tree++) {
            add(model.trees().get(tree), tree, model.treeClasses()[tree]);
        }
        final AttributeProto.Builder labels = longs("classlabels_int64s");
        final AttributeProto.Builder base = floats("base_values");
        for (int i = 0; i < model.classes(); i++) {
            labels.addInts(i);
            base.addFloats(model.baseScore());
        }
        final NodeProto.Builder node =
                NodeProto.newBuilder()
                        .setName("trees")
                        .setDomain(ML_DOMAIN)
                        .setOpType("TreeEnsembleClassifier")
                        .addInput("x")
                        .addOutput("label")
                        .addOutput("probabilities")
                        .addAttribute(classIds)
                        .addAttribute(classNodeIds)
                        .addAttribute(classTreeIds)
                        .addAttribute(classWeights)
                        .addAttribute(labels)
                        .addAttribute(falseNodes)
                        .addAttribute(featureIds)
                        .addAttribute(missingTrue)
                        .addAttribute(modes)
                        .addAttribute(nodeIds)
                        .addAttribute(treeIds)
                        .addAttribute(trueNodes)
                        .addAttribute(values)
                        .addAttribute(
                                attribute("post_transform", AttributeProto.AttributeType.STRING)
                                        .setS(ByteString.copyFromUtf8("SOFTMAX")));
        if (model.classes() > 2) {
            node.addAttribute(base);
        }
        final GraphProto graph =
                GraphProto.newBuilder()
                        .setName(name)
                        .addNode(node)
                        .addInput(value("x", TensorProto.DataType.FLOAT, model.features()))
                        .addOutput(value("label", TensorProto.DataType.INT64))
                        .addOutput(
                                value("probabilities", TensorProto.DataType.FLOAT, model.classes()))
                        .build();
        return ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("serveflow")
                .setGraph(graph)
                .addOpsetImport(
                        OperatorSetIdProto.newBuilder().setDomain("").setVersion(ONNX_OPSET))
                .addOpsetImport(
                        OperatorSetIdProto.newBuilder().setDomain(ML_DOMAIN).setVersion(ML_OPSET))
                .build();
    }

    private void add(final XgboostModel.Tree tree, final int treeId, final int classId) {
        final int[] numbers = new int[tree.left().length];
        final int[] order = reachable(tree);
        for (int number = 0; number < order.length; number++) {
            numbers[order[number]] = number;
        }
        for (final int node : order) {
            treeIds.addInts(treeId);
            nodeIds.addInts(numbers[node]);
            if (tree.isLeaf(node)) {
                modes.addStrings(LEAF);
                featureIds.addInts(0);
                values.addFloats(0);
                trueNodes.addInts(0);
                falseNodes.addInts(0);
                missingTrue.addInts(0);
                classTreeIds.addInts(treeId);
                classNodeIds.addInts(numbers[node]);
                classIds.addInts(classId);
                classWeights.addFloats(tree.conditions()[node]);
            } else {
                modes.addStrings(BRANCH);
                featureIds.addInts(tree.features()[node]);
                values.addFloats(tree.conditions()[node]);
                trueNodes.addInts(numbers[tree.left()[node]]);
                falseNodes.addInts(numbers[tree.right()[node]]);
                missingTrue.addInts(tree.defaultLeft()[node]);
            }
        }
    }

    /** The nodes that can be reached, parents before children and left before right. */
    private static int[] reachable(final XgboostModel.Tree tree) {
        final int[] order = new int[tree.left().length];
        int n = 0;
        final Deque<Integer> open = new ArrayDeque<>();
        open.push(0);
        while (!open.isEmpty()) {
            final int node = open.pop();
            order[n++] = node;
            if (!tree.isLeaf(node)) {
                open.push(tree.right()[node]);
                open.push(tree.left()[node]);
            }
        }
        return Arrays.copyOf(order, n);
    }

    /** A graph input or output of {@code [n]} or {@code [n, columns]}. */
    private static ValueInfoProto value(
            final String name, final TensorProto.DataType type, final int... columns) {
        final TensorShapeProto.Builder shape =
                TensorShapeProto.newBuilder()
                        .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("n"));
        for (final int width : columns) {
            shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(width));
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

    private static AttributeProto.Builder longs(final String name) {
        return attribute(name, AttributeProto.AttributeType.INTS);
    }

    private static AttributeProto.Builder floats(final String name) {
        return attribute(name, AttributeProto.AttributeType.FLOATS);
    }

    private static AttributeProto.Builder attribute(
            final String name, final AttributeProto.AttributeType type) {
        return AttributeProto.newBuilder().setName(name).setType(type);
    }
}
