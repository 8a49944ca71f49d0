/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.batch;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** A receipt ends once, settled or handed back, whichever threads end its holds. */
public class ReceiptStress {

    /** How often it was settled, handed back, and whether it is settled then. */
    @JCStressTest
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "settled once")
    @State
    public static class ReleasedByTwo {

        private final Ended ended = new Ended();

        public ReleasedByTwo() {
            ended.receipt.hold();
        }

        @Actor
        public void release() {
            ended.receipt.release();
        }

        @Actor
        public void releaseToo() {
            ended.receipt.release();
        }

        @Arbiter
        public void end(final III_Result result) {
            ended.report(result);
        }
    }

    @JCStressTest
    @Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "handed back once")
    @State
    public static class HandedBackByOne {

        private final Ended ended = new Ended();

        public HandedBackByOne() {
            ended.receipt.hold();
        }

        @Actor
        public void release() {
            ended.receipt.release();
        }

        @Actor
        public void handBack() {
            ended.receipt.handBack();
        }

        @Arbiter
        public void end(final III_Result result) {
            ended.report(result);
        }
    }

    /** As the join does, which holds a flow of its own while the route ends. */
    @JCStressTest
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "settled once")
    @State
    public static class HeldAgainWhileReleased {

        private final Ended ended = new Ended();

        public HeldAgainWhileReleased() {
            ended.receipt.hold();
        }

        @Actor
        public void release() {
            ended.receipt.release();
        }

        @Actor
        public void holdAgain() {
            ended.receipt.hold();
            ended.receipt.release();
            ended.receipt.release();
        }

        @Arbiter
        public void end(final III_Result result) {
            ended.report(result);
        }
    }

    /** Whoever sees it settled sees what was done before the holds ended. */
    @JCStressTest
    @Outcome(
            id = {"0, 0", "0, 7"},
            expect = ACCEPTABLE,
            desc = "not settled yet")
    @Outcome(id = "1, 7", expect = ACCEPTABLE, desc = "settled, and what was done before it")
    @State
    public static class SeenSettled {

        private final Receipt receipt = Receipt.held(() -> {});
        private int done;

        @Actor
        public void release() {
            done = 7;
            receipt.release();
        }

        @Actor
        public void look(final II_Result result) {
            result.r1 = receipt.isSettled() ? 1 : 0;
            result.r2 = done;
        }
    }

    /** A receipt with its ends in plain fields: nothing but the receipt orders them. */
    private static final class Ended {

        private int settled;
        private int handedBack;
        private final Receipt receipt = Receipt.held(() -> settled++, () -> handedBack++);

        void report(final III_Result result) {
            result.r1 = settled;
            result.r2 = handedBack;
            result.r3 = receipt.isSettled() ? 1 : 0;
        }
    }
}
