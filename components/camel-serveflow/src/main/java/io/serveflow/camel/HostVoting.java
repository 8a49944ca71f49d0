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
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
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

    /** Held for reading to count in a vote, for writing to forget one. */
    private final ReadWriteLock forgetting = new ReentrantReadWriteLock();

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
        int from = 0;
        while (from < flows.size()) {
            final BundleRef bundle = flows.verdict(from).bundle();
            int to = from + 1;
            while (to < flows.size() && flows.verdict(to).bundle() == bundle) {
                to++;
            }
            open(bundle);
            count(bundle, flows, from, to);
            from = to;
        }
    }

    private void count(
            final BundleRef bundle, final FlowBatch flows, final int from, final int to) {
        forgetting.readLock().lock();
        try {
            final Optional<HostVotes> vote = votes.getOrDefault(bundle, Optional.empty());
            for (int i = from; vote.isPresent() && i < to; i++) {
                vote.get().add(flows.record(i), flows.verdict(i));
            }
        } finally {
            forgetting.readLock().unlock();
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
        if (!retired.isEmpty()) {
            forgetOver();
        }
        verdicts.forEach(
                verdict -> ledger.add(Ledger.Entry.HOST_VERDICTS, verdict.bundle().task(), 1));
        return verdicts;
    }

    private void forgetOver() {
        forgetting.writeLock().lock();
        try {
            retired.removeIf(this::isOver);
        } finally {
            forgetting.writeLock().unlock();
        }
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
     * Opens the votes of a bundle, unless it has none or is out of use, as that of a late verdict.
     * That is asked for again with each batch, as it may come into use once more.
     */
    private void open(final BundleRef bundle) {
        if (votes.containsKey(bundle)) {
            return;
        }
        /* Asked for outside the map: who answers may hold a lock under which this is called. */
        final Optional<BundleManifest> manifest = manifests.apply(bundle);
        if (manifest.isEmpty()) {
            return;
        }
        votes.computeIfAbsent(bundle, ref -> open(ref, manifest.get()));
        if (manifests.apply(bundle).isEmpty()) {
            /* It went out of use meanwhile, and that may have been noted before it had votes. */
            retired.add(bundle);
        }
    }

    private Optional<HostVotes> open(final BundleRef bundle, final BundleManifest manifest) {
        return manifest.vote().isPresent()
                ? Optional.of(new HostVotes(manifest, bundle, options, ledger, nanoClock))
                : Optional.empty();
    }
}
