/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.remote.server;

import io.serveflow.model.Bundle;
import io.serveflow.model.Bundles;
import io.serveflow.model.TierModel;
import io.serveflow.remote.RemoteModel;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The tiers of the bundle at a location, served to others also while the bundle is replaced: a
 * request is answered by the model that was the newest when it came, and all tiers change at once.
 *
 * <p>The version that a model is served under is that of its bundle and, behind a plus, the
 * beginning of the digest of its file, so that clients see another model also where two bundles
 * call themselves by one version.
 */
public final class ServedBundle implements Bundles.Member, Models {

    /** How much of a digest distinguishes files that somebody has made. */
    private static final int DIGEST_CHARS = 12;

    private final Batching batching;
    private final Map<String, ServedTotals> totals = new ConcurrentHashMap<>();
    private volatile Map<Bundle, Map<String, InferenceService.Served>> byBundle = Map.of();
    private volatile List<String> names = List.of();
    private volatile Optional<Bundles.Use> use = Optional.empty();

    public ServedBundle(final Batching batching) {
        this.batching = batching;
    }

    /**
     * Begins, with a use of the location that this is a member of; it is closed with this.
     *
     * @return this
     */
    public ServedBundle begin(final Bundles.Use begun) {
        names =
                begun.bundle().tiers().stream()
                        .map(tier -> model(begun.bundle(), tier).name())
                        .toList();
        use = Optional.of(begun);
        return this;
    }

    private static RemoteModel model(final Bundle bundle, final TierModel tier) {
        return new RemoteModel(
                RemoteModel.nameOf(bundle.manifest().task(), tier.spec().name()),
                tier.scorer().columns(),
                tier.classes(),
                bundle.manifest().files().get(tier.spec().file()));
    }

    private static String version(final Bundle bundle, final RemoteModel model) {
        return bundle.manifest().version() + "+" + model.sha256().substring(0, DIGEST_CHARS);
    }

    @Override
    public synchronized void prepare(final Bundle bundle) {
        final Map<String, InferenceService.Served> served = new LinkedHashMap<>();
        try {
            serve(bundle, served);
        } catch (final RuntimeException | Error e) {
            served.values().forEach(each -> each.batcher().close());
            throw e;
        }
        final Map<Bundle, Map<String, InferenceService.Served>> more = new HashMap<>(byBundle);
        more.put(bundle, served);
        byBundle = Map.copyOf(more);
    }

    private void serve(final Bundle bundle, final Map<String, InferenceService.Served> served) {
        for (final TierModel tier : bundle.tiers()) {
            final RemoteModel model = model(bundle, tier);
            served.put(
                    model.name(),
                    new InferenceService.Served(
                            new ServedModel(model, version(bundle, model), tier.scorer()),
                            new Batcher(
                                    model.name(),
                                    tier.scorer(),
                                    batching,
                                    totals.computeIfAbsent(
                                            model.name(), name -> new ServedTotals()))));
        }
    }

    @Override
    public void forget(final Bundle bundle) {
        /* Closed without the lock: what is scored last may have to forget another bundle. */
        remove(bundle).values().forEach(each -> each.batcher().close());
    }

    private synchronized Map<String, InferenceService.Served> remove(final Bundle bundle) {
        final Map<Bundle, Map<String, InferenceService.Served>> less = new HashMap<>(byBundle);
        final Map<String, InferenceService.Served> ended = less.remove(bundle);
        byBundle = Map.copyOf(less);
        return ended == null ? Map.of() : ended;
    }

    /** What the models are called. */
    @Override
    public List<String> names() {
        return names;
    }

    @Override
    public Optional<InferenceService.Served> newest(final String name) {
        return use.map(begun -> byBundle.getOrDefault(begun.bundle(), Map.of()).get(name));
    }

    @Override
    public Optional<Loan> lend(final String name) {
        final Optional<Bundles.Use> begun = use;
        if (begun.isEmpty()) {
            return Optional.empty();
        }
        final Bundles.Lease lease;
        try {
            lease = begun.get().lease();
        } catch (final IllegalStateException e) {
            // It has ended since.
            return Optional.empty();
        }
        final InferenceService.Served served =
                byBundle.getOrDefault(lease.bundle(), Map.of()).get(name);
        if (served == null) {
            lease.close();
            return Optional.empty();
        }
        return Optional.of(new Loan(served, lease::close));
    }

    @Override
    public Optional<ServedCounts> counts(final String name) {
        return Optional.ofNullable(totals.get(name)).map(ServedTotals::counts);
    }

    /** Scores what waits, and closes the bundle. */
    @Override
    public void close() {
        final Optional<Bundles.Use> begun = use;
        use = Optional.empty();
        begun.ifPresent(Bundles.Use::close);
    }
}
