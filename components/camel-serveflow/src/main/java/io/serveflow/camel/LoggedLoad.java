/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import io.serveflow.cascade.SlowLoadListener;
import io.serveflow.ledger.Reason;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs when a join begins to refuse flows because of load, and when it refuses none any more. */
final class LoggedLoad implements SlowLoadListener {

    private static final Logger LOG = LoggerFactory.getLogger(LoggedLoad.class);

    private final String join;

    LoggedLoad(final String join) {
        this.join = join;
    }

    @Override
    public void refusing(final Reason reason, final Figures figures) {
        LOG.warn(
                "serveflow-join:{} refuses flows, which fall back to the fast verdict: {} ({}); the"
                        + " counts are serveflow_fell_back_total",
                join,
                reason.sentence(),
                why(reason, figures));
    }

    /** The figures that the reason comes of. */
    private static String why(final Reason reason, final Figures figures) {
        return switch (reason) {
            case SLOW_QUEUE_FULL ->
                    format(
                            "%d flows are held of maxFlows=%d, and from half of that on only those"
                                    + " with an uncertainty of %.2f or more are taken",
                            figures.flows(), figures.maxFlows(), figures.thresholdOfPlaces());
            case SLOW_SOURCE_SHARE ->
                    figures.isReadyFull()
                            ? format(
                                    "%d flows of the source have met their context and wait for the"
                                            + " slow tier, as many as may of maxSourceReady=%d",
                                    figures.readyOfSource(), figures.maxReadyOfSource())
                            : format(
                                    "the source holds %d flows and may hold %d, as %d are held of"
                                            + " maxFlows=%d",
                                    figures.flowsOfSource(),
                                    figures.maxFlowsOfSource(),
                                    figures.flows(),
                                    figures.maxFlows());
            default ->
                    format(
                            "flows wait %.2f s for it by now, and while they do only those with an"
                                    + " uncertainty of %.2f or more are taken; option targetDelay"
                                    + " says how long they may",
                            figures.delaySeconds(), figures.threshold());
        };
    }

    private static String format(final String figures, final Object... values) {
        return String.format(Locale.ROOT, figures, values);
    }

    @Override
    public void takingAll(final long refused) {
        LOG.info("serveflow-join:{} refuses no flows any more, after {}", join, refused);
    }
}
