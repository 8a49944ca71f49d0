/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.tier;

import io.serveflow.feature.FeatureEncoders;
import io.serveflow.feature.FeatureSpec;
import io.serveflow.feature.Mask;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A tier to be trained.
 *
 * @param name the tier's name, which is also that of its file
 * @param trainer what trains its model
 * @param device where it is meant to run, {@code cpu} or {@code cuda}
 * @param cost right answers that moving one flow to this tier must gain if it waits for no packet,
 *     0 to 1; not used for the first tier
 */
public record TierPlan(
        String name, FeatureSpec features, TierTrainer trainer, String device, double cost) {

    /**
     * The cost of a tier of which none is stated; keeps flows from moving on for next to nothing.
     */
    public static final double COST = 0.002;

    private static final Pattern STATED =
            Pattern.compile("([^=:]+)=([^=:]+):([0-9]{1,4}):([0-9]{1,4})");

    public TierPlan {
        Objects.requireNonNull(features, "features");
        Objects.requireNonNull(trainer, "trainer");
        Objects.requireNonNull(device, "device");
        if (!name.matches("[a-z][a-z0-9-]*")) {
            throw new IllegalArgumentException(
                    "a tier's name must be lower-case letters, digits and -, was '" + name + "'");
        }
        if (!(cost >= 0 && cost <= 1)) {
            throw new IllegalArgumentException(
                    "the cost of tier " + name + " must be 0 to 1, was " + cost);
        }
    }

    /**
     * A tier that is blind to what says who and when, and not what.
     *
     * @throws IllegalArgumentException if the name is none of a tier
     */
    public static TierPlan of(
            final String name, final String encoder, final int packets, final TierTrainer trainer) {
        return new TierPlan(name, TierFeatures.of(encoder, packets), trainer, "cpu", COST);
    }

    /** See {@link TierFamily#plan(String)}. */
    static TierPlan parse(final String stated, final TierFamily family) {
        final Matcher parts = STATED.matcher(stated);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "a tier is stated as NAME=ENCODER:PACKETS:ROUNDS, such as"
                            + " fast=header+payload:1:20, was '"
                            + stated
                            + "'");
        }
        final int packets = Integer.parseInt(parts.group(3));
        final int rounds = Integer.parseInt(parts.group(4));
        final FeatureSpec features = TierFeatures.of(parts.group(2), packets);
        final TierPlan plan =
                new TierPlan(
                        parts.group(1), features, family.trainer(rounds, features), "cpu", COST);
        FeatureEncoders.of(plan.features());
        return plan;
    }

    /** This plan blind to ports. */
    public TierPlan withoutPorts() {
        return withFeatures(TierFeatures.withoutPorts(features));
    }

    /** This plan blind to host names. */
    public TierPlan withoutNames() {
        return withFeatures(TierFeatures.withoutNames(features));
    }

    /** This plan with fields shown that are masked unless they are asked for. */
    public TierPlan unmasked(final Set<Mask> shown) {
        return withFeatures(TierFeatures.unmasked(features, shown));
    }

    /** The file of the tier's model in its bundle. */
    public String file() {
        return name + ".onnx";
    }

    /** This plan under another name. */
    public TierPlan withName(final String word) {
        return new TierPlan(word, features, trainer, device, cost);
    }

    /** This plan with other features. */
    TierPlan withFeatures(final FeatureSpec spec) {
        return new TierPlan(name, spec, trainer, device, cost);
    }

    /** This plan with another trainer. */
    TierPlan withTrainer(final TierTrainer other) {
        return new TierPlan(name, features, other, device, cost);
    }

    /** See {@link TierTrainer#withPatience(int)}. */
    public TierPlan withPatience(final int rounds) {
        return withTrainer(trainer.withPatience(rounds));
    }

    /** See {@link TierTrainer#withRounds(int)}. */
    public TierPlan withRounds(final int rounds) {
        return withTrainer(trainer.withRounds(rounds));
    }
}
