/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation.page;

import java.awt.BasicStroke;
import java.awt.Stroke;

/** How a line is drawn, so that lines differ in more than their colour. */
public enum Dash {
    SOLID(),
    DASHED(7, 4),
    DOTTED(1.5f, 3.5f),
    DASH_DOT(8, 3.5f, 1.5f, 3.5f);

    private final float[] pattern;

    Dash(final float... pattern) {
        this.pattern = pattern;
    }

    Stroke stroke(final float width) {
        return new BasicStroke(
                width,
                BasicStroke.CAP_BUTT,
                BasicStroke.JOIN_ROUND,
                1,
                pattern.length == 0 ? null : pattern,
                0);
    }
}
