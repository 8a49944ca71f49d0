/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.part;

import io.serveflow.feature.FeatureEncoder;
import io.serveflow.feature.FeatureEncoders;
import io.serveflow.feature.FeatureSpec;
import io.serveflow.flow.FlowRecord;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Set;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Writing a flow's row of features into memory outside the heap; the baseline copies rows that are
 * made already, which is the least that any encoder must do.
 */
@OperationsPerInvocation(PartBenchmark.FLOWS)
public class EncoderBenchmark extends PartBenchmark {

    /** An encoder, what it reads and where it writes. */
    @State(Scope.Benchmark)
    public static class Encoding {

        private static final String NPRINT = "nprint-";

        /** {@code nprint-N} for N packets, or the name of a tier for that tier's encoder. */
        @Param({"nprint-1", "nprint-10", "fastest", "fast", "slow"})
        public String encoder = "";

        FeatureEncoder writer;
        List<FlowRecord> records = List.of();
        FloatBuffer row = FloatBuffer.allocate(0);
        float[][] rows = {};

        @Setup
        public void prepare(final Sample sample, final Models models) {
            final FeatureSpec spec = spec(models);
            writer = FeatureEncoders.of(spec);
            records = records(spec, sample.flows);
            row =
                    ByteBuffer.allocateDirect(writer.width() * Float.BYTES)
                            .order(ByteOrder.nativeOrder())
                            .asFloatBuffer();
            rows = new float[FLOWS][writer.width()];
            for (int i = 0; i < FLOWS; i++) {
                writer.encode(records.get(i), FloatBuffer.wrap(rows[i]));
            }
        }

        private FeatureSpec spec(final Models models) {
            return encoder.startsWith(NPRINT)
                    ? new FeatureSpec(
                            "nprint",
                            1,
                            Integer.parseInt(encoder.substring(NPRINT.length())),
                            Set.of())
                    : models.bundle().tier(encoder).spec().features();
        }
    }

    /** The records that features are made of: first ones where one packet is enough. */
    static List<FlowRecord> records(final FeatureSpec features, final Flows flows) {
        return features.packets() == 1 ? flows.first() : flows.context();
    }

    @Benchmark
    public void copy(final Encoding encoding, final Blackhole sink) {
        for (int i = 0; i < FLOWS; i++) {
            sink.consume(encoding.row.clear().put(encoding.rows[i]));
        }
    }

    @Benchmark
    public void encode(final Encoding encoding, final Blackhole sink) {
        for (int i = 0; i < FLOWS; i++) {
            encoding.writer.encode(encoding.records.get(i), encoding.row.clear());
            sink.consume(encoding.row);
        }
    }
}
