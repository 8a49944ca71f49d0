/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import io.serveflow.ledger.Ledger;
import io.serveflow.model.BundleException;
import io.serveflow.model.BundleWatch;
import io.serveflow.model.Bundles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log, and counts, what became of bundles that have changed while in use. */
final class SwapLog implements BundleWatch.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(SwapLog.class);

    private final Ledger ledger;

    SwapLog(final Ledger ledger) {
        this.ledger = ledger;
    }

    @Override
    public void replaced(final Bundles.Generation before, final Bundles.Generation after) {
        ledger.add(Ledger.Entry.BUNDLE_SWAPS, after.task(), 1);
        LOG.info(
                "Task {}: bundle {} {} is in use instead of {} {}",
                after.task(),
                after.ref().name(),
                after.ref().version(),
                before.ref().name(),
                before.ref().version());
    }

    @Override
    public void refused(final Bundles.Generation stays, final BundleException why) {
        ledger.add(Ledger.Entry.BUNDLES_REFUSED, stays.task() + "/" + why.reason().code(), 1);
        LOG.warn(
                "Task {}: a new bundle is refused, and {} {} stays in use: {}",
                stays.task(),
                stays.ref().name(),
                stays.ref().version(),
                why.getMessage());
    }

    @Override
    public void waits(final Bundles.Generation stays) {
        LOG.warn(
                "Task {}: a new bundle waits, and {} {} stays in use, since {} older ones are in"
                        + " use still by messages that have not ended",
                stays.task(),
                stays.ref().name(),
                stays.ref().version(),
                Bundles.MOST_OLDER);
    }
}
