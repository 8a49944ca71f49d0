/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.trees;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.training.tier.Examples;
import io.serveflow.training.tier.TierTrainer;
import io.serveflow.training.tier.TrainedModel;
import io.serveflow.training.tier.TrainerWords;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.IntConsumer;
import ml.dmlc.xgboost4j.java.Booster;

/** Trains boosted trees with XGBoost. */
public record TreeTrainer(TreeSettings settings) implements TierTrainer {

    /** Below so many rounds and with them, patience saves nothing. */
    static final int FEW_ROUNDS = 6;

    private static final double TOLERANCE = 1e-5;
    private static final TrainerWords WORDS = new TrainerWords("XGBoost", "trees");

    public TreeTrainer {
        Objects.requireNonNull(settings, "settings");
    }

    @Override
    public TrainedModel train(final Examples examples, final long seed, final IntConsumer round) {
        return BoostedTrees.train(examples, settings, seed, round);
    }

    @Override
    public int bestRounds(
            final Examples examples,
            final Examples heldOut,
            final long seed,
            final IntConsumer round) {
        return BoostedTrees.bestRounds(examples, heldOut, settings, seed, round);
    }

    @Override
    public int rounds() {
        return settings.rounds();
    }

    @Override
    public int patience() {
        return settings.patience();
    }

    @Override
    public TierTrainer settled(final int number) {
        return new TreeTrainer(settings.withRounds(number).withPatience(0));
    }

    /** A plain decision tree stays one. */
    @Override
    public TierTrainer withRounds(final int number) {
        return settings.rounds() == 1 ? this : new TreeTrainer(settings.withRounds(number));
    }

    @Override
    public TierTrainer withPatience(final int number) {
        return settings.rounds() <= FEW_ROUNDS
                ? this
                : new TreeTrainer(settings.withPatience(number));
    }

    @Override
    public String madeBy() {
        try (InputStream in = Booster.class.getResourceAsStream("/xgboost4j-version.properties")) {
            return in == null
                    ? "xgboost"
                    : "xgboost " + new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public double tolerance() {
        return TOLERANCE;
    }

    @Override
    public TrainerWords words() {
        return WORDS;
    }

    @Override
    public void describe(final ObjectNode entry) {
        entry.put("rounds", settings.rounds());
        entry.put("depth", settings.depth());
        entry.put("learningRate", settings.learningRate());
        entry.put("minSplitLoss", settings.minSplitLoss());
        entry.put("columns", settings.columns());
        entry.put("minChildWeight", settings.minChildWeight());
        entry.put("lambda", settings.lambda());
        entry.put("balance", settings.balance());
        if (settings.groupBalance() > 0) {
            entry.put("groupBalance", settings.groupBalance());
        }
        final LeadingTrees leading = settings.leading();
        if (leading.rounds() > 0) {
            final ObjectNode first = entry.putObject("leading");
            first.put("rounds", leading.rounds());
            first.put("depth", leading.depth());
            first.put("learningRate", leading.learningRate());
            first.put("columns", leading.columns());
        }
    }
}
