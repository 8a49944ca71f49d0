/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import io.serveflow.feature.FeatureSpec;
import io.serveflow.flow.FlowRecord;
import io.serveflow.training.evaluation.BundleAnswers.CascadeAnswers;
import io.serveflow.training.evaluation.Measurements.TierMeasurement;
import io.serveflow.training.evaluation.Measurements.Waiting;
import io.serveflow.training.score.PacketWait;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongBiFunction;
import java.util.stream.IntStream;

/**
 * From a flow's first packet to its verdict: a tier begins when its packets are there and the tier
 * before it is done, and is done when its batch is.
 */
record FlowTiming(Sample sample, List<TierMeasurement> tiers) {

    /**
     * Microseconds of each flow through some tiers.
     *
     * @param wait microseconds until a flow has what a tier reads, or as much of it as it will have
     */
    double[] micros(final ToLongBiFunction<FlowRecord, FeatureSpec> wait, final int... asked) {
        final double[] micros = new double[sample.size()];
        Arrays.setAll(micros, flow -> through(sample.flows().get(flow), wait, asked));
        return micros;
    }

    /** The cascade, in which a flow passes all tiers up to the one that decides it. */
    Waiting cascade(final CascadeAnswers answers, final PacketWait wait) {
        return new Waiting(
                cascade(answers, wait::micros), cascade(answers, PacketWait::toLastPacketMicros));
    }

    /** The last tier alone. */
    Waiting slowOnly(final PacketWait wait) {
        final int last = tiers.size() - 1;
        return new Waiting(
                Latencies.ofMicros(micros(wait::micros, last)),
                Latencies.ofMicros(micros(PacketWait::toLastPacketMicros, last)));
    }

    private Latencies cascade(
            final CascadeAnswers answers, final ToLongBiFunction<FlowRecord, FeatureSpec> wait) {
        final double[] micros = new double[sample.size()];
        Arrays.setAll(
                micros,
                flow ->
                        through(
                                sample.flows().get(flow),
                                wait,
                                IntStream.rangeClosed(0, answers.decidedBy()[flow]).toArray()));
        return Latencies.ofMicros(micros);
    }

    private double through(
            final FlowRecord flow,
            final ToLongBiFunction<FlowRecord, FeatureSpec> wait,
            final int... asked) {
        double at = 0;
        for (final int tier : asked) {
            at = Math.max(at, wait.applyAsLong(flow, tiers.get(tier).spec().features()));
            at += tiers.get(tier).cost().batchMicros();
        }
        return at;
    }
}
