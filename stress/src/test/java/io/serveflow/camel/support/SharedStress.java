/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.support;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.III_Result;

/** What several share is open as long as one of them uses it, and closed once. */
public class SharedStress {

    private static final class Value {

        private volatile int closed;
    }

    /** Values that count how many of them were made and closed. */
    private abstract static class Values {

        final AtomicInteger opened = new AtomicInteger();
        final AtomicInteger closed = new AtomicInteger();
        final Shared<String, Value> shared =
                new Shared<>(
                        value -> {
                            value.closed = 1;
                            closed.incrementAndGet();
                        });

        final Shared.Use<Value> acquire() {
            return shared.acquire(
                    "key",
                    () -> {
                        opened.incrementAndGet();
                        return new Value();
                    });
        }
    }

    /** Whether each user had a closed one, how many were made, and how many are left open. */
    @JCStressTest
    @Outcome(id = "0, 0, 1, 0", expect = ACCEPTABLE, desc = "both used one")
    @Outcome(id = "0, 0, 2, 0", expect = ACCEPTABLE, desc = "one after the other")
    @State
    public static class UsedByTwo extends Values {

        @Actor
        public void use(final IIII_Result result) {
            final Shared.Use<Value> use = acquire();
            result.r1 = use.value().closed;
            use.release();
        }

        @Actor
        public void useToo(final IIII_Result result) {
            final Shared.Use<Value> use = acquire();
            result.r2 = use.value().closed;
            use.release();
        }

        @Arbiter
        public void end(final IIII_Result result) {
            result.r3 = opened.get();
            result.r4 = opened.get() - closed.get();
        }
    }

    /** Whether the new user has a closed one, how many were made, and how many are in use. */
    @JCStressTest
    @Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "acquired before the last was released")
    @Outcome(id = "0, 2, 1", expect = ACCEPTABLE, desc = "opened again")
    @State
    public static class AcquiredWhileReleased extends Values {

        private final Shared.Use<Value> last = acquire();

        @Actor
        public void release() {
            last.release();
        }

        @Actor
        public void acquireAnother(final III_Result result) {
            result.r1 = acquire().value().closed;
        }

        @Arbiter
        public void end(final III_Result result) {
            result.r2 = opened.get();
            result.r3 = shared.values().size();
        }
    }

    /** How many were closed, and are left, where two threads end the same use and another stays. */
    @JCStressTest
    @Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "the other use goes on")
    @State
    public static class ReleasedTwice extends Values {

        private final Shared.Use<Value> use = acquire();
        private final Shared.Use<Value> other = acquire();

        @Actor
        public void release() {
            use.release();
        }

        @Actor
        public void releaseToo() {
            use.release();
        }

        @Arbiter
        public void end(final III_Result result) {
            result.r1 = closed.get();
            result.r2 = shared.values().size();
            result.r3 = other.value().closed;
        }
    }

    /** What one sees who looks at the values meanwhile. */
    @JCStressTest
    @Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "before both, or after both")
    @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "between the two")
    @State
    public static class LookedAt extends Values {

        @Actor
        public void use() {
            acquire().release();
        }

        @Actor
        public void look(final III_Result result) {
            result.r1 = shared.values().size();
        }

        @Arbiter
        public void end(final III_Result result) {
            result.r2 = closed.get();
            result.r3 = shared.values().size();
        }
    }
}
