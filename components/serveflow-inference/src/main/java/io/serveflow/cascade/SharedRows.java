/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.cascade;

import io.serveflow.batch.FlowBatch;
import io.serveflow.feature.FeatureEncoder;
import io.serveflow.feature.FeatureSpec;
import io.serveflow.model.RowSource;
import io.serveflow.model.TierSpec;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * Rows of features that several tiers read of the same records, each row made once.
 *
 * <p>Tiers share rows where their {@linkplain FeatureSpec features} are stated equally, be it in
 * one bundle or in several, and where their batches are of one {@linkplain FlowBatch#origin()
 * origin}, be they in one message or in copies of it. A context record is in another batch than the
 * first record of its flow, so that neither ever gets a row of the other.
 *
 * <p>Nobody says when a batch is done with, so the rows of the latest ones are kept, in memory that
 * is used again: of each kind of features {@link #BATCHES} batches, and {@code mostBytes} in all.
 * What finds no room is made again by each tier that reads it. Nothing is kept of features that
 * only one tier reads.
 *
 * <p>Safe for use by many threads: where two ask for the same row at once, one of them makes it.
 */
public final class SharedRows {

    /** Of how many batches rows are kept at most, of each kind of features. */
    public static final int BATCHES = 8;

    private static final long MOST_BYTES = 64L << 20;
    private static final int LEAST_ROWS = 32;

    private final long mostBytes;
    private final LongAdder made = new LongAdder();
    private final LongAdder reused = new LongAdder();

    /* Guards itself, all that is kept but the rows, and the count of bytes. */
    private final Map<FeatureSpec, Kept> kept = new HashMap<>();
    private long bytes;

    /** Rows of at most 64 MiB. */
    public SharedRows() {
        this(MOST_BYTES);
    }

    /**
     * @param mostBytes how much memory rows may take, outside the Java heap
     */
    public SharedRows(final long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** How many rows have been made. */
    public long made() {
        return made.sum();
    }

    /** How many rows were asked for that had been made for another tier. */
    public long reused() {
        return reused.sum();
    }

    /** How much memory is taken by rows that are kept, in bytes. */
    public long bytes() {
        synchronized (kept) {
            return bytes;
        }
    }

    /** Begins the use by a tier; rows are kept from the second one on with the same features. */
    Use use(final TierSpec tier) {
        synchronized (kept) {
            final Kept all =
                    kept.computeIfAbsent(tier.features(), features -> new Kept(tier.encoder()));
            all.tiers++;
            return new Use(tier.features(), all);
        }
    }

    /** What one tier reads, until it is closed. */
    final class Use implements AutoCloseable {

        private final FeatureSpec features;
        private final Kept all;
        private final AtomicBoolean ended = new AtomicBoolean();

        private Use(final FeatureSpec features, final Kept all) {
            this.features = features;
            this.all = all;
        }

        /**
         * The rows of some records of a batch.
         *
         * @param asked rows of the batch, growing; not to be changed
         */
        RowSource of(final FlowBatch batch, final int[] asked) {
            final BatchRows shared = all.tiers < 2 ? null : all.borrow(batch);
            return shared == null
                    ? new Unshared(all.encoder, batch, asked)
                    : new Shared(shared, batch, asked);
        }

        /** Ends the use; later calls do nothing. */
        @Override
        public void close() {
            if (!ended.compareAndSet(false, true)) {
                return;
            }
            synchronized (kept) {
                all.tiers--;
                if (all.tiers < 2) {
                    all.forget();
                }
                if (all.tiers == 0) {
                    kept.remove(features, all);
                }
            }
        }
    }

    /** What is kept of one kind of features. */
    private final class Kept {

        private final FeatureEncoder encoder;
        private final BatchRows[] batches = new BatchRows[BATCHES];

        /** How many tiers read these features. */
        private volatile int tiers;

        private long borrowed;

        private Kept(final FeatureEncoder encoder) {
            this.encoder = encoder;
        }

        /** The rows of a batch's records, until they are given back; null if there is no room. */
        private BatchRows borrow(final FlowBatch batch) {
            synchronized (kept) {
                BatchRows rows = find(batch);
                if (rows == null) {
                    rows = room(batch);
                }
                if (rows != null) {
                    rows.borrowers++;
                    rows.borrowed = ++borrowed;
                }
                return rows;
            }
        }

        private BatchRows find(final FlowBatch batch) {
            for (final BatchRows rows : batches) {
                if (rows != null && rows.origin.refersTo(batch.origin())) {
                    return rows;
                }
            }
            return null;
        }

        /**
         * Room for another batch: of its own, or that of the one that was asked for longest ago.
         */
        private BatchRows room(final FlowBatch batch) {
            int oldest = -1;
            for (int i = 0; i < batches.length; i++) {
                if (batches[i] == null) {
                    return place(i, batch);
                }
                if (batches[i].borrowers == 0
                        && (oldest < 0 || batches[i].borrowed < batches[oldest].borrowed)) {
                    oldest = i;
                }
            }
            return oldest < 0 ? null : place(oldest, batch);
        }

        private BatchRows place(final int i, final FlowBatch batch) {
            final BatchRows there = batches[i];
            if (there != null && there.capacity >= batch.originSize()) {
                there.begin(batch.origin());
                return there;
            }
            final int capacity = Math.max(LEAST_ROWS, powerOfTwo(batch.originSize()));
            final long more = size(capacity) - (there == null ? 0 : size(there.capacity));
            if (capacity > Integer.MAX_VALUE / Float.BYTES / encoder.width()
                    || bytes + more > mostBytes) {
                return null;
            }
            bytes += more;
            batches[i] = new BatchRows(encoder, capacity, batch.origin());
            return batches[i];
        }

        private long size(final int capacity) {
            return (long) capacity * encoder.width() * Float.BYTES;
        }

        /** Lets go of all rows; those that are being read live until nobody reads them. */
        private void forget() {
            for (int i = 0; i < batches.length; i++) {
                if (batches[i] != null) {
                    bytes -= size(batches[i].capacity);
                    batches[i] = null;
                }
            }
        }
    }

    /** The least one that is not below n. */
    private static int powerOfTwo(final int n) {
        return n <= 1 ? 1 : Integer.highestOneBit(n - 1) << 1;
    }

    /** The rows of one batch's records, in their order, as far as they are made. */
    private final class BatchRows {

        private final FeatureEncoder encoder;
        private final int capacity;

        /* Guarded by all that is kept. */
        private WeakReference<Object> origin;
        private int borrowers;
        private long borrowed;

        /* Never moved, so that all threads may read it; what is made does not change while borrowed. */
        private final FloatBuffer rows;

        /* Guarded by this: where rows are written, and which are. */
        private final FloatBuffer end;
        private final BitSet isMade;

        private BatchRows(final FeatureEncoder encoder, final int capacity, final Object origin) {
            this.encoder = encoder;
            this.capacity = capacity;
            this.origin = new WeakReference<>(origin);
            this.rows =
                    ByteBuffer.allocateDirect(capacity * encoder.width() * Float.BYTES)
                            .order(ByteOrder.nativeOrder())
                            .asFloatBuffer();
            this.end = rows.duplicate();
            this.isMade = new BitSet(capacity);
        }

        /** Forgets what it holds, to hold the rows of another batch. */
        private synchronized void begin(final Object other) {
            origin = new WeakReference<>(other);
            isMade.clear();
        }

        /** Makes sure that some rows are made, by this thread or another one. */
        private synchronized void make(
                final FlowBatch batch, final int[] asked, final int from, final int count) {
            int madeHere = 0;
            try {
                for (int i = from; i < from + count; i++) {
                    final int row = batch.originIndex(asked[i]);
                    if (!isMade.get(row)) {
                        end.clear().position(row * encoder.width());
                        encoder.encode(batch.record(asked[i]), end);
                        isMade.set(row);
                        madeHere++;
                    }
                }
                reused.add(count - madeHere);
            } finally {
                made.add(madeHere);
            }
        }

        private void giveBack() {
            synchronized (kept) {
                borrowers--;
            }
        }
    }

    /** Rows that may be made already, and that others may read. */
    private final class Shared implements RowSource {

        private final BatchRows shared;
        private final FlowBatch batch;
        private final int[] asked;

        private Shared(final BatchRows shared, final FlowBatch batch, final int[] asked) {
            this.shared = shared;
            this.batch = batch;
            this.asked = asked;
        }

        @Override
        public FloatBuffer rows(final int from, final int count, final FloatBuffer room) {
            shared.make(batch, asked, from, count);
            final int width = shared.encoder.width();
            final int first = batch.originIndex(asked[from]);
            /* Both grow with the row, so they are side by side if the last one is where it is then. */
            if (batch.originIndex(asked[from + count - 1]) == first + count - 1) {
                return shared.rows
                        .duplicate()
                        .limit((first + count) * width)
                        .position(first * width);
            }
            for (int i = 0; i < count; i++) {
                room.put(i * width, shared.rows, batch.originIndex(asked[from + i]) * width, width);
            }
            return room.limit(count * width);
        }

        @Override
        public void done() {
            shared.giveBack();
        }
    }

    /** Rows that are made for one reader. */
    private final class Unshared implements RowSource {

        private final FeatureEncoder encoder;
        private final FlowBatch batch;
        private final int[] asked;

        private Unshared(final FeatureEncoder encoder, final FlowBatch batch, final int[] asked) {
            this.encoder = encoder;
            this.batch = batch;
            this.asked = asked;
        }

        @Override
        public FloatBuffer rows(final int from, final int count, final FloatBuffer room) {
            for (int i = from; i < from + count; i++) {
                encoder.encode(batch.record(asked[i]), room);
            }
            made.add(count);
            return room.flip();
        }
    }
}
