/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.doctor;

import io.serveflow.app.settings.Settings;
import io.serveflow.model.BundleTrust;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Looks at all that an instance with some settings needs, and changes nothing. */
public final class Doctor {

    private final Settings settings;
    private final BundleTrust trust;
    private final Clock clock;

    /**
     * @param settings those of the instance, checked
     * @param trust whose bundles the instance uses
     * @param clock the time of this machine
     */
    public Doctor(final Settings settings, final BundleTrust trust, final Clock clock) {
        this.settings = Objects.requireNonNull(settings, "settings");
        this.trust = Objects.requireNonNull(trust, "trust");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /** All findings, in the order in which flows meet what was looked at. */
    public List<Finding> examine() {
        final List<Finding> findings = new ArrayList<>();
        findings.addAll(new RuntimeChecks(settings, trust).examine());
        findings.addAll(new ObserverCheck(settings).examine());
        findings.addAll(new SourceChecks(settings, clock).examine());
        findings.addAll(new StorageChecks(settings).examine());
        findings.add(new DeadLetterChecks(settings).examine());
        if (settings.storesInElasticsearch() && !settings.isWorker()) {
            findings.addAll(new ElasticsearchChecks(settings, clock).examine());
        }
        return List.copyOf(findings);
    }
}
