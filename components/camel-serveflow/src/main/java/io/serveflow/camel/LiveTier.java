/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import io.serveflow.cascade.CascadeTier;
import io.serveflow.model.Bundle;
import io.serveflow.model.Bundles;
import io.serveflow.verdict.Verdict.BundleRef;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * The tier that an endpoint asks, in each bundle of its location that is in use: the newest one for
 * an exchange that no tier of the location has answered yet, and for one that has been answered the
 * bundle that began it, so that all verdicts of a pass through the cascade are of one bundle.
 *
 * <p>An exchange holds on to its bundle until it is done; copies of it, as a split makes them, do
 * so too.
 */
final class LiveTier implements Bundles.Member, AutoCloseable {

    /** What an exchange notes its bundle under, followed by the location. */
    private static final String NOTED = "CamelServeflowBundle:";

    private final Function<Bundle, Asked> maker;
    private volatile Map<Bundle, Asked> byBundle = Map.of();
    private volatile Optional<Bundles.Use> use = Optional.empty();
    private volatile String noted = NOTED;

    /**
     * A tier at work with one bundle.
     *
     * @param bodies reads what it is asked about
     * @param close frees what was opened for it
     */
    record Asked(CascadeTier tier, BodyReader bodies, Runnable close) {

        private void end() {
            tier.close();
            close.run();
        }
    }

    /**
     * @param maker opens the tier of a bundle; throws if that one cannot be used
     */
    LiveTier(final Function<Bundle, Asked> maker) {
        this.maker = maker;
    }

    /**
     * Begins.
     *
     * @param begun the use that this is a member of
     */
    void begin(final Bundles.Use begun) {
        noted = NOTED + begun.location();
        use = Optional.of(begun);
    }

    @Override
    public synchronized void prepare(final Bundle bundle) {
        final Map<Bundle, Asked> more = new HashMap<>(byBundle);
        more.put(bundle, maker.apply(bundle));
        byBundle = Map.copyOf(more);
    }

    @Override
    public synchronized void forget(final Bundle bundle) {
        final Map<Bundle, Asked> less = new HashMap<>(byBundle);
        final Asked ended = less.remove(bundle);
        byBundle = Map.copyOf(less);
        if (ended != null) {
            ended.end();
        }
    }

    /** A tier that is asked about an exchange, and its bundle, which is open meanwhile. */
    static final class Held {

        private final Asked asked;
        private final Bundles.Lease lease;
        private final boolean untilDone;

        private Held(final Asked asked, final Bundles.Lease lease, final boolean untilDone) {
            this.asked = asked;
            this.lease = lease;
            this.untilDone = untilDone;
        }

        CascadeTier tier() {
            return asked.tier();
        }

        BodyReader bodies() {
            return asked.bodies();
        }

        /** Ends what the tier had to do, well. */
        void answered() {
            if (!untilDone) {
                lease.close();
            }
        }

        /** Ends it in trouble, after which no later tier is asked in this pass. */
        void failed() {
            lease.close();
        }
    }

    /**
     * The tier to ask about an exchange; its bundle stays open until the exchange is done, or where
     * nobody says when that is, until the tier has answered. Each is ended by its caller.
     *
     * @return empty if the endpoint has stopped
     */
    Optional<Held> of(final Exchange exchange) {
        final Optional<Bundles.Use> begun = use;
        if (begun.isEmpty()) {
            return Optional.empty();
        }
        final Bundles.Lease lease = lease(begun.get(), exchange);
        final Asked asked = byBundle.get(lease.bundle());
        if (asked == null) {
            lease.close();
            return Optional.empty();
        }
        final boolean untilDone = exchange.getUnitOfWork() != null;
        if (untilDone) {
            exchange.getExchangeExtension().addOnCompletion(new Ending(lease));
        }
        return Optional.of(new Held(asked, lease, untilDone));
    }

    /** The newest bundle; empty if the endpoint has stopped. */
    Optional<BundleRef> newest() {
        return use.map(begun -> begun.bundle().ref());
    }

    private Bundles.Lease lease(final Bundles.Use begun, final Exchange exchange) {
        if (exchange.getProperty(noted) instanceof Bundle began) {
            final Optional<Bundles.Lease> same = begun.lease(began);
            if (same.isPresent()) {
                return same.get();
            }
        }
        final Bundles.Lease newest = begun.lease();
        exchange.setProperty(noted, newest.bundle());
        return newest;
    }

    /** Ends; later calls do nothing. */
    @Override
    public void close() {
        final Optional<Bundles.Use> begun = use;
        use = Optional.empty();
        begun.ifPresent(Bundles.Use::close);
    }

    /** Lets go of a bundle when an exchange is done, here or behind a queue. */
    private static final class Ending extends SynchronizationAdapter {

        private final Bundles.Lease lease;

        private Ending(final Bundles.Lease lease) {
            this.lease = lease;
        }

        @Override
        public void onDone(final Exchange exchange) {
            lease.close();
        }
    }
}
