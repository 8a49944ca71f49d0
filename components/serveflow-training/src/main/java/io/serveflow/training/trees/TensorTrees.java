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
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.serveflow.training.notice.TrainingException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * Writes a tree ensemble again in operators on tensors, for a device that has none for trees.
 *
 * <p>ONNX Runtime has no kernel of {@code TreeEnsembleClassifier} for CUDA: such a model runs on
 * the CPU whatever device is asked for. Here each row walks all trees at once, one level a step: an
 * index a tree is moved to the left child, or to the right one that stands behind it, by a
 * comparison; behind the deepest level the leaves' weights are added a class, and the softmax
 * follows. All steps are operators of the standard domain ({@code Gather}, {@code GatherElements},
 * {@code GreaterOrEqual}, {@code Cast}, {@code Add}, {@code ReduceSum}, {@code Softmax}), which
 * CUDA has.
 *
 * <p>Input, outputs and opset are those of the model that is given, and so are the probabilities,
 * but for the order in which floats are added. A missing value (NaN), which no encoder writes, goes
 * right in every tree, whatever the model's own rule.
 *
 * <p>Source: the traversal of trees by tensors of Nakandala and others, "A Tensor Compiler for
 * Unified Machine Learning Prediction Serving" (OSDI 2020), section 4.2.
 */
public final class TensorTrees {

    private static final long ONNX_OPSET = 17;

    private final GraphProto.Builder graph = GraphProto.newBuilder();
    private final Map<String, AttributeProto> attributes = new HashMap<>();
    private final Map<Long, List<Integer>> nodesOfTree = new TreeMap<>();

    /** The trees with the classes in turn: tree {@code i} adds to class {@code i % classes}. */
    private final List<Long> trees = new ArrayList<>();

    private final List<Integer> features = new ArrayList<>();
    private final List<Float> thresholds = new ArrayList<>();
    private final List<Integer> lefts = new ArrayList<>();
    private final List<Float> weights = new ArrayList<>();
    private final List<Integer> roots = new ArrayList<>();
    private final Map<Long, Map<Long, Float>> weightsOfTree = new HashMap<>();
    private int depth;

    private TensorTrees() {}

    /**
     * The same ensemble in operators on tensors.
     *
     * @param onnx a model as training writes it: one {@code TreeEnsembleClassifier} of branches
     *     {@code BRANCH_LT}, with {@code SOFTMAX}
     * @throws TrainingException if the model is another
     */
    public static byte[] of(final byte[] onnx) {
        try {
            return new TensorTrees().write(ModelProto.parseFrom(onnx)).toByteArray();
        } catch (final InvalidProtocolBufferException e) {
            throw new TrainingException("The model is no ONNX file.", e);
        }
    }

    private ModelProto write(final ModelProto model) {
        final NodeProto ensemble = ensemble(model);
        ensemble.getAttributeList().forEach(a -> attributes.put(a.getName(), a));
        requireText("post_transform", "SOFTMAX");
        final int classes = requireLabelsInOrder();
        readTrees(classes);
        for (final long tree : trees) {
            roots.add(tree < 0 ? addLeaf(0) : addTree(tree));
        }
        walk();
        sum(classes);
        graph.setName(model.getGraph().getName())
                .addAllInput(model.getGraph().getInputList())
                .addAllOutput(model.getGraph().getOutputList());
        return ModelProto.newBuilder()
                .setIrVersion(model.getIrVersion())
                .setProducerName(model.getProducerName())
                .setGraph(graph)
                .addOpsetImport(
                        OperatorSetIdProto.newBuilder().setDomain("").setVersion(ONNX_OPSET))
                .build();
    }

    private static NodeProto ensemble(final ModelProto model) {
        final List<NodeProto> nodes = model.getGraph().getNodeList();
        if (nodes.size() != 1 || !nodes.get(0).getOpType().equals("TreeEnsembleClassifier")) {
            throw new TrainingException(
                    "The model is not one TreeEnsembleClassifier, which alone can be written in"
                            + " operators on tensors.");
        }
        return nodes.get(0);
    }

    /** The label that the graph gives is the number of the class, so these must be the same. */
    private int requireLabelsInOrder() {
        final List<Long> labels = longs("classlabels_int64s");
        for (int i = 0; i < labels.size(); i++) {
            if (labels.get(i) != i) {
                throw new TrainingException(
                        "The model's classlabels_int64s must count from 0, has "
                                + labels.get(i)
                                + " at "
                                + i
                                + ".");
            }
        }
        return labels.size();
    }

    /** Gathers what belongs to each tree, and puts the classes' trees in turn. */
    private void readTrees(final int classes) {
        final List<Long> treeIds = longs("nodes_treeids");
        for (int i = 0; i < treeIds.size(); i++) {
            nodesOfTree.computeIfAbsent(treeIds.get(i), id -> new ArrayList<>()).add(i);
        }
        final List<Long> classTrees = longs("class_treeids");
        final List<Long> classNodes = longs("class_nodeids");
        final List<Long> classIds = longs("class_ids");
        final List<Float> classWeights = attribute("class_weights").getFloatsList();
        final Map<Long, Long> classOfTree = new HashMap<>();
        for (int i = 0; i < classTrees.size(); i++) {
            final Long former = classOfTree.put(classTrees.get(i), classIds.get(i));
            if (former != null && !former.equals(classIds.get(i))) {
                throw new TrainingException(
                        "Tree " + classTrees.get(i) + " of the model adds to several classes.");
            }
            weightsOfTree
                    .computeIfAbsent(classTrees.get(i), id -> new HashMap<>())
                    .put(classNodes.get(i), classWeights.get(i));
        }
        final List<List<Long>> ofClass = new ArrayList<>();
        for (int c = 0; c < classes; c++) {
            ofClass.add(new ArrayList<>());
        }
        for (final long tree : nodesOfTree.keySet()) {
            final Long own = classOfTree.get(tree);
            if (own == null || own < 0 || own >= classes) {
                throw new TrainingException(
                        "Tree " + tree + " of the model adds to none of its classes.");
            }
            ofClass.get(own.intValue()).add(tree);
        }
        final int rounds = ofClass.stream().mapToInt(List::size).max().orElse(0);
        for (int round = 0; round < rounds; round++) {
            for (final List<Long> own : ofClass) {
                trees.add(round < own.size() ? own.get(round) : -1L);
            }
        }
    }

    /** Adds a tree, siblings side by side, and gives the number of its root. */
    private int addTree(final long tree) {
        final Map<Long, Integer> rowOfNode = new HashMap<>();
        nodesOfTree.get(tree).forEach(i -> rowOfNode.put(longs("nodes_nodeids").get(i), i));
        final int root = addLeaf(0);
        final Deque<long[]> open = new ArrayDeque<>();
        open.add(new long[] {0, root, 0});
        while (!open.isEmpty()) {
            final long[] next = open.remove();
            final Integer row = rowOfNode.remove(next[0]);
            if (row == null) {
                throw new TrainingException(
                        "Tree "
                                + tree
                                + " of the model leads to node "
                                + next[0]
                                + " twice, or has none of that number.");
            }
            final int at = (int) next[1];
            final String mode = attribute("nodes_modes").getStrings(row).toStringUtf8();
            if (mode.equals("LEAF")) {
                weights.set(at, weightsOfTree.get(tree).getOrDefault(next[0], 0f));
                continue;
            }
            if (!mode.equals("BRANCH_LT")) {
                throw new TrainingException(
                        "The model has branches of mode " + mode + ", must be BRANCH_LT.");
            }
            depth = Math.max(depth, (int) next[2] + 1);
            final int left = addLeaf(0);
            final int right = addLeaf(0);
            features.set(at, longs("nodes_featureids").get(row).intValue());
            thresholds.set(at, attribute("nodes_values").getFloats(row));
            lefts.set(at, left);
            open.add(new long[] {longs("nodes_truenodeids").get(row), left, next[2] + 1});
            open.add(new long[] {longs("nodes_falsenodeids").get(row), right, next[2] + 1});
        }
        return root;
    }

    /** Adds a leaf, which leads to itself: no value is greater than or equal to NaN. */
    private int addLeaf(final float weight) {
        final int number = lefts.size();
        features.add(0);
        thresholds.add(Float.NaN);
        lefts.add(number);
        weights.add(weight);
        return number;
    }

    private void walk() {
        ints("root_features", roots.size(), i -> features.get(roots.get(i)));
        floats("root_thresholds", roots.size(), i -> thresholds.get(roots.get(i)));
        ints("root_lefts", roots.size(), i -> lefts.get(roots.get(i)));
        if (depth > 1) {
            ints("features", features.size(), features::get);
            floats("thresholds", thresholds.size(), thresholds::get);
            ints("lefts", lefts.size(), lefts::get);
        }
        floats("weights", weights.size(), weights::get);
        node("Gather", "value0", "x", "root_features").addAttribute(whole("axis", 1));
        step(0, "root_thresholds", "root_lefts");
        for (int level = 1; level < depth; level++) {
            final String at = "at" + (level - 1);
            node("Gather", "feature" + level, "features", at);
            node("GatherElements", "value" + level, "x", "feature" + level)
                    .addAttribute(whole("axis", 1));
            node("Gather", "threshold" + level, "thresholds", at);
            node("Gather", "left" + level, "lefts", at);
            step(level, "threshold" + level, "left" + level);
        }
        node("Gather", "weight", "weights", "at" + Math.max(0, depth - 1));
    }

    /** Moves the index of each tree from one level to the next. */
    private void step(final int level, final String thresholdsThere, final String leftsThere) {
        node("GreaterOrEqual", "right" + level, "value" + level, thresholdsThere);
        node("Cast", "one" + level, "right" + level)
                .addAttribute(whole("to", TensorProto.DataType.INT32_VALUE));
        node("Add", "at" + level, leftsThere, "one" + level);
    }

    private void sum(final int classes) {
        wholes("shape", -1, trees.size() / classes, classes);
        wholes("axis", 1);
        node("Reshape", "weight_of_class", "weight", "shape");
        node("ReduceSum", "sum", "weight_of_class", "axis").addAttribute(whole("keepdims", 0));
        String scores = "sum";
        if (attributes.containsKey("base_values")) {
            final List<Float> base = attribute("base_values").getFloatsList();
            floats("base", base.size(), base::get);
            node("Add", "score", "sum", "base");
            scores = "score";
        }
        node("Softmax", "probabilities", scores).addAttribute(whole("axis", 1));
        node("ArgMax", "label", scores)
                .addAttribute(whole("axis", 1))
                .addAttribute(whole("keepdims", 0));
    }

    private NodeProto.Builder node(
            final String operator, final String output, final String... inputs) {
        return graph.addNodeBuilder()
                .setOpType(operator)
                .setName(output)
                .addAllInput(List.of(inputs))
                .addOutput(output);
    }

    private void ints(final String name, final int count, final IntFunction<Integer> values) {
        final ByteBuffer bytes = ByteBuffer.allocate(count * Integer.BYTES);
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            bytes.putInt(values.apply(i));
        }
        constant(name, TensorProto.DataType.INT32, count, bytes);
    }

    private void floats(final String name, final int count, final IntFunction<Float> values) {
        final ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES);
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            bytes.putFloat(values.apply(i));
        }
        constant(name, TensorProto.DataType.FLOAT, count, bytes);
    }

    private void wholes(final String name, final long... values) {
        final ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES);
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        for (final long value : values) {
            bytes.putLong(value);
        }
        constant(name, TensorProto.DataType.INT64, values.length, bytes);
    }

    private void constant(
            final String name,
            final TensorProto.DataType type,
            final int count,
            final ByteBuffer bytes) {
        graph.addInitializer(
                TensorProto.newBuilder()
                        .setName(name)
                        .setDataType(type.getNumber())
                        .addDims(count)
                        .setRawData(ByteString.copyFrom(bytes.flip())));
    }

    private static AttributeProto whole(final String name, final long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    private AttributeProto attribute(final String name) {
        final AttributeProto attribute = attributes.get(name);
        if (attribute == null) {
            throw new TrainingException("The model's trees have no " + name + ".");
        }
        return attribute;
    }

    private List<Long> longs(final String name) {
        return attribute(name).getIntsList();
    }

    private void requireText(final String name, final String text) {
        final String found = attribute(name).getS().toStringUtf8();
        if (!found.equals(text)) {
            throw new TrainingException(
                    "The model's " + name + " is " + found + ", must be " + text + ".");
        }
    }
}
