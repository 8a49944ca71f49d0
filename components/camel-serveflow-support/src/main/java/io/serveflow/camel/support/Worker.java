/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.support;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.ExecutorServiceManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A named thread that does the turns of a task, one after the other, until it is stopped or the
 * task is done; it may be started again after that.
 *
 * <p>Between two turns it looks whether it is to stop, and waits as its idle strategy says where a
 * turn found nothing to do. An {@link Error}, and an interrupt that comes of no stop, end it and
 * are failures.
 *
 * <p>For any threads. Whoever learns that it has ended sees all that the task did.
 */
public final class Worker {

    /** What {@link Task#turn()} returns where no turn is to follow. */
    public static final int DONE = -1;

    /** What {@link Task#failed} returns where no turn is to follow. */
    public static final long END = -1;

    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    /** What a worker does; all of it on the worker's thread. */
    public interface Task {

        /**
         * Does what there is to do now. A turn that waits has to end soon after {@link #isStopping}
         * or when it is interrupted.
         *
         * @return how much it did; 0 if there was nothing to do, {@link #DONE} if there will be
         *     nothing any more
         */
        int turn() throws Exception;

        /**
         * Reports a turn that failed. Of what a turn throws, an {@link Error} ends the worker, and
         * so does an {@link InterruptedException}, which is also reported where something else was
         * thrown on a thread that was interrupted; then that is its cause.
         *
         * @param failures how many turns have failed since the latest one that did not, with this
         * @return nanoseconds until the next turn; {@link #END} for none. Of no effect where the
         *     worker ends anyway
         */
        long failed(Throwable failure, int failures);

        /** Called once after the last turn, whatever ended the turns. */
        default void ended() {}
    }

    private final String name;
    private final ThreadFactory threads;
    private final LongSupplier patienceMillis;
    private final IdleStrategy idle;
    private final Task task;
    private volatile Optional<Run> latest = Optional.empty();

    Worker(
            final String name,
            final ThreadFactory threads,
            final LongSupplier patienceMillis,
            final IdleStrategy idle,
            final Task task) {
        this.name = Objects.requireNonNull(name, "name");
        this.threads = Objects.requireNonNull(threads, "threads");
        this.patienceMillis = Objects.requireNonNull(patienceMillis, "patienceMillis");
        this.idle = Objects.requireNonNull(idle, "idle");
        this.task = Objects.requireNonNull(task, "task");
    }

    /**
     * A worker whose thread Camel names, as it does its own.
     *
     * @param name what the name of the thread ends with
     */
    public static Worker of(
            final CamelContext context,
            final String name,
            final IdleStrategy idle,
            final Task task) {
        final ExecutorServiceManager threads = context.getExecutorServiceManager();
        return new Worker(
                name,
                turns -> threads.newThread(name, turns),
                threads::getShutdownAwaitTermination,
                idle,
                task);
    }

    /**
     * Starts the turns, on a thread of their own.
     *
     * @throws IllegalStateException if those of an earlier start have not ended
     */
    public synchronized void start() {
        if (isRunning()) {
            throw new IllegalStateException(name + " has not ended since its last start");
        }
        final Run run = new Run(name, idle, task);
        final Thread thread = threads.newThread(run);
        run.thread = Optional.of(thread);
        latest = Optional.of(run);
        try {
            thread.start();
        } catch (final Error e) {
            latest = Optional.empty();
            throw e;
        }
    }

    /** Lets no turn begin any more; does not wait for the one under way. */
    public void requestStop() {
        latest.ifPresent(run -> run.stopping.raise());
    }

    /** Whether it was started and is to stop. */
    public boolean isStopping() {
        return latest.map(run -> run.stopping.isRaised()).orElse(false);
    }

    /**
     * What a stop raises, for tasks that wait within a turn; of the latest start.
     *
     * @throws IllegalStateException if it was never started
     */
    public StopSignal stopSignal() {
        return latest.orElseThrow(() -> new IllegalStateException(name + " was never started"))
                .stopping;
    }

    /** Whether it was started and has not ended. */
    public boolean isRunning() {
        return latest.map(run -> !run.hasEnded()).orElse(false);
    }

    /**
     * Waits for the end, without asking for it; not on its own thread.
     *
     * @return whether it does not run
     */
    public boolean awaitEnd(final long millis) throws InterruptedException {
        return latest.isEmpty() || latest.get().awaitEnd(deadline(millis));
    }

    /** Stops with the patience that Camel has with threads, as {@link #stop(Collection, long)}. */
    public boolean stop() {
        return stop(List.of(this), patienceMillis.getAsLong());
    }

    /**
     * Waits for a task that comes to its end by itself, with the patience that Camel has with
     * threads; after that it is stopped and interrupted.
     *
     * @return whether it does not run
     */
    public boolean finish() {
        return end(List.of(this), patienceMillis.getAsLong());
    }

    /**
     * Stops workers: waits for the turns under way, interrupts those that take longer, and waits
     * for them again. Does nothing to those that do not run.
     *
     * <p>Where the calling thread is interrupted, it waits no more, and stays interrupted. A worker
     * that is stopped on its own thread is neither waited for nor interrupted: it ends by itself
     * after the turn that the call is part of.
     *
     * @param millis for how long it waits each time at most, for all of them together
     * @return whether none of them runs
     */
    public static boolean stop(final Collection<Worker> workers, final long millis) {
        workers.forEach(Worker::requestStop);
        return end(workers, millis);
    }

    private static boolean end(final Collection<Worker> workers, final long millis) {
        final List<Run> runs =
                workers.stream()
                        .flatMap(worker -> worker.latest.stream())
                        .filter(run -> !run.isOfThisThread())
                        .toList();
        try {
            if (!awaitEnd(runs, millis)) {
                interrupt(runs, millis);
                if (!awaitEnd(runs, millis)) {
                    running(runs)
                            .forEach(
                                    run ->
                                            LOG.warn(
                                                    "{} has not ended {} ms after it was"
                                                            + " interrupted, and is left behind.",
                                                    run.name,
                                                    millis));
                }
            }
        } catch (final InterruptedException e) {
            interrupt(runs, millis);
            Thread.currentThread().interrupt();
        }
        return workers.stream().noneMatch(Worker::isRunning);
    }

    private static List<Run> running(final List<Run> runs) {
        return runs.stream().filter(run -> !run.hasEnded()).toList();
    }

    private static boolean awaitEnd(final List<Run> runs, final long millis)
            throws InterruptedException {
        final long deadline = deadline(millis);
        boolean ended = true;
        for (final Run run : runs) {
            ended &= run.awaitEnd(deadline);
        }
        return ended;
    }

    private static void interrupt(final List<Run> runs, final long millis) {
        for (final Run run : running(runs)) {
            LOG.warn("{} has not ended in {} ms, and is interrupted.", run.name, millis);
            run.stopping.raise();
            run.thread.ifPresent(Thread::interrupt);
        }
    }

    private static long deadline(final long millis) {
        return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /**
     * Why the latest turn failed, if it did, or why the worker has ended; empty again from the next
     * start on.
     */
    public Optional<Throwable> failure() {
        return latest.flatMap(run -> run.failure);
    }

    /**
     * The failure as a sentence, for a health check.
     *
     * @param work what the worker does, as in "reading"
     */
    public Optional<String> trouble(final String work) {
        return failure()
                .map(
                        e ->
                                isRunning()
                                        ? work + " fails: " + e.getMessage()
                                        : work + " has ended, restart the route: " + e);
    }

    /** The turns from a start to their end. */
    static final class Run implements Runnable {

        private final String name;
        private final IdleStrategy idle;
        private final Task task;
        private final CountDownLatch ended = new CountDownLatch(1);
        final StopSignal stopping = new StopSignal();
        volatile Optional<Throwable> failure = Optional.empty();

        /* Written before the thread starts and before others know of this. */
        private Optional<Thread> thread = Optional.empty();

        /* For the thread of the turns alone. */
        private int failures;

        Run(final String name, final IdleStrategy idle, final Task task) {
            this.name = name;
            this.idle = idle;
            this.task = task;
        }

        boolean hasEnded() {
            return ended.getCount() == 0;
        }

        boolean isOfThisThread() {
            return thread.isPresent() && thread.get() == Thread.currentThread();
        }

        /** A thread does not wait for its own end. */
        boolean awaitEnd(final long deadline) throws InterruptedException {
            if (isOfThisThread()) {
                return false;
            }
            return ended.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public void run() {
            try {
                takeTurns();
            } finally {
                end();
            }
        }

        private void takeTurns() {
            int idleTurns = 0;
            boolean goesOn = true;
            while (goesOn && !stopping.isRaised()) {
                try {
                    final int done = task.turn();
                    succeeded();
                    idleTurns = done == 0 ? idleTurns + 1 : 0;
                    goesOn = done != DONE && waited(done == 0 ? idle.nanos(idleTurns) : 0);
                } catch (final Exception e) {
                    goesOn = goesOnAfter(e);
                } catch (final Error e) {
                    fail(e);
                    throw e;
                }
            }
        }

        private void succeeded() {
            if (failures > 0) {
                failures = 0;
                failure = Optional.empty();
            }
        }

        private boolean goesOnAfter(final Exception e) {
            final boolean interrupted = isInterrupted(e);
            if (interrupted && stopping.isRaised()) {
                return false;
            }
            if (interrupted) {
                fail(interruption(e));
                return false;
            }
            final long nanos = fail(e);
            return nanos >= 0 && waited(nanos);
        }

        /** Whether the thread was interrupted, before or by what threw this; it stays so. */
        private static boolean isInterrupted(final Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            return Thread.currentThread().isInterrupted();
        }

        private InterruptedException interruption(final Exception e) {
            if (e instanceof InterruptedException interruption) {
                return interruption;
            }
            final InterruptedException interruption =
                    new InterruptedException(name + " was interrupted");
            interruption.initCause(e);
            return interruption;
        }

        private long fail(final Throwable e) {
            failures++;
            failure = Optional.of(e);
            return task.failed(e, failures);
        }

        /**
         * Waits until it is to stop.
         *
         * @return false if the thread is interrupted
         */
        private boolean waited(final long nanos) {
            try {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedException(name + " was interrupted");
                }
                if (nanos > 0) {
                    stopping.await(nanos);
                }
                return true;
            } catch (final InterruptedException e) {
                return goesOnAfter(e);
            }
        }

        private void end() {
            try {
                task.ended();
            } catch (final Exception e) {
                if (!isInterrupted(e) || !stopping.isRaised()) {
                    fail(e);
                }
            } catch (final Error e) {
                fail(e);
                throw e;
            } finally {
                ended.countDown();
            }
        }
    }
}
