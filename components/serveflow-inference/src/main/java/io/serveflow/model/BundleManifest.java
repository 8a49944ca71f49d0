/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.serveflow.drift.Reference;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What {@code bundle.json} says: the tiers of one task, their labels and the thresholds between
 * them.
 *
 * @param created when it was made, ISO 8601
 * @param hops the thresholds between one tier and the next, one fewer than tiers
 * @param unknown when an answer that stands is withheld; none if all are given
 * @param reference the distributions that live traffic is compared with; none if nothing is known
 *     of them
 * @param vote how the verdicts on a host's flows become one on the host; none where a host is not
 *     of one label
 * @param training what it was trained on, for people
 * @param metrics what it reached on data it was not trained on, for people
 * @param files SHA-256 in hexadecimal of every other file, by its path inside the bundle
 */
public record BundleManifest(
        String name,
        String version,
        String task,
        String created,
        List<String> labels,
        List<TierSpec> tiers,
        List<HopThreshold> hops,
        Optional<UnknownThresholds> unknown,
        Optional<Reference> reference,
        Optional<VoteRule> vote,
        JsonNode training,
        JsonNode metrics,
        Map<String, String> files) {

    public BundleManifest {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(created, "created");
        Objects.requireNonNull(unknown, "unknown");
        Objects.requireNonNull(reference, "reference");
        Objects.requireNonNull(vote, "vote");
        Objects.requireNonNull(training, "training");
        Objects.requireNonNull(metrics, "metrics");
        labels = List.copyOf(labels);
        tiers = List.copyOf(tiers);
        hops = List.copyOf(hops);
        files = Map.copyOf(files);
        if (!task.matches("[A-Za-z0-9._-]{1,64}")) {
            throw new IllegalArgumentException(
                    "task must be 1 to 64 letters, digits, '.', '_' or '-', was '" + task + "'");
        }
        if (labels.size() < 2) {
            throw new IllegalArgumentException("labels must be 2 or more, are " + labels.size());
        }
        if (labels.stream().distinct().count() != labels.size()) {
            throw new IllegalArgumentException("labels: two of them are the same");
        }
        if (tiers.isEmpty() || tiers.size() > 4) {
            throw new IllegalArgumentException("tiers must be 1 to 4, are " + tiers.size());
        }
        if (tiers.stream().map(TierSpec::name).distinct().count() != tiers.size()) {
            throw new IllegalArgumentException("tiers: two of them have the same name");
        }
        if (hops.size() != tiers.size() - 1) {
            throw new IllegalArgumentException(
                    "thresholds: "
                            + tiers.size()
                            + " tiers need "
                            + (tiers.size() - 1)
                            + " hops, there are "
                            + hops.size());
        }
        UnknownThresholds.requireFit(unknown, labels);
        Reference.requireFit(reference, labels.size(), tiers.size());
        for (int i = 0; i < hops.size(); i++) {
            final HopThreshold hop = hops.get(i);
            if (hop.perClass() && hop.values().length != labels.size()) {
                throw new IllegalArgumentException(
                        "thresholds["
                                + i
                                + "].values: "
                                + labels.size()
                                + " labels need as many per-class thresholds, there are "
                                + hop.values().length);
            }
        }
    }

    /** A manifest without a vote. */
    public BundleManifest(
            final String name,
            final String version,
            final String task,
            final String created,
            final List<String> labels,
            final List<TierSpec> tiers,
            final List<HopThreshold> hops,
            final Optional<UnknownThresholds> unknown,
            final Optional<Reference> reference,
            final JsonNode training,
            final JsonNode metrics,
            final Map<String, String> files) {
        this(
                name,
                version,
                task,
                created,
                labels,
                tiers,
                hops,
                unknown,
                reference,
                Optional.empty(),
                training,
                metrics,
                files);
    }

    /**
     * Makes sure that routes that were made for this bundle work with another one: it answers the
     * same task, with tiers of the same names, in the same order, about the same records.
     *
     * @throws BundleException if it does not
     */
    public void requireAlike(final BundleManifest other) {
        BundleShape.of(this).requireEqual(BundleShape.of(other));
    }

    /** This manifest with the checksums of its files. */
    public BundleManifest withFiles(final Map<String, String> checksums) {
        return new BundleManifest(
                name, version, task, created, labels, tiers, hops, unknown, reference, vote,
                training, metrics, checksums);
    }

    /** This manifest with other distributions that live traffic is compared with. */
    public BundleManifest withReference(final Optional<Reference> distributions) {
        return new BundleManifest(
                name,
                version,
                task,
                created,
                labels,
                tiers,
                hops,
                unknown,
                distributions,
                vote,
                training,
                metrics,
                files);
    }

    /** This manifest with another vote. */
    public BundleManifest withVote(final Optional<VoteRule> rule) {
        return new BundleManifest(
                name, version, task, created, labels, tiers, hops, unknown, reference, rule,
                training, metrics, files);
    }
}
