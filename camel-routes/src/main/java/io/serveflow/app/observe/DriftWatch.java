/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.observe;

import io.serveflow.drift.DriftMeter;
import io.serveflow.drift.DriftReport;
import io.serveflow.drift.DriftState;
import io.serveflow.drift.Reference;
import io.serveflow.flow.FlowRecord;
import io.serveflow.model.BundleManifest;
import io.serveflow.model.Bundles;
import io.serveflow.model.TierSpec;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.Verdict.BundleRef;
import io.serveflow.verdict.VerdictListener;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far live traffic has drifted from what the bundles in use were made with: a meter for each
 * bundle that has a reference, published by its task, and a line in the log when its state changes.
 *
 * <p>A state that flickers is logged once a minute at most; metrics and health always have the
 * latest.
 */
public final class DriftWatch implements VerdictListener, Bundles.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(DriftWatch.class);
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final String REMEDY =
            "Calibrate the bundle on captures of this traffic (./serveflow calibrate); where its"
                    + " answers have become wrong, train it anew (./serveflow train).";

    private final Function<BundleRef, Optional<BundleManifest>> manifests;
    private final DriftMeter.Options options;
    private final ServeflowMeters published;
    private final LongSupplier nanoClock;
    private final ConcurrentMap<String, Optional<DriftMeter>> byBundle = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, DriftMeter> byTask = new ConcurrentHashMap<>();

    /**
     * @param manifests the manifest of a bundle in use
     * @param nanoClock a clock like {@link System#nanoTime()}
     */
    public DriftWatch(
            final Function<BundleRef, Optional<BundleManifest>> manifests,
            final DriftMeter.Options options,
            final ServeflowMeters published,
            final LongSupplier nanoClock) {
        this.manifests = manifests;
        this.options = options;
        this.published = published;
        this.nanoClock = nanoClock;
    }

    @Override
    public void given(final FlowRecord flow, final Verdict verdict) {
        if (verdict.isFinal()) {
            final Optional<DriftMeter> meter = meter(verdict.bundle());
            if (meter.isPresent()) {
                meter.get().given(flow, verdict);
            }
        }
    }

    @Override
    public void opened(final Bundles.Generation generation) {
        opened(generation.ref(), generation.bundle().manifest())
                .ifPresent(meter -> byTask.put(generation.task(), meter));
    }

    /** The series of its task stay, and are of the bundle that comes next. */
    @Override
    public void retired(final Bundles.Generation generation) {
        byBundle.remove(generation.ref().sha256());
    }

    /** Publishes the meters of a bundle, if it has a reference, before its first verdict. */
    void open(final BundleRef bundle) {
        meter(bundle);
    }

    /** How each task with a reference is doing. */
    public SortedMap<String, DriftReport> reports() {
        final SortedMap<String, DriftReport> reports = new TreeMap<>();
        byTask.forEach((task, meter) -> reports.put(task, meter.report()));
        return reports;
    }

    /** Each task with its state in a line, such as {@code service: as trained: ...}. */
    public static String text(final Map.Entry<String, DriftReport> report) {
        return report.getKey() + ": " + report.getValue().text();
    }

    /**
     * The meter of a bundle; empty if it has no reference, or is out of use, as that of a late
     * verdict. That is asked for again with each verdict, as it may come into use once more.
     */
    private Optional<DriftMeter> meter(final BundleRef bundle) {
        final Optional<DriftMeter> known = byBundle.get(bundle.sha256());
        if (known != null) {
            return known;
        }
        /* Asked for outside the map: who answers may hold a lock under which this is called. */
        final Optional<BundleManifest> manifest = manifests.apply(bundle);
        return manifest.isEmpty() ? Optional.empty() : opened(bundle, manifest.get());
    }

    private Optional<DriftMeter> opened(final BundleRef bundle, final BundleManifest manifest) {
        final Optional<DriftMeter> made =
                manifest.reference().map(reference -> made(bundle, manifest, reference));
        final Optional<DriftMeter> other = byBundle.putIfAbsent(bundle.sha256(), made);
        if (other != null) {
            return other;
        }
        if (made.isPresent() && byTask.put(bundle.task(), made.get()) == null) {
            publish(bundle.task(), made.get());
        }
        return made;
    }

    private DriftMeter made(
            final BundleRef bundle, final BundleManifest manifest, final Reference reference) {
        return new DriftMeter(
                manifest.labels(),
                manifest.tiers().stream().map(TierSpec::name).toList(),
                reference,
                options,
                new StateLog(bundle.task())::judge);
    }

    /** A task that gets another bundle keeps its series, which then are of the new bundle. */
    private void publish(final String task, final DriftMeter meter) {
        published.driftFlows(task, () -> byTask.get(task).flows());
        for (final String distribution : meter.distributions()) {
            published.drift(task, distribution, () -> byTask.get(task).report().of(distribution));
        }
    }

    /** Tells the log of each change of a task's state. */
    private final class StateLog {

        private final String task;
        private DriftState logged = DriftState.TOO_FEW;
        private long loggedAt;

        private StateLog(final String task) {
            this.task = task;
            this.loggedAt = nanoClock.getAsLong() - QUIET_NANOS;
        }

        private synchronized void judge(final DriftReport report) {
            final long now = nanoClock.getAsLong();
            final DriftState state = report.state();
            if (state == logged || now - loggedAt < QUIET_NANOS) {
                return;
            }
            logged = state;
            loggedAt = now;
            switch (state) {
                case MOVED -> LOG.warn("Task {}: {}. {}", task, report.text(), REMEDY);
                case MOVING -> LOG.info("Task {}: {}. {}", task, report.text(), REMEDY);
                case AS_TRAINED, TOO_FEW -> LOG.info("Task {}: {}.", task, report.text());
            }
        }
    }
}
