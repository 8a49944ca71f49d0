/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.drift;

import io.serveflow.flow.FlowRecord;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.VerdictListener;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Counts the verdicts that stand over a sliding window and compares their distributions with a
 * reference.
 *
 * <p>The window is a ring of ten parts. When the newest is full the oldest is let go, so the window
 * holds the last nine tenths to ten tenths of its size. Counting a verdict makes no object.
 *
 * <p>Safe for use by many threads. A verdict that is counted while a part is closed may fall into
 * either part.
 */
public final class DriftMeter implements VerdictListener {

    /**
     * How much a meter remembers.
     *
     * @param window how many verdicts, in steps of ten
     * @param least how many there must be before anything is said
     */
    public record Options(int window, int least) {

        private static final int SMALLEST = 10;
        private static final int LARGEST = 1_000_000_000;

        public Options {
            if (window < SMALLEST || window > LARGEST) {
                throw new IllegalArgumentException(
                        "the window of drift must be "
                                + SMALLEST
                                + " to "
                                + LARGEST
                                + " flows, was "
                                + window);
            }
            if (least < 1 || least > window / PARTS * (PARTS - 1)) {
                throw new IllegalArgumentException(
                        "the fewest flows that drift is measured from must be 1 to "
                                + window / PARTS * (PARTS - 1)
                                + ", nine tenths of the window of "
                                + window
                                + ", were "
                                + least);
            }
        }
    }

    private static final int PARTS = 10;

    private final Reference reference;
    private final Distributions distributions;
    private final Map<String, Integer> labels;
    private final Map<String, Integer> tiers;
    private final Options options;
    private final Consumer<DriftReport> judge;
    private final Object closing = new Object();
    private final Deque<Part> closed = new ArrayDeque<>(PARTS);
    private volatile Part current;

    /**
     * @param labels the bundle's, in their order
     * @param tiers the names of the bundle's tiers, in their order
     * @param judge called with the state of things whenever a tenth of the window is full, by the
     *     thread that filled it; must be quick
     * @throws IllegalArgumentException if the reference does not fit the labels and tiers
     */
    public DriftMeter(
            final List<String> labels,
            final List<String> tiers,
            final Reference reference,
            final Options options,
            final Consumer<DriftReport> judge) {
        Reference.requireFit(Optional.of(reference), labels.size(), tiers.size());
        this.reference = reference;
        this.distributions = Distributions.of(reference);
        this.labels = numbers(labels);
        this.tiers = numbers(tiers);
        this.options = Objects.requireNonNull(options, "options");
        this.judge = Objects.requireNonNull(judge, "judge");
        this.current = new Part(distributions.bins());
    }

    private static Map<String, Integer> numbers(final List<String> names) {
        final Map<String, Integer> numbers = new HashMap<>();
        names.forEach(name -> numbers.put(name, numbers.size()));
        return numbers;
    }

    /** Counts a verdict if it stands; those of other bundles must not come here. */
    @Override
    public void given(final FlowRecord flow, final Verdict verdict) {
        final Integer tier = tiers.get(verdict.tier());
        if (!verdict.isFinal() || tier == null) {
            return;
        }
        final Integer label = labels.get(verdict.label());
        final Part part = current;
        distributions.count(
                flow, label == null ? -1 : label, verdict.confidence(), tier, part.bins);
        if (part.flows.incrementAndGet() == options.window / PARTS) {
            close(part);
            judge.accept(report());
        }
    }

    /** What is compared, such as {@code labels} or {@code ttl}. */
    public List<String> distributions() {
        return distributions.names();
    }

    /** How far the flows of the window are from the reference. */
    public DriftReport report() {
        return DriftReport.of(distributions, reference, counts(), options.least);
    }

    /** How many flows are in the window. */
    public long flows() {
        synchronized (closing) {
            return closed.stream().mapToLong(part -> part.flows.get()).sum() + current.flows.get();
        }
    }

    private void close(final Part full) {
        synchronized (closing) {
            if (closed.size() == PARTS - 1) {
                closed.removeFirst();
            }
            closed.addLast(full);
            current = new Part(distributions.bins());
        }
    }

    private long[] counts() {
        final long[] sums = new long[distributions.bins()];
        synchronized (closing) {
            closed.forEach(part -> part.addTo(sums));
            current.addTo(sums);
        }
        return sums;
    }

    /** One part of the window. */
    private static final class Part {

        private final AtomicInteger flows = new AtomicInteger();
        private final LongAdder[] counts;

        /** Made once, so that counting makes no lambda. */
        private final Distributions.Bins bins;

        private Part(final int size) {
            counts = new LongAdder[size];
            Arrays.setAll(counts, i -> new LongAdder());
            bins = bin -> counts[bin].increment();
        }

        private void addTo(final long[] sums) {
            for (int i = 0; i < counts.length; i++) {
                sums[i] += counts[i].sum();
            }
        }
    }
}
