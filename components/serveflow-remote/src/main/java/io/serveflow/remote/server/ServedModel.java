/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.remote.server;

import io.serveflow.model.TierScorer;
import io.serveflow.remote.RemoteModel;

/**
 * A tier that is served.
 *
 * @param version what answers state; another one makes clients compare the model again
 * @param scorer closed by whoever opened it, once the server has stopped
 */
public record ServedModel(RemoteModel model, String version, TierScorer scorer) {

    public ServedModel {
        if (model.columns() != scorer.columns() || model.classes() != scorer.classes()) {
            throw new IllegalArgumentException(
                    "model "
                            + model.name()
                            + " has "
                            + model.columns()
                            + " columns and "
                            + model.classes()
                            + " classes, its scorer "
                            + scorer.columns()
                            + " and "
                            + scorer.classes());
        }
    }
}
