/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.observe;

import io.serveflow.drift.DriftReport;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Says how far the traffic has drifted; always up, and no part of readiness: flows are still
 * answered, and an application that were taken out of service for it would answer none.
 */
public final class DriftHealthCheck extends AbstractHealthCheck {

    private final DriftWatch drift;

    public DriftHealthCheck(final DriftWatch drift) {
        super("serveflow", "serveflow-drift");
        this.drift = drift;
    }

    @Override
    public boolean isReadiness() {
        return false;
    }

    @Override
    protected void doCall(
            final HealthCheckResultBuilder builder, final Map<String, Object> options) {
        final SortedMap<String, DriftReport> reports = drift.reports();
        builder.up();
        builder.message(
                reports.isEmpty()
                        ? "no bundle in use has a reference"
                        : reports.entrySet().stream()
                                .map(DriftWatch::text)
                                .collect(Collectors.joining("; ")));
        reports.forEach((task, report) -> describe(task, report, builder));
    }

    private static void describe(
            final String task, final DriftReport report, final HealthCheckResultBuilder builder) {
        builder.detail(task + ".state", report.state().id());
        builder.detail(task + ".flows", report.flows());
        for (final DriftReport.Distance distance : report.distances()) {
            builder.detail(
                    task + "." + distance.distribution() + ".psi",
                    rounded(distance.divergence().psi()));
            builder.detail(
                    task + "." + distance.distribution() + ".js",
                    rounded(distance.divergence().js()));
        }
    }

    private static String rounded(final double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
