/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.fold;

import io.serveflow.drift.Reference;
import io.serveflow.drift.ReferenceCounter;
import io.serveflow.training.calibration.Calibration;
import io.serveflow.training.data.Dataset;
import io.serveflow.training.score.Answers;
import java.util.List;

/**
 * The references of bundles: what a calibration answers to flows that its models do not know.
 *
 * <p>Live flows are not known either; models are surer of flows that they were trained on, and a
 * reference of those would call all live traffic strange.
 */
public final class References {

    private References() {}

    /**
     * The reference of a calibration as it is shipped.
     *
     * @param raw by tier, one row a flow, of models that do not know the flow
     */
    public static Reference of(
            final Dataset data, final List<float[][]> raw, final Calibration calibration) {
        final Answers answers = calibration.answers(calibration.probabilities(raw));
        final ReferenceCounter counter = new ReferenceCounter(data.names().size(), raw.size());
        for (int flow = 0; flow < data.flows().size(); flow++) {
            counter.add(
                    data.flows().get(flow),
                    answers.predicted()[flow],
                    answers.confidence()[flow],
                    answers.decidedBy()[flow]);
        }
        return counter.reference();
    }
}
