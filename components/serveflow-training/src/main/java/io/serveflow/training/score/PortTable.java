/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.score;

import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Transport;
import java.util.List;

/**
 * The baseline that a model has to beat: the commonest training label of each transport and
 * responder port, and the commonest of all where the port is new.
 */
public final class PortTable {

    private final LabelTable<Service> table;

    /**
     * Counts the training flows.
     *
     * @param actual the class of each flow, 0 to {@code classes - 1}
     */
    public PortTable(final List<FlowTuple> flows, final int[] actual, final int classes) {
        table = new LabelTable<>(flows.stream().map(Service::of).toList(), actual, classes);
    }

    /** The commonest class of all. */
    public int majority() {
        return table.majority();
    }

    /** The class of a flow by its port. */
    public int predict(final FlowTuple flow) {
        return table.predict(Service.of(flow));
    }

    private record Service(Transport transport, int port) {

        static Service of(final FlowTuple flow) {
            return new Service(flow.transport(), flow.responderPort());
        }
    }
}
