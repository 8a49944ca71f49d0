/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FailureLogTest {

    private final List<String> lines = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
    private final FailureLog log =
            new FailureLog(
                    line -> lines.add("W " + line), line -> lines.add("I " + line), nanos::get);

    @Test
    void shouldTellTheSameFailureOnce() {
        for (int i = 0; i < 24_076; i++) {
            log.failed("busy", "the server is busy");
        }
        assertThat(lines).containsExactly("W the server is busy");
    }

    @Test
    void shouldTellOnceAMinuteHowOftenItCame() {
        for (int i = 0; i < 24_075; i++) {
            log.failed("busy", "the server is busy");
        }
        pass(60);
        log.failed("busy", "the server is busy");
        log.failed("busy", "the server is busy");

        assertThat(lines)
                .containsExactly(
                        "W the server is busy",
                        "W the server is busy, 24,075 times more in the last 60 s");
    }

    @Test
    void shouldTellAnotherFailureAtOnce() {
        log.failed("busy", "the server is busy");
        log.failed("gone", "the server is gone");
        log.failed("busy", "the server is busy");

        assertThat(lines).containsExactly("W the server is busy", "W the server is gone");
    }

    @Test
    void shouldTellOnceThatItIsOver() {
        log.failed("busy", "the server is busy");
        log.failed("busy", "the server is busy");
        pass(9);
        log.over("indexing goes on");
        log.over("indexing goes on");

        assertThat(lines)
                .containsExactly(
                        "W the server is busy",
                        "I indexing goes on, after 9 s; the failure came once more");
    }

    @Test
    void shouldTellAFailureAgainThatComesAfterItWasOver() {
        log.failed("busy", "the server is busy");
        log.over("indexing goes on");
        log.failed("busy", "the server is busy");

        assertThat(lines)
                .containsExactly(
                        "W the server is busy",
                        "I indexing goes on, after 0 s",
                        "W the server is busy");
    }

    @Test
    void shouldHoldNoMoreThanAFewKinds() {
        for (int i = 0; i < 1_000; i++) {
            log.failed("kind " + i, "failure " + i);
        }
        assertThat(lines).hasSize(FailureLog.MAX_KINDS + 1);
    }

    private void pass(final long seconds) {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }
}
