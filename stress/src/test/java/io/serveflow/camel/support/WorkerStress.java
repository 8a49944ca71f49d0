/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.support;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.util.concurrent.TimeUnit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** A worker hands over what it did and why it failed to those who learn that it has ended. */
public class WorkerStress {

    /** Far longer than a test takes, so that a stop that wakes nobody shows. */
    private static final long FOREVER = TimeUnit.DAYS.toNanos(1);

    private static int bit(final boolean set) {
        return set ? 1 : 0;
    }

    private static boolean stopped(final Worker.Run run) {
        run.stopping.raise();
        try {
            return run.awaitEnd(System.nanoTime() + FOREVER);
        } catch (final InterruptedException e) {
            return false;
        }
    }

    /** Counts its turns, each of which did so much. */
    private static final class Counted implements Worker.Task {

        private final int done;
        private int turns;
        private int lastTurn;

        private Counted(final int done) {
            this.done = done;
        }

        @Override
        public int turn() {
            turns++;
            return done;
        }

        @Override
        public long failed(final Throwable failure, final int failures) {
            return Worker.END;
        }

        @Override
        public void ended() {
            lastTurn = turns + 1;
        }
    }

    /** Whether it ended, whether the one who stopped it saw its last turn, and its last word. */
    @JCStressTest
    @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "all that was done is seen")
    @State
    public static class StoppedBetweenTurns {

        private final Counted task = new Counted(1);
        private final Worker.Run run = new Worker.Run("", IdleStrategy.none(), task);

        @Actor
        public void work() {
            run.run();
        }

        @Actor
        public void stop(final III_Result result) {
            result.r1 = bit(stopped(run));
            result.r2 = bit(task.lastTurn == task.turns + 1);
            result.r3 = bit(run.failure.isEmpty());
        }
    }

    /** A stop ends a wait that would last a day. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "stopped before its first turn")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "stopped in the wait after it")
    @State
    public static class StoppedWhileIdle {

        private final Counted task = new Counted(0);
        private final Worker.Run run = new Worker.Run("", idleTurns -> FOREVER, task);

        @Actor
        public void work() {
            run.run();
        }

        @Actor
        public void stop(final II_Result result) {
            result.r1 = bit(stopped(run));
            result.r2 = task.turns;
        }
    }

    /** A stop ends the wait for the next try, and the failure before it is kept. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "stopped before its first turn")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "stopped after the failure, which is kept")
    @State
    public static class StoppedAfterAFailure extends Failing {

        public StoppedAfterAFailure() {
            super(FOREVER);
        }

        @Actor
        public void work() {
            run.run();
        }

        @Actor
        public void stop(final II_Result result) {
            result.r1 = bit(stopped(run));
            result.r2 = bit(run.failure.isPresent());
        }

        @Arbiter
        public void end(final II_Result result) {
            if (run.failure.isPresent() != (reports == 1)) {
                result.r1 = -1;
            }
        }
    }

    /** A health check never finds a worker that has ended without the failure that ended it. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "it runs")
    @Outcome(id = "3", expect = ACCEPTABLE, desc = "it has ended, with its failure and its report")
    @State
    public static class EndedByAFailure extends Failing {

        public EndedByAFailure() {
            super(Worker.END);
        }

        @Actor
        public void work() {
            run.run();
        }

        @Actor
        public void look(final I_Result result) {
            result.r1 = run.hasEnded() ? 1 + bit(run.failure.isPresent()) + bit(reports == 1) : 0;
        }
    }

    /** A task whose every turn fails. */
    private abstract static class Failing implements Worker.Task {

        final Worker.Run run = new Worker.Run("", IdleStrategy.none(), this);
        int reports;
        private final long delay;

        private Failing(final long delay) {
            this.delay = delay;
        }

        @Override
        public int turn() {
            throw new IllegalStateException("no disk");
        }

        @Override
        public long failed(final Throwable failure, final int failures) {
            reports++;
            return delay;
        }
    }
}
