/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkerTest {

    private static final long PATIENCE = 60_000;
    private static final long FOREVER = TimeUnit.DAYS.toNanos(1);

    private final Script script = new Script();
    private final Worker worker = worker(script, IdleStrategy.none());

    private static Worker worker(final Worker.Task task, final IdleStrategy idle) {
        return new Worker(
                "reader",
                turns -> {
                    final Thread thread = new Thread(turns, "a reader");
                    thread.setUncaughtExceptionHandler((dead, e) -> {});
                    thread.setDaemon(true);
                    return thread;
                },
                () -> PATIENCE,
                idle,
                task);
    }

    @AfterEach
    void stop() {
        script.holds.countDown();
        Worker.stop(List.of(worker), 0);
    }

    @Test
    void shouldTakeTurnsUntilTheTaskIsDone() throws Exception {
        script.turns(() -> 1, () -> 0, () -> 7);

        worker.start();

        assertThat(worker.awaitEnd(PATIENCE)).isTrue();
        assertThat(script.taken).isEqualTo(4);
        assertThat(script.ends).isEqualTo(1);
        assertThat(worker.isRunning()).isFalse();
        assertThat(worker.failure()).isEmpty();
    }

    @Test
    void shouldTakeTurnsOnANamedThread() throws Exception {
        final List<String> names = new ArrayList<>();
        script.turns(
                () -> {
                    names.add(Thread.currentThread().getName());
                    return 1;
                });

        worker.start();

        assertThat(worker.finish()).isTrue();
        assertThat(names).containsExactly("a reader");
    }

    @Test
    void shouldEndAfterTheTurnThatIsUnderWayWhenItIsStopped() {
        script.turns(script::hold, () -> 1);
        worker.start();
        script.awaitHeld();

        worker.requestStop();
        assertThat(worker.isStopping()).isTrue();
        assertThat(worker.isRunning()).isTrue();
        script.holds.countDown();

        assertThat(worker.stop()).isTrue();
        assertThat(script.taken).isEqualTo(1);
        assertThat(script.ends).isEqualTo(1);
    }

    @Test
    void shouldWaitAsItsStrategySaysWhereThereIsNothingToDo() throws Exception {
        final List<Integer> asked = new ArrayList<>();
        final Worker idling =
                worker(
                        script,
                        idleTurns -> {
                            asked.add(idleTurns);
                            return 1;
                        });
        script.turns(() -> 0, () -> 0, () -> 1, () -> 0);

        idling.start();

        assertThat(idling.awaitEnd(PATIENCE)).isTrue();
        assertThat(asked).containsExactly(1, 2, 1);
    }

    @Test
    void shouldNotWaitForTheEndOfAnIdleWaitWhenItIsStopped() {
        final Worker idling = worker(script, idleTurns -> FOREVER);
        script.turns(() -> 0, () -> 0);
        idling.start();

        assertThat(idling.stop()).isTrue();
    }

    @Test
    void shouldKeepAFailureUntilATurnSucceeds() {
        final IOException cause = new IOException("no disk");
        script.turns(
                () -> {
                    throw cause;
                },
                script::hold,
                script::hold);
        worker.start();
        script.awaitHeld();

        assertThat(worker.failure()).containsSame(cause);
        assertThat(worker.trouble("reading")).hasValue("reading fails: no disk");
        script.letGo();
        script.awaitHeld();
        assertThat(worker.failure()).isEmpty();
        assertThat(worker.trouble("reading")).isEmpty();
    }

    @Test
    void shouldReportEveryFailureAndHowManyThereWereInARow() throws Exception {
        script.turns(failing("1"), failing("2"), () -> 0, failing("3"));

        worker.start();

        assertThat(worker.awaitEnd(PATIENCE)).isTrue();
        assertThat(script.reports).containsExactly("1 1", "2 2", "3 1");
    }

    @Test
    void shouldEndWithAFailureThatTheTaskDoesNotTryAgain() throws Exception {
        script.delay = Worker.END;
        script.turns(failing("fenced"), () -> 1);

        worker.start();

        assertThat(worker.awaitEnd(PATIENCE)).isTrue();
        assertThat(script.taken).isEqualTo(1);
        assertThat(script.ends).isEqualTo(1);
        assertThat(worker.trouble("reading"))
                .hasValue(
                        "reading has ended, restart the route:"
                                + " java.lang.IllegalStateException: fenced");
    }

    @Test
    void shouldNotWaitForTheNextTryWhenItIsStopped() {
        script.delay = FOREVER;
        script.turns(failing("1"), () -> 1);
        worker.start();

        assertThat(worker.stop()).isTrue();
        assertThat(script.taken).isLessThan(2);
    }

    @Test
    void shouldEndWithAnErrorAndKeepIt() throws Exception {
        script.turns(
                () -> {
                    throw new StackOverflowError("deep");
                },
                () -> 1);

        worker.start();

        assertThat(worker.awaitEnd(PATIENCE)).isTrue();
        assertThat(script.reports).containsExactly("deep 1");
        assertThat(script.ends).isEqualTo(1);
        assertThat(worker.failure()).containsInstanceOf(StackOverflowError.class);
    }

    @Test
    void shouldEndWithAFailureWhereTheReportOfItFails() throws Exception {
        script.delay = null;
        script.turns(failing("1"), () -> 1);

        worker.start();

        assertThat(worker.awaitEnd(PATIENCE)).isTrue();
        assertThat(script.ends).isEqualTo(1);
        assertThat(worker.failure()).get().hasToString("java.lang.IllegalStateException: 1");
    }

    @Test
    void shouldReportWhatFailsAtTheEnd() throws Exception {
        script.endFails = true;

        worker.start();

        assertThat(worker.awaitEnd(PATIENCE)).isTrue();
        assertThat(script.reports).containsExactly("the end 1");
        assertThat(worker.failure()).get().hasToString("java.lang.IllegalStateException: the end");
    }

    @Test
    void shouldInterruptATurnThatDoesNotEndInTime() {
        script.turns(script::hold, () -> 1);
        worker.start();
        script.awaitHeld();

        Worker.stop(List.of(worker), 1);

        assertThat(worker.stop()).isTrue();
        assertThat(script.taken).isEqualTo(1);
        assertThat(script.ends).isEqualTo(1);
        assertThat(worker.failure()).isEmpty();
        assertThat(script.reports).isEmpty();
    }

    @Test
    void shouldSayWhenAWorkerDoesNotEndAtAll() {
        script.turns(script::holdWhateverHappens);
        worker.start();
        script.awaitHeld();

        assertThat(Worker.stop(List.of(worker), 1)).isFalse();
        assertThat(worker.isRunning()).isTrue();
    }

    @Test
    void shouldStopManyWithinOnePatience() {
        final List<Script> scripts = IntStream.range(0, 3).mapToObj(i -> new Script()).toList();
        final List<Worker> workers =
                scripts.stream().map(one -> worker(one, IdleStrategy.none())).toList();
        scripts.forEach(one -> one.turns(one::hold, () -> 1));
        workers.forEach(Worker::start);
        scripts.forEach(Script::awaitHeld);
        scripts.forEach(one -> one.holds.countDown());

        assertThat(Worker.stop(workers, PATIENCE)).isTrue();
        assertThat(workers).noneMatch(Worker::isRunning);
    }

    @Test
    void shouldBeInterruptedWithTheThreadThatStopsIt() throws Exception {
        script.turns(script::hold, () -> 1);
        worker.start();
        script.awaitHeld();

        Thread.currentThread().interrupt();
        worker.stop();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(worker.awaitEnd(PATIENCE)).isTrue();
    }

    @Test
    void shouldEndWithAFailureWhereItIsInterruptedAndNotStopped() throws Exception {
        script.turns(
                () -> {
                    Thread.currentThread().interrupt();
                    return 1;
                },
                () -> 1);

        worker.start();

        assertThat(worker.awaitEnd(PATIENCE)).isTrue();
        assertThat(script.reports).containsExactly("reader was interrupted 1");
        assertThat(worker.failure()).containsInstanceOf(InterruptedException.class);
    }

    @Test
    void shouldReportAnInterruptWhereATurnFailsWithAnotherException() throws Exception {
        script.turns(
                () -> {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException("channel closed");
                },
                () -> 1);

        worker.start();

        assertThat(worker.awaitEnd(PATIENCE)).isTrue();
        assertThat(script.reports).containsExactly("reader was interrupted 1");
        assertThat(worker.failure().orElseThrow()).hasRootCauseMessage("channel closed");
    }

    @Test
    void shouldNotWaitForItselfWhereATurnStopsIt() throws Exception {
        final List<Boolean> ended = new ArrayList<>();
        script.turns(
                () -> {
                    ended.add(Worker.stop(List.of(worker), PATIENCE));
                    return 1;
                },
                () -> 1);

        worker.start();

        assertThat(worker.awaitEnd(PATIENCE)).isTrue();
        assertThat(ended).containsExactly(false);
        assertThat(script.taken).isEqualTo(1);
    }

    @Test
    void shouldNotInterruptItselfWhereATurnStopsIt() throws Exception {
        final List<Boolean> interrupted = new ArrayList<>();
        script.turns(
                () -> {
                    Worker.stop(List.of(worker), 0);
                    interrupted.add(Thread.currentThread().isInterrupted());
                    return 1;
                },
                () -> 1);

        worker.start();

        assertThat(worker.awaitEnd(PATIENCE)).isTrue();
        assertThat(interrupted).containsExactly(false);
        assertThat(script.taken).isEqualTo(1);
    }

    @Test
    void shouldComeToItsEndWhereATurnLetsItFinish() throws Exception {
        script.turns(
                () -> {
                    worker.finish();
                    return 1;
                },
                () -> 1);

        worker.start();

        assertThat(worker.awaitEnd(PATIENCE)).isTrue();
        assertThat(script.taken).isEqualTo(3);
    }

    @Test
    void shouldLetATaskFinishByItself() {
        script.turns(script::hold, () -> 1);
        worker.start();
        script.awaitHeld();
        script.holds.countDown();

        assertThat(worker.finish()).isTrue();
        assertThat(script.taken).isEqualTo(3);
    }

    @Test
    void shouldEndAWaitInATurnWhenItIsStopped() {
        script.turns(
                () -> {
                    script.held.add(true);
                    return worker.stopSignal().await(FOREVER) ? 1 : Worker.DONE;
                });
        worker.start();
        script.awaitHeld();

        assertThat(worker.stop()).isTrue();
        assertThat(script.ends).isEqualTo(1);
    }

    @Test
    void shouldStartAgainAfterItHasEnded() throws Exception {
        script.delay = Worker.END;
        script.turns(failing("1"), script::hold);
        worker.start();
        assertThat(worker.awaitEnd(PATIENCE)).isTrue();

        worker.start();
        script.awaitHeld();

        assertThat(worker.isRunning()).isTrue();
        assertThat(worker.isStopping()).isFalse();
        assertThat(worker.failure()).isEmpty();
    }

    @Test
    void shouldNotStartASecondThread() {
        script.turns(script::hold);
        worker.start();
        script.awaitHeld();

        assertThatThrownBy(worker::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("reader has not ended since its last start");
    }

    @Test
    void shouldNotRunWhereThereIsNoThreadForIt() {
        final Worker without =
                new Worker(
                        "reader",
                        turns ->
                                new Thread(turns) {
                                    @Override
                                    public void start() {
                                        throw new OutOfMemoryError("no thread");
                                    }
                                },
                        () -> PATIENCE,
                        IdleStrategy.none(),
                        script);

        assertThatThrownBy(without::start).isInstanceOf(OutOfMemoryError.class);
        assertThat(without.isRunning()).isFalse();
        assertThat(without.stop()).isTrue();
    }

    @Test
    void shouldNeedNoStopWhereItWasNeverStarted() throws Exception {
        assertThat(worker.isRunning()).isFalse();
        assertThat(worker.isStopping()).isFalse();
        assertThat(worker.stop()).isTrue();
        assertThat(worker.awaitEnd(0)).isTrue();
        assertThat(worker.failure()).isEqualTo(Optional.empty());
        assertThatThrownBy(worker::stopSignal).hasMessage("reader was never started");
    }

    private static Turn failing(final String message) {
        return () -> {
            throw new IllegalStateException(message);
        };
    }

    /** One turn of a task. */
    private interface Turn {
        int take() throws Exception;
    }

    /** A task that takes the turns it is given, and is done then. */
    private static final class Script implements Worker.Task {

        private final CountDownLatch holds = new CountDownLatch(1);
        private final BlockingQueue<Boolean> held = new LinkedBlockingQueue<>();
        private final BlockingQueue<Boolean> goOn = new LinkedBlockingQueue<>();
        private final List<Turn> turns = new ArrayList<>();
        private final List<String> reports = new ArrayList<>();
        private Long delay = 0L;
        private boolean endFails;
        private int taken;
        private int ends;

        private void turns(final Turn... some) {
            turns.addAll(List.of(some));
        }

        /** A turn that lasts until it is let go, or all are. */
        private int hold() throws InterruptedException {
            held.add(true);
            while (goOn.poll(1, TimeUnit.MILLISECONDS) == null && holds.getCount() > 0) {
                Thread.onSpinWait();
            }
            return 1;
        }

        private int holdWhateverHappens() {
            held.add(true);
            boolean over = false;
            while (!over) {
                try {
                    over = holds.await(PATIENCE, TimeUnit.MILLISECONDS);
                } catch (final InterruptedException e) {
                    over = false;
                }
            }
            return 1;
        }

        private void awaitHeld() {
            try {
                assertThat(held.poll(PATIENCE, TimeUnit.MILLISECONDS)).isTrue();
            } catch (final InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private void letGo() {
            goOn.add(true);
        }

        @Override
        public int turn() throws Exception {
            taken++;
            return taken <= turns.size() ? turns.get(taken - 1).take() : Worker.DONE;
        }

        @Override
        public long failed(final Throwable failure, final int failures) {
            reports.add(failure.getMessage() + " " + failures);
            return delay;
        }

        @Override
        public void ended() {
            ends++;
            if (endFails) {
                throw new IllegalStateException("the end");
            }
        }
    }
}
