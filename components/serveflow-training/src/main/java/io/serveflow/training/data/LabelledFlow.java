/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.data;

import io.serveflow.flow.FlowRecord;

/**
 * A flow with its label.
 *
 * @param context packets 1 to N, of which tiers that read one packet use the first
 * @param application a finer label, such as the application of a service; empty if none is known
 * @param group flows of one group never part
 * @param capture the capture that holds it, by its name in the labels
 */
public record LabelledFlow(
        FlowRecord context, String label, String application, String group, String capture) {

    /** A flow of which no application is known. */
    public LabelledFlow(
            final FlowRecord context,
            final String label,
            final String group,
            final String capture) {
        this(context, label, "", group, capture);
    }
}
