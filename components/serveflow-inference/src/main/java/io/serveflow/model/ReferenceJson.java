/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.drift.Counts;
import io.serveflow.drift.Edges;
import io.serveflow.drift.PacketFeature;
import io.serveflow.drift.Reference;
import io.serveflow.model.BundleJson.Value;
import java.util.Arrays;

/** The {@code reference} of a {@code bundle.json}. */
final class ReferenceJson {

    static final String FIELD = "reference";

    private ReferenceJson() {}

    static Reference read(final Value reference) {
        reference.requireOnly("labels", "confidence", "tiers", "features");
        return BundleJson.valid(
                reference.path() + ": ",
                () ->
                        new Reference(
                                counts(reference.get("labels")),
                                counts(reference.get("confidence")),
                                counts(reference.get("tiers")),
                                reference.get("features").list().stream()
                                        .map(ReferenceJson::feature)
                                        .toList()));
    }

    static void write(final Reference reference, final ObjectNode node) {
        write(reference.labels(), node.putArray("labels"));
        write(reference.confidence(), node.putArray("confidence"));
        write(reference.tiers(), node.putArray("tiers"));
        final ArrayNode features = node.putArray("features");
        for (final Reference.OfFeature feature : reference.features()) {
            final ObjectNode entry = features.addObject();
            entry.put("name", feature.feature().id());
            Arrays.stream(feature.edges().values()).forEach(entry.putArray("edges")::add);
            write(feature.counts(), entry.putArray("counts"));
        }
    }

    private static void write(final Counts counts, final ArrayNode node) {
        Arrays.stream(counts.values()).forEach(node::add);
    }

    private static Reference.OfFeature feature(final Value feature) {
        feature.requireOnly("name", "edges", "counts");
        final Value name = feature.get("name");
        final PacketFeature named =
                BundleJson.valid(name.path() + ": ", () -> PacketFeature.named(name.text()));
        final Value listed = feature.get("edges");
        final Edges edges =
                BundleJson.valid(
                        listed.path() + ": ",
                        () -> new Edges(listed.list().stream().mapToInt(Value::integer).toArray()));
        final Value counts = feature.get("counts");
        return BundleJson.valid(
                counts.path() + ": ", () -> new Reference.OfFeature(named, edges, counts(counts)));
    }

    private static Counts counts(final Value counts) {
        return BundleJson.valid(
                counts.path() + ": ",
                () -> new Counts(counts.list().stream().mapToLong(Value::count).toArray()));
    }
}
