/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.tier;

import io.serveflow.flow.FlowRecord;
import io.serveflow.model.TierModel;
import java.util.Arrays;
import java.util.List;

/** What a tier says of many flows, one row a flow. */
public final class TierScores {

    private TierScores() {}

    public static float[][] of(final TierModel model, final List<FlowRecord> flows) {
        final int classes = model.classes();
        final float[] flat = new float[flows.size() * classes];
        model.score(flows.size(), flows::get, flat);
        final float[][] rows = new float[flows.size()][];
        Arrays.setAll(rows, i -> Arrays.copyOfRange(flat, i * classes, (i + 1) * classes));
        return rows;
    }
}
