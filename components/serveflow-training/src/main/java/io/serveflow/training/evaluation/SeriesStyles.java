/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import io.serveflow.training.evaluation.page.Chart.Style;
import io.serveflow.training.evaluation.page.Dash;
import io.serveflow.training.evaluation.page.Ink;
import io.serveflow.training.evaluation.page.Mark;
import java.util.List;

/** The style of each measured series, the same in all figures of a report. */
final class SeriesStyles {

    static final Style CASCADE = new Style(Ink.BLUE, Dash.SOLID, Mark.CIRCLE);
    static final Style SLOW_ONLY = new Style(Ink.ORANGE, Dash.DASHED, Mark.SQUARE);

    private static final List<Style> EARLIER =
            List.of(
                    new Style(Ink.GREEN, Dash.DASH_DOT, Mark.TRIANGLE),
                    new Style(Ink.PURPLE, Dash.DOTTED, Mark.DIAMOND),
                    new Style(Ink.OCHRE, Dash.DASHED, Mark.CIRCLE));

    private SeriesStyles() {}

    /** The style of a tier that is asked of every flow. */
    static Style tier(final Measurements m, final int tier) {
        return tier == m.tiers().size() - 1 ? SLOW_ONLY : EARLIER.get(tier);
    }

    /** The style of the nth of several series that are none of the bundle's tiers. */
    static Style series(final int n) {
        final List<Style> styles =
                List.of(CASCADE, SLOW_ONLY, EARLIER.get(0), EARLIER.get(1), EARLIER.get(2));
        return styles.get(Math.min(n, styles.size() - 1));
    }
}
