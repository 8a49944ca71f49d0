/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import io.serveflow.model.Bundle;
import io.serveflow.model.TierModel;
import java.util.List;
import java.util.function.Supplier;

/**
 * Where a tier is scored: in this process, for which all endpoints share the bundle's model, on a
 * device of its own, or by servers.
 */
public final class TierPlacement implements AutoCloseable {

    private static final String CPU = "cpu";

    private final String task;
    private final TierModel model;
    private final Supplier<List<Scorer>> scorers;
    private final Runnable close;

    private TierPlacement(
            final String task,
            final TierModel model,
            final Supplier<List<Scorer>> scorers,
            final Runnable close) {
        this.task = task;
        this.model = model;
        this.scorers = scorers;
        this.close = close;
    }

    /** What scores a tier. */
    public record Scorer(String name, String state) {}

    /** On the CPU of this process; closed with the bundle. */
    static TierPlacement shared(final Bundle bundle, final String tier) {
        return new TierPlacement(
                bundle.manifest().task(),
                bundle.tier(tier),
                () -> List.of(new Scorer(CPU, "")),
                () -> {});
    }

    /** On a device, by a bundle that is closed with this. */
    static TierPlacement onDevice(final Bundle bundle, final String tier, final String device) {
        return new TierPlacement(
                bundle.manifest().task(),
                bundle.tier(tier),
                () -> List.of(new Scorer(device, "")),
                bundle::close);
    }

    /** By servers; the model is closed with this. */
    static TierPlacement elsewhere(
            final String task, final TierModel model, final Supplier<List<Scorer>> servers) {
        return new TierPlacement(task, model, servers, model::close);
    }

    public String task() {
        return task;
    }

    public String tier() {
        return model.spec().name();
    }

    TierModel model() {
        return model;
    }

    /** What scores it, as it stands now: a device, or one or more servers. */
    public List<Scorer> scorers() {
        return scorers.get();
    }

    /** Frees what it has opened. Later calls do nothing. */
    @Override
    public void close() {
        close.run();
    }
}
