/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.cascade;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.serveflow.batch.FlowBatch;
import io.serveflow.feature.FeatureSpec;
import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Packets;
import io.serveflow.flow.Transport;
import io.serveflow.model.RowSource;
import io.serveflow.model.TierSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Whoever reads shared rows finds those of its own records, while other threads make them and use
 * the memory of older batches again.
 */
public class SharedRowsStress {

    private static final TierSpec TIER =
            new TierSpec(
                    "fastest",
                    "fastest.onnx",
                    new FeatureSpec("responder-port", 1, 1, Set.of()),
                    1.0,
                    "cpu");
    private static final int WIDTH = TIER.encoder().width();

    /** Records of which no two have the same row. */
    private static final List<List<FlowRecord>> RECORDS =
            List.of(flows(53, 443), flows(80, 5353), flows(22, 123));

    private static final AtomicInteger TURN = new AtomicInteger();

    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "both read the rows of their records")
    @State
    public static class AskedByTwo {

        /* Of all states, so that batches take the memory of each other. */
        private static final SharedRows ROWS = new SharedRows();
        private static final SharedRows.Use ONE = ROWS.use(TIER);
        private static final SharedRows.Use OTHER = ROWS.use(TIER);

        private final List<FlowRecord> records =
                RECORDS.get(Math.floorMod(TURN.getAndIncrement(), RECORDS.size()));
        private final FlowBatch batch = FlowBatch.of(records);

        @Actor
        public void ask(final II_Result result) {
            result.r1 = read(ONE, batch, records, 0, 1);
        }

        @Actor
        public void askToo(final II_Result result) {
            result.r2 = read(OTHER, batch, records, 1);
        }
    }

    /** 1 if rows are those of the records, 0 if not. */
    private static int read(
            final SharedRows.Use tier,
            final FlowBatch batch,
            final List<FlowRecord> records,
            final int... asked) {
        final RowSource source = tier.of(batch, asked);
        final FloatBuffer read = source.rows(0, asked.length, floats(asked.length));
        final FloatBuffer made = floats(asked.length);
        for (final int row : asked) {
            TIER.encoder().encode(records.get(row), made);
        }
        final boolean isRight = made.flip().equals(read);
        source.done();
        return isRight ? 1 : 0;
    }

    private static FloatBuffer floats(final int rows) {
        return ByteBuffer.allocate(rows * WIDTH * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    private static List<FlowRecord> flows(final int... ports) {
        return Arrays.stream(ports).mapToObj(SharedRowsStress::flow).toList();
    }

    private static FlowRecord flow(final int port) {
        return new FlowRecord(
                new FlowId("sensor", "C" + port),
                new FlowTuple(Transport.TCP, "10.0.0.5", 51514, "203.0.113.9", port),
                "1:LQU9qZlK+B5F3KDmev6m5PMibrg=",
                1_700_000_000_123_456L,
                FlowRecord.Stage.FIRST,
                FlowRecord.End.DEPTH,
                new Packets.Builder().add(0, true, 40, new byte[40], 0, 40).build(),
                0);
    }
}
