/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.host;

import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Transport;
import io.serveflow.model.VoteRule;
import io.serveflow.verdict.Verdict.LabelProbability;
import java.util.List;
import java.util.Map;

/**
 * What the flows of one host say together: sums by service and label, however many flows there are.
 * The order of the flows does not matter.
 *
 * <p>A flow says what its verdict says: its most probable labels, with what is left to 1 shared out
 * evenly among all others. So a vote can be counted again from the documents of the flows.
 *
 * <p>The service of a flow is its transport and the responder's port, or the originator's where
 * that is the lower one and below 1024. Services share {@value #SLOTS} slots, so that a host that
 * scans ports takes no more room; two that meet in one vote as one.
 */
public final class Evidence {

    /** No flow makes a label less probable than this, so that none can rule one out alone. */
    static final double LEAST = 1e-6;

    static final int SLOTS = 32;

    private static final int FIRST_FREE_PORT = 1024;
    private static final int MIX = 0x9e37_79b9;

    private final VoteRule.Combination combination;
    private final int labels;
    private final Service[] services = new Service[SLOTS];
    private long flows;
    private long unknown;

    /**
     * @param labels how many labels there are
     */
    public Evidence(final VoteRule.Combination combination, final int labels) {
        this.combination = combination;
        this.labels = labels;
    }

    /**
     * Counts a flow.
     *
     * @param withheld whether its verdict is {@link io.serveflow.verdict.Verdict#UNKNOWN}; it
     *     counts all the same, by its probabilities
     * @param top its most probable labels
     * @param numbers the place of each label among all
     * @throws IllegalArgumentException if a label is none of them
     */
    public void add(
            final FlowTuple flow,
            final boolean withheld,
            final List<LabelProbability> top,
            final Map<String, Integer> numbers) {
        double named = 0;
        for (final LabelProbability one : top) {
            if (!numbers.containsKey(one.label())) {
                throw new IllegalArgumentException(
                        "label " + one.label() + " is none of those that are voted on");
            }
            named += one.probability();
        }
        final int slot = slot(flow);
        if (services[slot] == null) {
            services[slot] = new Service(labels);
        }
        final Service service = services[slot];
        final int others = labels - top.size();
        final double rest = weight(others == 0 ? 0 : (1 - named) / others);
        for (final LabelProbability one : top) {
            service.above[numbers.get(one.label())] += weight(one.probability()) - rest;
        }
        service.everywhere += rest;
        service.flows++;
        flows++;
        unknown += withheld ? 1 : 0;
    }

    /** How many flows are counted. */
    public long flows() {
        return flows;
    }

    /** How many services they are of, as far as slots tell them apart. */
    public int services() {
        int used = 0;
        for (final Service service : services) {
            used += service == null ? 0 : 1;
        }
        return used;
    }

    /** How many of them are unknown. */
    public long unknownFlows() {
        return unknown;
    }

    /** Whether the host is unknown, as most of its flows are. */
    public boolean isUnknown() {
        return 2 * unknown > flows;
    }

    /**
     * The probability of each label; all the same while no flow is counted.
     *
     * @param rule one of the same combination
     */
    public double[] probabilities(final VoteRule rule) {
        final double[] shares = new double[labels];
        for (final Service service : services) {
            if (service != null) {
                for (int label = 0; label < labels; label++) {
                    shares[label] += mean(service, label);
                }
            }
        }
        final double scale = rule.power() / Math.pow(Math.max(1, services()), rule.damping());
        double most = Double.NEGATIVE_INFINITY;
        for (int label = 0; label < labels; label++) {
            shares[label] *= scale;
            most = Math.max(most, shares[label]);
        }
        double sum = 0;
        for (int label = 0; label < labels; label++) {
            shares[label] = Math.exp(shares[label] - most);
            sum += shares[label];
        }
        for (int label = 0; label < labels; label++) {
            shares[label] /= sum;
        }
        return shares;
    }

    private double weight(final double probability) {
        final double least = Math.max(LEAST, probability);
        return combination == VoteRule.Combination.PRODUCT ? Math.log(least) : least;
    }

    private double mean(final Service service, final int label) {
        final double mean = (service.everywhere + service.above[label]) / service.flows;
        // A sum of differences may end a little below the bound of its parts.
        return combination == VoteRule.Combination.PRODUCT ? mean : Math.log(Math.max(LEAST, mean));
    }

    private static int slot(final FlowTuple flow) {
        final int lower = Math.min(flow.originatorPort(), flow.responderPort());
        final int port = lower < FIRST_FREE_PORT ? lower : flow.responderPort();
        final int service = 2 * port + (flow.transport() == Transport.UDP ? 1 : 0);
        return service * MIX >>> Integer.SIZE - Integer.numberOfTrailingZeros(SLOTS);
    }

    /** The sums of one service: what its flows say of every label, and of some above that. */
    private static final class Service {

        private final double[] above;
        private double everywhere;
        private long flows;

        Service(final int labels) {
            above = new double[labels];
        }
    }
}
