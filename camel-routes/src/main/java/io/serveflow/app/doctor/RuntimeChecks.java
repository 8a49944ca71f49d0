/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.doctor;

import io.serveflow.app.run.Cascades;
import io.serveflow.app.settings.Role;
import io.serveflow.app.settings.Settings;
import io.serveflow.model.Bundle;
import io.serveflow.model.BundleException;
import io.serveflow.model.BundleFiles;
import io.serveflow.model.BundleTrust;
import io.serveflow.model.onnx.OnnxScorers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Looks at what computes: Java, ONNX Runtime, and the bundles with their golden vectors and labels.
 */
final class RuntimeChecks {

    private static final String JAVA = "java";
    private static final String ONNX = "onnxruntime";
    private static final String BUNDLE = "bundle";
    private static final String ALERTS = "alerts";
    private static final String NO_START = "until then, run ends at its start";

    private final Settings settings;
    private final BundleTrust trust;
    private final Supplier<String> runtime;

    RuntimeChecks(final Settings settings, final BundleTrust trust) {
        this(settings, trust, OnnxScorers::runtimeVersion);
    }

    /**
     * @param runtime loads ONNX Runtime and says its version
     */
    RuntimeChecks(
            final Settings settings, final BundleTrust trust, final Supplier<String> runtime) {
        this.settings = settings;
        this.trust = trust;
        this.runtime = runtime;
    }

    List<Finding> examine() {
        final List<Finding> findings = new ArrayList<>();
        findings.add(
                Finding.ok(
                        JAVA,
                        System.getProperty("java.vm.name")
                                + " "
                                + System.getProperty("java.version")
                                + ", "
                                + Runtime.getRuntime().maxMemory() / (1 << 20)
                                + " MiB of heap at most"));
        final Finding library = library();
        findings.add(library);
        if (settings.role() == Role.INDEX) {
            findings.add(Finding.skipped(BUNDLE, "role index needs none"));
        } else if (library.outcome() == Finding.Outcome.OK) {
            settings.bundles().values().forEach(location -> findings.add(bundle(location)));
        }
        if (findings.stream().noneMatch(one -> one.outcome() == Finding.Outcome.FAILED)) {
            findings.addAll(cascades());
        }
        return findings;
    }

    /** What run makes of whole bundles before it starts, and of the labels that become alerts. */
    private List<Finding> cascades() {
        if (settings.isWorker()) {
            return List.of();
        }
        if (settings.role() == Role.INDEX) {
            return settings.alerts().isEmpty()
                    ? List.of()
                    : List.of(
                            Finding.skipped(
                                    ALERTS,
                                    "role index has no bundle, so that the labels of"
                                            + " serveflow.alerts are checked where bundles are"));
        }
        final List<String> faults;
        try {
            faults =
                    Cascades.of(settings.bundles(), settings.role()).alertFaults(settings.alerts());
        } catch (final BundleException e) {
            return List.of(Finding.failed(BUNDLE, e.getMessage(), NO_START));
        }
        if (!faults.isEmpty()) {
            return faults.stream().map(said -> Finding.failed(ALERTS, said, NO_START)).toList();
        }
        return settings.alerts().isEmpty()
                ? List.of()
                : List.of(
                        Finding.ok(ALERTS, "a bundle in use gives each label of serveflow.alerts"));
    }

    private Finding library() {
        try {
            return Finding.ok(ONNX, "ONNX Runtime " + runtime.get());
        } catch (final IllegalStateException e) {
            return Finding.failed(
                    ONNX,
                    e.getMessage(),
                    "it is unpacked to "
                            + System.getProperty("java.io.tmpdir")
                            + ", which must be writable and not mounted noexec; another folder:"
                            + " SERVEFLOW_JAVA_OPTS=-Djava.io.tmpdir=DIR");
        }
    }

    private Finding bundle(final String location) {
        try (Bundle bundle =
                Bundle.load(
                        BundleFiles.at(
                                location,
                                RuntimeChecks.class.getClassLoader()::getResourceAsStream),
                        trust)) {
            return Finding.ok(
                    BUNDLE,
                    bundle.manifest().name()
                            + " "
                            + bundle.manifest().version()
                            + " at "
                            + location
                            + ": checksums and golden vectors agree");
        } catch (final BundleException e) {
            return Finding.failed(
                    BUNDLE,
                    e.getMessage(),
                    "bring the bundle again from where it came from, or name another one in"
                            + " serveflow.bundle");
        }
    }
}
