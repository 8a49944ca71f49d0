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
    public void refusing(final Reason reason, final double delaySeconds, final double threshold) {
        LOG.warn(
                String.format(
                        Locale.ROOT,
                        "serveflow-join:%s refuses flows, which fall back to the fast verdict: %s"
                                + " (delay %.2f s, threshold %.2f); the counts are"
                                + " serveflow_fell_back_total",
                        join,
                        reason.sentence(),
                        delaySeconds,
                        threshold));
    }

    @Override
    public void takingAll(final long refused) {
        LOG.info("serveflow-join:{} refuses no flows any more, after {}", join, refused);
    }
}
