/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.tier;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.IntConsumer;

/**
 * What trains the model of a tier: a family of models together with its settings.
 *
 * <p>Training goes in rounds, such as boosting rounds or epochs. Implementations are immutable and
 * equal exactly if their settings are, and the same settings, examples and seed give the same model
 * on the same machine.
 */
public interface TierTrainer {

    /**
     * Trains all rounds, whatever the patience.
     *
     * @param round called with the number of rounds done, after each
     * @throws io.serveflow.training.notice.TrainingException if it cannot be done
     */
    TrainedModel train(Examples examples, long seed, IntConsumer round);

    /**
     * After how many rounds the answers for held-out examples were best. Stops when they have not
     * become better for as many rounds as there is {@link #patience()}, and at the latest after
     * {@link #rounds()}.
     *
     * @param heldOut examples that are not trained on
     * @param round called with the number of rounds done, after each
     * @throws io.serveflow.training.notice.TrainingException if it cannot be done
     */
    int bestRounds(Examples examples, Examples heldOut, long seed, IntConsumer round);

    /** How many rounds are trained; at most so many if there is patience. */
    int rounds();

    /**
     * Rounds without a better answer for held-out examples after which training ends; 0 trains all
     * rounds.
     */
    int patience();

    /** This trainer with exactly so many rounds and no patience. */
    TierTrainer settled(int number);

    /** This trainer with another number of rounds, where its kind of model can have another. */
    TierTrainer withRounds(int number);

    /**
     * This trainer with another patience, unless it has so few rounds that none is worth saving.
     */
    TierTrainer withPatience(int number);

    /** All that decides what is trained, but for examples and seed. */
    Record settings();

    /**
     * The library that trains and its version. Models that another version trained are not taken
     * for those of this one.
     */
    String madeBy();

    /** How far a probability of the exported model may be from the trainer's own. */
    double tolerance();

    /** The trainer's words for people. */
    TrainerWords words();

    /**
     * Writes the settings into the entry of the tier in the {@code training} of {@code
     * bundle.json}. A field {@code model} names the kind of model for people.
     */
    void describe(ObjectNode entry);
}
