/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import io.serveflow.candidate.CandidateListener;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.BundleException;
import io.serveflow.model.BundleFiles;
import io.serveflow.model.BundleManifest;
import io.serveflow.model.BundleTrust;
import io.serveflow.model.Bundles;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.ThreadPoolProfile;
import org.apache.camel.util.concurrent.ThreadPoolRejectedPolicy;

/**
 * The bundles that are compared with those in use, in their shadow, and the one thread that they
 * are asked on.
 */
final class Shadows {

    /** Most batches that wait to be compared; what comes then is left out. */
    private static final int MOST_WAITING = 16;

    private static final String THREAD = "ServeflowShadow";

    /** None of them gives a verdict, so that they are not among the bundles in use. */
    private final Bundles candidates = new Bundles();

    private Optional<ExecutorService> thread = Optional.empty();

    /**
     * Begins to compare a tier with that of a candidate.
     *
     * @param used the bundle in use
     * @return empty if the candidate is of another task, whose endpoints it is for
     * @throws BundleException if the candidate cannot be loaded, is not trusted, or is of the same
     *     task and has other tiers
     */
    synchronized Optional<ShadowTier> open(
            final CamelContext context,
            final Place place,
            final BundleManifest used,
            final Ledger ledger,
            final CandidateListener listener) {
        final BundleManifest manifest = place.files().manifest();
        if (!manifest.task().equals(used.task())) {
            return Optional.empty();
        }
        used.requireAlike(manifest);
        final ShadowTier shadow = new ShadowTier(place.tier(), executor(context), ledger, listener);
        shadow.begin(candidates.open(place.files(), place.trust(), shadow));
        return Optional.of(shadow);
    }

    /** Which tier of which bundle is asked, and whose bundles are trusted. */
    record Place(String tier, BundleFiles files, BundleTrust trust) {}

    /** What bundles are compared on. */
    synchronized ExecutorService executor(final CamelContext context) {
        if (thread.isEmpty()) {
            final ThreadPoolProfile one = new ThreadPoolProfile(THREAD);
            one.setPoolSize(1);
            one.setMaxPoolSize(1);
            one.setKeepAliveTime(1L);
            one.setTimeUnit(TimeUnit.MINUTES);
            one.setAllowCoreThreadTimeOut(false);
            one.setMaxQueueSize(MOST_WAITING);
            one.setRejectedPolicy(ThreadPoolRejectedPolicy.Abort);
            thread =
                    Optional.of(
                            context.getExecutorServiceManager().newThreadPool(this, THREAD, one));
        }
        return thread.get();
    }

    /** Ends all comparisons; what waits is left out. */
    synchronized void close(final CamelContext context) {
        thread.ifPresent(context.getExecutorServiceManager()::shutdownNow);
        thread = Optional.empty();
    }
}
