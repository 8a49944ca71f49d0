/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import io.serveflow.training.evaluation.page.Chart.Look;
import io.serveflow.training.evaluation.page.Dash;
import io.serveflow.training.evaluation.page.Ink;
import io.serveflow.training.evaluation.page.Mark;
import java.util.List;

/** What is measured looks the same in all figures of a report. */
final class Looks {

    static final Look CASCADE = new Look(Ink.BLUE, Dash.SOLID, Mark.CIRCLE);
    static final Look SLOW_ONLY = new Look(Ink.ORANGE, Dash.DASHED, Mark.SQUARE);

    private static final List<Look> EARLIER =
            List.of(
                    new Look(Ink.GREEN, Dash.DASH_DOT, Mark.TRIANGLE),
                    new Look(Ink.PURPLE, Dash.DOTTED, Mark.DIAMOND),
                    new Look(Ink.OCHRE, Dash.DASHED, Mark.CIRCLE));

    private Looks() {}

    /** The looks of a tier that is asked of every flow. */
    static Look tier(final Measurements m, final int tier) {
        return tier == m.tiers().size() - 1 ? SLOW_ONLY : EARLIER.get(tier);
    }

    /** The looks of the nth of several series that are none of the bundle's tiers. */
    static Look series(final int n) {
        final List<Look> looks =
                List.of(CASCADE, SLOW_ONLY, EARLIER.get(0), EARLIER.get(1), EARLIER.get(2));
        return looks.get(Math.min(n, looks.size() - 1));
    }
}
