/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

import io.serveflow.feature.FeatureEncoders;
import io.serveflow.feature.FeatureSpec;
import io.serveflow.feature.Mask;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A tier to be trained.
 *
 * @param name the tier's name, which is also that of its file
 * @param device where it is meant to run, {@code cpu} or {@code cuda}
 * @param cost right answers that moving one flow to this tier must gain if it waits for no packet,
 *     0 to 1; not used for the first tier
 */
public record TierPlan(
        String name, FeatureSpec features, TreeSettings trees, String device, double cost) {

    /** What tells who and when, not what. Ports stay: they do tell what. */
    private static final Set<Mask> MASK =
            EnumSet.of(Mask.ADDRESSES, Mask.CHECKSUMS, Mask.IP_ID, Mask.SEQ_ACK);

    private static final TreeSettings TREE = new TreeSettings(1, 10, 1, 1, 0.3, 1, 0);
    private static final TreeSettings FEW =
            new TreeSettings(6, 6, 0.5, 1, 2, 1, 0.3).withMinSplitLoss(0.5);
    private static final TreeSettings MANY =
            new TreeSettings(30, 6, 0.25, 1, 2, 1, 0.5).withMinSplitLoss(0.5);

    /** Packet 1 says little, and what a few flows of it seem to say is seldom so. */
    private static final TreeSettings MANY_CAREFUL =
            new TreeSettings(20, 6, 0.25, 1, 4, 1, 0.3).withMinSplitLoss(1);

    /** For more rounds than {@link #MANY}, of which each learns less and from other columns. */
    private static final TreeSettings SMALL_STEPS =
            new TreeSettings(150, 6, 0.07, 0.3, 0.5, 1, 0.5);

    private static final TreeSettings SMALL_STEPS_CAREFUL =
            new TreeSettings(150, 6, 0.07, 0.3, 4, 1, 0.3);

    /** Keeps a flow from moving on for next to nothing. */
    private static final double COST = 0.002;

    private static final String HEADERS = "header+known-ports";
    private static final String NO_HOST = "responder-port+payload+known-ports+known-names";
    private static final String ALL = "header+payload+known-ports+known-names";

    private static final Pattern STATED =
            Pattern.compile("([^=:]+)=([^=:]+):([0-9]{1,4}):([0-9]{1,4})");

    public TierPlan {
        Objects.requireNonNull(features, "features");
        Objects.requireNonNull(trees, "trees");
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
     * The tiers of the ServeFlow paper: small trees on packet 1, larger trees on packet 1, and the
     * best that is known on packets 1 to 10.
     *
     * <p>A flow that moves to {@code fast} costs microseconds; what one has to gain that moves to
     * {@code slow} and waits for its packets is found by the {@link Objective}.
     */
    public static List<TierPlan> defaults() {
        return List.of(
                tier("fastest", NO_HOST, 1, FEW),
                tier("fast", NO_HOST, 1, MANY_CAREFUL),
                tier("slow", ALL, 10, MANY));
    }

    /**
     * What a cascade is crafted from: a decision tree, few trees and many on headers, and many on
     * all that there is, of the first 1, 2, 4, 6 and 10 packets; what tells nothing of the host in
     * packet 1; and by themselves the bits of nPrint, the first payload, and sizes with gaps.
     */
    public static List<TierPlan> candidates() {
        final List<TierPlan> candidates = new ArrayList<>();
        for (final int packets : new int[] {1, 2, 4, 6, 10}) {
            candidates.add(tier("tree-headers-" + packets, HEADERS, packets, TREE));
            candidates.add(tier("few-headers-" + packets, HEADERS, packets, FEW));
            candidates.add(tier("many-headers-" + packets, HEADERS, packets, MANY));
            candidates.add(tier("many-all-" + packets, ALL, packets, MANY));
        }
        candidates.add(tier("few-names-1", NO_HOST, 1, FEW));
        candidates.add(tier("many-names-1", NO_HOST, 1, MANY_CAREFUL));
        candidates.add(tier("few-nprint-1", "nprint", 1, FEW));
        candidates.add(tier("many-payload-1", "payload", 1, MANY));
        candidates.add(tier("many-sequence-10", "sequence", 10, MANY));
        return List.copyOf(candidates);
    }

    /**
     * A tier as it is stated in one word: {@code NAME=ENCODER:PACKETS:ROUNDS}, such as {@code
     * fast=header+payload:1:20}. The more rounds, the smaller the step that each of them takes.
     *
     * @throws IllegalArgumentException if it is not of that form; one sentence that says so
     */
    public static TierPlan parse(final String stated) {
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
        final TierPlan plan =
                new TierPlan(
                        parts.group(1),
                        new FeatureSpec(parts.group(2), 1, packets, MASK),
                        trees(rounds, packets).withRounds(rounds),
                        "cpu",
                        COST);
        FeatureEncoders.of(plan.features());
        return plan;
    }

    private static TreeSettings trees(final int rounds, final int packets) {
        if (rounds <= FEW.rounds()) {
            return FEW;
        }
        if (rounds <= MANY.rounds()) {
            return packets == 1 ? MANY_CAREFUL : MANY;
        }
        return packets == 1 ? SMALL_STEPS_CAREFUL : SMALL_STEPS;
    }

    private static TierPlan tier(
            final String name, final String encoder, final int packets, final TreeSettings trees) {
        return new TierPlan(name, new FeatureSpec(encoder, 1, packets, MASK), trees, "cpu", COST);
    }

    /** This plan blind to ports. */
    TierPlan withoutPorts() {
        final Set<Mask> mask = EnumSet.of(Mask.PORTS);
        mask.addAll(features.mask());
        return withFeatures(
                new FeatureSpec(features.encoder(), features.version(), features.packets(), mask));
    }

    /** This plan with fields shown that are masked unless they are asked for. */
    TierPlan unmasked(final Set<Mask> shown) {
        final Set<Mask> mask = EnumSet.noneOf(Mask.class);
        mask.addAll(features.mask());
        mask.removeAll(shown);
        return withFeatures(
                new FeatureSpec(features.encoder(), features.version(), features.packets(), mask));
    }

    /** The file of the tier's model in its bundle. */
    String file() {
        return name + ".onnx";
    }

    /** This plan under another name. */
    TierPlan withName(final String word) {
        return new TierPlan(word, features, trees, device, cost);
    }

    /** This plan with other features. */
    TierPlan withFeatures(final FeatureSpec spec) {
        return new TierPlan(name, spec, trees, device, cost);
    }

    /** This plan with other trees. */
    TierPlan withTrees(final TreeSettings settings) {
        return new TierPlan(name, features, settings, device, cost);
    }

    /** This plan with another patience, unless it has so few rounds that none is worth saving. */
    TierPlan withPatience(final int rounds) {
        return trees.rounds() <= FEW.rounds() ? this : withTrees(trees.withPatience(rounds));
    }

    /** This plan with another number of boosting rounds, unless it is a plain decision tree. */
    TierPlan withRounds(final int rounds) {
        return trees.rounds() == 1
                ? this
                : new TierPlan(name, features, trees.withRounds(rounds), device, cost);
    }
}
