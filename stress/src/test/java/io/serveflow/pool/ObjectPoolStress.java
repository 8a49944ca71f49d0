/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.pool;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** What is lent out has one borrower at a time, who sees what the one before has left in it. */
public class ObjectPoolStress {

    @JCStressTest
    @Outcome(
            id = {"7, 0", "0, 7"},
            expect = ACCEPTABLE,
            desc = "one of both has it")
    @State
    public static class OneForTwo {

        private final ObjectPool<int[]> pool = new ObjectPool<>();

        public OneForTwo() {
            pool.giveBack(new int[] {7});
        }

        @Actor
        public void borrow(final II_Result result) {
            result.r1 = take(pool);
        }

        @Actor
        public void borrowToo(final II_Result result) {
            result.r2 = take(pool);
        }
    }

    /** What the borrower finds in it: 0 if it found none. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "not given back yet")
    @Outcome(id = "7", expect = ACCEPTABLE, desc = "as it was given back")
    @State
    public static class GivenBack {

        private final ObjectPool<int[]> pool = new ObjectPool<>();

        @Actor
        public void giveBack() {
            final int[] buffer = new int[1];
            buffer[0] = 7;
            pool.giveBack(buffer);
        }

        @Actor
        public void borrow(final I_Result result) {
            result.r1 = take(pool);
        }
    }

    /** Neither of two that are given back at once takes the slot of the other. */
    @JCStressTest
    @Outcome(
            id = {"3, 4", "4, 3"},
            expect = ACCEPTABLE,
            desc = "both are there")
    @State
    public static class TwoGivenBack {

        private final ObjectPool<int[]> pool = new ObjectPool<>();

        @Actor
        public void giveBack() {
            pool.giveBack(new int[] {3});
        }

        @Actor
        public void giveBackToo() {
            pool.giveBack(new int[] {4});
        }

        @Arbiter
        public void borrowBoth(final II_Result result) {
            result.r1 = take(pool);
            result.r2 = take(pool);
        }
    }

    private static int take(final ObjectPool<int[]> pool) {
        return pool.borrow().map(buffer -> buffer[0]).orElse(0);
    }
}
