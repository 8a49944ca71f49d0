/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.data;

import io.serveflow.flow.FlowTuple;

/**
 * One row of a labels file: the flow it means and what that flow is.
 *
 * @param line where the row is in its file, from 1
 * @param capture the capture's file name
 * @param startMicros time of the flow's first packet, microseconds since the epoch
 * @param application a finer label, empty if the row has none
 * @param group rows of one group never part: the capture, or what captures have in common
 */
record LabelRow(
        long line,
        String capture,
        long startMicros,
        FlowTuple tuple,
        String label,
        String application,
        String group) {}
