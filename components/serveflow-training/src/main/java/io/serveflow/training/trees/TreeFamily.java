/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.trees;

import io.serveflow.feature.FeatureSpec;
import io.serveflow.training.data.DataKind;
import io.serveflow.training.tier.TierFamily;
import io.serveflow.training.tier.TierPlan;
import io.serveflow.training.tier.TierTrainer;
import java.util.ArrayList;
import java.util.List;

/** Boosted trees and single decision trees. */
public final class TreeFamily implements TierFamily {

    /** The name at the command line. */
    public static final String NAME = "trees";

    private static final TreeSettings TREE = new TreeSettings(1, 10, 1, 1, 0.3, 1, 0);
    private static final TreeSettings FEW =
            new TreeSettings(TreeTrainer.FEW_ROUNDS, 6, 0.5, 1, 2, 1, 0.3).withMinSplitLoss(0.5);
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

    /** What says who is asked for; most flows that say it alike are of few captures. */
    private static final TreeSettings NAMES_FIRST =
            new TreeSettings(40, 6, 0.1, 0.3, 0.5, 1, 0.5)
                    .withGroupBalance(0.5)
                    .behind(new LeadingTrees(40, 3, 0.2, 0.5));

    private static final String HANDSHAKE = "handshake";
    private static final String HEADERS = "header+known-ports";
    private static final String NO_HOST = "responder-port+payload+known-ports+known-names";
    private static final String ALL = "header+payload+known-ports+known-names";
    private static final String ASKED = "header+payload+known-ports+known-words+" + HANDSHAKE;

    @Override
    public String name() {
        return NAME;
    }

    /**
     * The more rounds, the smaller the step that each of them takes; where the handshake is read,
     * behind rounds that see names and ports alone.
     */
    @Override
    public TierTrainer trainer(final int rounds, final FeatureSpec features) {
        return new TreeTrainer(settings(rounds, features).withRounds(rounds));
    }

    private static TreeSettings settings(final int rounds, final FeatureSpec features) {
        if (rounds <= FEW.rounds()) {
            return FEW;
        }
        if (features.encoder().contains(HANDSHAKE)) {
            return NAMES_FIRST;
        }
        final int packets = features.packets();
        if (rounds <= MANY.rounds()) {
            return packets == 1 ? MANY_CAREFUL : MANY;
        }
        return packets == 1 ? SMALL_STEPS_CAREFUL : SMALL_STEPS;
    }

    /**
     * For captures the tiers of the ServeFlow paper: small trees on packet 1, larger trees on
     * packet 1, and the best that is known on packets 1 to 10.
     *
     * <p>A flow that moves to {@code fast} costs microseconds; what one has to gain that moves to
     * {@code slow} and waits for its packets is found by the {@link
     * io.serveflow.training.score.Objective}.
     */
    @Override
    public List<TierPlan> defaults(final DataKind kind) {
        return switch (kind) {
            case CAPTURES ->
                    List.of(
                            tier("fastest", NO_HOST, 1, FEW),
                            tier("fast", NO_HOST, 1, MANY_CAREFUL),
                            tier("slow", ASKED, 10, NAMES_FIRST));
            case SEQUENCES ->
                    List.of(
                            plan("fastest=sizes:1:60"),
                            plan("fast=sizes:5:150"),
                            plan("slow=sizes:30:150"));
            case SESSIONS ->
                    List.of(
                            plan("after1s=windows+chunks:1:60"),
                            plan("after5s=windows+chunks:5:60"),
                            plan("after20s=windows+chunks:20:60"));
        };
    }

    /**
     * A decision tree, few trees and many on headers, and many on all that there is, of the first
     * 1, 2, 4, 6 and 10 packets; the same with what a flow asks for, learned first, of 4 and 10;
     * what says nothing of the host in packet 1; and by themselves the bits of nPrint, the first
     * payload, and sizes with gaps.
     */
    @Override
    public List<TierPlan> candidates() {
        final List<TierPlan> candidates = new ArrayList<>();
        for (final int packets : new int[] {1, 2, 4, 6, 10}) {
            candidates.add(tier("tree-headers-" + packets, HEADERS, packets, TREE));
            candidates.add(tier("few-headers-" + packets, HEADERS, packets, FEW));
            candidates.add(tier("many-headers-" + packets, HEADERS, packets, MANY));
            candidates.add(tier("many-all-" + packets, ALL, packets, MANY));
        }
        candidates.add(tier("names-first-4", ASKED, 4, NAMES_FIRST));
        candidates.add(tier("names-first-10", ASKED, 10, NAMES_FIRST));
        candidates.add(tier("few-names-1", NO_HOST, 1, FEW));
        candidates.add(tier("many-names-1", NO_HOST, 1, MANY_CAREFUL));
        candidates.add(tier("few-nprint-1", "nprint", 1, FEW));
        candidates.add(tier("many-payload-1", "payload", 1, MANY));
        candidates.add(tier("many-sequence-10", "sequence", 10, MANY));
        return List.copyOf(candidates);
    }

    private static TierPlan tier(
            final String name, final String encoder, final int packets, final TreeSettings trees) {
        return TierPlan.of(name, encoder, packets, new TreeTrainer(trees));
    }
}
