/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.serveflow.batch.Receipt;
import io.serveflow.batch.SourceClock;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** A position is committed when all before it is acknowledged, whichever threads acknowledge it. */
public class OpenPositionsStress {

    /** What the source takes meanwhile, what at the end, and how many are pending then. */
    @JCStressTest
    @Outcome(id = "0, 2, 0", expect = ACCEPTABLE, desc = "acknowledged afterwards")
    @Outcome(id = "2, 0, 0", expect = ACCEPTABLE, desc = "acknowledged before")
    @State
    public static class TakenWhileAcknowledged {

        private final OpenPositions<Integer> positions = new OpenPositions<>(SourceClock.SYSTEM);
        private final Receipt first = positions.add(1);

        public TakenWhileAcknowledged() {
            positions.add(2).release();
        }

        @Actor
        public void acknowledge() {
            first.release();
        }

        @Actor
        public void take(final III_Result result) {
            result.r1 = positions.takeSettled().orElse(0);
        }

        @Arbiter
        public void end(final III_Result result) {
            result.r2 = positions.takeSettled().orElse(0);
            result.r3 = positions.pending();
        }
    }

    @JCStressTest
    @Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "everything is acknowledged")
    @State
    public static class AcknowledgedByTwo {

        private final OpenPositions<Integer> positions = new OpenPositions<>(SourceClock.SYSTEM);
        private final Receipt first = positions.add(1);
        private final Receipt second = positions.add(2);

        @Actor
        public void acknowledge() {
            first.release();
        }

        @Actor
        public void acknowledgeToo() {
            second.release();
        }

        @Arbiter
        public void end(final II_Result result) {
            result.r1 = positions.takeSettled().orElse(0);
            result.r2 = positions.pending();
        }
    }

    /** The source reads on while what it has read is acknowledged. */
    @JCStressTest
    @Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "everything is acknowledged")
    @State
    public static class AddedWhileAcknowledged {

        private final OpenPositions<Integer> positions = new OpenPositions<>(SourceClock.SYSTEM);
        private final Receipt first = positions.add(1);

        @Actor
        public void acknowledge() {
            first.release();
        }

        @Actor
        public void add() {
            positions.add(2).release();
        }

        @Arbiter
        public void end(final II_Result result) {
            result.r1 = positions.takeSettled().orElse(0);
            result.r2 = positions.size();
        }
    }

    /** What comes after records that were handed back is read again, and never committed. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "nothing is committed, nothing pending")
    @State
    public static class HandedBack {

        private final OpenPositions<Integer> positions = new OpenPositions<>(SourceClock.SYSTEM);
        private final Receipt first = positions.add(1);
        private final Receipt second = positions.add(2);

        @Actor
        public void handBack() {
            first.handBack();
        }

        @Actor
        public void acknowledge() {
            second.release();
        }

        @Arbiter
        public void end(final II_Result result) {
            result.r1 = positions.takeSettled().orElse(0);
            result.r2 = positions.pending();
        }
    }
}
