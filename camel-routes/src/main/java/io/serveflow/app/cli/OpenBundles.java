/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import io.serveflow.batch.FlowBatch;
import io.serveflow.cascade.Cascade;
import io.serveflow.cascade.SharedRows;
import io.serveflow.feature.ContextReach;
import io.serveflow.feature.FeatureSpec;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.host.HostVotes;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.Bundle;
import io.serveflow.model.BundleFiles;
import io.serveflow.model.BundleTrust;
import io.serveflow.model.TierSpec;
import io.serveflow.sensor.FlowRecordSource;
import io.serveflow.verdict.VerdictListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The bundles that classify inputs offline: each flow gets its final verdict from each of them.
 *
 * <p>Not safe for use by more than one thread.
 */
final class OpenBundles implements AutoCloseable {

    /** Most hosts whose votes are kept at a time. */
    static final int MAX_HOSTS = 100_000;

    private static final int BATCH = 256;

    private final boolean hosts;
    private final BundleTrust trust;
    private final Ledger ledger;
    private final SharedRows rows = new SharedRows();
    private final List<Bundle> bundles = new ArrayList<>();
    private final List<NamedCascade> cascades = new ArrayList<>();
    private final List<HostVotes> votes = new ArrayList<>();

    /** The tiers of a bundle and its name. */
    private record NamedCascade(String bundle, Cascade cascade) {}

    /**
     * @param hosts whether bundles with a vote also say of each host what it is
     * @param trust whose bundles are opened
     */
    OpenBundles(final boolean hosts, final BundleTrust trust, final Ledger ledger) {
        this.hosts = hosts;
        this.trust = trust;
        this.ledger = ledger;
    }

    /** Opens and checks one more bundle; returns false if it, or a copy of it, is open already. */
    boolean add(final Path folder) throws IOException {
        final Bundle bundle = Bundle.load(BundleFiles.in(folder), trust);
        final boolean known = bundles.stream().anyMatch(open -> open.ref().equals(bundle.ref()));
        bundles.add(bundle);
        if (known) {
            return false;
        }
        final Optional<HostVotes> vote = vote(bundle);
        vote.ifPresent(votes::add);
        cascades.add(
                new NamedCascade(
                        bundle.manifest().name(),
                        new Cascade(bundle, rows, System::nanoTime, ledger, listener(vote))));
        return true;
    }

    private Optional<HostVotes> vote(final Bundle bundle) {
        return hosts && bundle.manifest().vote().isPresent()
                ? Optional.of(
                        new HostVotes(
                                bundle.manifest(),
                                bundle.ref(),
                                new HostVotes.Options(MAX_HOSTS, 0, false),
                                ledger,
                                System::nanoTime))
                : Optional.empty();
    }

    private static VerdictListener listener(final Optional<HostVotes> vote) {
        return vote.<VerdictListener>map(votes -> votes::add).orElse((flow, verdict) -> {});
    }

    /** Whether any of them says of hosts what they are. */
    boolean vote() {
        return !votes.isEmpty();
    }

    /** How packets become flows, with records that reach as far as the furthest tier reads. */
    FlowAssembler.Options assembling(final FlowAssembler.Options stated) {
        return ContextReach.options(stated, tiers());
    }

    /** Whether a tier reads seconds of a flow, of which only a capture has all packets. */
    boolean readSeconds() {
        return tiers().stream()
                .anyMatch(tier -> ContextReach.of(tier).unit() == ContextReach.Unit.SECONDS);
    }

    private List<FeatureSpec> tiers() {
        return bundles.stream()
                .flatMap(bundle -> bundle.manifest().tiers().stream())
                .map(TierSpec::features)
                .toList();
    }

    /**
     * A flow is decided on its context record, which holds packet 1 too; a flow that has none, as
     * in a log that was cut off, on its first record. A summary is decided on by itself. Returns
     * whether any record was of use, or there was none.
     */
    boolean classify(final FlowRecordSource source, final VerdictOutput verdicts)
            throws IOException {
        final Map<FlowId, FlowRecord> withoutContext = new LinkedHashMap<>();
        final List<FlowRecord> contexts = new ArrayList<>(BATCH);
        final List<FlowRecord> summaries = new ArrayList<>(BATCH);
        boolean used = false;
        boolean any = false;
        Optional<FlowRecord> next = source.next();
        while (next.isPresent()) {
            any = true;
            final FlowRecord record = next.get();
            switch (record.stage()) {
                case FIRST -> withoutContext.put(record.id(), record);
                case CONTEXT -> {
                    withoutContext.remove(record.id());
                    contexts.add(record);
                }
                case SUMMARY -> summaries.add(record);
            }
            if (contexts.size() == BATCH) {
                used |= decide(contexts, verdicts);
            }
            if (summaries.size() == BATCH) {
                used |= decide(summaries, verdicts);
            }
            next = source.next();
        }
        used |= decide(contexts, verdicts);
        used |= decide(summaries, verdicts);
        contexts.addAll(withoutContext.values());
        used |= decide(contexts, verdicts);
        return used || !any;
    }

    /** Asks the bundles that read the records' stage; returns whether there is one. */
    private boolean decide(final List<FlowRecord> flows, final VerdictOutput verdicts) {
        if (flows.isEmpty()) {
            return false;
        }
        boolean used = false;
        final FlowBatch batch = FlowBatch.of(flows);
        for (final NamedCascade named : cascades) {
            final FlowBatch read = batch.where(i -> named.cascade().reads(batch.record(i)));
            if (!read.isEmpty()) {
                verdicts.write(named.cascade().decide(read));
                used = true;
            }
        }
        flows.clear();
        return used;
    }

    /** Why inputs of which no record was of use were of none. */
    String uselessFor() {
        final String names =
                cascades.stream().map(NamedCascade::bundle).collect(Collectors.joining(" and "));
        return cascades.get(0).cascade().reads(FlowRecord.Stage.SUMMARY)
                ? "has only packets of flows, but bundle "
                        + names
                        + " reads summaries of them; give it a conn.log or EVE flow events"
                : "has only summaries of flows, but bundle "
                        + names
                        + " reads their packets; give it a capture, a serveflow.log or EVE alerts"
                        + " with packets";
    }

    /** Writes what the hosts of all inputs are. */
    void writeHosts(final VerdictOutput verdicts) {
        for (final HostVotes vote : votes) {
            verdicts.write(vote.takeAll());
        }
    }

    @Override
    public void close() {
        bundles.forEach(Bundle::close);
    }
}
