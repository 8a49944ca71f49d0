/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.score;

import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Transport;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The baseline that a model has to beat: the commonest training label of each transport and
 * responder port, and the commonest of all where the port is new.
 */
public final class PortTable {

    private final Map<Service, Integer> labels = new HashMap<>();
    private final int majority;

    /**
     * Counts the training flows.
     *
     * @param actual the class of each flow, 0 to {@code classes - 1}
     */
    public PortTable(final List<FlowTuple> flows, final int[] actual, final int classes) {
        final Map<Service, int[]> counts = new HashMap<>();
        final int[] all = new int[classes];
        for (int i = 0; i < actual.length; i++) {
            counts.computeIfAbsent(Service.of(flows.get(i)), service -> new int[classes])[
                    actual[i]]++;
            all[actual[i]]++;
        }
        counts.forEach((service, count) -> labels.put(service, most(count)));
        majority = most(all);
    }

    /** The commonest class of all. */
    public int majority() {
        return majority;
    }

    /** The class of a flow by its port. */
    public int predict(final FlowTuple flow) {
        return labels.getOrDefault(Service.of(flow), majority);
    }

    private static int most(final int[] counts) {
        int best = 0;
        for (int c = 1; c < counts.length; c++) {
            if (counts[c] > counts[best]) {
                best = c;
            }
        }
        return best;
    }

    private record Service(Transport transport, int port) {

        static Service of(final FlowTuple flow) {
            return new Service(flow.transport(), flow.responderPort());
        }
    }
}
