/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.verdict;

import java.util.List;
import java.util.Objects;

/**
 * The answer of one tier for one flow.
 *
 * @param bundle the bundle that gave it
 * @param tier the tier that gave it
 * @param stage whether it stands
 * @param label the predicted label, or {@link #UNKNOWN}
 * @param confidence calibrated probability of the most probable label, 0 to 1; of an unknown flow
 *     it is that of the first of {@code top}, which was too low
 * @param uncertainty the hop's uncertainty score; the last tier uses that of the hop before it
 * @param reason why the verdict stands or waits: {@code certain}, {@code uncertain}, how its
 *     context ended ({@code depth}, {@code timeout}, {@code end}), or {@code slow_unavailable}
 * @param packets how many packets the tier read
 * @param supersedes whether a provisional verdict of the same flow was given out before
 * @param revised whether that provisional verdict had another label
 * @param top the most probable labels, most probable first, at most three
 */
public record Verdict(
        BundleRef bundle,
        String tier,
        VerdictStage stage,
        String label,
        double confidence,
        double uncertainty,
        String reason,
        int packets,
        boolean supersedes,
        boolean revised,
        Latency latency,
        List<LabelProbability> top) {

    /** The label of a flow that is like nothing its bundle was trained on. */
    public static final String UNKNOWN = "unknown";

    public Verdict {
        Objects.requireNonNull(bundle, "bundle");
        Objects.requireNonNull(tier, "tier");
        Objects.requireNonNull(stage, "stage");
        Objects.requireNonNull(label, "label");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(latency, "latency");
        top = TopLabels.copyOf(top);
    }

    /** Whether no later tier will change it. */
    public boolean isFinal() {
        return stage == VerdictStage.FINAL;
    }

    /** This verdict as the one that stands, because no better tier can be asked. */
    public Verdict standing(final String why) {
        return new Verdict(
                bundle,
                tier,
                VerdictStage.FINAL,
                label,
                confidence,
                uncertainty,
                why,
                packets,
                supersedes,
                revised,
                latency,
                top);
    }

    /** This verdict as the one that follows a provisional verdict that was given out. */
    public Verdict superseding(final Verdict provisional) {
        return new Verdict(
                bundle,
                tier,
                stage,
                label,
                confidence,
                uncertainty,
                reason,
                packets,
                true,
                !label.equals(provisional.label),
                latency,
                top);
    }

    /**
     * The bundle behind a verdict.
     *
     * @param sha256 hash of the bundle's manifest, which holds the hashes of all its files
     */
    public record BundleRef(String name, String version, String task, String sha256) {

        public BundleRef {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(version, "version");
            Objects.requireNonNull(task, "task");
            Objects.requireNonNull(sha256, "sha256");
        }
    }

    /** A label with its calibrated probability. */
    public record LabelProbability(String label, float probability) {}

    /**
     * Where the time between a flow's first packet and its verdict went.
     *
     * @param waitMicros waiting for packets, by the sensor's clock
     * @param queueMicros from reading the record to the tier's start
     * @param computeMicros features and inference, this flow's share of its batch
     */
    public record Latency(long waitMicros, long queueMicros, long computeMicros) {

        /** The sum of the parts, microseconds. */
        public long totalMicros() {
            return waitMicros + queueMicros + computeMicros;
        }
    }
}
