/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.doctor;

import io.serveflow.app.settings.Role;
import io.serveflow.app.settings.Settings;
import io.serveflow.model.Bundle;
import io.serveflow.model.BundleException;
import io.serveflow.model.BundleFiles;
import io.serveflow.model.BundleTrust;
import io.serveflow.model.onnx.OnnxScorers;
import java.util.ArrayList;
import java.util.List;

/** Looks at what computes: Java, ONNX Runtime, and the bundles with their golden vectors. */
final class RuntimeChecks {

    private static final String JAVA = "java";
    private static final String ONNX = "onnxruntime";
    private static final String BUNDLE = "bundle";

    private final Settings settings;
    private final BundleTrust trust;

    RuntimeChecks(final Settings settings, final BundleTrust trust) {
        this.settings = settings;
        this.trust = trust;
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
        return findings;
    }

    private static Finding library() {
        try {
            return Finding.ok(ONNX, "ONNX Runtime " + OnnxScorers.runtimeVersion());
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
