/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.Packets;
import java.util.List;

/**
 * A baseline that needs no training: the commonest label among the {@value #NEIGHBOURS} flows whose
 * first packets are closest in length and direction (L1 distance of signed lengths).
 */
final class NearestNeighbours {

    private static final int NEIGHBOURS = 5;

    private final int packets;
    private final int[][] known;
    private final int[] labels;
    private final int classes;

    /**
     * @param packets how many packets of a flow are looked at
     * @param labels the class of each known flow, 0 to {@code classes - 1}
     */
    NearestNeighbours(
            final int packets,
            final List<FlowRecord> known,
            final int[] labels,
            final int classes) {
        this.packets = packets;
        this.known = known.stream().map(this::signedLengths).toArray(int[][]::new);
        this.labels = labels;
        this.classes = classes;
    }

    /** The class of a flow; where classes have as many votes, that of the nearest flow of them. */
    int predict(final FlowRecord flow) {
        final int[] wanted = signedLengths(flow);
        final long[] distances = new long[Math.min(NEIGHBOURS, known.length)];
        final int[] nearest = new int[distances.length];
        int found = 0;
        for (int i = 0; i < known.length; i++) {
            final long limit =
                    found < nearest.length ? Long.MAX_VALUE : distances[nearest.length - 1];
            final long distance = distance(wanted, known[i], limit);
            if (distance < limit) {
                int at = Math.min(found, nearest.length - 1);
                while (at > 0 && distances[at - 1] > distance) {
                    distances[at] = distances[at - 1];
                    nearest[at] = nearest[at - 1];
                    at--;
                }
                distances[at] = distance;
                nearest[at] = i;
                found = Math.min(found + 1, nearest.length);
            }
        }
        final int[] votes = new int[classes];
        for (int i = 0; i < found; i++) {
            votes[labels[nearest[i]]]++;
        }
        int best = labels[nearest[0]];
        for (int i = 1; i < found; i++) {
            best = votes[labels[nearest[i]]] > votes[best] ? labels[nearest[i]] : best;
        }
        return best;
    }

    private int[] signedLengths(final FlowRecord flow) {
        final Packets seen = flow.packets();
        final int[] lengths = new int[packets];
        for (int i = 0; i < Math.min(packets, seen.count()); i++) {
            lengths[i] = seen.fromOriginator(i) ? seen.length(i) : -seen.length(i);
        }
        return lengths;
    }

    /** The distance, or something not below the limit as soon as it is not. */
    private static long distance(final int[] one, final int[] other, final long limit) {
        long sum = 0;
        for (int i = 0; i < one.length && sum < limit; i++) {
            sum += Math.abs(one[i] - other[i]);
        }
        return sum;
    }
}
