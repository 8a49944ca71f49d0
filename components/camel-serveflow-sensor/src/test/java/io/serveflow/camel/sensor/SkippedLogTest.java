/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.ledger.Ledger;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SkippedLogTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final List<String> reported = new ArrayList<>();
    private final SkippedLog log =
            new SkippedLog("serveflow-tail:/x", new Ledger(), 0, reported::add);

    @Test
    void shouldSaySoonAfterTheStartWhatIsSkipped() {
        skip(3);
        log.at(4 * SECOND);
        assertThat(reported).isEmpty();
        log.at(5 * SECOND);
        assertThat(reported)
                .containsExactly(
                        "serveflow-tail:/x has skipped 3 packets or lines, since the last such"
                                + " line: 3 other_log.");
    }

    @Test
    void shouldSayItOnceAMinuteAtMost() {
        for (int second = 0; second < 3_600; second++) {
            skip(1);
            log.at(second * SECOND);
        }

        assertThat(reported).hasSizeBetween(59, 61);
    }

    @Test
    void shouldSayNothingWhereNothingIsSkipped() {
        log.at(100 * SECOND);
        log.end();

        assertThat(reported).isEmpty();
    }

    @Test
    void shouldSayAtTheEndWhatItHasNotReported() {
        skip(2);
        log.end();

        assertThat(reported)
                .containsExactly("serveflow-tail:/x has skipped 2 packets or lines: 2 other_log.");
    }

    private void skip(final int lines) {
        log.ledger().add(Ledger.Entry.SKIPPED, "other_log", lines);
    }
}
