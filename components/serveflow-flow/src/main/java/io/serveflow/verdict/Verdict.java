/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The answer of one tier for one flow; a value, equal to others with the same content.
 *
 * <p>There is one for each flow and tier, so it is a single object of 96 bytes: its latency and its
 * most probable labels are made when they are asked for.
 */
public final class Verdict {

    /** The label of a flow that is like nothing its bundle was trained on. */
    public static final String UNKNOWN = "unknown";

    /** How many of the most probable labels a verdict has at most. */
    public static final int MOST_TOP = 3;

    private static final String NONE = "";

    private final BundleRef bundle;
    private final String tier;
    private final String label;
    private final double confidence;
    private final double uncertainty;
    private final String reason;
    private final int packets;

    /** The bundle of the verdict that this one supersedes, or null. */
    private final BundleRef superseded;

    private final boolean standing;

    /** Whether the superseded one stood already. */
    private final boolean repairing;

    private final boolean revised;
    private final long waitMicros;
    private final int queueMicros;
    private final int computeMicros;
    private final byte topSize;
    private final String first;
    private final String second;
    private final String third;
    private final float firstProbability;
    private final float secondProbability;
    private final float thirdProbability;

    /**
     * A verdict of its parts, which supersedes nothing.
     *
     * @param bundle the bundle that gave it
     * @param tier the tier that gave it
     * @param stage whether it stands; repaired is what supersedes another one
     * @param label the predicted label, or {@link #UNKNOWN}
     * @param confidence calibrated probability of the most probable label, 0 to 1; of an unknown
     *     flow it is that of the first of {@code top}, which was too low
     * @param uncertainty the hop's uncertainty score; the last tier uses that of the hop before it
     * @param reason why the verdict stands or waits: {@code certain}, {@code uncertain}, how its
     *     context ended ({@code depth}, {@code timeout}, {@code end}), or why it stands of an
     *     uncertain flow ({@code slow_overloaded}, {@code slow_source_share}, {@code
     *     slow_unavailable}, {@code record_too_short})
     * @param packets how many packets the tier read
     * @param top the most probable labels, most probable first, at most three
     * @throws IllegalArgumentException if there are more, or the stage is repaired
     */
    public Verdict(
            final BundleRef bundle,
            final String tier,
            final VerdictStage stage,
            final String label,
            final double confidence,
            final double uncertainty,
            final String reason,
            final int packets,
            final Latency latency,
            final List<LabelProbability> top) {
        this(
                bundle,
                tier,
                stage,
                label,
                confidence,
                uncertainty,
                reason,
                packets,
                null,
                requireFirst(stage),
                false,
                latency.waitMicros,
                latency.queueMicros,
                latency.computeMicros,
                size(top),
                name(top, 0),
                probability(top, 0),
                name(top, 1),
                probability(top, 1),
                name(top, 2),
                probability(top, 2));
    }

    private Verdict(
            final BundleRef bundle,
            final String tier,
            final VerdictStage stage,
            final String label,
            final double confidence,
            final double uncertainty,
            final String reason,
            final int packets,
            final BundleRef superseded,
            final boolean repairing,
            final boolean revised,
            final long waitMicros,
            final long queueMicros,
            final long computeMicros,
            final int topSize,
            final String first,
            final float firstProbability,
            final String second,
            final float secondProbability,
            final String third,
            final float thirdProbability) {
        this.bundle = Objects.requireNonNull(bundle, "bundle");
        this.tier = Objects.requireNonNull(tier, "tier");
        this.standing = Objects.requireNonNull(stage, "stage") != VerdictStage.PROVISIONAL;
        this.label = Objects.requireNonNull(label, "label");
        this.confidence = confidence;
        this.uncertainty = uncertainty;
        this.reason = Objects.requireNonNull(reason, "reason");
        this.packets = packets;
        this.superseded = superseded;
        this.repairing = repairing;
        this.revised = revised;
        this.waitMicros = waitMicros;
        this.queueMicros = clamped(queueMicros);
        this.computeMicros = clamped(computeMicros);
        this.topSize = (byte) topSize;
        this.first = first;
        this.firstProbability = firstProbability;
        this.second = second;
        this.secondProbability = secondProbability;
        this.third = third;
        this.thirdProbability = thirdProbability;
    }

    /**
     * A verdict that supersedes nothing repairs nothing.
     *
     * @return false
     */
    private static boolean requireFirst(final VerdictStage stage) {
        if (stage == VerdictStage.REPAIRED) {
            throw new IllegalArgumentException(
                    "a verdict is repaired by superseding one that stands; make it final first");
        }
        return false;
    }

    /** Half an hour is as good as any time beyond it. */
    private static int clamped(final long micros) {
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, micros));
    }

    private static int size(final List<LabelProbability> top) {
        if (top.size() > MOST_TOP) {
            throw new IllegalArgumentException(
                    "top must have at most " + MOST_TOP + " labels, has " + top.size());
        }
        return top.size();
    }

    private static String name(final List<LabelProbability> top, final int index) {
        return index < top.size() ? Objects.requireNonNull(top.get(index).label) : NONE;
    }

    private static float probability(final List<LabelProbability> top, final int index) {
        return index < top.size() ? top.get(index).probability : 0;
    }

    /**
     * The answer in a row of probabilities, which supersedes nothing.
     *
     * @param labels the label of each class; the lower one wins a tie
     * @param probabilities rows of class probabilities, one after the other
     * @param from where the row begins
     */
    public static Verdict of(
            final BundleRef bundle,
            final String tier,
            final VerdictStage stage,
            final String label,
            final double uncertainty,
            final String reason,
            final int packets,
            final long waitMicros,
            final long queueMicros,
            final long computeMicros,
            final List<String> labels,
            final float[] probabilities,
            final int from) {
        int first = -1;
        int second = -1;
        int third = -1;
        for (int i = 0; i < labels.size(); i++) {
            final float probability = probabilities[from + i];
            if (first < 0 || probability > probabilities[from + first]) {
                third = second;
                second = first;
                first = i;
            } else if (second < 0 || probability > probabilities[from + second]) {
                third = second;
                second = i;
            } else if (third < 0 || probability > probabilities[from + third]) {
                third = i;
            }
        }
        return new Verdict(
                bundle,
                tier,
                stage,
                label,
                first < 0 ? 0 : probabilities[from + first],
                uncertainty,
                reason,
                packets,
                null,
                requireFirst(stage),
                false,
                waitMicros,
                queueMicros,
                computeMicros,
                Math.min(MOST_TOP, labels.size()),
                first < 0 ? NONE : labels.get(first),
                first < 0 ? 0 : probabilities[from + first],
                second < 0 ? NONE : labels.get(second),
                second < 0 ? 0 : probabilities[from + second],
                third < 0 ? NONE : labels.get(third),
                third < 0 ? 0 : probabilities[from + third]);
    }

    /** The bundle that gave it. */
    public BundleRef bundle() {
        return bundle;
    }

    /** The tier that gave it. */
    public String tier() {
        return tier;
    }

    /** Whether it stands. */
    public VerdictStage stage() {
        if (!standing) {
            return VerdictStage.PROVISIONAL;
        }
        return repairing ? VerdictStage.REPAIRED : VerdictStage.FINAL;
    }

    /** The predicted label, or {@link #UNKNOWN}. */
    public String label() {
        return label;
    }

    /** Calibrated probability of the most probable label, 0 to 1. */
    public double confidence() {
        return confidence;
    }

    /** The hop's uncertainty score; the last tier uses that of the hop before it. */
    public double uncertainty() {
        return uncertainty;
    }

    /** Why the verdict stands or waits. */
    public String reason() {
        return reason;
    }

    /** How many packets the tier read. */
    public int packets() {
        return packets;
    }

    /** Whether an earlier verdict of the same flow was given out before. */
    public boolean supersedes() {
        return superseded != null;
    }

    /**
     * The bundle that gave the first verdict of those that this one follows, which may be an older
     * one than this verdict's; empty if it follows none.
     */
    public Optional<BundleRef> superseded() {
        return Optional.ofNullable(superseded);
    }

    /**
     * The bundle that identifies this verdict: the one that gave the first verdict of the flow,
     * whichever bundle follows it. So a flow that is asked about again, because a process ended,
     * has no second verdict of the same stage although the bundle was replaced meanwhile.
     */
    public BundleRef identifying() {
        return superseded == null ? bundle : superseded;
    }

    /** The stage of the verdict that this one follows, if it follows one. */
    VerdictStage supersededStage() {
        return repairing ? VerdictStage.FINAL : VerdictStage.PROVISIONAL;
    }

    /** Whether the verdict that this one follows had another label. */
    public boolean revised() {
        return revised;
    }

    /** Where the time went. */
    public Latency latency() {
        return new Latency(waitMicros, queueMicros, computeMicros);
    }

    /** The most probable labels, most probable first, at most {@value #MOST_TOP}. */
    public List<LabelProbability> top() {
        final List<LabelProbability> top = new ArrayList<>(topSize);
        for (int i = 0; i < topSize; i++) {
            top.add(new LabelProbability(topLabel(i), topProbability(i)));
        }
        return List.copyOf(top);
    }

    /** How many of the most probable labels there are. */
    int topSize() {
        return topSize;
    }

    /** One of the most probable labels. */
    String topLabel(final int index) {
        return switch (Objects.checkIndex(index, topSize)) {
            case 0 -> first;
            case 1 -> second;
            default -> third;
        };
    }

    /** The probability of one of the most probable labels. */
    float topProbability(final int index) {
        return switch (Objects.checkIndex(index, topSize)) {
            case 0 -> firstProbability;
            case 1 -> secondProbability;
            default -> thirdProbability;
        };
    }

    /** Whether no later tier will change it. */
    public boolean isFinal() {
        return standing;
    }

    /** This verdict as the one that stands, because no better tier can be asked. */
    public Verdict standing(final String why) {
        return with(VerdictStage.FINAL, why, superseded, repairing, revised);
    }

    /**
     * This verdict as the one that follows a verdict that was given out, of the same bundle or of
     * another one for the same task. Where that one stood, because the tier that gives this one
     * could not be asked, this one repairs it as soon as it stands itself.
     */
    public Verdict superseding(final Verdict earlier) {
        return with(
                stage(),
                reason,
                earlier.identifying(),
                earlier.isFinal(),
                !label.equals(earlier.label));
    }

    private Verdict with(
            final VerdictStage newStage,
            final String newReason,
            final BundleRef newSuperseded,
            final boolean newRepairing,
            final boolean newRevised) {
        return new Verdict(
                bundle,
                tier,
                newStage,
                label,
                confidence,
                uncertainty,
                newReason,
                packets,
                newSuperseded,
                newRepairing,
                newRevised,
                waitMicros,
                queueMicros,
                computeMicros,
                topSize,
                first,
                firstProbability,
                second,
                secondProbability,
                third,
                thirdProbability);
    }

    private List<Object> parts() {
        return List.of(
                bundle,
                tier,
                stage(),
                label,
                confidence,
                uncertainty,
                reason,
                packets,
                superseded(),
                revised,
                latency(),
                top());
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof Verdict that && parts().equals(that.parts());
    }

    @Override
    public int hashCode() {
        return parts().hashCode();
    }

    @Override
    public String toString() {
        return "Verdict" + parts();
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
     * @param queueMicros from reading the record to the tier's start; a verdict holds up to half an
     *     hour of it
     * @param computeMicros features and inference, this flow's share of its batch; up to half an
     *     hour
     */
    public record Latency(long waitMicros, long queueMicros, long computeMicros) {

        /** The sum of the parts, microseconds. */
        public long totalMicros() {
            return waitMicros + queueMicros + computeMicros;
        }
    }
}
