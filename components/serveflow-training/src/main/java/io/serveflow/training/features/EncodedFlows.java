/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.features;

import io.serveflow.feature.FeatureEncoder;
import io.serveflow.feature.FeatureEncoders;
import io.serveflow.feature.FeatureSpec;
import io.serveflow.flow.FlowRecord;
import io.serveflow.training.work.Digest;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The feature rows of all flows of a dataset under each feature spec that is asked for.
 *
 * <p>The rows of a spec are encoded once and kept where they fit into what is left of a budget;
 * those that do not are encoded anew whenever they are read. The values are the same either way.
 * Not safe for use by more than one thread.
 */
public final class EncodedFlows {

    /** Values of a block of rows; one block is the least that is kept. */
    private static final int BLOCK_VALUES = 1 << 18;

    private final List<FlowRecord> flows;
    private final Map<FeatureSpec, Encoded> bySpec = new HashMap<>();
    private long left;

    /**
     * @param budgetBytes how much memory the kept rows may take
     */
    public EncodedFlows(final List<FlowRecord> flows, final long budgetBytes) {
        this.flows = flows;
        this.left = budgetBytes;
    }

    /** The rows of some of the flows, by their numbers. */
    public FeatureRows rows(final FeatureSpec spec, final int[] numbers) {
        final Encoded encoded = encoded(spec);
        return new FeatureRows() {
            @Override
            public int rows() {
                return numbers.length;
            }

            @Override
            public int width() {
                return encoded.encoder.width();
            }

            @Override
            public void copy(final int row, final float[] to, final int at) {
                encoded.copy(numbers[row], to, at);
            }
        };
    }

    /** What the columns of the rows are called. */
    public List<String> columns(final FeatureSpec spec) {
        return encoded(spec).encoder.columns();
    }

    /** SHA-256 over the rows of all flows, which thus distinguishes encoders and flows. */
    public byte[] digest(final FeatureSpec spec) {
        return encoded(spec).digest.clone();
    }

    /** Whether the rows of a spec are in memory. */
    boolean kept(final FeatureSpec spec) {
        return encoded(spec).blocks != null;
    }

    private Encoded encoded(final FeatureSpec spec) {
        final Encoded known = bySpec.get(spec);
        if (known != null) {
            return known;
        }
        final FeatureEncoder encoder = FeatureEncoders.of(spec);
        final long bytes = (long) flows.size() * encoder.width() * Float.BYTES;
        final boolean keep = bytes <= left;
        if (keep) {
            left -= bytes;
        }
        final Encoded encoded = new Encoded(encoder, keep);
        bySpec.put(spec, encoded);
        return encoded;
    }

    private final class Encoded {

        private final FeatureEncoder encoder;
        private final int blockRows;
        private final byte[] digest;

        /** By block; null if the rows are not kept. */
        private final float[][] blocks;

        Encoded(final FeatureEncoder encoder, final boolean keep) {
            this.encoder = encoder;
            this.blockRows = Math.max(1, BLOCK_VALUES / encoder.width());
            final int count = (flows.size() + blockRows - 1) / blockRows;
            final MessageDigest sha256 = Digest.sha256();
            final float[][] kept = new float[count][];
            for (int block = 0; block < count; block++) {
                final float[] values = encode(block);
                update(sha256, values);
                kept[block] = keep ? values : null;
            }
            this.digest = sha256.digest();
            this.blocks = keep ? kept : null;
        }

        void copy(final int flow, final float[] to, final int at) {
            final int width = encoder.width();
            if (blocks == null) {
                encoder.encode(flows.get(flow), FloatBuffer.wrap(to, at, width));
            } else {
                System.arraycopy(blocks[flow / blockRows], flow % blockRows * width, to, at, width);
            }
        }

        private float[] encode(final int block) {
            final int from = block * blockRows;
            final int to = Math.min(flows.size(), from + blockRows);
            final FloatBuffer values = FloatBuffer.allocate((to - from) * encoder.width());
            for (int flow = from; flow < to; flow++) {
                encoder.encode(flows.get(flow), values);
            }
            return values.array();
        }

        private void update(final MessageDigest sha256, final float[] values) {
            final ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
            bytes.asFloatBuffer().put(values);
            sha256.update(bytes);
        }
    }
}
