/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.trees;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.training.notice.TrainingException;
import java.io.IOException;
import java.util.List;

/**
 * The parts of XGBoost's JSON model that decide a prediction.
 *
 * <p>Source: the JSON schema of model IO in XGBoost 2.1 ({@code doc/model.schema}). Numbers that
 * XGBoost holds as {@code float} are read as {@code float}: it writes the shortest decimal that
 * names the float, and only the way straight back meets the same one.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record XgboostModel(@JsonProperty(value = "learner", required = true) Learner learner) {

    private static final JsonMapper JSON = new JsonMapper();

    /**
     * Reads what {@code Booster.toByteArray("json")} gives.
     *
     * @throws TrainingException if it is not a tree ensemble with one score a class
     */
    static XgboostModel read(final byte[] json) {
        final XgboostModel model;
        try {
            model = JSON.readValue(json, XgboostModel.class);
        } catch (final IOException e) {
            throw new TrainingException(
                    "The XGBoost model is not in the JSON form of XGBoost 2.1.", e);
        }
        model.check();
        return model;
    }

    List<Tree> trees() {
        return learner.booster.model.trees;
    }

    /** The class that each tree votes for, by tree. */
    int[] treeClasses() {
        return learner.booster.model.treeInfo;
    }

    int classes() {
        return learner.parameters.classes;
    }

    int features() {
        return learner.parameters.features;
    }

    /**
     * What every class's sum of leaves starts from. {@code multi:softprob} has the identity as its
     * link, so the score is added as it stands and not as the logit of a probability.
     */
    float baseScore() {
        return learner.parameters.baseScore;
    }

    private void check() {
        refuseUnless(
                learner.objective.name.equals("multi:softprob"),
                "objective " + learner.objective.name,
                "multi:softprob");
        refuseUnless(
                learner.booster.name.equals("gbtree"), "booster " + learner.booster.name, "gbtree");
        refuseUnless(classes() >= 2, "num_class " + classes(), "2 or more classes");
        refuseUnless(
                treeClasses().length == trees().size(),
                treeClasses().length + " entries in tree_info",
                "one for each of its " + trees().size() + " trees");
        for (final Tree tree : trees()) {
            refuseUnless(
                    tree.parameters.leafSize <= 1,
                    "leaves of " + tree.parameters.leafSize + " values",
                    "one value a leaf");
            for (final int type : tree.splitTypes) {
                refuseUnless(type == 0, "a categorical split", "numerical splits");
            }
        }
    }

    private static void refuseUnless(final boolean fits, final String has, final String needs) {
        if (!fits) {
            throw new TrainingException(
                    "The XGBoost model has " + has + ", the export to ONNX needs " + needs + ".");
        }
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Learner(
            @JsonProperty(value = "learner_model_param", required = true) Parameters parameters,
            @JsonProperty(value = "gradient_booster", required = true) GradientBooster booster,
            @JsonProperty(value = "objective", required = true) Objective objective) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Parameters(
            @JsonProperty(value = "base_score", required = true) float baseScore,
            @JsonProperty(value = "num_class", required = true) int classes,
            @JsonProperty(value = "num_feature", required = true) int features) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Objective(@JsonProperty(value = "name", required = true) String name) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record GradientBooster(
            @JsonProperty(value = "name", required = true) String name,
            @JsonProperty(value = "model", required = true) Ensemble model) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Ensemble(
            @JsonProperty(value = "trees", required = true) List<Tree> trees,
            @JsonProperty(value = "tree_info", required = true) int[] treeInfo) {}

    /**
     * One tree, its nodes by number; 0 is the root.
     *
     * @param left the node for values below the split, -1 in a leaf
     * @param conditions the split's threshold, or the leaf's value
     * @param defaultLeft 1 where a missing value goes left
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Tree(
            @JsonProperty(value = "left_children", required = true) int[] left,
            @JsonProperty(value = "right_children", required = true) int[] right,
            @JsonProperty(value = "split_indices", required = true) int[] features,
            @JsonProperty(value = "split_conditions", required = true) float[] conditions,
            @JsonProperty(value = "default_left", required = true) int[] defaultLeft,
            @JsonProperty(value = "split_type", required = true) int[] splitTypes,
            @JsonProperty(value = "tree_param", required = true) TreeParameters parameters) {

        boolean isLeaf(final int node) {
            return left[node] == -1;
        }
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    record TreeParameters(
            @JsonProperty(value = "size_leaf_vector", required = true) int leafSize) {}
}
