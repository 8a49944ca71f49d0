/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import io.serveflow.batch.FlowBatch;
import io.serveflow.host.HostVotes;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.BundleManifest;
import io.serveflow.model.Bundles;
import io.serveflow.verdict.HostVerdict;
import io.serveflow.verdict.Verdict.BundleRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Counts the verdicts that pass through a route in the votes of their bundles, and gives out what
 * hosts are. Verdicts of bundles without a vote pass uncounted.
 *
 * <p>What is counted is in memory only: a process that is killed loses its open windows.
 */
public final class HostVoting implements Processor, Bundles.Listener {

    private final Function<BundleRef, Optional<BundleManifest>> manifests;
    private final HostVotes.Options options;
    private final Ledger ledger;
    private final LongSupplier nanoClock;
    private final Map<BundleRef, Optional<HostVotes>> votes = new ConcurrentHashMap<>();
    private final Set<BundleRef> retired = ConcurrentHashMap.newKeySet();

    /**
     * @param manifests what a bundle that is in use says of itself
     * @param options the bounds of each vote
     * @param nanoClock a clock like {@link System#nanoTime()}
     */
    public HostVoting(
            final Function<BundleRef, Optional<BundleManifest>> manifests,
            final HostVotes.Options options,
            final Ledger ledger,
            final LongSupplier nanoClock) {
        this.manifests = manifests;
        this.options = options;
        this.ledger = ledger;
        this.nanoClock = nanoClock;
    }

    /** Counts the batch in the body and leaves in its place the verdicts on hosts, if any. */
    @Override
    public void process(final Exchange exchange) {
        exchange.getMessage().setBody(count(FlowBodies.batch(exchange.getMessage().getBody())));
    }

    /**
     * Counts the verdicts of a batch that stand, those of each task in the vote of its bundle, and
     * takes out the windows that are over.
     */
    public List<HostVerdict> count(final FlowBatch flows) {
        flows.tasks().forEach(task -> countTask(flows.of(task)));
        return given(HostVotes::takeOver);
    }

    private void countTask(final FlowBatch flows) {
        Optional<BundleRef> asked = Optional.empty();
        Optional<HostVotes> vote = Optional.empty();
        for (int i = 0; i < flows.size(); i++) {
            final BundleRef bundle = flows.verdict(i).bundle();
            if (asked.isEmpty() || asked.get() != bundle) {
                asked = Optional.of(bundle);
                vote = vote(bundle);
            }
            if (vote.isPresent()) {
                vote.get().add(flows.record(i), flows.verdict(i));
            }
        }
    }

    /** Takes out all windows, over or not. */
    public List<HostVerdict> takeAll() {
        return given(HostVotes::takeAll);
    }

    @Override
    public void opened(final Bundles.Generation generation) {
        retired.remove(generation.ref());
    }

    /** The windows that are open end in their time; then nothing is kept for the bundle. */
    @Override
    public void retired(final Bundles.Generation generation) {
        retired.add(generation.ref());
    }

    private List<HostVerdict> given(final Function<HostVotes, List<HostVerdict>> taken) {
        final List<HostVerdict> verdicts = new ArrayList<>();
        votes.values().forEach(vote -> vote.map(taken).ifPresent(verdicts::addAll));
        retired.removeIf(this::isOver);
        verdicts.forEach(
                verdict -> ledger.add(Ledger.Entry.HOST_VERDICTS, verdict.bundle().task(), 1));
        return verdicts;
    }

    private boolean isOver(final BundleRef bundle) {
        final Optional<HostVotes> vote = votes.getOrDefault(bundle, Optional.empty());
        final boolean over = vote.isEmpty() || vote.get().size() == 0;
        if (over) {
            votes.remove(bundle);
        }
        return over;
    }

    /**
     * The votes of a bundle; empty if it has none, or is out of use, as that of a late verdict.
     * That is asked for again with each batch, as it may come into use once more.
     */
    private Optional<HostVotes> vote(final BundleRef bundle) {
        final Optional<HostVotes> known = votes.get(bundle);
        if (known != null) {
            return known;
        }
        /* Asked for outside the map: who answers may hold a lock under which this is called. */
        final Optional<BundleManifest> manifest = manifests.apply(bundle);
        return manifest.isEmpty()
                ? Optional.empty()
                : votes.computeIfAbsent(bundle, ref -> open(ref, manifest.get()));
    }

    private Optional<HostVotes> open(final BundleRef bundle, final BundleManifest manifest) {
        return manifest.vote().isPresent()
                ? Optional.of(new HostVotes(manifest, bundle, options, ledger, nanoClock))
                : Optional.empty();
    }
}
