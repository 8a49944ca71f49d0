/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import io.serveflow.batch.FlowBatch;
import io.serveflow.cascade.Cascade;
import io.serveflow.drift.ReferenceCounter;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.Bundle;
import io.serveflow.model.BundleManifest;
import io.serveflow.model.BundleWriter;
import io.serveflow.model.TierSpec;
import io.serveflow.sensor.FlowBatchReader;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorInput;
import io.serveflow.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A bundle as if it had been made with the traffic of a sample. */
final class SampleReference {

    private SampleReference() {}

    /** Writes a bundle again, with a reference of its answers to the flows of a sample. */
    static Path write(final Path bundle, final Path sample, final Path out) throws IOException {
        try (Bundle loaded = Bundle.load(bundle)) {
            final BundleManifest manifest = loaded.manifest();
            final List<String> tiers = manifest.tiers().stream().map(TierSpec::name).toList();
            final ReferenceCounter counter =
                    new ReferenceCounter(manifest.labels().size(), tiers.size());
            final Cascade cascade =
                    new Cascade(
                            loaded,
                            System::nanoTime,
                            new Ledger(),
                            (flow, verdict) -> count(manifest, tiers, counter, flow, verdict));
            try (FlowBatchReader reader =
                    new FlowBatchReader(
                            SensorInput.open(
                                    sample,
                                    SensorFormats.installed(),
                                    FlowAssembler.Options.defaults("sample"),
                                    new Ledger(),
                                    letter -> {}),
                            256)) {
                while (reader.hasNext()) {
                    final FlowBatch batch = reader.next();
                    if (batch.stage() == FlowRecord.Stage.CONTEXT) {
                        cascade.decide(batch);
                    }
                }
            }
            return write(bundle, manifest.withReference(Optional.of(counter.reference())), out);
        }
    }

    /** Writes a bundle again, with no reference. */
    static Path writeNone(final Path bundle, final Path out) throws IOException {
        try (Bundle loaded = Bundle.load(bundle)) {
            return write(bundle, loaded.manifest().withReference(Optional.empty()), out);
        }
    }

    private static Path write(final Path bundle, final BundleManifest manifest, final Path out)
            throws IOException {
        final BundleWriter writer = new BundleWriter(out);
        for (final String file : manifest.files().keySet()) {
            writer.file(file, Files.readAllBytes(bundle.resolve(file)));
        }
        writer.finish(manifest);
        return out;
    }

    private static void count(
            final BundleManifest manifest,
            final List<String> tiers,
            final ReferenceCounter counter,
            final FlowRecord flow,
            final Verdict verdict) {
        counter.add(
                flow,
                manifest.labels().indexOf(verdict.label()),
                verdict.confidence(),
                tiers.indexOf(verdict.tier()));
    }
}
