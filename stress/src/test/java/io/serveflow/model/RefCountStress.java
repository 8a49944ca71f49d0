/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Something that is closed while others use it is freed once, and never under a user. */
public class RefCountStress {

    /** What the use finds, and how often the thing was freed. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "closed before the use, which was refused")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "closed after the use began")
    @State
    public static class ClosedWhileUsed {

        private final Freed freed = new Freed();

        @Actor
        public void use(final II_Result result) {
            result.r1 = freed.use();
        }

        @Actor
        public void close() {
            freed.close();
        }

        @Arbiter
        public void count(final II_Result result) {
            result.r2 = freed.times;
        }
    }

    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "freed by the last user")
    @State
    public static class ReleasedByTwoAfterItsEnd {

        private final Freed freed = new Freed();

        public ReleasedByTwoAfterItsEnd() {
            freed.count.retain();
            freed.count.retain();
            freed.close();
        }

        @Actor
        public void release() {
            freed.release();
        }

        @Actor
        public void releaseToo() {
            freed.release();
        }

        @Arbiter
        public void count(final I_Result result) {
            result.r1 = freed.times;
        }
    }

    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "freed by whoever closed first")
    @State
    public static class ClosedByTwo {

        private final Freed freed = new Freed();

        @Actor
        public void close() {
            freed.close();
        }

        @Actor
        public void closeToo() {
            freed.close();
        }

        @Arbiter
        public void count(final I_Result result) {
            result.r1 = freed.times;
        }
    }

    /**
     * Something to free, in plain fields, so that only the count orders what threads do with it.
     */
    private static final class Freed {

        private final RefCount count = new RefCount();
        private int times;

        /** 0 if it was refused, 1 if the thing was there, 2 if it was freed under the user. */
        int use() {
            if (!count.retain()) {
                return 0;
            }
            final int before = times;
            final int after = times;
            release();
            return before + after == 0 ? 1 : 2;
        }

        void release() {
            if (count.release()) {
                times++;
            }
        }

        void close() {
            if (count.close()) {
                times++;
            }
        }
    }
}
