/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.verdict;

import io.serveflow.verdict.Verdict.LabelProbability;
import java.util.AbstractList;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * The most probable labels of a verdict, most probable first, at most three; a list that holds them
 * in one object, since there is one for each flow.
 */
public final class TopLabels extends AbstractList<LabelProbability> implements RandomAccess {

    /** How many labels there are at most. */
    public static final int MOST = 3;

    private static final String NONE = "";

    private final int size;
    private final String first;
    private final String second;
    private final String third;
    private final float firstProbability;
    private final float secondProbability;
    private final float thirdProbability;

    private TopLabels(
            final int size,
            final String first,
            final float firstProbability,
            final String second,
            final float secondProbability,
            final String third,
            final float thirdProbability) {
        this.size = size;
        this.first = first;
        this.firstProbability = firstProbability;
        this.second = second;
        this.secondProbability = secondProbability;
        this.third = third;
        this.thirdProbability = thirdProbability;
    }

    /**
     * The most probable labels of one row of probabilities; the lower label wins a tie.
     *
     * @param labels the label of each class
     * @param probabilities rows of class probabilities, one after the other
     * @param from where the row begins
     */
    public static TopLabels of(
            final List<String> labels, final float[] probabilities, final int from) {
        int first = -1;
        int second = -1;
        int third = -1;
        for (int label = 0; label < labels.size(); label++) {
            final float probability = probabilities[from + label];
            if (first < 0 || probability > probabilities[from + first]) {
                third = second;
                second = first;
                first = label;
            } else if (second < 0 || probability > probabilities[from + second]) {
                third = second;
                second = label;
            } else if (third < 0 || probability > probabilities[from + third]) {
                third = label;
            }
        }
        return new TopLabels(
                Math.min(MOST, labels.size()),
                first < 0 ? NONE : labels.get(first),
                first < 0 ? 0 : probabilities[from + first],
                second < 0 ? NONE : labels.get(second),
                second < 0 ? 0 : probabilities[from + second],
                third < 0 ? NONE : labels.get(third),
                third < 0 ? 0 : probabilities[from + third]);
    }

    /**
     * These labels as they are.
     *
     * @throws IllegalArgumentException if they are more than {@value #MOST}
     */
    public static TopLabels copyOf(final List<LabelProbability> labels) {
        if (labels instanceof TopLabels top) {
            return top;
        }
        final int size = labels.size();
        if (size > MOST) {
            throw new IllegalArgumentException(
                    "top must have at most " + MOST + " labels, has " + size);
        }
        return new TopLabels(
                size,
                size > 0 ? Objects.requireNonNull(labels.get(0).label()) : NONE,
                size > 0 ? labels.get(0).probability() : 0,
                size > 1 ? Objects.requireNonNull(labels.get(1).label()) : NONE,
                size > 1 ? labels.get(1).probability() : 0,
                size > 2 ? Objects.requireNonNull(labels.get(2).label()) : NONE,
                size > 2 ? labels.get(2).probability() : 0);
    }

    /** The label at an index. */
    public String label(final int index) {
        return switch (Objects.checkIndex(index, size)) {
            case 0 -> first;
            case 1 -> second;
            default -> third;
        };
    }

    /** The probability of the label at an index. */
    public float probability(final int index) {
        return switch (Objects.checkIndex(index, size)) {
            case 0 -> firstProbability;
            case 1 -> secondProbability;
            default -> thirdProbability;
        };
    }

    @Override
    public LabelProbability get(final int index) {
        return new LabelProbability(label(index), probability(index));
    }

    @Override
    public int size() {
        return size;
    }
}
