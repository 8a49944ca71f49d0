/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.sink;

import io.serveflow.batch.FlowBatch;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.VerdictWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * The end of verdicts: makes the document of each, as a sink that stores them does, counts it, and
 * writes it to a stream, one a line, or drops it.
 *
 * <p>Safe for use by many threads.
 */
public final class VerdictSink implements Processor, Closeable {

    private static final String FELL_BACK = "fell_back";

    private final Optional<OutputStream> out;
    private final Taken taken;
    private final LongAdder finals = new LongAdder();
    private final LongAdder provisional = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final ConcurrentMap<String, LongAdder> ends = new ConcurrentHashMap<>();

    /** Called with each batch after its documents were made. */
    @FunctionalInterface
    public interface Taken {

        /**
         * @param nanos the {@link System#nanoTime()} at which the batch was done
         */
        void batch(FlowBatch batch, long nanos);
    }

    /**
     * @param out where documents go; empty to drop them
     */
    public VerdictSink(final Optional<OutputStream> out, final Taken taken) {
        this.out = out;
        this.taken = taken;
    }

    /** A sink that drops its documents, and reports none of them. */
    public static VerdictSink dropping() {
        return new VerdictSink(Optional.empty(), (batch, nanos) -> {});
    }

    @Override
    public void process(final Exchange exchange) throws IOException {
        take(exchange.getMessage().getBody(FlowBatch.class));
    }

    /** Takes the verdicts of a batch. */
    public void take(final FlowBatch batch) throws IOException {
        final int n = batch.size();
        final Instant created = Instant.now();
        final byte[][] documents = new byte[n][];
        long size = 0;
        final VerdictWriter writer = new VerdictWriter();
        for (int i = 0; i < n; i++) {
            documents[i] = writer.write(batch.record(i), batch.verdict(i), created).json();
            size += documents[i].length;
        }
        if (out.isPresent()) {
            write(documents, out.get());
        }
        bytes.add(size);
        taken.batch(batch, System.nanoTime());
        count(batch);
    }

    private static void write(final byte[][] documents, final OutputStream out) throws IOException {
        synchronized (out) {
            for (final byte[] document : documents) {
                out.write(document);
                out.write('\n');
            }
        }
    }

    /** Neighbours mostly end alike, and are counted together. */
    private void count(final FlowBatch batch) {
        int stood = 0;
        String end = "";
        int alike = 0;
        for (int i = 0; i < batch.size(); i++) {
            final Verdict verdict = batch.verdict(i);
            if (!verdict.isFinal()) {
                continue;
            }
            stood++;
            final String its = end(verdict);
            if (!its.equals(end)) {
                count(end, alike);
                end = its;
                alike = 0;
            }
            alike++;
        }
        count(end, alike);
        provisional.add(batch.size() - stood);
        finals.add(stood);
    }

    private static String end(final Verdict verdict) {
        return verdict.reason().startsWith("slow_") ? FELL_BACK : verdict.tier();
    }

    private void count(final String end, final int flows) {
        if (flows > 0) {
            ends.computeIfAbsent(end, absent -> new LongAdder()).add(flows);
        }
    }

    /** How many flows have their final verdict. */
    public long finals() {
        return finals.sum();
    }

    /** How many provisional verdicts there were. */
    public long provisional() {
        return provisional.sum();
    }

    /** Bytes of all documents. */
    public long bytes() {
        return bytes.sum();
    }

    /**
     * How many final verdicts each tier gave, and under {@code fell_back} how many stand because
     * the next tier could not be asked.
     */
    public Map<String, Long> ends() {
        final Map<String, Long> sums = new TreeMap<>();
        ends.forEach((end, sum) -> sums.put(end, sum.sum()));
        return sums;
    }

    @Override
    public void close() throws IOException {
        if (out.isPresent()) {
            out.get().close();
        }
    }
}
